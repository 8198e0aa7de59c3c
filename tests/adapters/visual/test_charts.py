"""The charts: well formed, small, unstyled, true to their counts, and closed to hostile words."""

from __future__ import annotations

import csv
import re
from pathlib import Path  # noqa: TC003  (fixture annotation)

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from comity.adapters.visual.charts import (
    BAR_LEVELS,
    clean_text,
    level_bar,
    progress_bar,
    relation_glyph,
    seen,
    tile,
    tile_map,
)
from comity.adapters.visual.marks import MARK_OF_LEVEL, MARK_OF_RELATION, MARK_OF_VISIBILITY
from comity.errors import BadParameter

LEVELS = tuple(MARK_OF_LEVEL)
HOSTILE = '"><script>alert(1)</script>&\x00\x1b\ud800'
CODES = [f"{a}{b}{c}" for a in "ABCD" for b in "EFGHIJK" for c in "LMNOPQR"][:193]
GRID = {code: (n % 36, n // 36) for n, code in enumerate(CODES)}


def draw_map(**changes: object) -> Markup:
    given_ = {"tiles": GRID, "levels": {}, "title": "World grid", "description": "Counts.", "labels": {}, **changes}
    return tile_map(**given_)  # type: ignore[arg-type]  # the changes are of the right types


def count_tiles(drawn: str) -> int:
    """Count the outlines of the grounds: each map tile starts one."""
    return sum(
        path.count("M") for path in re.findall(r'<path class="c-(?:full|vol|qf|frame|none)[^>]* d="([^"]*)"', drawn)
    )


@pytest.mark.parametrize("level", LEVELS)
def test_193_tiles_of_one_level_stay_under_20_kilobytes(level: str) -> None:
    drawn = draw_map(levels=dict.fromkeys(CODES, level))
    assert len(drawn.encode()) < 20_000
    assert count_tiles(drawn) == 193
    assert drawn.count("<text") == 193


def test_193_tiles_of_mixed_levels_stay_under_20_kilobytes() -> None:
    drawn = draw_map(levels={code: LEVELS[n % 9] for n, code in enumerate(CODES)})
    assert len(drawn.encode()) < 20_000
    assert count_tiles(drawn) == 193


def test_each_level_is_one_ground_one_shape_and_one_group_of_codes() -> None:
    drawn = fromstring(draw_map(levels={code: LEVELS[n % 9] for n, code in enumerate(CODES)}))
    assert [child.tag for child in drawn] == ["title", "desc", *["path", "path", "g"] * 9]


def test_map_is_an_image_with_title_and_description() -> None:
    drawn = fromstring(draw_map(title="Title", description="What it shows", anchor="m2"))
    assert (drawn.attrib["role"], drawn.attrib["aria-labelledby"]) == ("img", "m2-t m2-d")
    assert [(child.attrib["id"], child.text) for child in drawn[:2]] == [("m2-t", "Title"), ("m2-d", "What it shows")]


def test_map_reads_left_to_right_on_a_page_that_does_not() -> None:
    assert fromstring(draw_map()).attrib["direction"] == "ltr"


def test_tile_without_a_level_is_not_in_this_collection() -> None:
    assert draw_map() == draw_map(levels=dict.fromkeys(CODES, "not-in-collection"))


def test_order_of_tiles_and_levels_does_not_matter() -> None:
    levels = {code: LEVELS[n % 9] for n, code in enumerate(CODES)}
    turned = draw_map(tiles=dict(reversed(GRID.items())), levels=dict(reversed(levels.items())))
    assert turned == draw_map(levels=levels)


def test_member_without_a_tile_is_left_to_the_list_under_the_map() -> None:
    assert draw_map(levels={"ZZZ": "binding-own"}) == draw_map()


def test_map_with_an_unknown_level_is_refused() -> None:
    with pytest.raises(BadParameter, match="half-binding"):
        draw_map(levels={CODES[0]: "half-binding"})


@pytest.mark.parametrize("anchor", ["", 'a"b', "a b", "é"])
def test_map_with_an_anchor_that_is_no_id_is_refused(anchor: str) -> None:
    with pytest.raises(BadParameter, match="anchor"):
        draw_map(anchor=anchor)


def test_map_of_no_tiles_is_still_an_image() -> None:
    assert [child.tag for child in fromstring(draw_map(tiles={}))] == ["title", "desc"]


def test_hostile_words_on_the_map_are_shown_and_not_obeyed() -> None:
    drawn = draw_map(title=HOSTILE, description=HOSTILE, labels=dict.fromkeys(CODES, HOSTILE))
    assert "<script" not in drawn
    tree = fromstring(drawn)
    assert {element.text for element in tree.iter() if element.text} == {'"><script>alert(1)</script>&'}


def test_grid_of_the_design_holds_193_tiles_that_do_not_overlap(shared: Path) -> None:
    with (shared / "design" / "world-grid.csv").open(encoding="utf-8", newline="") as file:
        grid = {row["iso3"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}
    assert (len(grid), len(set(grid.values()))) == (193, 193)
    drawn = draw_map(tiles=grid, levels={code: LEVELS[n % 9] for n, code in enumerate(sorted(grid))})
    assert len(drawn.encode()) < 20_000
    assert fromstring(drawn).attrib["viewBox"] == "-1 -1 720 340"


def read_lengths(drawn: str) -> float:
    """Return the sum of the lengths of all segments of a bar, their small gaps left out."""
    total = 0.0
    for style, path in re.findall(r'<path class="(c-[\w ]+)"[^>]* d="([^"]*)"', drawn):
        if style != "c-axis":
            first = re.search(r"M[\d.]+ [\d.]+h([\d.]+)", path)
            assert first is not None
            total += float(first.group(1))
    return total


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 60)), st.integers(0, 100))
def test_length_of_a_bar_is_what_its_levels_count(counts: dict[str, int], rest: int) -> None:
    total = sum(counts.values()) + rest
    drawn = level_bar(counts=counts, total=total)
    tree = fromstring(drawn)
    assert tree.attrib["viewBox"] == f"0 0 {max(total, 1)} 12"
    spoken = [counts.get(level, 0) for level in BAR_LEVELS]
    gaps = sum(min(1.2 * total / 193, n / 4) for n in spoken)
    assert read_lengths(drawn) == pytest.approx(sum(spoken) - gaps, abs=0.04)
    assert "style=" not in drawn


def test_three_kinds_of_none_take_no_length() -> None:
    none = {"states-none": 3, "searched-not-found": 4, "not-in-collection": 5}
    assert level_bar(counts=none, total=12) == level_bar(counts={}, total=12)


def test_every_level_of_a_bar_has_its_own_form() -> None:
    drawn = {level: level_bar(counts={level: 10}, total=10) for level in BAR_LEVELS}
    assert len(set(drawn.values())) == len(BAR_LEVELS)


@pytest.mark.parametrize("counts", [{"binding-own": -1}, {"binding-own": 7, "voluntary-own": 6}, {"strong": 1}])
def test_bar_with_counts_that_do_not_fit_is_refused(counts: dict[str, int]) -> None:
    with pytest.raises(BadParameter):
        level_bar(counts=counts, total=12)


def test_bar_for_a_total_of_nought_is_an_empty_line() -> None:
    assert [p.attrib["class"] for p in fromstring(level_bar(counts={}, total=0))] == ["c-axis"]


def test_bar_and_small_marks_are_hidden_from_readers_of_screens() -> None:
    drawn = [level_bar(counts={}, total=3), tile(level="states-none"), relation_glyph(relation="same")]
    assert [fromstring(d).attrib["aria-hidden"] for d in drawn] == ["true"] * 3


@pytest.mark.parametrize("level, mark", MARK_OF_LEVEL.items())
def test_tile_points_at_the_mark_of_its_level(level: str, mark: str) -> None:
    assert fromstring(tile(level=level))[0].attrib == {"href": f"#{mark}"}


@pytest.mark.parametrize("relation, mark", MARK_OF_RELATION.items())
def test_glyph_points_at_the_mark_of_its_relation(relation: str, mark: str) -> None:
    assert fromstring(relation_glyph(relation=relation))[0].attrib == {"href": f"#{mark}"}


@pytest.mark.parametrize("visibility", MARK_OF_VISIBILITY)
def test_visibility_is_always_squares_and_word(visibility: str) -> None:
    drawn = fromstring(seen(visibility=visibility, word="Members"))
    assert "".join(drawn.itertext()) == "Members"
    assert drawn[0][0].attrib == {"href": f"#{MARK_OF_VISIBILITY[visibility]}"}


@pytest.mark.parametrize(
    "draw",
    [
        lambda: tile(level="gold"),
        lambda: relation_glyph(relation="equal"),
        lambda: seen(visibility="friends", word="Friends"),
        lambda: progress_bar(label="Reading", text="", done=-1, total=3),
        lambda: progress_bar(label="Reading", text="", done=4, total=3),
    ],
)
def test_what_is_not_known_is_refused(draw: object) -> None:
    with pytest.raises(BadParameter):
        draw()  # type: ignore[operator]  # each is a function without arguments


def test_progress_tells_its_count_in_words() -> None:
    drawn = fromstring(progress_bar(label="Reading files", text="12 of 40 files", done=12, total=40))
    assert [c.tag for c in drawn] == ["b", "progress", "span"]
    assert drawn[1].attrib == {"aria-label": "Reading files", "value": "12", "max": "40"}
    assert "".join(drawn.itertext()) == "Reading files12 of 40 files"


def test_progress_without_a_known_end_shows_no_length() -> None:
    drawn = fromstring(progress_bar(label="Waiting", text="not started", done=0, total=None))
    assert drawn[1].attrib == {"aria-label": "Waiting"}


def test_hostile_words_beside_marks_are_shown_and_not_obeyed() -> None:
    for drawn in (
        seen(visibility="members", word=HOSTILE),
        progress_bar(label=HOSTILE, text=HOSTILE, done=0, total=1),
    ):
        assert "<script" not in drawn
        assert "script>alert(1)</script>&" in "".join(fromstring(drawn).itertext())


@given(st.text())
def test_cleaned_text_can_stand_in_xml(text: str) -> None:
    cleaned = clean_text(text)
    assert fromstring(f"<p>{Markup.escape(cleaned)}</p>").text in (cleaned, None)
    assert clean_text(cleaned) == cleaned


def test_nothing_drawn_carries_a_style() -> None:
    drawn = [
        draw_map(levels={code: LEVELS[n % 9] for n, code in enumerate(CODES)}),
        level_bar(counts=dict.fromkeys(LEVELS, 2), total=18),
        *(tile(level=level) for level in LEVELS),
        progress_bar(label="Reading", text="1 of 2", done=1, total=2),
    ]
    assert [d for d in drawn if re.search(r"style\s*=|<script|<image|href=\"(?!#)", d)] == []
