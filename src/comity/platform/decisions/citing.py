"""Cite what a document rests on: results of dialogues, provisions, links, other documents, ballots; never what fewer people see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from comity.errors import BadParameter, ComityError, Conflict, NotFound
from comity.platform.alignment.selectors import instrument_of, link_of, provision_of, topic_of
from comity.platform.decisions.models import Ballot, Document
from comity.platform.dialogue.selectors import dialogue_seen, statement_shown
from comity.platform.record.models import Link
from comity.platform.record.visibility import Visibility, narrowest, seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Sequence

    from comity.platform.record.visibility import Kept

Circle = tuple[str, str]
Cite = tuple[str, str]
"""A relation and a reference: ``("wasDerivedFrom", "dialogue/human-oversight")``."""

RELATIONS = ("wasDerivedFrom", "wasInfluencedBy")
MOST_CITED = 50
CITABLE = "dialogue/NAME with published results, alignment/instruments/NAME/PART, alignment/links/NAME, alignment/topics/NAME, decisions/documents/NAME or decisions/ballots/NAME"
SLUG = "([a-z0-9][a-z0-9-]{0,79})"


def checked_cites(*, cites: Sequence[Cite], by: Any, visibility: str, audience: str) -> tuple[Cite, ...]:
    """Return what a document cites, each once and in order.

    Raises BadParameter for what cannot be cited, NotFound for what is not there (or not for this account), and Conflict where
    fewer people see it than the document, which would tell of it.
    """
    kept = tuple(dict.fromkeys((str(relation), str(reference).strip().strip("/")) for relation, reference in cites))
    if len(kept) > MOST_CITED:
        raise BadParameter(name="cites", found=f"{len(kept)} references", allowed=f"at most {MOST_CITED}")
    for relation, reference in kept:
        if relation not in RELATIONS:
            raise BadParameter(name="relation", found=relation[:40], allowed=", ".join(RELATIONS))
        circle = circle_of(reference=reference, user=by)
        if narrowest((visibility, audience), circle) != (visibility, audience):
            raise Conflict(
                problem=f"{reference} is seen by fewer people than the document would be; citing it would tell of it. Nothing was issued."
            )
    return kept


def circle_of(*, reference: str, user: Any) -> Circle:
    """Return who sees what a reference names, where this account does. Raises BadParameter or NotFound."""
    for pattern, find in FOUND_BY:
        if found := re.fullmatch(pattern, reference):
            return find(*found.groups(), user)
    raise BadParameter(name="cites", found=reference[:80], allowed=CITABLE)


def cites_seen(*, references: Collection[str], user: Any) -> tuple[Cite, ...]:
    """Return what a document and its versions cite, by relation, as far as this account sees it; not what they say of each other."""
    rows = Link.objects.filter(
        subject__in=references, relation__in=RELATIONS, act__type__in=["issue-document", "issue-version"]
    )
    found = {(row.relation, row.object) for row in rows if row.object not in references}
    return tuple(sorted((r, o) for r, o in found if _sees(reference=o, user=user)))


def _sees(*, reference: str, user: Any) -> bool:
    try:
        circle_of(reference=reference, user=user)
    except ComityError:
        return False
    return True


def _of_dialogue(slug: str, part: str | None, user: Any) -> Circle:
    held = dialogue_seen(slug=slug, user=user)
    if not held.analyses.filter(act__isnull=False).exists():
        raise Conflict(
            problem=f"dialogue/{slug} has no published results yet; a dialogue is closed before it is cited."
        )
    if part and part.startswith("statements/"):
        statement_shown(dialogue=held, number=int(part.removeprefix("statements/")), language="en")
    return _circle(held)


def _of_instrument(slug: str, part: str | None, user: Any) -> Circle:
    instrument = instrument_of(slug=slug, user=user)
    if part:
        provision_of(slug=slug, ref=part, user=user)
    return _circle(instrument)


def _of_link(name: str, user: Any) -> Circle:
    link = link_of(name=name, user=user)
    return narrowest(_circle(link.a.instrument), _circle(link.b.instrument))


def _of_topic(topic: str, user: Any) -> Circle:
    del user  # topics are public
    topic_of(topic=topic)
    return Visibility.PUBLIC.value, ""


def _of_document(slug: str, number: str | None, user: Any) -> Circle:
    found = Document.objects.filter(seen_by(user=user), slug=slug).first()
    if found is None or (number and not found.versions.filter(number=int(number)).exists()):
        raise NotFound(reference=f"decisions/documents/{slug}")
    return _circle(found)


def _of_ballot(slug: str, user: Any) -> Circle:
    found = Ballot.objects.filter(seen_by(user=user), slug=slug, outcome__isnull=False).first()
    if found is None:
        raise NotFound(reference=f"decisions/ballots/{slug}")
    return _circle(found)


FOUND_BY: tuple[tuple[str, Callable[..., Circle]], ...] = (
    (f"dialogue/{SLUG}(?:/(results|statements/[1-9][0-9]{{0,8}}))?", _of_dialogue),
    (f"alignment/instruments/{SLUG}(?:/([A-Za-z0-9._~-]{{1,120}}))?", _of_instrument),
    (f"alignment/links/{SLUG}", _of_link),
    (f"alignment/topics/{SLUG}", _of_topic),
    (f"decisions/documents/{SLUG}(?:/([1-9][0-9]{{0,4}}))?", _of_document),
    (f"decisions/ballots/{SLUG}", _of_ballot),
)


def _circle(kept: Kept, /, *, now: dt.datetime | None = None) -> Circle:
    """Return the circle of a row; what was released is public."""
    if kept.released_at is not None and kept.released_at <= (now or timezone.now()):
        return Visibility.PUBLIC.value, ""
    return kept.visibility, kept.audience
