"""The report's sentences: every one is used, every one that is used exists, and placeholders are whole."""

from __future__ import annotations

import datetime as dt
import re
import string
from pathlib import Path

import pytest
from markupsafe import Markup

from comity.adapters.visual import report
from comity.adapters.visual.marks import MARK_OF_LEVEL
from comity.adapters.visual.report.reading import STRENGTHS
from comity.adapters.visual.report.words import ENGLISH
from comity.engines.alignment.texts import MODALITIES

ROOM = Path(report.__file__).parent
SOURCES = "\n".join(p.read_text(encoding="utf-8") for p in [*ROOM.glob("pages/*.html"), ROOM / "render.py"])


def test_every_sentence_is_used() -> None:
    quoted = set(re.findall(r'"([a-z][a-z-]+)"', SOURCES))
    own = {"date", "list-separator"}
    items = {f"unknown-{key}{end}" for key in re.findall(r'item\("(\w+)"', SOURCES) for end in ("", "-text")}
    assert set(ENGLISH.sentences) - quoted - own - items == set()
    assert set(ENGLISH.counted) - quoted == set()


def test_every_sentence_that_a_page_names_exists() -> None:
    assert set(re.findall(r'\bsay\("([\w-]+)"[,)]', SOURCES)) - set(ENGLISH.sentences) == set()
    assert set(re.findall(r'\bcount\("([\w-]+)"', SOURCES)) - set(ENGLISH.counted) == set()


def test_both_forms_of_a_counted_sentence_hold_the_same_placeholders() -> None:
    for key, forms in ENGLISH.counted.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(form) if name} for form in forms]
        assert "n" in fields[0], key
        assert fields[0] == fields[1], key


def test_pages_hold_no_words_of_their_own() -> None:
    for page in ROOM.glob("pages/*.html"):
        bare = re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert set(re.findall(r"[A-Za-z]{3,}", bare)) - {"Comity", "doctype"} == set(), page.name


def test_every_level_and_every_strength_has_a_name() -> None:
    assert set(ENGLISH.names["level"]) == set(MARK_OF_LEVEL)
    assert set(ENGLISH.names["modality"]) == set(STRENGTHS) == set(MODALITIES)


@pytest.mark.parametrize("n, shown", [(0, "0 instruments"), (1, "1 instrument"), (1204, "1\u202f204 instruments")])
def test_count_takes_the_form_its_number_needs(n: int, shown: str) -> None:
    assert ENGLISH.count("lead-instruments", n) == shown


def test_foreign_words_in_a_sentence_are_escaped_and_isolated() -> None:
    assert ENGLISH.say("not-found-in", names="<b>قانون") == (
        "Read in full, searched by a machine, not found: <bdi>&lt;b&gt;قانون</bdi>"
    )
    assert ENGLISH.join(["a&b", "c"]) == "<bdi>a&amp;b</bdi>, <bdi>c</bdi>"


def test_markup_of_our_own_stays_markup() -> None:
    assert ENGLISH.say("not-found-in", names=Markup("<i>x</i>")).endswith("<i>x</i>")


def test_coded_value_without_a_name_is_shown_as_it_is() -> None:
    assert (ENGLISH.name("language", "ar"), ENGLISH.name("language", "xh")) == ("Arabic", "xh")


def test_date_is_written_in_full() -> None:
    assert ENGLISH.date(dt.date(2026, 11, 3)) == "3 November 2026"
