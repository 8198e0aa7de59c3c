"""Record the result of a secret ballot that was held elsewhere, as its tellers signed it. No secret vote is counted here.

Who votes in secret must be sure that nobody, the operator of this server included, can tie a vote to a voter. That takes paper, or
software made for it and examined by others, such as Belenios (https://www.belenios.org); none of it is rebuilt here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.decisions.document_text import checked_text, checked_title, digest_of
from comity.platform.decisions.models import ElectionResult
from comity.platform.dialogue.selectors import text_in
from comity.platform.dialogue.statement_text import checked_texts
from comity.platform.parties.bodies import body_of, demand_rule, demand_slug, reference_of_body, reference_of_member
from comity.platform.parties.models import Member
from comity.platform.parties.roster import members_on, name_in
from comity.platform.parties.rules import authorise, may
from comity.platform.parties.votes import entitlements
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, demand_circle, seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from comity.platform.dialogue.selectors import Words

RECORD = "record an election"
BELENIOS = "https://www.belenios.org"
RESERVED = frozenset({"new"})
MOST_OFFICE = 200
MOST_SYSTEM = 200
MOST_CANDIDATES = 100
MOST_NUMBER = 100_000
CIRCLES = (Visibility.PUBLIC.value, Visibility.MEMBERS.value, Visibility.COMMITTEE.value)
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ElectionView:
    """The result of an election as its page shows it; ``counts`` are (candidate, votes, elected), in the order of the statement."""

    slug: str
    reference: str
    body: str
    body_name: str
    office: Words
    held_at: dt.datetime
    system: str
    counts: tuple[tuple[str, int, bool], ...]
    cast: int
    invalid: int
    elected: tuple[str, ...]
    tellers: tuple[tuple[str, str], ...]
    statement: str
    statement_sha256: str
    visibility: str
    act: str
    sequence: int | None

    @property
    def valid(self) -> int:
        """How many papers were valid."""
        return self.cast - self.invalid


def record_election(
    *,
    slug: str,
    body: str,
    office: Mapping[str, str],
    held_at: dt.datetime,
    system: str,
    counts: Sequence[tuple[str, int]],
    cast: int,
    invalid: int,
    elected: Sequence[str],
    tellers: Sequence[str],
    by: Any,
    authority: str,
    seats: int = 1,
    statement: str = "",
    statement_sha256: str = "",
    visibility: str = Visibility.PUBLIC,
    audience: str = "",
) -> ElectionResult:
    """Record the result of a secret ballot on an office, as an act; what is recorded does not change.

    ``counts`` are candidates with their votes; ``cast`` are the papers handed in and ``invalid`` those void or blank; ``seats`` how
    many were to be elected, and so how many names a paper could bear at most. ``tellers`` are members of the body. Give the signed
    ``statement``, its SHA-256, or both. The act names no candidate: they may be persons, and the log forgets nobody. Raises
    NotPermitted, NotFound, BadParameter where sums do not fit, or Conflict where the name is taken.
    """
    acting = authorise(by=by, action=RECORD)
    demand_slug(slug)
    if slug in RESERVED:
        raise BadParameter(name="slug", found=slug, allowed="another name")
    here = body_of(slug=body)
    demand_rule(authority)
    if visibility == Visibility.COMMITTEE and not audience:
        audience = f"committee:{body}"
    demand_circle(visibility=visibility, audience=audience)
    if visibility not in CIRCLES:
        raise BadParameter(name="visibility", found=visibility, allowed=", ".join(CIRCLES))
    called = checked_texts("office", office, most=MOST_OFFICE, needed=True)
    if held_at > timezone.now():
        raise BadParameter(
            name="held_at", found=held_at.isoformat(timespec="minutes"), allowed="a moment that has passed"
        )
    how = checked_title(system, language="")[:MOST_SYSTEM]
    votes = _checked_counts(counts)
    _demand_sums(votes, cast=cast, invalid=invalid, seats=seats, voters=_voters(body, held_at=held_at))
    chosen = _checked_elected(elected, votes=votes, seats=seats)
    counted_by = _tellers(tellers, body=body, on=held_at.date())
    said, digest = _checked_statement(statement, digest=statement_sha256)
    reference = f"decisions/elections/{slug}"
    try:
        with transaction.atomic():
            act = enter_act(
                type="record-election",
                office=acting,
                authority=authority.strip(),
                subject=reference,
                payload={
                    "election": slug,
                    "body": body,
                    "held_at": held_at.isoformat(),
                    "seats": seats,
                    "cast": cast,
                    "invalid": invalid,
                    "counts": [number for _, number in votes],
                    "elected": [[name for name, _ in votes].index(name) for name in chosen],
                    "tellers": [teller.slug for teller in counted_by],
                    "statement_sha256": digest,
                },
                links=[
                    (reference, "wasAttributedTo", reference_of_body(body)),
                    *((reference, "wasAttributedTo", reference_of_member(teller.slug)) for teller in counted_by),
                ],
                visibility=visibility,
                audience=audience,
            )
            made = ElectionResult.objects.create(
                body=here,
                slug=slug,
                office=called,
                held_at=held_at,
                system=how,
                counts=[list(pair) for pair in votes],
                cast=cast,
                invalid=invalid,
                elected=list(chosen),
                statement=said,
                statement_sha256=digest,
                act=act,
                visibility=visibility,
                audience=audience,
            )
            made.tellers.set(counted_by)
    except IntegrityError:
        raise Conflict(problem=f"There is an election called {slug} already; nothing was recorded.") from None
    return made


def list_elections(*, user: Any, language: str) -> tuple[ElectionView, ...]:
    """Return the elections that this account sees, the latest first."""
    rows = ElectionResult.objects.filter(seen_by(user=user)).select_related("body", "act").prefetch_related("tellers")
    return tuple(_view(row, language=language) for row in rows)


def election_view(*, slug: str, user: Any, language: str) -> ElectionView:
    """Return one election. Raises NotFound where there is none, or none that this account sees."""
    row = ElectionResult.objects.filter(seen_by(user=user), slug=slug).select_related("body", "act").first()
    if row is None:
        raise NotFound(reference=f"decisions/elections/{slug[:60]}")
    return _view(row, language=language)


def may_record(*, user: Any) -> bool:
    """Tell whether an account may record an election."""
    return may(user=user, action=RECORD)


def _checked_counts(counts: Sequence[tuple[str, int]], /) -> tuple[tuple[str, int], ...]:
    kept = tuple((checked_title(name, language="candidate"), number) for name, number in counts)
    if not kept or len(kept) > MOST_CANDIDATES:
        raise BadParameter(
            name="counts", found=str(len(kept)), allowed=f"1 to {MOST_CANDIDATES} candidates with their votes"
        )
    if len({name for name, _ in kept}) != len(kept):
        raise BadParameter(name="counts", found="a candidate twice", allowed="each candidate once")
    return kept


def _demand_sums(votes: Sequence[tuple[str, int]], /, *, cast: int, invalid: int, seats: int, voters: int) -> None:
    """Raise BadParameter, saying which sum does not fit, where figures contradict one another."""
    for name, number in (("cast", cast), ("invalid", invalid), ("seats", seats), *(("counts", n) for _, n in votes)):
        if not 0 <= number <= MOST_NUMBER:
            raise BadParameter(name=name, found=str(number)[:20], allowed=f"from 0 to {MOST_NUMBER}")
    if not 1 <= seats <= MOST_CANDIDATES:
        raise BadParameter(name="seats", found=str(seats), allowed=f"from 1 to {MOST_CANDIDATES}")
    if cast > voters:
        raise BadParameter(name="cast", found=str(cast), allowed=f"at most {voters}, as many as had a vote that day")
    if invalid > cast:
        raise BadParameter(name="invalid", found=str(invalid), allowed=f"at most {cast}, the papers cast")
    valid = cast - invalid
    for name, number in votes:
        if number > valid:
            raise BadParameter(
                name=f"votes for {name}"[:80], found=str(number), allowed=f"at most {valid}, the valid papers"
            )
    total = sum(number for _, number in votes)
    if not valid <= total <= valid * seats:
        exact = str(valid) if seats == 1 else f"from {valid} to {valid * seats}"
        raise BadParameter(
            name="the sum of all votes",
            found=str(total),
            allowed=f"{exact}: {cast} cast less {invalid} invalid or blank, and at most {seats} names on each",
        )


def _checked_elected(elected: Sequence[str], /, *, votes: Sequence[tuple[str, int]], seats: int) -> tuple[str, ...]:
    kept = tuple(checked_title(name, language="elected") for name in elected)
    names = [name for name, _ in votes]
    if len(set(kept)) != len(kept) or len(kept) > seats or not set(kept) <= set(names):
        raise BadParameter(
            name="elected",
            found=", ".join(kept)[:80],
            allowed=f"at most {seats} of the candidates, each once, or nobody",
        )
    return kept


def _tellers(slugs: Sequence[str], /, *, body: str, on: dt.date) -> list[Member]:
    seated = {seat.slug for seat in members_on(body=body, on=on)}
    if not slugs or not set(slugs) <= seated:
        raise BadParameter(
            name="tellers",
            found=", ".join(slugs)[:80] or "nobody",
            allowed="one member or more of the body on that day",
        )
    return list(Member.objects.filter(slug__in=slugs).order_by("slug"))


def _checked_statement(statement: str, /, *, digest: str) -> tuple[str, str]:
    """Return the statement as it is kept and its digest. Raises BadParameter where neither is given, or they differ."""
    said = checked_text(statement, language="statement") if statement.strip() else ""
    given = digest.strip().lower()
    if given and not _DIGEST.fullmatch(given):
        raise BadParameter(name="statement_sha256", found=given[:70], allowed="64 hexadecimal digits")
    known = {digest_of(said), hashlib.sha256(statement.encode()).hexdigest()} if said else set()
    if not said and not given:
        raise BadParameter(name="statement", found="nothing", allowed="what the tellers signed, or its SHA-256")
    if said and given and given not in known:
        raise BadParameter(name="statement_sha256", found=given, allowed=digest_of(said))
    return said, given or digest_of(said)


def _voters(body: str, /, *, held_at: dt.datetime) -> int:
    return sum(e.votes for e in entitlements(body=body, moment=held_at))


def _view(row: ElectionResult, /, *, language: str) -> ElectionView:
    elected = tuple(row.elected)
    tellers = sorted(((t.slug, name_in(t.names, language)) for t in row.tellers.all()), key=lambda p: p[1].casefold())
    return ElectionView(
        slug=row.slug,
        reference=f"decisions/elections/{row.slug}",
        body=row.body.slug,
        body_name=name_in(row.body.names, language),
        office=text_in(row.office, language=language),
        held_at=row.held_at,
        system=row.system,
        counts=tuple((name, number, name in elected) for name, number in row.counts),
        cast=row.cast,
        invalid=row.invalid,
        elected=elected,
        tellers=tuple(tellers),
        statement=row.statement,
        statement_sha256=row.statement_sha256,
        visibility=row.visibility,
        act=str(row.act_id),
        sequence=row.act.sequence,
    )
