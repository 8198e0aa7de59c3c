"""Who may take part in a consultation and as whom: accounts, codes, those invited, experts, and members through their voice."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from comity.errors import BadParameter, Conflict, DialogueNotOpen, NotAsked, UnknownCode
from comity.platform.dialogue.consultations import CONVENE, locked_dialogue
from comity.platform.dialogue.models import Dialogue, GivenCode, Invitee, Participant
from comity.platform.dialogue.models.consultations import Track
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.models import Credential, Member, Role, Suspension, User
from comity.platform.parties.roster import MEMBERS
from comity.platform.parties.rules import authorise, may, standing_now
from comity.platform.parties.standing import in_force
from comity.platform.parties.voices import demand_voice
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

ANSWER = "answer for a member"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS = 20
CODE_BYTES = 13
MOST_CODES = 500
MOST_INVITED = 500
# Letters that are read for others when a code is copied by hand (Crockford's base 32).
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
MEMBERS_ALONE = "members"


def join_dialogue(
    *,
    slug: str,
    user: Any,
    region: str = "",
    key: str | None = None,
    chance: bytes = b"",
    now: dt.datetime | None = None,
) -> tuple[Participant, str]:
    """Give a person its voice in an open consultation, and return it with the code to come back with (empty for accounts).

    An account has one voice, whoever asks twice gets the same. Without an account, a code is drawn where the consultation asks
    the public, and ``key`` is the code that was given out where it asks those invited. The table keeps digests alone.
    ``chance`` is what the code is drawn with where the same person must come out as one voice, though it asks twice at the same
    moment (see ``draw_code``). ``region`` is one of ``regions_of`` or empty. Raises NotFound, DialogueNotOpen, NotAsked, UnknownCode or BadParameter.
    """
    dialogue = dialogue_seen(slug=slug, user=user)
    demand_open(dialogue=dialogue, now=now)
    if (held := participant_of(dialogue=dialogue, user=user, key=key)) is not None:
        return held, ""
    if region and region not in regions_of(dialogue=dialogue):
        raise BadParameter(name="region", found=region[:40], allowed=", ".join(regions_of(dialogue=dialogue)) or "none")
    if is_asked(dialogue=dialogue, user=user):
        if getattr(user, "is_authenticated", False):
            return _enter(dialogue, way=Participant.Way.ACCOUNT, region=region, user=user), ""
        drawn = draw_code(chance=chance)
        return _enter(dialogue, way=Participant.Way.CODE, region=region, code_sha256=digest_of(drawn)), drawn
    if dialogue.people != Dialogue.People.INVITED:
        raise NotAsked(asked=dialogue.people if dialogue.people != Dialogue.People.NOBODY else MEMBERS_ALONE)
    if not key:
        raise NotAsked(asked=dialogue.people)
    given = digest_of(key)
    if not GivenCode.objects.filter(dialogue=dialogue, sha256=given).exists():
        raise UnknownCode
    return _enter(dialogue, way=Participant.Way.CODE, region=region, code_sha256=given), as_given_out(key)


def participant_of(*, dialogue: Dialogue, user: Any, key: str | None) -> Participant | None:
    """Return the voice that a person has already: of the account, else of the code that it came with; None where neither has."""
    rows = Participant.objects.filter(dialogue=dialogue)
    if getattr(user, "is_authenticated", False):
        found = rows.filter(user=user).first()
        if found is not None:
            found.dialogue = dialogue
            return found
    found = rows.filter(with_code(key)).first() if key else None
    if found is not None:
        found.dialogue = dialogue
    return found


def voice_of_person(*, slug: str, user: Any, key: str | None) -> Participant | None:
    """Return the voice that a person has in a consultation, with one question to the tables where that can be; None without.

    What the public sees needs no other look. Raises NotFound where the account no longer sees the consultation.
    """
    rows = Participant.objects.filter(dialogue__slug=slug).select_related("dialogue")
    found = None
    if getattr(user, "is_authenticated", False):
        found = rows.filter(user=user).first()
    if found is None and key:
        found = rows.filter(with_code(key)).first()
    if found is not None and found.dialogue.visibility != Visibility.PUBLIC:
        dialogue_seen(slug=slug, user=user)
    return found


def come_back(*, slug: str, user: Any, key: str) -> Participant:
    """Return the voice of a code, on whatever computer. Raises NotFound, or UnknownCode where the code opens nothing."""
    dialogue = dialogue_seen(slug=slug, user=user)
    found = Participant.objects.filter(with_code(key), dialogue=dialogue).first() if key else None
    if found is None:
        raise UnknownCode
    return found


def is_asked(*, dialogue: Dialogue, user: Any) -> bool:
    """Tell whether a consultation asks this person, codes that were given out left aside."""
    signed_in = bool(getattr(user, "is_authenticated", False))
    people = Dialogue.People
    match dialogue.people:
        case people.PUBLIC:
            return signed_in or dialogue.visibility == Visibility.PUBLIC
        case people.ACCOUNTS:
            return signed_in
        case people.INVITED:
            return signed_in and Invitee.objects.filter(dialogue=dialogue, user=user).exists()
        case people.EXPERTS:
            parent = dialogue.body.parent.slug if dialogue.body.parent else ""
            near = {dialogue.body.slug, parent} - {""}
            return any(p.role == Role.EXPERT and p.body in near for p in standing_now(user=user).places)
    return False


def regions_of(*, dialogue: Dialogue) -> tuple[str, ...]:
    """Return the keys of the regional groups of the body's members, in order: what a person can say it comes from."""
    found = Member.objects.filter(memberships__body=dialogue.body).exclude(region="")
    return tuple(found.order_by("region").values_list("region", flat=True).distinct())


def members_for(*, dialogue: Dialogue, user: Any) -> tuple[str, ...]:
    """Return the members that this person may answer for here, by slug; none where states are not asked."""
    if not dialogue.has_states:
        return ()
    body = dialogue.body.slug
    mine = [m for m in standing_now(user=user).members if may(user=user, action=ANSWER, member=m, body=body)]
    return tuple(slug for slug in mine if seat_of(dialogue=dialogue, member=slug) is not None)


def seat_of(*, dialogue: Dialogue, member: str) -> Member | None:
    """Return a member that counts in the states' track today: full or provisional in the body, and not silenced by a rule."""
    today = timezone.now().date()
    seats = dialogue.body.memberships.filter(in_force(on=today), member__slug=member, status__in=MEMBERS)
    seat = seats.select_related("member").first()
    if seat is None:
        return None
    silenced = dialogue.body.suspensions.filter(
        in_force(on=today), member=seat.member_id, right=Suspension.Right.SPEAK_AND_VOTE
    )
    return None if silenced.exists() else seat.member


def member_voice(*, dialogue: Dialogue, member: str, by: Any) -> Participant:
    """Return the voice of a member for the person who speaks for it now; where nobody does, that person does from now on.

    Raises NotPermitted, VoiceHeldByAnother, or NotAsked where the member has no seat that counts, or states are not asked.
    """
    party = seat_of(dialogue=dialogue, member=member) if dialogue.has_states else None
    if party is None:
        raise NotAsked(asked=MEMBERS_ALONE if dialogue.has_states else dialogue.people)
    demand_voice(user=by, member=member, body=dialogue.body.slug, action=ANSWER)
    found = voice_of_member(dialogue=dialogue, member=member)
    if found is not None:
        return found
    demand_open(dialogue=dialogue)
    return _enter(dialogue, way=Participant.Way.MEMBER, region=party.region, member=party, track=Track.STATES)


def voice_of_member(*, dialogue: Dialogue, member: str) -> Participant | None:
    """Return the voice of a member that has come in already, or None."""
    found = Participant.objects.filter(dialogue=dialogue, member__slug=member).select_related("member").first()
    if found is not None:
        found.dialogue = dialogue
    return found


def clears_answers(*, dialogue: Dialogue, member: str) -> bool:
    """Tell whether somebody of a delegation clears what it says in the body of a consultation today."""
    body, now = dialogue.body, timezone.now()
    above = [b for b in (body.parent, body.parent.parent if body.parent else None) if b is not None]
    rows = Credential.objects.filter(in_force(on=now.date()), member__slug=member, may_clear=True)
    rows = rows.exclude(revoked_at__lte=now)
    return rows.filter(body=body).exists() or rows.filter(body__in=above, covers_parts=True).exists()


def invite_accounts(*, slug: str, addresses: Sequence[str], by: Any) -> int:
    """Invite the accounts of some addresses, and return how many were invited anew.

    Raises NotPermitted, NotFound, BadParameter, or Conflict where an address has no account: nobody is invited then.
    """
    cleaned = sorted({a.strip().casefold() for a in addresses if a.strip()})
    if not cleaned or len(cleaned) > MOST_INVITED:
        raise BadParameter(name="addresses", found=str(len(cleaned)), allowed=f"from 1 to {MOST_INVITED}")
    with transaction.atomic():
        held = _inviting(slug=slug, by=by)
        found = {u.email.casefold(): u for u in User.objects.filter(is_active=True, email__in=cleaned)}
        for address in cleaned:
            if address not in found:
                user = User.objects.filter(is_active=True, email__iexact=address).first()
                if user is None:
                    raise Conflict(problem=f"{address[:80]} has no account here; nobody was invited.")
                found[address] = user
        before = held.invitees.count()
        now = timezone.now()
        Invitee.objects.bulk_create(
            (Invitee(dialogue=held, user=user, invited_at=now) for user in found.values()), ignore_conflicts=True
        )
        return held.invitees.count() - before


def give_out_codes(*, slug: str, number: int, by: Any) -> tuple[str, ...]:
    """Draw codes for those who have no account. They are returned once; the table keeps their digests.

    Raises NotPermitted, NotFound, BadParameter, DialogueNotOpen, or Conflict where those without an account do not see it.
    """
    if not 1 <= number <= MOST_CODES:
        raise BadParameter(name="number", found=str(number)[:12], allowed=f"from 1 to {MOST_CODES}")
    with transaction.atomic():
        held = _inviting(slug=slug, by=by)
        if held.visibility != Visibility.PUBLIC:
            raise Conflict(problem="Those without an account do not see this dialogue: invite accounts.")
        drawn = tuple(draw_code() for _ in range(number))
        now = timezone.now()
        GivenCode.objects.bulk_create(GivenCode(dialogue=held, sha256=digest_of(code), given_at=now) for code in drawn)
    return drawn


def draw_code(*, chance: bytes = b"") -> str:
    """Return a code of a hundred bits, in letters that are not mistaken for each other, by fours.

    ``chance`` are thirteen bytes at least that nobody can guess, from which the same code comes again; drawn anew where empty.
    """
    number = int.from_bytes(chance or secrets.token_bytes(CODE_BYTES))
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LETTERS))
    return "-".join(letters[i : i + 4] for i in range(0, CODE_LETTERS, 4))


def as_given_out(key: str) -> str:
    """Return a code as it was given out, however a person typed it.

    >>> as_given_out("o1ab cdef-ghjk mnpq rstv")
    '01AB-CDEF-GHJK-MNPQ-RSTV'
    """
    letters = "".join(c for c in key.upper().translate(_READ_AS) if c in ALPHABET)
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def digest_of(key: str) -> str:
    """Return the digest under which the table knows a code."""
    return hashlib.sha256(as_given_out(key).encode()).hexdigest()


def with_code(key: str) -> Q:
    """Return the condition of a voice with a code, said so that the index of codes, which has no empty ones, serves it."""
    return Q(code_sha256=digest_of(key)) & ~Q(code_sha256="")


def demand_open(*, dialogue: Dialogue, now: dt.datetime | None = None) -> None:
    """Raise DialogueNotOpen unless a consultation is open at a moment (default: now)."""
    state = dialogue.state_at(now or timezone.now())
    if state != Dialogue.State.OPEN:
        raise DialogueNotOpen(reference=dialogue.reference, state=str(state))


def _enter(
    dialogue: Dialogue,
    *,
    way: str,
    region: str,
    track: str = Track.PEOPLE,
    user: Any = None,
    member: Member | None = None,
    code_sha256: str = "",
) -> Participant:
    """Write a voice; whoever came in at the same moment with the same account, member or code finds that one."""
    made = Participant(
        dialogue=dialogue,
        track=track,
        way=way,
        pseudonym=secrets.token_hex(8),
        member=member,
        user=user,
        code_sha256=code_sha256,
        region=region,
        came_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        rows = Participant.objects.filter(dialogue=dialogue)
        if member is not None:
            found = rows.filter(member=member).first()
        elif user is not None:
            found = rows.filter(user=user).first()
        else:
            found = rows.filter(code_sha256=code_sha256).first()
        if found is None:
            raise
        found.dialogue = dialogue
        return found
    return made


def _inviting(*, slug: str, by: Any) -> Dialogue:
    held = locked_dialogue(slug=slug)
    authorise(by=by, action=CONVENE, body=held.body.slug)
    state = held.state_at(timezone.now())
    if state not in {Dialogue.State.DRAFT, Dialogue.State.OPEN}:
        raise DialogueNotOpen(reference=held.reference, state=str(state))
    if held.people != Dialogue.People.INVITED:
        raise Conflict(problem="This dialogue asks others than those invited; nothing was changed.")
    return held
