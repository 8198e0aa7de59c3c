"""Two instruments with one provision each, and a suggested link between them; and a link that one reviewer decides alone."""

from __future__ import annotations

from typing import Any

from comity.platform.alignment.models import CrosswalkLink, Instrument, Provision
from comity.platform.alignment.reviewing import answer_link, rule_now, set_review_rule
from support.parties import SET_UP


def make_links(*names: str, parties: tuple[str, str] = ("KOR", "CAN")) -> list[CrosswalkLink]:
    """Links ``l1`` or of those names, each between a provision of its own on either side."""
    texts = [
        Instrument.objects.get_or_create(
            slug=f"{party.lower()}-act",
            defaults={
                "title": "Act",
                "short_title": f"Act of {party}",
                "party": party,
                "language": "en",
                "basis": "full-text",
                "source_sha256": "0" * 64,
            },
        )[0]
        for party in parties
    ]
    made = []
    for name in names or ("l1",):
        sides = [
            Provision.objects.create(
                instrument=text,
                ref=f"art_{name}",
                position=text.provisions.count(),
                label=name,
                text="T",
                language="en",
                search_words="t",
            )
            for text in texts
        ]
        made.append(
            CrosswalkLink.objects.create(
                name=name, a=sides[0], b=sides[1], suggested="related", maker="test/1", score=1.0
            )
        )
    return made


def decide(*, name: str, answer: str, by: Any, on: str = "") -> CrosswalkLink:
    """Let one reviewer decide a link by an answer, under a rule of one."""
    if rule_now()[1].reviewers != 1:
        set_review_rule(reviewers=1, regions=0, own_count=True, by=SET_UP)
    return answer_link(name=name, answer=answer, by=by, on=on)
