"""The marks: a fixed order, a refusal for unknown names, and equal ink within a set."""

from __future__ import annotations

import re

import pytest
from defusedxml.ElementTree import fromstring

from comity.adapters.visual.marks import (
    MARK_OF_LEVEL,
    MARK_OF_RELATION,
    MARK_OF_VISIBILITY,
    MARKS,
    sprite,
)
from comity.errors import BadParameter


def measure_area(path: str) -> list[float]:
    """Return the area inside each closed subpath of straight upright and level lines."""
    areas = []
    for part in path.strip("Mz").split("M"):
        start, *moves = re.findall(r"[\d.]+ [\d.]+|[hvHV]-?[\d.]+", part.strip("z"))
        x, y = (float(n) for n in start.split())
        points = [(x, y)]
        for move in moves:
            to = float(move[1:])
            x, y = {"h": (x + to, y), "H": (to, y), "v": (x, y + to), "V": (x, to)}[move[0]]
            points.append((x, y))
        pairs = zip(points, points[1:] + points[:1], strict=True)
        areas.append(abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2)
    return areas


def path_of(mark: str, style: str) -> str:
    found = re.search(rf'class="{style}"[^>]* d="([^"]*)"', MARKS[mark])
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize("name", MARKS)
def test_each_mark_is_well_formed_and_carries_its_name(name: str) -> None:
    drawn = fromstring(MARKS[name])
    assert (drawn.tag, drawn.attrib["id"]) == ("symbol", name)


def test_sprite_lists_names_once_in_the_fixed_order() -> None:
    drawn = fromstring(sprite(names=["x-none", "t-b", "mark", "t-b"]))
    assert [symbol.attrib["id"] for symbol in drawn] == ["mark", "t-b", "x-none"]


def test_sprite_of_nothing_is_an_empty_hidden_drawing() -> None:
    assert sprite(names=[]) == '<svg width="0" height="0" hidden=""></svg>'


def test_sprite_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(BadParameter) as refusal:
        sprite(names=["mark", "t-maybe"])
    assert refusal.value.data["found"] == "t-maybe"


def test_every_level_relation_and_visibility_has_a_mark() -> None:
    named = {*MARK_OF_LEVEL.values(), *MARK_OF_RELATION.values(), *MARK_OF_VISIBILITY.values()}
    assert named - set(MARKS) == set()
    assert len(named) == 9 + 5 + 4


def test_no_mark_carries_a_style_or_a_colour_of_its_own() -> None:
    assert [name for name, drawn in MARKS.items() if re.search(r"style=|#[0-9a-fA-F]{3}|rgb", drawn)] == []


@pytest.mark.parametrize("mark, style", [("t-b", "c-full"), ("t-v", "c-vol"), ("t-u", "c-qf")])
def test_own_levels_have_220_units_of_ink(mark: str, style: str) -> None:
    ground, *holes = measure_area(path_of(mark, style))
    assert ground - sum(holes) == pytest.approx(220)


@pytest.mark.parametrize("mark, style", [("t-bo", "c-full"), ("t-vo", "c-vol"), ("t-uo", "c-qf")])
def test_levels_through_an_organisation_have_36_units_of_ink_in_one_frame(mark: str, style: str) -> None:
    assert sum(measure_area(path_of(mark, style))) == pytest.approx(36)
    assert 'stroke-width="2.5" d="M1.25 1.25h13.5v13.5H1.25z"' in MARKS[mark]


@pytest.mark.parametrize("mark, squares", [("v-pub", 9), ("v-mem", 4), ("v-com", 2), ("v-del", 1)])
def test_visibility_is_told_by_the_number_of_squares(mark: str, squares: int) -> None:
    assert MARKS[mark].count("M") == squares
