"""Ask the members of a body what they know: prepared by a delegation, cleared by its capital, sent, changed, closed; or by the secretariat.

Who sees a question can become fewer after it was sent, never more: members replied to those who saw it then.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.commons.models import MemberQuestion, QuestionSubject
from comity.platform.commons.subjects_asked import checked_subjects, demand_no_wider, published
from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.models import Body, Member
from comity.platform.parties.preparing import (
    CHANGED,
    NOTHING_NEW,
    PREPARE,
    SEND,
    authorise_own,
    clear_prepared,
    demand_cleared,
    demand_seat,
    demand_seen,
    demand_state,
    demand_waiting,
    draw_slug,
    drop_prepared,
    mark_prepared,
    send_prepared_back,
)
from comity.platform.parties.roster import MEMBERS
from comity.platform.parties.rules import Installation, authorise, standing_now
from comity.platform.parties.standing import in_force
from comity.platform.parties.texts import MOST_PURPOSE, MOST_TITLE, checked_rule, checked_texts
from comity.platform.record.services import enter_act, withhold_payloads
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from comity.platform.record.models import Act

State = MemberQuestion.State
ASK_FOR_BODY = "ask members for the body"
RULE = "Members share experience: each may ask the others"
MOST_OPEN = 20
"""Questions of one member, or of a body itself, that are prepared or open at a time."""
TOO_MANY = f"{MOST_OPEN} questions are prepared or open already. Close some before you write another."
CIRCLES = ("public", "members", "committee")
LAST = dt.date(2199, 12, 31)


def prepare_question(
    *,
    body: str,
    member: str,
    titles: Mapping[str, str],
    texts: Mapping[str, str],
    language: str,
    visibility: str,
    by: Any,
    to: Collection[str] = (),
    wanted_by: dt.date | None = None,
    about: Collection[str] = (),
    note: str = "",
) -> MemberQuestion:
    """Write a question as a draft that its delegation alone sees; ``to`` are the members asked, none for every one of the body.

    ``visibility`` is public, members, or committee: the body's own, where it is one. ``language`` is the one in which it was written,
    one of those of ``titles``. Without a member the secretariat asks in the body's name, at once. Raises NotPermitted, NotFound,
    BadParameter, or Conflict where the member has no seat in the body or twenty questions of it stand.
    """
    authorise(by=by, action=PREPARE if member else ASK_FOR_BODY, member=member, body=body)
    here, party = body_of(slug=body), member_of(slug=member) if member else None
    given = _checked(
        here,
        member=member,
        by=by,
        titles=titles,
        texts=texts,
        language=language,
        visibility=visibility,
        to=to,
        wanted_by=wanted_by,
        about=about,
    )
    with transaction.atomic():
        # Two at once count one after the other.
        if party is None:
            Body.objects.select_for_update().get(pk=here.pk)
        else:
            demand_seat(member=party, body=here)
            Member.objects.select_for_update().get(pk=party.pk)
        running = MemberQuestion.objects.filter(member=party, state__in=[State.DRAFT, State.OPEN])
        if (running if party else running.filter(body=here)).count() >= MOST_OPEN:
            raise Conflict(problem=TOO_MANY)
        question = MemberQuestion(body=here, member=party, slug=_free_slug())
        mark_prepared(question, by=by, note=note)
        _put(question, given=given)
        if party is None:
            _enter(question, type_of_act="ask-members", office=_office_for_body(question, by=by), authority=RULE)
        return question


def change_question(
    *,
    slug: str,
    titles: Mapping[str, str],
    texts: Mapping[str, str],
    language: str,
    visibility: str,
    by: Any,
    to: Collection[str] = (),
    wanted_by: dt.date | None = None,
    about: Collection[str] = (),
    note: str = "",
    on: str | None = None,
) -> MemberQuestion:
    """Put something else in the place of a draft; or prepare a change of what was sent, which waits until it is sent too.

    The secretariat changes at once what it asked in the body's name. ``on`` is what the writer saw; None does not ask. Raises
    NotFound, NotPermitted, BadParameter, or Conflict where another changed it meanwhile or it has ended.
    """
    with transaction.atomic():
        question = locked_question(slug=slug)
        office = _office_for(question, by=by, action=PREPARE)
        demand_seen(question, on=on)
        demand_state(question, State.DRAFT, State.OPEN)
        given = _checked(
            question.body,
            member=question.member.slug if question.member else "",
            by=by,
            titles=titles,
            texts=texts,
            language=language,
            visibility=visibility,
            to=to,
            wanted_by=wanted_by,
            about=about,
            held=question,
        )
        if question.state == State.DRAFT:
            mark_prepared(question, by=by, note=note)
            _put(question, given=given)
            return question
        demand_no_more(visibility, than=question.visibility)
        if given == fields_of(question):
            raise Conflict(problem=NOTHING_NEW)
        mark_prepared(question, by=by, note=note)
        if question.member is None:
            before = question.visibility
            _put(question, given=given)
            _enter(question, type_of_act="change-question", office=office, authority=RULE, before=before)
        else:
            question.pending = given
            question.save()
        return question


def send_question(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Send a question, or the change of it that waits, in the member's name. Its circle sees it from now on.

    Raises NotFound for everyone outside the delegation, NotPermitted, BadParameter where what it is about is seen by fewer now, or
    Conflict where it is not cleared, was changed meanwhile, or nothing waits.
    """
    rule = checked_rule(authority)
    with transaction.atomic():
        question = locked_question(slug=slug)
        office = _office_for(question, by=by, action=SEND)
        demand_seen(question, on=on)
        demand_waiting(question)
        demand_cleared(question, by=by)
        if question.member is not None:
            demand_seat(member=question.member, body=question.body)
        first, before = question.state == State.DRAFT, question.visibility
        given = fields_of(question) if first else dict(question.pending)
        # What a question is about can have come to be seen by fewer since it was prepared.
        demand_no_wider(given["about"], visibility=given["visibility"], audience=given["audience"], by=by)
        if not first:
            _put(question, given=given)
        act_type = "ask-members" if first else "change-question"
        return _enter(question, type_of_act=act_type, office=office, authority=rule, before=before)


def close_question(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Close a question: nobody replies to it any more, and the replies are kept. Raises as for sending it."""
    return _end(slug=slug, state=State.CLOSED, type_of_act="close-question", by=by, on=on, authority=authority)


def withdraw_question(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Withdraw a question: its delegation and those that replied see it, nobody else. Raises as for sending it."""
    return _end(slug=slug, state=State.WITHDRAWN, type_of_act="withdraw-question", by=by, on=on, authority=authority)


def clear_question(*, slug: str, by: Any, on: str) -> None:
    """Let a question, or a change of it, be sent as it was prepared. Raises as ``clear_prepared`` does."""
    clear_prepared(_locked_of_member, slug=slug, by=by, on=on)


def send_back_question(*, slug: str, note: str, by: Any) -> None:
    """Take the clearance of a question back, or refuse it, with a remark. Raises as ``send_prepared_back`` does."""
    send_prepared_back(_locked_of_member, slug=slug, note=note, by=by)


def drop_question(*, slug: str, by: Any, on: str | None = None) -> None:
    """Put a draft of a question away for good, or a change of it that was not sent. Raises as ``drop_prepared`` does."""
    drop_prepared(_locked_of_member, slug=slug, by=by, on=on)


def locked_question(*, slug: str) -> MemberQuestion:
    """Return a question, locked until the transaction ends. Raises NotFound."""
    rows = MemberQuestion.objects.select_for_update(of=("self",)).select_related("body", "member")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"commons/questions/{slug[:60]}")
    return found


def members_asked(*, body: Body, member: str) -> list[str]:
    """Return the slugs of the members that can be asked in a body today, in order: all with a seat but the one that asks."""
    rows = body.memberships.filter(in_force(on=timezone.now().date()), status__in=MEMBERS).exclude(member__slug=member)
    return sorted(set(rows.values_list("member__slug", flat=True)))


def fields_of(question: MemberQuestion, /) -> dict[str, Any]:
    """Return what a question says, as it is prepared: by name, as JSON."""
    return {
        "titles": question.titles,
        "texts": question.texts,
        "language": question.language,
        "to": [] if question.is_to_all else sorted(question.asked.values_list("slug", flat=True)),
        "wanted_by": question.wanted_by.isoformat() if question.wanted_by else None,
        "visibility": str(question.visibility),
        "audience": question.audience,
        "about": sorted(question.subjects.values_list("reference", flat=True)),
    }


def demand_no_more(visibility: str, /, *, than: str) -> None:
    """Raise Conflict where a question that was sent would be seen by more than before."""
    # In a committee observers and experts sit too, who do not see what members see.
    if than not in {visibility, Visibility.PUBLIC}:
        raise Conflict(
            problem="Members replied to those who saw the question then: it can be shown to fewer, never to more; nothing was changed."
        )


def _put(question: MemberQuestion, /, *, given: Mapping[str, Any]) -> None:
    """Write what a question says, checked before, into its rows; what waited is gone."""
    for name in ("titles", "texts", "language", "visibility", "audience"):
        setattr(question, name, given[name])
    question.wanted_by = dt.date.fromisoformat(given["wanted_by"]) if given["wanted_by"] else None
    question.is_to_all, question.pending = not given["to"], {}
    question.save()
    question.asked.set(Member.objects.filter(slug__in=given["to"]))
    question.subjects.all().delete()
    QuestionSubject.objects.bulk_create(QuestionSubject(question=question, reference=r) for r in given["about"])


def _enter(
    question: MemberQuestion,
    /,
    *,
    type_of_act: str,
    office: str,
    authority: str,
    before: str = "",
    state: str = State.OPEN,
) -> Act:
    """Enter an act on a question as it stands now, in its circle, and write the row. What was public and is not is published no longer."""
    now = timezone.now()
    question.state, question.prepared_at = state, now
    question.sent_at = question.sent_at or now
    if state in {State.CLOSED, State.WITHDRAWN}:
        question.ended_at, question.pending = now, {}
    else:
        question.version += 1
    said = fields_of(question)
    about = published(said["about"])
    question.act = enter_act(
        type=type_of_act,
        office=office,
        member=question.member.slug if question.member else "",
        authority=authority,
        subject=question.reference,
        payload={
            "question": question.reference,
            "body": question.body.slug,
            "member": question.member.slug if question.member else "",
            "language": question.language,
            "titles": question.titles,
            "texts": question.texts,
            "asked": "all" if question.is_to_all else "named",
            "wanted_by": said["wanted_by"],
            "about": about,
            "shown_to": question.visibility,
            "state": question.state,
            "version": question.version,
        },
        links=[(question.reference, "wasInfluencedBy", reference) for reference in about],
        visibility=question.visibility,
        audience=question.audience,
    )
    question.save()
    if state == State.WITHDRAWN or (before == Visibility.PUBLIC and question.visibility != Visibility.PUBLIC):
        withhold_payloads(subject=question.reference, withheld=True)
    return question.act


def _end(*, slug: str, state: str, type_of_act: str, by: Any, on: str | None, authority: str) -> Act:
    rule = checked_rule(authority)
    with transaction.atomic():
        question = locked_question(slug=slug)
        office = _office_for(question, by=by, action=SEND)
        demand_seen(question, on=on)
        demand_state(question, State.OPEN)
        return _enter(question, type_of_act=type_of_act, office=office, authority=rule, state=state)


def _office_for(question: MemberQuestion, /, *, by: Any, action: str) -> str:
    """Return the office in which somebody acts for who asks. Raises NotFound for everyone else, and NotPermitted."""
    return authorise_own(row=question, by=by, action=action) if question.member else _office_for_body(question, by=by)


def _office_for_body(question: MemberQuestion, /, *, by: Any) -> str:
    if not isinstance(by, Installation) and "secretariat" not in standing_now(user=by).roles:
        raise NotFound(reference=question.reference)
    return authorise(by=by, action=ASK_FOR_BODY)


def _locked_of_member(*, slug: str) -> MemberQuestion:
    question = locked_question(slug=slug)
    if question.member is None:
        raise NotFound(reference=question.reference)
    return question


def _checked(
    body: Body, /, *, member: str, by: Any, held: MemberQuestion | None = None, **given: Any
) -> dict[str, Any]:
    """Return what a question says, checked, by name and as JSON. Raises BadParameter."""
    circles = CIRCLES if body.kind != Body.Kind.ASSEMBLY else CIRCLES[:2]
    visibility, language, wanted = given["visibility"], given["language"], given["wanted_by"]
    if visibility not in circles:
        raise BadParameter(name="visibility", found=visibility[:40] or "nothing", allowed=", ".join(circles))
    audience = f"committee:{body.slug}" if visibility == Visibility.COMMITTEE else ""
    titles = checked_texts("titles", given["titles"], most=MOST_TITLE)
    if language not in titles:
        raise BadParameter(name="language", found=language[:20] or "nothing", allowed=", ".join(titles))
    kept = held.wanted_by if held else None
    if wanted is not None and wanted != kept and not timezone.now().date() <= wanted <= LAST:
        raise BadParameter(name="wanted_by", found=wanted.isoformat(), allowed="a day from today on")
    about = checked_subjects(given["about"])
    demand_no_wider(about, visibility=visibility, audience=audience, by=by)
    return {
        "titles": titles,
        "texts": checked_texts("texts", given["texts"], most=MOST_PURPOSE, needed=False, lines=True),
        "language": language,
        "to": _checked_members(body, member=member, to=given["to"]),
        "wanted_by": wanted.isoformat() if wanted else None,
        "visibility": str(visibility),
        "audience": audience,
        "about": about,
    }


def _checked_members(body: Body, /, *, member: str, to: Collection[str]) -> list[str]:
    named = sorted(set(to))
    seated = members_asked(body=body, member=member)
    strange = [slug for slug in named if slug not in seated]
    if strange:
        raise BadParameter(name="to", found=strange[0][:60], allowed="other members with a seat in this body")
    return named


def _free_slug() -> str:
    """Return a drawn name that no question has. Raises Conflict where chance gives none, which it does not."""
    for _turn in range(20):
        slug = draw_slug("q")
        if not MemberQuestion.objects.filter(slug=slug).exists():
            return slug
    raise Conflict(problem=CHANGED)
