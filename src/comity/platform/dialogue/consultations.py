"""The life of a consultation: it is convened, opened by an act, extended, closed by an act, archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, DialogueNotOpen, NotFound
from comity.platform.dialogue.models import Dialogue, Participant, PreparedAnswer, SheetEntry, Statement, StatementText
from comity.platform.dialogue.statement_text import checked_language, checked_statement, checked_texts
from comity.platform.parties.bodies import body_of, demand_rule, demand_slug, reference_of_body
from comity.platform.parties.rules import authorise
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, demand_circle

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from comity.platform.parties.models import Body
    from comity.platform.record.models import Act

CONVENE = "convene a dialogue"
PEOPLE = tuple(Dialogue.People.values)
MOST_QUESTION = 200
MOST_INTRODUCTION = 2000
MOST_LEAST_VOTES = 10_000_000
OF_THE_CONVENOR = "convenor"
RESERVED = frozenset({"new"})
SETTINGS = (
    "question",
    "introduction",
    "people",
    "has_states",
    "attribution",
    "maps_states",
    "takes_statements",
    "least_votes",
    "holds_until_close",
    "visibility",
    "audience",
    "rule",
)


def convene_dialogue(
    *,
    slug: str,
    body: str,
    question: Mapping[str, str],
    rule: str,
    by: Any,
    introduction: Mapping[str, str] | None = None,
    people: str = Dialogue.People.PUBLIC,
    has_states: bool = True,
    attribution: str = Dialogue.Attribution.CHATHAM_HOUSE,
    maps_states: bool = False,
    takes_statements: bool = True,
    least_votes: int = 0,
    holds_until_close: bool = False,
    visibility: str = Visibility.PUBLIC,
    audience: str = "",
    seeds: Sequence[Mapping[str, str]] = (),
) -> Dialogue:
    """Draft a consultation of a body, with its first statements. It is seen by those who prepare it until it is opened.

    ``question`` and ``introduction`` map a language to a text; ``seeds`` are statements, each a mapping of which the first
    entry is the original and the others checked translations. ``rule`` is what opening and closing will rest on. Raises
    NotPermitted, NotFound, BadParameter, or Conflict where the name is taken.
    """
    authorise(by=by, action=CONVENE, body=body)
    demand_slug(slug)
    if slug in RESERVED:
        raise BadParameter(name="slug", found=slug, allowed="another name")
    here = body_of(slug=body)
    given = {
        "question": question,
        "introduction": introduction or {},
        "people": people,
        "has_states": has_states,
        "attribution": attribution,
        "maps_states": maps_states,
        "takes_statements": takes_statements,
        "least_votes": least_votes,
        "holds_until_close": holds_until_close,
        "visibility": visibility,
        "audience": audience,
        "rule": rule,
    }
    try:
        with transaction.atomic():
            made = Dialogue.objects.create(
                slug=slug, body=here, drafted_at=timezone.now(), **checked_settings(body=here, given=given)
            )
            _write_seeds(made, seeds=seeds)
    except IntegrityError:
        raise Conflict(problem=f"There is a dialogue called {slug} already; nothing was changed.") from None
    return made


def change_settings(*, slug: str, by: Any, **changes: Any) -> Dialogue:
    """Change a draft; what is not named stays. ``changes`` are of ``SETTINGS``.

    Once opened nothing of it changes: who answered did so under what was said then. Raises NotPermitted, NotFound,
    BadParameter, or DialogueNotOpen where it is no draft.
    """
    unknown = sorted(set(changes) - set(SETTINGS))
    if unknown:
        raise BadParameter(name="setting", found=unknown[0][:40], allowed=", ".join(SETTINGS))
    with transaction.atomic():
        held = _held(slug=slug, by=by, states=(Dialogue.State.DRAFT,))
        given = {name: changes.get(name, getattr(held, name)) for name in SETTINGS}
        for name, value in checked_settings(body=held.body, given=given).items():
            setattr(held, name, value)
        held.save(update_fields=list(SETTINGS))
    return held


def add_seeds(*, slug: str, seeds: Sequence[Mapping[str, str]], by: Any) -> tuple[Statement, ...]:
    """Add statements of the convenor to a draft or an open consultation; they are shown without a moderator's word.

    Raises NotPermitted, NotFound, BadParameter, DialogueNotOpen.
    """
    with transaction.atomic():
        held = _held(slug=slug, by=by, states=(Dialogue.State.DRAFT, Dialogue.State.OPEN))
        return _write_seeds(held, seeds=seeds)


def remove_seed(*, slug: str, number: int, by: Any) -> None:
    """Take a statement out of a draft. Raises NotPermitted, NotFound, DialogueNotOpen."""
    with transaction.atomic():
        held = _held(slug=slug, by=by, states=(Dialogue.State.DRAFT,))
        found = held.statements.filter(number=number).first()
        if found is None:
            raise NotFound(reference=f"{held.reference}/statements/{number}")
        found.delete()


def open_dialogue(*, slug: str, closes_at: dt.datetime, by: Any) -> Act:
    """Open a draft until a moment, as an act.

    Raises NotPermitted, NotFound, BadParameter for a moment that has passed, DialogueNotOpen where it is no draft, or
    Conflict where it shows no statement to begin with.
    """
    with transaction.atomic():
        held = _held(slug=slug, by=by, states=(Dialogue.State.DRAFT,))
        office, now = authorise(by=by, action=CONVENE, body=held.body.slug), timezone.now()
        _demand_later(closes_at, than=now)
        shown = held.statements.filter(state=Statement.State.SHOWN).count()
        if not shown:
            raise Conflict(problem="It shows no statement yet: write one at least. Nothing was changed.")
        act = enter_act(
            type="open-dialogue",
            office=office,
            payload={
                "dialogue": slug,
                "body": held.body.slug,
                "question": held.question,
                "closes_at": closes_at.isoformat(),
                "people": held.people,
                "has_states": held.has_states,
                "attribution": held.attribution,
                "maps_states": held.maps_states,
                "takes_statements": held.takes_statements,
                "least_votes": held.least_votes,
                "holds_until_close": held.holds_until_close,
                "statements": shown,
            },
            links=[(held.reference, "wasAttributedTo", reference_of_body(held.body.slug))],
            **_of_act(held),
        )
        held.opened_at, held.closes_at, held.opening = now, closes_at, act
        held.save(update_fields=["opened_at", "closes_at", "opening"])
    return act


def extend_dialogue(*, slug: str, closes_at: dt.datetime, by: Any) -> Act:
    """Set a later deadline while a consultation is open, as an act. What has closed does not open again.

    Raises NotPermitted, NotFound, BadParameter for a moment that is no later, or DialogueNotOpen.
    """
    with transaction.atomic():
        held = _held(slug=slug, by=by, states=(Dialogue.State.OPEN,))
        if held.closes_at is None:
            raise Conflict(problem="It has no deadline; nothing was changed.")
        _demand_later(closes_at, than=held.closes_at)
        act = enter_act(
            type="extend-dialogue",
            office=authorise(by=by, action=CONVENE, body=held.body.slug),
            payload={"dialogue": slug, "before": held.closes_at.isoformat(), "closes_at": closes_at.isoformat()},
            **_of_act(held),
        )
        held.closes_at = closes_at
        held.save(update_fields=["closes_at"])
    return act


def close_dialogue(*, slug: str, by: Any) -> Act:
    """Close a consultation, as an act: now, or where its deadline has passed, at the deadline.

    Raises NotPermitted, NotFound, DialogueNotOpen where it was never opened, or Conflict where its closing is entered.
    """
    with transaction.atomic():
        held = _held(slug=slug, by=by, states=(Dialogue.State.OPEN, Dialogue.State.CLOSED))
        if held.closing_id is not None or held.closes_at is None:
            raise Conflict(problem="Its closing is on the record already; nothing was changed.")
        now = timezone.now()
        moment = min(now, held.closes_at)
        act = enter_act(
            type="close-dialogue",
            office=authorise(by=by, action=CONVENE, body=held.body.slug),
            payload={"dialogue": slug, "closed_at": moment.isoformat(), "by_deadline": moment < now},
            links=[(held.reference, "wasAttributedTo", reference_of_body(held.body.slug))],
            **_of_act(held),
        )
        held.closed_at, held.closing = moment, act
        held.save(update_fields=["closed_at", "closing"])
    return act


def archive_dialogue(*, slug: str, by: Any) -> Dialogue:
    """Archive a closed consultation: accounts are cut from its voices and sheets, and what delegations prepared is removed.

    Answers and statements stay under their pseudonyms. Raises NotPermitted, NotFound, DialogueNotOpen, or Conflict where its
    closing is not on the record.
    """
    with transaction.atomic():
        held = _held(slug=slug, by=by, states=(Dialogue.State.CLOSED,))
        if held.closing_id is None:
            raise Conflict(problem="Enter its closing on the record first; nothing was changed.")
        Participant.objects.filter(dialogue=held, way=Participant.Way.ACCOUNT).update(
            user=None, way=Participant.Way.ERASED
        )
        SheetEntry.objects.filter(batch__dialogue=held).update(by=None)
        PreparedAnswer.objects.filter(dialogue=held).delete()
        held.invitees.all().delete()
        held.archived_at = timezone.now()
        held.save(update_fields=["archived_at"])
    return held


def checked_settings(*, body: Body, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a consultation as they are kept. Raises BadParameter, naming the one that cannot stand."""
    for name, allowed in (("people", Dialogue.People.values), ("attribution", Dialogue.Attribution.values)):
        if given[name] not in allowed:
            raise BadParameter(name=name, found=str(given[name])[:40], allowed=", ".join(allowed))
    visibility, audience = given["visibility"], given["audience"]
    if visibility == Visibility.COMMITTEE and not audience:
        audience = f"committee:{body.slug}"
    demand_circle(visibility=visibility, audience=audience)
    if visibility == Visibility.DELEGATION:
        raise BadParameter(name="visibility", found=visibility, allowed="public, members, committee")
    if given["people"] == Dialogue.People.PUBLIC and visibility != Visibility.PUBLIC:
        raise BadParameter(
            name="people", found="public", allowed="another, since those without an account do not see this dialogue"
        )
    if not given["has_states"] and given["people"] == Dialogue.People.NOBODY:
        raise BadParameter(name="people", found="nobody", allowed="somebody, since the states are not asked either")
    if given["maps_states"] and not given["has_states"]:
        raise BadParameter(name="maps_states", found="yes", allowed="no, since the states are not asked")
    if not 0 <= given["least_votes"] <= MOST_LEAST_VOTES:
        raise BadParameter(
            name="least_votes", found=str(given["least_votes"])[:20], allowed=f"from 0 to {MOST_LEAST_VOTES}"
        )
    demand_rule(given["rule"])
    return {
        **given,
        "audience": audience,
        "question": checked_texts("question", given["question"], most=MOST_QUESTION, needed=True),
        "introduction": checked_texts("introduction", given["introduction"], most=MOST_INTRODUCTION, needed=False),
        "rule": given["rule"].strip(),
    }


def next_number(dialogue: Dialogue, /) -> int:
    """Return the number of the next statement and count it, for a transaction that has locked the consultation."""
    number = dialogue.next_number
    dialogue.next_number = number + 1
    dialogue.save(update_fields=["next_number"])
    return number


def locked_dialogue(*, slug: str) -> Dialogue:
    """Return a consultation, locked until the transaction ends. Raises NotFound."""
    found = Dialogue.objects.select_for_update(of=("self",)).select_related("body").filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"dialogue/{slug[:60]}")
    return found


def _held(*, slug: str, by: Any, states: tuple[str, ...]) -> Dialogue:
    held = locked_dialogue(slug=slug)
    authorise(by=by, action=CONVENE, body=held.body.slug)
    state = held.state_at(timezone.now())
    if state not in states:
        raise DialogueNotOpen(reference=held.reference, state=str(state))
    return held


def _of_act(held: Dialogue) -> dict[str, Any]:
    return {
        "authority": held.rule,
        "subject": held.reference,
        "visibility": held.visibility,
        "audience": held.audience,
        "released_at": held.released_at,
    }


def _demand_later(moment: dt.datetime, *, than: dt.datetime) -> None:
    if moment <= than:
        raise BadParameter(
            name="closes_at",
            found=moment.isoformat(timespec="minutes"),
            allowed=f"a moment after {than.isoformat(timespec='minutes')}",
        )


def _write_seeds(held: Dialogue, *, seeds: Sequence[Mapping[str, str]]) -> tuple[Statement, ...]:
    return tuple(_write_seed(held, texts=texts) for texts in seeds)


def _write_seed(held: Dialogue, *, texts: Mapping[str, str]) -> Statement:
    if not texts:
        raise BadParameter(name="statement", found="empty", allowed="one idea in words")
    now, original = timezone.now(), checked_language(next(iter(texts)))
    words = {checked_language(language): checked_statement(text) for language, text in texts.items()}
    made = Statement.objects.create(
        dialogue=held, number=next_number(held), language=original, state=Statement.State.SHOWN, written_at=now
    )
    state = StatementText.State
    StatementText.objects.bulk_create(
        StatementText(
            statement=made,
            language=language,
            text=text,
            state=state.ORIGINAL if language == original else state.CHECKED,
            made_by=OF_THE_CONVENOR,
            made_at=now,
            checked_at=None if language == original else now,
        )
        for language, text in words.items()
    )
    return made
