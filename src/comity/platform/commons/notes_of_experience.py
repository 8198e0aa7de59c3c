"""Tell what was learnt by doing: prepared by a member's delegation, cleared by its capital, sent, changed, shown to fewer, withdrawn.

Who sees a note is chosen by its member and can be changed; what was public once stays known. An act names what the note is about only
where everyone may know that it is there: the rest is kept beside the note, and shown to who sees both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.engines.alignment.tokens import tokens_of
from comity.errors import BadParameter, Conflict
from comity.platform.commons.models import ExperienceNote, NoteSubject
from comity.platform.commons.note_parts import MOST_PART, NEEDED, PARTS
from comity.platform.commons.notes_seen import circle_named, locked_note, name_of_circle, reaches_no_further
from comity.platform.commons.releases_seen import releases_seen
from comity.platform.parties.bodies import body_of, member_of
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
from comity.platform.parties.rules import authorise
from comity.platform.parties.texts import MOST_TITLE, checked_language, checked_rule, checked_text
from comity.platform.record.models import Act
from comity.platform.record.services import enter_act, withhold_payloads

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

State = ExperienceNote.State
RULE = "The right of a member to tell what it learnt"
MOST_OPEN = 500
"""Notes of one member in a body that are prepared or open at a time."""
MOST_SUBJECTS = 20
MOST_MONTHS, MOST_PEOPLE = 600, 1_000_000
TOO_MANY = f"Your member has {MOST_OPEN} notes in this body already. Withdraw some before you write another."
NO_SUBJECT = "references such as alignment/topics/risk-management, 20 at most"
SUBJECT = re.compile(
    r"(alignment/topics/[a-z0-9-]{1,60}|alignment/instruments/[a-z0-9-]{1,80}(/[A-Za-z0-9._~-]{1,120})?"
    r"|capacity/(resources|needs|offers|commitments)/[a-z0-9-]{1,60}|commons/(notes|releases|questions)/[a-z0-9-]{1,60})"
)
KNOWN_TO_ALL = ("alignment/topics/", "capacity/resources/")


def prepare_note(
    *,
    body: str,
    member: str,
    language: str,
    title: str,
    parts: Mapping[str, str],
    circle: str,
    by: Any,
    about: Collection[str] = (),
    months: int | None = None,
    people: int | None = None,
    note: str = "",
) -> ExperienceNote:
    """Write a note as a draft that its delegation alone sees.

    ``parts`` has the words of each of ``PARTS``; ``circle`` says who will see it once it is sent (public, members, delegation, or
    ``committee:<body>``); ``about`` are references. Raises NotPermitted, NotFound, BadParameter, or Conflict where the member has no
    seat in the body.
    """
    authorise(by=by, action=PREPARE, member=member, body=body)
    here, party = body_of(slug=body), member_of(slug=member)
    given = _checked(
        language=language, title=title, parts=parts, circle=circle, member=party, months=months, people=people
    )
    subjects = checked_subjects(about)
    demand_seat(member=party, body=here)
    with transaction.atomic():
        running = ExperienceNote.objects.filter(body=here, member=party, state__in=[State.DRAFT, State.OPEN]).count()
        if running >= MOST_OPEN:
            raise Conflict(problem=TOO_MANY)
        made = ExperienceNote(body=here, member=party, slug=_free_slug(), **given)
        mark_prepared(made, by=by, note=note)
        made.save()
        _keep_subjects(made, subjects)
        return made


def change_note(
    *,
    slug: str,
    language: str,
    title: str,
    parts: Mapping[str, str],
    circle: str,
    by: Any,
    about: Collection[str] = (),
    months: int | None = None,
    people: int | None = None,
    note: str = "",
    on: str | None = None,
) -> ExperienceNote:
    """Put something else in the place of a draft; or prepare a change of a note that was sent, which waits until it is sent too.

    ``on`` is what the writer saw (``seen`` of the desk); None does not ask. Raises NotFound, NotPermitted, BadParameter, or Conflict
    where another changed it meanwhile or it was withdrawn.
    """
    with transaction.atomic():
        held = locked_note(slug=slug)
        authorise_own(row=held, by=by, action=PREPARE)
        demand_seen(held, on=on)
        demand_state(held, State.DRAFT, State.OPEN)
        given = _checked(
            language=language, title=title, parts=parts, circle=circle, member=held.member, months=months, people=people
        )
        subjects = checked_subjects(about)
        if held.state == State.DRAFT:
            for name, value in given.items():
                setattr(held, name, value)
            _keep_subjects(held, subjects)
        elif all(getattr(held, name) == value for name, value in given.items()) and subjects == about_of(held):
            raise Conflict(problem=NOTHING_NEW)
        else:
            held.pending = given | {"about": subjects}
        mark_prepared(held, by=by, note=note)
        held.save()
        return held


def clear_note(*, slug: str, by: Any, on: str) -> None:
    """Let a note, or a change of it, be sent as it was prepared. Raises as ``clear_prepared`` does."""
    clear_prepared(locked_note, slug=slug, by=by, on=on)


def send_back_note(*, slug: str, note: str, by: Any) -> None:
    """Take the clearance of a note back, or refuse it, with a remark. Raises as ``send_prepared_back`` does."""
    send_prepared_back(locked_note, slug=slug, note=note, by=by)


def drop_note(*, slug: str, by: Any, on: str | None = None) -> None:
    """Put a draft away for good, or a change that was not sent. Raises as ``drop_prepared`` does."""
    drop_prepared(locked_note, slug=slug, by=by, on=on)


def send_note(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Send a note, or the change of it that waits, in the member's name. Its circle reads it from now on.

    Raises NotFound for everyone outside the delegation, NotPermitted, or Conflict where it is not cleared, was changed meanwhile, or
    nothing waits.
    """
    rule = checked_rule(authority)
    with transaction.atomic():
        held = locked_note(slug=slug)
        office = authorise_own(row=held, by=by, action=SEND)
        demand_seen(held, on=on)
        demand_waiting(held)
        demand_cleared(held, by=by)
        demand_seat(member=held.member, body=held.body)
        now, first, before = timezone.now(), held.state == State.DRAFT, _words_of(held)
        if not first:
            take_pending(held)
            _keep_subjects(held, held.pending["about"])
            held.pending = {}
        if first or _words_of(held) != before:
            held.version += 1
            held.translations.filter(language=held.language).delete()
        held.state, held.sent_at, held.prepared_at = State.OPEN, held.sent_at or now, now
        held.act = _enter(held, type="send-note" if first else "change-note", office=office, authority=rule)
        held.save()
        _follow_circle(held)
        return held.act


def show_note(*, slug: str, circle: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Change at once who sees a note that was sent. To fewer it needs no clearance; to others it does where the capital clears.

    What was public stays known to who saw it; its words are published no longer. Raises NotFound, NotPermitted, BadParameter, Conflict.
    """
    rule = checked_rule(authority)
    with transaction.atomic():
        held = locked_note(slug=slug)
        office = authorise_own(row=held, by=by, action=SEND)
        demand_seen(held, on=on)
        demand_state(held, State.OPEN)
        wanted, before = circle_named(circle, member=held.member), (held.visibility, held.audience)
        if wanted == before:
            raise Conflict(problem="It is shown to them already; nothing was changed.")
        if not reaches_no_further(wanted, than=before):
            held.cleared_at = None  # what was cleared was the circle before
            demand_cleared(held, by=by)
        held.visibility, held.audience = wanted
        held.prepared_at = timezone.now()
        if held.pending:
            held.pending |= {"visibility": wanted[0], "audience": wanted[1]}
            held.cleared_by, held.cleared_at = None, None
        held.act = _enter(held, type="change-note", office=office, authority=rule)
        held.save()
        _follow_circle(held)
        return held.act


def withdraw_note(*, slug: str, by: Any, on: str | None = None, authority: str = RULE) -> Act:
    """Withdraw a note; no reason is asked or kept. Its page says that it was, and its words are published no longer. Raises as for sending."""
    rule = checked_rule(authority)
    with transaction.atomic():
        held = locked_note(slug=slug)
        office = authorise_own(row=held, by=by, action=SEND)
        demand_seen(held, on=on)
        demand_state(held, State.OPEN)
        now = timezone.now()
        held.state, held.ended_at, held.pending, held.prepared_at = State.WITHDRAWN, now, {}, now
        held.act = _enter(held, type="withdraw-note", office=office, authority=rule)
        held.save()
        _follow_circle(held)
        return held.act


def about_of(note: ExperienceNote, /) -> list[str]:
    """Return what a note is about, by reference, in order."""
    return list(note.subjects.order_by("reference").values_list("reference", flat=True))


def checked_subjects(about: Collection[str], /) -> list[str]:
    """Return references that a note can be about, in order, each once. Raises BadParameter."""
    found = sorted({str(reference).strip().strip("/") for reference in about} - {""})
    wrong = next((r for r in found if not SUBJECT.fullmatch(r)), "")
    if wrong or len(found) > MOST_SUBJECTS:
        raise BadParameter(name="about", found=wrong[:80] or f"{len(found)} references", allowed=NO_SUBJECT)
    return found


def checked_parts(parts: Mapping[str, str], /, *, most: int = MOST_PART) -> dict[str, str]:
    """Return the words of each part, trimmed; the problem and what was done are not empty. Raises BadParameter."""
    return {
        part: checked_text(part, str(parts.get(part, "")), most=most, least=1 if part in NEEDED else 0, lines=True)
        for part in PARTS
    }


def words_to_search(*, title: str, parts: Mapping[str, str], language: str) -> str:
    """Return the tokens of a note's words, each once, parted and surrounded by blanks."""
    found = tokens_of(text="\n".join([title, *(parts[part] for part in PARTS)]), language=language)
    return f" {' '.join(dict.fromkeys(found))} "


def take_pending(note: ExperienceNote, /) -> None:
    """Put what waits in the place of what was sent, without keeping it. It was checked when it was prepared."""
    for name, value in note.pending.items():
        if name != "about":
            setattr(note, name, value)


def _checked(
    *,
    language: str,
    title: str,
    parts: Mapping[str, str],
    circle: str,
    member: Any,
    months: int | None,
    people: int | None,
) -> dict[str, Any]:
    """Return the fields of a note, checked. Raises BadParameter."""
    tongue = checked_language(language)
    called = checked_text("title", title, most=MOST_TITLE, least=1)
    told = checked_parts(parts)
    visibility, audience = circle_named(circle, member=member)
    for name, value, most in (("months", months, MOST_MONTHS), ("people", people, MOST_PEOPLE)):
        if value is not None and not 1 <= value <= most:
            raise BadParameter(name=name, found=value, allowed=f"a whole number from 1 to {most}")
    return {
        "language": tongue,
        "title": called,
        **told,
        "search_words": words_to_search(title=called, parts=told, language=tongue),
        "visibility": visibility,
        "audience": audience,
        "months": months,
        "people": people,
    }


def _keep_subjects(note: ExperienceNote, subjects: Collection[str], /) -> None:
    note.subjects.exclude(reference__in=subjects).delete()
    there = set(about_of(note))
    NoteSubject.objects.bulk_create(NoteSubject(note=note, reference=r) for r in subjects if r not in there)


def _enter(note: ExperienceNote, /, *, type: str, office: str, authority: str) -> Act:  # noqa: A002  (the act's field)
    """Enter an act on a note as it stands now, in its circle. For the transaction that writes the row."""
    known = _known_to_all(about_of(note))
    told = {} if note.state == State.WITHDRAWN else {"title": note.title, "parts": {p: getattr(note, p) for p in PARTS}}
    return enter_act(
        type=type,
        office=office,
        member=note.member.slug,
        authority=authority,
        subject=note.reference,
        payload={
            "note": note.reference,
            "body": note.body.slug,
            "member": note.member.slug,
            "language": note.language,
            **told,
            "months": note.months,
            "people": note.people,
            "about": known,
            "shown_to": name_of_circle(visibility=note.visibility, audience=note.audience),
            "state": note.state,
            "version": note.version,
        },
        links=[(note.reference, "wasInfluencedBy", reference) for reference in known],
        visibility=note.visibility,
        audience=note.audience,
    )


def _known_to_all(about: Collection[str], /) -> list[str]:
    """Return those subjects that everyone may know of: topics, resources, and releases that are public."""
    slugs = [r.rpartition("/")[2] for r in about if r.startswith("commons/releases/")]
    public = {r.reference for r in releases_seen(user=AnonymousUser()).filter(slug__in=slugs)}
    return [r for r in about if r.startswith(KNOWN_TO_ALL) or r in public]


def _words_of(note: ExperienceNote, /) -> tuple[str, ...]:
    return (note.language, note.title, *(getattr(note, part) for part in PARTS))


def _follow_circle(note: ExperienceNote, /) -> None:
    """Publish what was said to more than see the note now, or of one withdrawn, no longer; and again once they do."""
    on_it = Q(subject=note.reference) | Q(subject__startswith=f"{note.reference}/")
    said = set(Act.objects.filter(on_it).values_list("visibility", "audience"))
    now = (note.visibility, note.audience)
    beyond = any(not reaches_no_further(circle, than=now) for circle in said)
    withhold_payloads(subject=note.reference, withheld=beyond or note.state == State.WITHDRAWN)


def _free_slug() -> str:
    """Return a drawn name that no note has. Raises Conflict where chance gives none, which it does not."""
    for _turn in range(20):
        slug = draw_slug("note")
        if not ExperienceNote.objects.filter(slug=slug).exists():
            return slug
    raise Conflict(problem=CHANGED)
