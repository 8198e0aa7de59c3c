"""What a delegation drafts, its capital clears, and it sends. Nothing of it is seen by anyone else before it is sent.

A clearance is kept in its row and nowhere else: it is no act, and no line of a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, StaleText
from comity.platform.parties.bodies import body_of, member_of
from comity.platform.parties.models import Submission, SubmissionComment, SubmissionVersion
from comity.platform.parties.rules import may, require, standing_now
from comity.platform.parties.standing import in_force
from comity.platform.parties.submission_text import (
    MOST_COMMENT,
    MOST_TEXT,
    MOST_TITLE,
    Piece,
    compare_words,
    demand_text,
    demand_title,
)
from comity.platform.parties.voices import demand_voice
from comity.platform.record.services import REFERENCE
from comity.platform.record.visibility import demand_circle

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.parties.models import User
    from comity.platform.record.models import Act

State = Submission.State
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es", "pt", "de", "ja", "ko", "sw", "hi", "id", "tr")
OPEN = (State.DRAFT, State.CLEARED)


class Sender(Protocol):
    """Writes what a submission becomes, and its act, in the transaction that sends it."""

    def __call__(self, *, submission: Submission, office: str, now: dt.datetime) -> Act:
        """Return the act."""
        ...


@dataclass(frozen=True, slots=True)
class SubmissionKind:
    """A kind of submission: how it is sent, and whether who sends it must hold the member's voice."""

    name: str
    send: Sender
    speaks: bool


KINDS: dict[str, SubmissionKind] = {}
"""The kinds by name. A room adds its own when it is loaded."""


@dataclass(frozen=True, slots=True)
class CommentView:
    """A remark inside the delegation. ``by`` is empty where the person has gone."""

    id: int
    version: int
    by: str
    text: str
    written_at: dt.datetime
    is_settled: bool


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A submission as its delegation sees it; what may be done with it by the reader stands in the last fields."""

    id: int
    member: str
    body: str
    kind: str
    title: str
    text: str
    language: str
    state: str
    version: int
    visibility: str
    audience: str
    released_at: dt.datetime | None
    due_at: dt.datetime | None
    drafted_by: str
    drafted_at: dt.datetime
    cleared_at: dt.datetime | None
    sent_at: dt.datetime | None
    act: str
    subject: str
    sequence: int | None
    comments: tuple[CommentView, ...]
    changes: tuple[tuple[Piece, ...], ...]
    is_late: bool
    may_change: bool
    may_clear: bool
    may_send: bool


def draft_text(
    *,
    member: str,
    body: str,
    title: str,
    text: str,
    language: str,
    by: User,
    kind: str = "statement",
    matter: str = "",
    visibility: str = "members",
    audience: str = "",
    released_at: dt.datetime | None = None,
    due_at: dt.datetime | None = None,
) -> Submission:
    """Write a draft that the delegation alone sees. ``visibility`` says who will see it once it is sent.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where the member has no seat in the body.
    """
    require(user=by, action="draft a text", member=member, body=body)
    party, here = member_of(slug=member), body_of(slug=body)
    if kind not in KINDS:
        raise BadParameter(name="kind", found=kind[:40], allowed=", ".join(sorted(KINDS)))
    if matter and not REFERENCE.fullmatch(matter):
        raise BadParameter(
            name="matter", found=matter[:80], allowed="a reference such as decisions/drafts/7, or nothing"
        )
    given = _texts(title=title, text=text, language=language)
    _demand_circle(visibility=visibility, audience=audience, member=member, body=body)
    now = timezone.now()
    if not party.memberships.filter(in_force(on=now.date()), body=here).exists():
        raise Conflict(problem=f"{party} has no seat in {here} today; nothing was written.")
    return Submission.objects.create(
        member=party,
        body=here,
        kind=kind,
        matter=matter,
        visibility=visibility,
        audience=audience,
        released_at=released_at,
        due_at=due_at,
        drafted_by=by,
        drafted_at=now,
        **given,
    )


def change_text(*, submission: int, version: int, title: str, text: str, language: str, by: User) -> None:
    """Put another text in the place of a version; a clearance falls, since it was of the text before.

    Raises NotFound, NotPermitted, BadParameter, StaleText where somebody changed it meanwhile, or Conflict once it was sent.
    """
    given = _texts(title=title, text=text, language=language)
    with transaction.atomic():
        found = _locked(submission, by=by)
        require(user=by, action="draft a text", member=found.member.slug)
        _demand_open(found, version=version)
        SubmissionVersion.objects.create(
            submission=found,
            number=found.version,
            title=found.title,
            text=found.text,
            drafted_at=found.drafted_at,
        )
        for name, value in given.items():
            setattr(found, name, value)
        found.version += 1
        found.state, found.cleared_at, found.cleared_by = State.DRAFT, None, None
        found.drafted_by, found.drafted_at = by, timezone.now()
        found.save()


def comment_on(*, submission: int, text: str, by: User) -> SubmissionComment:
    """Write a remark that the delegation alone sees. Raises NotFound, NotPermitted or BadParameter."""
    cleaned = demand_text(text, name="comment", most=MOST_COMMENT)
    with transaction.atomic():
        found = _locked(submission, by=by)
        require(user=by, action="draft a text", member=found.member.slug)
        return SubmissionComment.objects.create(
            submission=found, version=found.version, by=by, text=cleaned, written_at=timezone.now()
        )


def settle_comment(*, comment: int, by: User) -> None:
    """Mark a remark as settled. Raises NotFound or NotPermitted."""
    found = SubmissionComment.objects.filter(pk=comment).select_related("submission__member").first()
    if found is None or not _sees(by, found.submission):
        raise NotFound(reference=f"comment {comment}")
    require(user=by, action="draft a text", member=found.submission.member.slug)
    SubmissionComment.objects.filter(pk=comment).update(is_settled=True)


def clear_text(*, submission: int, version: int, by: User) -> None:
    """Let a version leave the delegation. Kept with the draft; logged nowhere.

    Raises NotFound, NotPermitted, StaleText where somebody changed it meanwhile, or Conflict.
    """
    with transaction.atomic():
        found = _locked(submission, by=by)
        require(user=by, action="clear a text", member=found.member.slug)
        _demand_open(found, version=version)
        if found.state == State.CLEARED:
            raise Conflict(problem="This text is cleared already; nothing was changed.")
        found.state, found.cleared_at, found.cleared_by = State.CLEARED, timezone.now(), by
        found.save(update_fields=["state", "cleared_at", "cleared_by"])


def send_back(*, submission: int, version: int, comment: str, by: User) -> None:
    """Take a clearance back, or refuse one, with a remark. Raises NotFound, NotPermitted, BadParameter or StaleText."""
    with transaction.atomic():
        found = _locked(submission, by=by)
        require(user=by, action="clear a text", member=found.member.slug)
        _demand_open(found, version=version)
        comment_on(submission=submission, text=comment, by=by)
        found.state, found.cleared_at, found.cleared_by = State.DRAFT, None, None
        found.save(update_fields=["state", "cleared_at", "cleared_by"])


def send_text(*, submission: int, version: int, by: User) -> Act:
    """Send a cleared text: it becomes what its kind says, as an act in the member's name, seen by the circle it names.

    Raises NotFound, NotPermitted, VoiceHeldByAnother, StaleText, or Conflict where it is not cleared, late, or sent before.
    """
    with transaction.atomic():
        found = _locked(submission, by=by)
        require(user=by, action="send a text", member=found.member.slug, body=found.body.slug)
        _demand_open(found, version=version)
        if found.state != State.CLEARED:
            raise Conflict(problem="The capital has not cleared this text yet; nothing was sent.")
        now = timezone.now()
        if found.due_at is not None and found.due_at < now:
            raise Conflict(
                problem=f"The time for this text ended on {found.due_at:%Y-%m-%d at %H:%M} UTC; nothing was sent. Ask the "
                "secretariat whether it still takes it."
            )
        kind = KINDS[found.kind]
        office = "delegation"
        if kind.speaks:
            office = str(
                demand_voice(user=by, member=found.member.slug, body=found.body.slug, action="send a text").role
            )
        act = kind.send(submission=found, office=office, now=now)
        found.state, found.sent_at, found.act = State.SENT, now, act
        found.save(update_fields=["state", "sent_at", "act"])
        return act


def withdraw_text(*, submission: int, version: int, by: User) -> None:
    """Put a draft away for good. Raises NotFound, NotPermitted, StaleText, or Conflict once it was sent."""
    with transaction.atomic():
        found = _locked(submission, by=by)
        require(user=by, action="draft a text", member=found.member.slug)
        _demand_open(found, version=version)
        found.state = State.WITHDRAWN
        found.save(update_fields=["state"])


def submissions_of(*, member: str, user: Any) -> tuple[SubmissionView, ...]:
    """Return a delegation's submissions that are not withdrawn, those that wait first. Nothing for anyone else."""
    if f"delegation:{member}" not in standing_now(user=user).audiences:
        return ()
    found = Submission.objects.filter(member__slug=member).exclude(state=State.WITHDRAWN)
    found = found.select_related("member", "body", "drafted_by", "act").prefetch_related("comments__by")
    order = {State.DRAFT: 0, State.CLEARED: 1, State.SENT: 2}
    views = [_view(submission, user=user) for submission in found]
    return tuple(sorted(views, key=lambda v: (order[State(v.state)], v.due_at is None, v.due_at, -v.id)))


def submission_view(*, submission: int, user: Any) -> SubmissionView:
    """Return one submission. Raises NotFound for everyone outside its delegation, whether it exists or not."""
    found = (
        Submission.objects.filter(pk=submission)
        .select_related("member", "body", "drafted_by", "act")
        .prefetch_related("comments__by")
        .first()
    )
    if found is None or not _sees(user, found):
        raise NotFound(reference=f"delegation/texts/{submission}")
    return _view(found, user=user)


def _view(found: Submission, *, user: Any) -> SubmissionView:
    is_open = found.state in OPEN
    late = found.due_at is not None and found.due_at < timezone.now()
    slug = found.member.slug
    return SubmissionView(
        id=found.pk,
        member=slug,
        body=found.body.slug,
        kind=found.kind,
        title=found.title,
        text=found.text,
        language=found.language,
        state=found.state,
        version=found.version,
        visibility=found.visibility,
        audience=found.audience,
        released_at=found.released_at,
        due_at=found.due_at,
        drafted_by=found.drafted_by.name if found.drafted_by else "",
        drafted_at=found.drafted_at,
        cleared_at=found.cleared_at,
        sent_at=found.sent_at,
        act=str(found.act_id or ""),
        subject=found.act.subject if found.act else "",
        sequence=found.act.sequence if found.act else None,
        comments=tuple(
            CommentView(
                id=c.pk,
                version=c.version,
                by=c.by.name if c.by else "",
                text=c.text,
                written_at=c.written_at,
                is_settled=c.is_settled,
            )
            for c in found.comments.all()
        ),
        changes=_changes(found),
        is_late=is_open and late,
        may_change=is_open and may(user=user, action="draft a text", member=slug),
        may_clear=found.state == State.DRAFT and may(user=user, action="clear a text", member=slug),
        may_send=found.state == State.CLEARED
        and not late
        and may(user=user, action="send a text", member=slug, body=found.body.slug),
    )


def _changes(found: Submission) -> tuple[tuple[Piece, ...], ...]:
    """Return what changed since the version before, by paragraphs; nothing for a first version, or once it is sent."""
    if found.version == 1 or found.state not in OPEN:
        return ()
    before = found.versions.filter(number=found.version - 1).first()
    return compare_words(old=before.text, new=found.text) if before else ()


def _sees(user: Any, submission: Submission) -> bool:
    return f"delegation:{submission.member.slug}" in standing_now(user=user).audiences


def _locked(number: int, *, by: Any) -> Submission:
    found = Submission.objects.select_for_update().filter(pk=number).first()
    if found is None or not _sees(by, found):
        raise NotFound(reference=f"delegation/texts/{number}")
    return found


def _demand_open(found: Submission, *, version: int) -> None:
    if found.state not in OPEN:
        raise Conflict(problem=f"This text was {found.state} before; nothing was changed.")
    if found.version != version:
        raise StaleText(found=version, present=found.version)


def _texts(*, title: str, text: str, language: str) -> dict[str, str]:
    title = demand_title(title, most=MOST_TITLE)
    text = demand_text(text, name="text", most=MOST_TEXT)
    if language not in LANGUAGES:
        raise BadParameter(name="language", found=language[:20], allowed=", ".join(LANGUAGES))
    return {"title": title, "text": text, "language": language}


def _demand_circle(*, visibility: str, audience: str, member: str, body: str) -> None:
    """A text is for everyone, the members, the committee that it is sent to, or its own delegation; for no others."""
    demand_circle(visibility=visibility, audience=audience)
    own = {"", f"committee:{body}", f"delegation:{member}"}
    if audience not in own:
        raise BadParameter(name="audience", found=audience[:80], allowed=f"committee:{body} or delegation:{member}")


def waiting_for(*, user: Any) -> Any:
    """Return the open submissions of every delegation that an account belongs to."""
    slugs = [
        audience.partition(":")[2]
        for audience in standing_now(user=user).audiences
        if audience.startswith("delegation:")
    ]
    return Submission.objects.filter(Q(state=State.DRAFT) | Q(state=State.CLEARED), member__slug__in=slugs)
