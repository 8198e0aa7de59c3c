"""Read ballots, never more than an account may see: a sealed one shows nothing of its votes until its outcome is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from comity.engines.decisions.carrying import carry_result
from comity.errors import NotFound
from comity.platform.decisions.ballot_views import BallotCard as BallotCard  # noqa: PLC0414  (doors read it here)
from comity.platform.decisions.ballot_views import BallotView as BallotView  # noqa: PLC0414  (as above)
from comity.platform.decisions.ballot_views import DrawView, ExplanationView, HistoryRow, RuleReference
from comity.platform.decisions.ballot_views import ElectorView as ElectorView  # noqa: PLC0414  (as above)
from comity.platform.decisions.documents import missing_languages
from comity.platform.decisions.lookups import CAST, HOLD, NEEDED, STATE, TO_VOTE, explain_until, explanation_time
from comity.platform.decisions.models import Ballot, Elector, Explanation
from comity.platform.decisions.moments import read_clock
from comity.platform.decisions.ruling import rule_of
from comity.platform.decisions.stating import earliest_close, may_close, open_motions
from comity.platform.decisions.tallying import (
    IN_WRITING,
    SILENT,
    count_positions,
    count_votes,
    electors_of,
    position_of,
    positions_offered,
    vote_of,
)
from comity.platform.parties.bodies import member_of
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import MAY, may, standing_now
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet


def ballots_seen(*, user: Any) -> QuerySet[Ballot]:
    """Return the ballots that this account sees, latest first; a draft is seen by those who may hold it."""
    held = Q(pk__in=[])
    for place in standing_now(user=user).places:
        if place.role in MAY[HOLD]:
            held |= Q(body__slug=place.body) if place.body else Q(pk__isnull=False)
    found = Ballot.objects.filter(seen_by(user=user), Q(opens_at__isnull=False) | held)
    return found.select_related(*NEEDED)


def ballot_seen(*, slug: str, user: Any) -> Ballot:
    """Return one ballot with its body, rule and outcome. Raises NotFound where this account sees none."""
    found = ballots_seen(user=user).filter(slug=slug).select_related(None).select_related(*TO_VOTE).first()
    if found is None:
        raise NotFound(reference=f"decisions/ballots/{slug[:60]}")
    return found


def list_ballots(
    *, user: Any, language: str, state: str = "", body: str = "", now: dt.datetime | None = None
) -> list[BallotCard]:
    """Return cards: open ones by their deadline, closed ones that await their outcome, drafts, then the others, latest first."""
    moment = now or read_clock()
    rows = ballots_seen(user=user)
    if body:
        rows = rows.filter(body__slug=body)
    cards = [_card(b, language=language, moment=moment) for b in _counted(rows)]
    kept = [c for c in cards if not state or c.state == state]
    return sorted(kept, key=_place_in_list)


def ballot_view(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> BallotView:
    """Return a ballot with all that this reader may see of it. Raises NotFound."""
    moment = now or read_clock()
    ballot = _counted(ballots_seen(user=user).filter(slug=slug)).first()
    if ballot is None:
        raise NotFound(reference=f"decisions/ballots/{slug[:60]}")
    body, rule, state = ballot.body.slug, rule_of(ballot.rule), ballot.state_at(moment)
    electors = electors_of(ballot=ballot)
    hidden = is_hidden(ballot=ballot)
    tells = ballot.opens_at is not None and not hidden
    offered = positions_offered(rule=rule, way=ballot.way)
    waiting = open_motions(ballot=ballot)
    stated = ballot.outcome if hasattr(ballot, "outcome") else None
    closes = state == Ballot.State.OPEN and may_close(ballot=ballot, rule=rule, electors=electors, moment=moment)
    holds, is_open = may(user=user, action=HOLD, body=body), state == Ballot.State.OPEN
    pending = None
    if state == Ballot.State.CLOSED and tells:
        pending = carry_result(rule=rule, result=count_votes(rule=rule, electors=electors))
    motions = _counted(ballots_seen(user=user).filter(parent=ballot)).order_by("order", "slug")
    days = rule.conduct.explanation_days
    until = explain_until(ballot=ballot, days=days)
    return BallotView(
        card=_card(ballot, language=language, moment=moment),
        rule=rule,
        electors=_electors(ballot, electors=electors, user=user, language=language),
        totals=count_positions(rule=rule, electors=electors) if tells else None,
        result=stated.result if stated else None,
        pending_result=pending,
        hidden_from_all=hidden,
        broken=tells and ballot.way in SILENT and any(vote_of(e) is not None for e in electors),
        offered=offered,
        may_change=ballot.may_change if ballot.opens_at else rule.conduct.may_change,
        waiver=ballot.waiver,
        missing_languages=missing_languages(ballot.version) if ballot.version and not ballot.opens_at else (),
        opening=str(ballot.opening_id or ""),
        stating=str(stated.act_id) if stated else "",
        rolls_sha256=stated.rolls_sha256 if stated else "",
        draw=_draw(ballot, electors=electors, language=language),
        explanations=_explanations(ballot, language=language),
        explain_until=until if days else None,
        explains=_who_explains(ballot, electors=electors, user=user, days=days, moment=moment),
        motions=tuple(_card(m, language=language, moment=moment) for m in motions),
        open_motions=tuple(m.slug for m in waiting),
        earliest_statement=earliest_close(ballot=ballot, rule=rule),
        may_open=holds and state == Ballot.State.DRAFT,
        may_withdraw=holds and state in {Ballot.State.DRAFT, Ballot.State.OPEN},
        may_close=holds and closes,
        may_state=may(user=user, action=STATE, body=body) and not waiting and (closes or state == Ballot.State.CLOSED),
        may_note=holds and state in {Ballot.State.OPEN, Ballot.State.CLOSED} and ballot.way not in IN_WRITING,
        own=tuple(
            e.member.slug
            for e in electors
            if is_open and e.counts and may(user=user, action=CAST, member=e.cast_by.slug, body=body)
        ),
    )


def history_of(*, member: str, user: Any, language: str, now: dt.datetime | None = None) -> tuple[HistoryRow, ...]:
    """Return what a member said in the stated ballots whose rule allows that they are shown together, latest first. Raises NotFound."""
    party = member_of(slug=member)
    moment = now or read_clock()
    stated = _counted(ballots_seen(user=user).filter(outcome__isnull=False)).order_by("-outcome__stated_at", "slug")
    held = {b.pk: b for b in stated if rule_of(b.rule).conduct.history}
    rows = Elector.objects.filter(ballot__in=list(held), member=party, counts=True).select_related("cast_by", "vote")
    by_ballot = {e.ballot_id: e for e in rows}
    return tuple(
        HistoryRow(
            ballot=_card(ballot, language=language, moment=moment),
            position=position_of(by_ballot[number], rule=rule_of(ballot.rule)),
            cast_by=by_ballot[number].cast_by.slug,
            reasons=cast.reasons if (cast := vote_of(by_ballot[number])) else "",
        )
        for number, ballot in held.items()
        if number in by_ballot
    )


def is_hidden(*, ballot: Ballot) -> bool:
    """Tell whether the votes of a ballot are for each delegation's own eyes: it is sealed, and its outcome is not stated."""
    return ballot.sealed and not hasattr(ballot, "outcome")


def _counted(rows: QuerySet[Ballot], /) -> QuerySet[Ballot]:
    """Add how many members count, and how many of them have voted."""
    counts = Q(electors__counts=True)
    return rows.annotate(counting=Count("electors", filter=counts), voted=Count("electors__vote", filter=counts))


def _card(ballot: Any, /, *, language: str, moment: dt.datetime) -> BallotCard:
    stated = ballot.outcome if hasattr(ballot, "outcome") else None
    document = ballot.version.document if ballot.version else None
    spoken, question = _in_words(ballot.question, language)
    # In a silence procedure objections alone are cast: to tell how many have voted would tell how.
    told = ballot.opens_at is not None and not (is_hidden(ballot=ballot) and ballot.way in SILENT)
    return BallotCard(
        slug=ballot.slug,
        reference=ballot.reference,
        body=ballot.body.slug,
        body_name=name_in(ballot.body.names, language),
        kind=ballot.kind,
        question=question,
        question_language=spoken,
        state=str(ballot.state_at(moment)),
        way=ballot.way,
        sealed=ballot.sealed if ballot.opens_at else rule_of(ballot.rule).conduct.sealed,
        visibility=ballot.visibility,
        audience=ballot.audience,
        symbol=ballot.version.symbol if ballot.version else "",
        document_title=_in_words(document.titles, language)[1] if document else "",
        document_slug=document.slug if document else "",
        document_number=ballot.version.number if ballot.version else 0,
        rule=RuleReference(
            reference=f"decisions/rules/{ballot.body.slug}/{ballot.rule.name}/{ballot.rule.version}",
            name=ballot.rule.name,
            version=ballot.rule.version,
            title=ballot.rule.title,
            text_sha256=ballot.rule.text_sha256,
        ),
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        closed_at=ballot.closed_at,
        stated_at=stated.stated_at if stated else None,
        outcome=stated.outcome if stated else "",
        parent=ballot.parent.slug if ballot.parent else "",
        moved_by=ballot.moved_by.slug if ballot.moved_by else "",
        moved_by_name=name_in(ballot.moved_by.names, language) if ballot.moved_by else "",
        order=ballot.order,
        counting=ballot.counting,
        voted=ballot.voted if told else None,
    )


def _place_in_list(card: BallotCard, /) -> tuple[Any, ...]:
    order = {"open": 0, "closed": 1, "draft": 2, "stated": 3, "withdrawn": 4}[card.state]
    if card.state in {"open", "closed"}:
        due = card.closed_at or card.closes_at
        return (order, due is None, due.timestamp() if due else 0.0, card.slug)
    latest = card.stated_at or card.opens_at
    return (order, latest is None, -latest.timestamp() if latest else 0.0, card.slug)


def _electors(ballot: Ballot, /, *, electors: Sequence[Elector], user: Any, language: str) -> tuple[ElectorView, ...]:
    audiences = standing_now(user=user).audiences
    views = [
        _elector(e, ballot=ballot, language=language, own=not audiences.isdisjoint(_delegations_of(e)))
        for e in electors
    ]
    return tuple(sorted(views, key=lambda v: (v.name.casefold(), v.member)))


def _delegations_of(elector: Elector, /) -> set[str]:
    return {f"delegation:{elector.member.slug}", f"delegation:{elector.cast_by.slug}"}


def _elector(elector: Elector, /, *, ballot: Ballot, language: str, own: bool) -> ElectorView:
    seen = own or not is_hidden(ballot=ballot)
    cast = vote_of(elector) if seen else None
    return ElectorView(
        member=elector.member.slug,
        name=name_in(elector.member.names, language),
        region=elector.member.region,
        counts=elector.counts,
        reason=elector.reason,
        rule=elector.rule,
        cast_by=elector.cast_by.slug,
        cast_by_name=name_in(elector.cast_by.names, language),
        groups=tuple(elector.groups),
        weights=elector.weights,
        call_order=elector.call_order,
        present=elector.present,
        position=cast.position if cast else None,
        reasons=cast.reasons if cast else "",
        voted=cast is not None if seen else None,
        seen=seen,
        own=own,
        # The act of a sealed vote is for its delegation, for good.
        act=str(cast.act_id) if cast and (own or not ballot.sealed) else "",
        cast_at=cast.cast_at if cast else None,
    )


def _draw(ballot: Ballot, /, *, electors: Sequence[Elector], language: str) -> DrawView | None:
    if ballot.draw is None:
        return None
    first = next((e.member for e in electors if e.member.slug == ballot.first_called), None)
    return DrawView(**ballot.draw, first_name=name_in(first.names, language) if first else "")


def _explanations(ballot: Ballot, /, *, language: str) -> tuple[ExplanationView, ...]:
    views = [
        ExplanationView(
            member=row.member.slug,
            name=name_in(row.member.names, language),
            when=row.when,
            language=row.language,
            text=row.text,
            given_at=row.given_at,
            act=str(row.act_id),
        )
        for row in Explanation.objects.filter(ballot=ballot).select_related("member")
    ]
    return tuple(sorted(views, key=lambda v: (v.when == "after", v.name.casefold(), v.member)))


def _who_explains(
    ballot: Ballot, /, *, electors: Sequence[Elector], user: Any, days: int, moment: dt.datetime
) -> dict[str, str]:
    """Return the reader's own members that may explain their vote now, with whether that is before or after it."""
    own = set(standing_now(user=user).members)
    given = set(Explanation.objects.filter(ballot=ballot, member__slug__in=own).values_list("member__slug", "when"))
    found = {}
    for elector in electors:
        member = elector.member.slug
        if member in own and may(user=user, action="draft a text", member=member, body=ballot.body.slug):
            when, _ = explanation_time(ballot=ballot, elector=elector, days=days, moment=moment)
            if when and (member, when) not in given:
                found[member] = when
    return found


def _in_words(texts: Mapping[str, str], language: str, /) -> tuple[str, str]:
    """Return (language, text) of a text kept by language: the reader's, else English, else the first there is."""
    for wanted in (language, "en", *texts):
        if texts.get(wanted):
            return wanted, texts[wanted]
    return language, ""
