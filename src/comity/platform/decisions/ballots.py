"""The life of a ballot: it is drafted, opened by an act that freezes who decides under which rule, withdrawn, or closed and stated."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, LanguagesMissing, NotFound
from comity.platform.decisions.documents import missing_languages, version_seen
from comity.platform.decisions.electorate import draw_call, find_electors
from comity.platform.decisions.lookups import HOLD, authorise_on, checked_authority, demand_state, locked_ballot
from comity.platform.decisions.models import Ballot, Elector
from comity.platform.decisions.moments import moment_of
from comity.platform.decisions.ruling import rule_in_force, rule_of
from comity.platform.decisions.stating import close_ballot as close_ballot  # noqa: PLC0414  (doors read every step of a ballot's life here)
from comity.platform.decisions.stating import state_outcome as state_outcome  # noqa: PLC0414  (as above)
from comity.platform.decisions.tallying import IN_WRITING
from comity.platform.parties.bodies import LANGUAGES, body_of, demand_slug, member_of, reference_of_body
from comity.platform.parties.models import Membership
from comity.platform.parties.rules import authorise
from comity.platform.parties.standing import in_force
from comity.platform.parties.submission_text import demand_text
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, demand_circle, narrowest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.decisions.rules import Rule
    from comity.platform.decisions.models import DocumentVersion
    from comity.platform.parties.models import Body, Member
    from comity.platform.record.models import Act

MOST_QUESTION = 500
MOST_REASON = 300
MOST_ORDER = 10_000
LAST_YEAR = 2199
RESERVED = frozenset({"new"})
MOVED = tuple(k for k in Ballot.Kind.values if k not in {Ballot.Kind.TEXT, Ballot.Kind.QUESTION})
"""Kinds that a member moves on another ballot."""


def draft_ballot(
    *,
    slug: str,
    body: str,
    kind: str,
    question: Mapping[str, str],
    rule: str,
    way: str,
    by: Any,
    version: str = "",
    parent: str = "",
    moved_by: str = "",
    order: int = 0,
    visibility: str = Visibility.PUBLIC,
    audience: str = "",
) -> Ballot:
    """Draft a ballot of a body. It is seen by those who may hold it until it is opened.

    ``question`` maps a language to what is asked; ``rule`` is the name of a rule in force in the body, ``version`` the symbol of
    a text. A motion names the ballot it is moved on (``parent``) and the member that moves it. Raises NotPermitted, NotFound,
    BadParameter, BallotNotOpen where the parent is decided, or Conflict where the name is taken.
    """
    authorise(by=by, action=HOLD, body=body)
    demand_slug(slug)
    if slug in RESERVED:
        raise BadParameter(name="slug", found=slug, allowed="another name")
    if kind not in Ballot.Kind.values:
        raise BadParameter(name="kind", found=kind[:40], allowed=", ".join(Ballot.Kind.values))
    if not 0 <= order <= MOST_ORDER:
        raise BadParameter(name="order", found=str(order)[:12], allowed=f"from 0 to {MOST_ORDER}")
    here = body_of(slug=body)
    held = rule_in_force(body=body, name=rule)
    demand_way(rule=rule_of(held), way=way)
    text = _text_voted_on(kind=kind, symbol=version, by=by)
    above, mover = _motion(here, kind=kind, parent=parent, moved_by=moved_by)
    if visibility == Visibility.COMMITTEE and not audience:
        audience = f"committee:{body}"
    if audience not in {"", f"committee:{body}"}:
        # Those who decide must see what they decide.
        raise BadParameter(name="audience", found=audience[:80], allowed=f"committee:{body}")
    _demand_circle(visibility, audience, within=[text.document if text else None, above])
    try:
        with transaction.atomic():
            return Ballot.objects.create(
                body=here,
                slug=slug,
                kind=kind,
                parent=above,
                moved_by=mover,
                order=order,
                question=checked_question(question),
                version=text,
                rule=held,
                way=way,
                made_at=timezone.now(),
                visibility=visibility,
                audience=audience,
            )
    except IntegrityError:
        raise Conflict(problem=f"There is a ballot called {slug} already; nothing was changed.") from None


def order_motions(*, slug: str, order: Sequence[str], by: Any) -> None:
    """Set in which order motions on a ballot are put to the vote, as the chair rules: those named, by slug, from the first.

    Raises NotPermitted, NotFound, or BadParameter where one is named twice or is no motion on it.
    """
    with transaction.atomic():
        held = locked_ballot(slug=slug)
        authorise_on(ballot=held, by=by, action=HOLD)
        motions = {m.slug: m for m in Ballot.objects.filter(parent=held)}
        if len(set(order)) != len(order) or set(order) - set(motions):
            raise BadParameter(
                name="order",
                found=", ".join(order)[:80],
                allowed=f"each once, of {', '.join(sorted(motions)) or 'none'}",
            )
        for place, name in enumerate(order, 1):
            motions[name].order = place
            motions[name].save(update_fields=["order"])


def open_ballot(
    *,
    slug: str,
    by: Any,
    closes_at: dt.datetime | None = None,
    waiver: str = "",
    groups: Mapping[str, Sequence[str]] | None = None,
    weights: Mapping[str, Mapping[str, Any]] | None = None,
    authority: str = "",
) -> Act:
    """Open a draft, as an act: who is asked, who counts and through whom it votes is frozen as it stands at this moment.

    The version of its rule that is in force now is the one that binds it. ``waiver`` is why the body lets a text be voted on that is
    not issued in every language that it needs. ``groups`` and ``weights`` are what the rule needs to know of each member, by slug.
    Raises NotPermitted, NotFound, BadParameter for a deadline that will not do, BallotNotOpen where it is no draft,
    LanguagesMissing, NothingToDrawFrom, BadBallot, or Conflict where nobody may vote.
    """
    with transaction.atomic():
        _lock_parent(slug=slug)
        held = locked_ballot(slug=slug)
        office = authorise_on(ballot=held, by=by, action=HOLD)
        moment = moment_of(ballot=held)
        demand_state(ballot=held, moment=moment, allowed=(Ballot.State.DRAFT,))
        if held.parent is not None:
            _demand_undecided(held.parent, moment=moment)
        held.rule = rule_in_force(body=held.body.slug, name=held.rule.name)
        rule = rule_of(held.rule)
        demand_way(rule=rule, way=held.way)
        _demand_deadline(held, rule=rule, closes_at=closes_at, moment=moment)
        held.waiver = _checked_waiver(held, waiver=waiver)
        electors = find_electors(ballot=held, rule=rule, moment=moment, groups=groups, weights=weights)
        held.draw = draw_call(ballot=held, electors=electors) if held.way == Ballot.Way.ROLL_CALL else None
        held.first_called = held.draw["first"] if held.draw else ""
        held.sealed, held.may_change = rule.conduct.sealed, rule.conduct.may_change
        held.opens_at = held.last_moment = moment
        held.closes_at = closes_at
        held.opening = enter_act(
            type="open-ballot",
            office=office,
            authority=checked_authority(authority, rule=held.rule),
            subject=held.reference,
            payload=_opening(held, electors=electors),
            links=_links(held),
            visibility=held.visibility,
            audience=held.audience,
            released_at=held.released_at,
        )
        held.save()
        Elector.objects.bulk_create(electors)
    return held.opening


def withdraw_ballot(*, slug: str, reason: str, by: Any) -> Ballot:
    """Withdraw a draft, or an open ballot, for a reason; its votes are then counted by nobody, and what was sealed stays so.

    A ballot that was opened is withdrawn by an act. One that has closed is not withdrawn: its outcome is stated. Raises
    NotPermitted, NotFound, BadParameter, BallotNotOpen or AlreadyStated.
    """
    said = demand_text(reason, name="reason", most=MOST_REASON)
    with transaction.atomic():
        held = locked_ballot(slug=slug)
        office = authorise_on(ballot=held, by=by, action=HOLD)
        moment = moment_of(ballot=held)
        demand_state(ballot=held, moment=moment, allowed=(Ballot.State.DRAFT, Ballot.State.OPEN))
        if held.opens_at is not None:
            enter_act(
                type="withdraw-ballot",
                office=office,
                authority=checked_authority("", rule=held.rule),
                subject=held.reference,
                payload={"ballot": held.reference, "reason": said, "at": moment.isoformat()},
                visibility=held.visibility,
                audience=held.audience,
                released_at=held.released_at,
            )
        held.withdrawn_at = held.last_moment = moment
        held.save(update_fields=["withdrawn_at", "last_moment"])
    return held


def demand_way(*, rule: Rule, way: str) -> None:
    """Raise BadParameter, naming the rule, where it lets nobody vote in this way here; a secret ballot is held elsewhere."""
    ways = [w for w in rule.conduct.ways if w in Ballot.Way.values]
    if way not in ways:
        allowed = f"under {rule.title}: {', '.join(ways) or 'none of those held here'}"
        if way == "secret":
            allowed += "; a secret ballot is held outside, and its tellers' signed result is recorded as an election"
        raise BadParameter(name="way", found=way[:20], allowed=allowed)


def checked_question(question: Mapping[str, str], /) -> dict[str, str]:
    """Return what is asked by language, each on one line. Raises BadParameter where there is none, or a language is unknown."""
    words = {language: " ".join(text.split()) for language, text in question.items() if text.strip()}
    unknown = sorted(set(words) - set(LANGUAGES))
    if unknown or not words:
        raise BadParameter(
            name="question", found=unknown[0][:20] if unknown else "nothing", allowed=f"words in {', '.join(LANGUAGES)}"
        )
    return {language: demand_text(text, name="question", most=MOST_QUESTION) for language, text in words.items()}


def _text_voted_on(*, kind: str, symbol: str, by: Any) -> DocumentVersion | None:
    if not symbol:
        if kind in {Ballot.Kind.TEXT, Ballot.Kind.AMENDMENT}:
            raise BadParameter(
                name="version", found="nothing", allowed="the symbol of the text that is put to the vote"
            )
        return None
    return version_seen(symbol=symbol, user=by)


def _motion(body: Body, /, *, kind: str, parent: str, moved_by: str) -> tuple[Ballot | None, Member | None]:
    """Return the ballot that a motion is moved on and the member that moves it; None and None for what is no motion."""
    if kind not in MOVED:
        if parent or moved_by:
            raise BadParameter(name="kind", found=kind, allowed=f"{', '.join(MOVED)} for what is moved on a ballot")
        return None, None
    if not parent or not moved_by:
        raise BadParameter(
            name="parent", found="nothing", allowed="the ballot that it is moved on, and the member that moves it"
        )
    above = Ballot.objects.select_related("body", "outcome").filter(slug=parent, body=body).first()
    if above is None:
        raise NotFound(reference=f"decisions/ballots/{parent[:60]}")
    moment = moment_of(ballot=above)
    _demand_undecided(above, moment=moment)
    mover = member_of(slug=moved_by)
    seats = mover.memberships.filter(in_force(on=moment.date()), body=body)
    if not seats.exclude(status=Membership.Status.OBSERVER).exists():
        raise Conflict(problem=f"{mover} is no member of {body} today; nothing was written.")
    return above, mover


def _lock_parent(*, slug: str) -> None:
    """Lock what a motion is moved on before the motion, as whoever orders motions does.

    Whoever states its outcome then either finds the motion open, or the motion finds it stated.
    """
    parent = Ballot.objects.filter(slug=slug).values_list("parent__slug", flat=True).first()
    if parent:
        locked_ballot(slug=parent)


def _demand_undecided(above: Ballot, /, *, moment: dt.datetime) -> None:
    states = (Ballot.State.DRAFT, Ballot.State.OPEN, Ballot.State.CLOSED)
    demand_state(ballot=above, moment=moment, allowed=states)


def _demand_circle(visibility: str, audience: str, /, *, within: Sequence[Any]) -> None:
    """Refuse a ballot that more people would see than its text, or than the ballot that it is moved on."""
    demand_circle(visibility=visibility, audience=audience)
    if visibility == Visibility.DELEGATION:
        raise BadParameter(name="visibility", found=visibility, allowed="public, members, committee")
    for kept in within:
        if kept is not None:
            smallest = narrowest((visibility, audience), (kept.visibility, kept.audience))
            if smallest != (visibility, audience):
                raise BadParameter(name="visibility", found=visibility, allowed=" ".join(smallest).strip())


def _demand_deadline(held: Ballot, /, *, rule: Rule, closes_at: dt.datetime | None, moment: dt.datetime) -> None:
    least = moment + dt.timedelta(hours=rule.conduct.notice_hours)
    if closes_at is None:
        if held.way in IN_WRITING:
            raise BadParameter(name="closes_at", found="nothing", allowed="a deadline, since members answer from afar")
        return
    if timezone.is_naive(closes_at) or closes_at.year > LAST_YEAR:
        raise BadParameter(
            name="closes_at",
            found=closes_at.isoformat(timespec="minutes"),
            allowed=f"a moment in a zone, by {LAST_YEAR}",
        )
    if closes_at <= moment or closes_at < least:
        raise BadParameter(
            name="closes_at",
            found=closes_at.isoformat(timespec="minutes"),
            allowed=f"at least {rule.conduct.notice_hours} hours from now ({rule.title})",
        )


def _checked_waiver(held: Ballot, /, *, waiver: str) -> str:
    """Return why a text may be voted on though languages lack; empty where none lacks."""
    if held.version is None:
        return ""
    lacking = missing_languages(held.version)
    if not lacking:
        return ""
    if not waiver.strip():
        raise LanguagesMissing(symbol=held.version.symbol, languages=", ".join(lacking))
    return demand_text(waiver, name="waiver", most=MOST_REASON)


def _links(held: Ballot, /) -> list[tuple[str, str, str]]:
    found = [(held.reference, "wasAttributedTo", reference_of_body(held.body.slug))]
    if held.version is not None:
        found.append((held.reference, "used", held.version.reference))
    if held.parent is not None:
        found.append((held.reference, "wasInfluencedBy", held.parent.reference))
    return found


def _opening(held: Ballot, /, *, electors: Sequence[Elector]) -> dict[str, Any]:
    return {
        "ballot": held.reference,
        "body": held.body.slug,
        "kind": held.kind,
        "question": held.question,
        "text": held.version.symbol if held.version else "",
        "waiver": held.waiver,
        "parent": held.parent.reference if held.parent else "",
        "moved_by": held.moved_by.slug if held.moved_by else "",
        "rule": {"reference": held.rule.reference, "sha256": held.rule.text_sha256},
        "way": held.way,
        "sealed": held.sealed,
        "may_change": held.may_change,
        "opens_at": held.opens_at.isoformat() if held.opens_at else "",
        "closes_at": held.closes_at.isoformat() if held.closes_at else "",
        "draw": held.draw,
        "electors": [
            {
                "member": e.member.slug,
                "name": e.member.names["en"],
                "counts": e.counts,
                "reason": e.reason,
                "rule": e.rule,
                "cast_by": e.cast_by.slug,
                "groups": e.groups,
                "weights": e.weights,
                "call_order": e.call_order,
            }
            for e in electors
        ],
    }
