"""Numbers in words and Hebrew letters have one value each, and other words have none."""

from __future__ import annotations

import pytest

from comity.engines.alignment.ordinals import ARABIC, HEBREW, SPANISH, read_ordinal


def test_the_ordinals_of_each_language_have_every_value_up_to_their_last():
    assert set(SPANISH.values()) == set(range(1, 60))
    assert set(ARABIC.values()) == set(range(1, 100))
    assert set(HEBREW.values()) == set(range(1, 11))


@pytest.mark.parametrize(
    "text, value",
    [
        ("Primero", 1), ("DECIMOTERCERO", 13), ("vigésima primera", 21), ("único", 1), ("الحادية عشرة", 11), ("الخامس والتسعون", 95),
        ("عاشر", None), ("א", 1), ("ט״ו", 15), ('ט"ז', 16), ("כ", 20), ("צט", 99), ("גג", None), ("אב", None), ("", None),
        ("word", None), ("premier", 1), ("'", None), ("ا" * 1_000, None), ("א" * 1_000, None),
    ],
)  # fmt: skip
def test_an_ordinal_has_its_value_and_nothing_else_has_one(text, value):
    assert read_ordinal(text=text) == value
