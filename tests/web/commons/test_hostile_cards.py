"""A card is anybody's text: none keeps the server from answering, and its words come through as they did."""

from __future__ import annotations

import pytest

from comity.web.commons.readme import MOST_SHOWN, plain_blocks

HOSTILE = {
    "a heading with a gap": "# a" + " " * (MOST_SHOWN - 10) + "b",
    "a heading of signs": "# " + "# " * (MOST_SHOWN // 2 - 10) + "b",
    "a head that does not end": "---" + "\n" * (MOST_SHOWN // 2) + "a" * (MOST_SHOWN // 2),
    "addresses that do not end": "![a](" * (MOST_SHOWN // 5),
    "stress that does not end": "**a " * (MOST_SHOWN // 4),
    "remarks that do not end": "<!--" * (MOST_SHOWN // 4),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_card_that_is_made_to_be_read_for_hours_is_read_at_once(text):
    # The first of these took longer than any test run; who breaks it again sees the run stand still.
    assert plain_blocks(text)


def test_headings_remarks_heads_and_addresses_are_read_as_before():
    text = (
        "---  \ntitle: x\n...\n## Words ##  \n<!-- a\nb -->after\n\n"
        '![a map](https://x.example/m.png "the title") and **strong ** and __so__ `it`\n<!-- open'
    )
    assert [(block.kind, block.text) for block in plain_blocks(text)] == [
        ("heading", "Words"),
        ("text", "after"),
        ("text", "a map (https://x.example/m.png) and **strong ** and so it <!-- open"),
    ]
