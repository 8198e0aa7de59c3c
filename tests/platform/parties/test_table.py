"""The table of roles, actions and circles: every cell, against the rules and against the services themselves."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from comity.adapters.rule_files import built_in_text
from comity.errors import NotFound, NotPermitted
from comity.platform.alignment.fruitless import record_nothing_found
from comity.platform.alignment.readings import give_reading
from comity.platform.alignment.reviewing import answer_link, set_review_rule
from comity.platform.alignment.services import change_who_sees, state_none
from comity.platform.capacity import training
from comity.platform.capacity.agreements import PromiseGiven, end_agreement, enter_agreement, report_progress
from comity.platform.capacity.context import take_activities_in
from comity.platform.capacity.deliveries import confirm_delivery, report_delivery
from comity.platform.capacity.needs import prepare_need, send_need
from comity.platform.capacity.prepared import clear_need
from comity.platform.capacity.questions import ask_about
from comity.platform.capacity.resources import define_resource
from comity.platform.commons.asking import prepare_question
from comity.platform.commons.note_translations import write_note_translation
from comity.platform.decisions.ballots import close_ballot, state_outcome
from comity.platform.decisions.delegations import clear_vote, prepare_vote
from comity.platform.decisions.documents import issue_text
from comity.platform.decisions.elections import record_election
from comity.platform.decisions.ruling import put_in_force
from comity.platform.decisions.voting import cast_vote
from comity.platform.dialogue.consultations import open_dialogue
from comity.platform.dialogue.delegations import clear_answer, prepare_answer
from comity.platform.dialogue.moderation import appeal_refusal, decide_appeal, decide_statement
from comity.platform.dialogue.participation import member_voice
from comity.platform.dialogue.sheets import make_batch
from comity.platform.dialogue.translations import write_translation
from comity.platform.parties import bodies, credentials, invitations, memberships, recovery, submissions, voices, votes
from comity.platform.parties.models import Credential, Recovery, Submission, User
from comity.platform.parties.preparing import token_of
from comity.platform.parties.rules import CAPITAL, MAY, OBSERVER, ROLES, SEES, authorise, may, require, standing_now
from comity.platform.record.models import Act
from comity.platform.record.visibility import Visibility, seen_by
from support import table_of_rounds
from support.ballots import make_ballot, make_rule
from support.contributions import draft_need, make_resource, need_given, open_need, open_offer
from support.decisions import make_document
from support.deliveries import a_commitment, a_need, an_iati_file, an_offer
from support.desk import author, open_one, written
from support.dialogue import make_dialogue
from support.notes import PARTS, open_note
from support.parties import SET_UP, account_with, make_body, today
from support.questions import question_given

pytestmark = pytest.mark.django_db
SEEN = dt.timedelta(days=30)


@pytest.fixture(autouse=True)
def _body():
    make_body()
    make_rule()
    make_resource()
    a_table_of_deliveries()


@contextlib.contextmanager
def undone():
    """What is done within is undone at the end, so that cells share one body and do not meet."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_of_role_and_action_is_what_the_rules_say(role):
    user = account_with(role)
    roles = {role, "adviser"} if role == CAPITAL else {role}
    for action in MAY:
        allowed = bool((roles | {"public"}) & MAY[action])
        assert may(user=user, action=action) is allowed, (role, action)
        if allowed:
            require(user=user, action=action)
        else:
            with pytest.raises(NotPermitted):
                require(user=user, action=action)


def a_draft(state: str = "draft", member: str = "m1") -> Submission:
    head = User.objects.filter(credentials__member__slug=member).first() or account_with("head", member=member)
    made = submissions.draft_text(member=member, body="oversight", title="T", text="X", language="en", by=head)
    Submission.objects.filter(pk=made.pk).update(state=state, cleared_at=timezone.now() if state == "cleared" else None)
    return made


def a_credential() -> int:
    return credentials.issue_credential(
        member="m1",
        body="assembly",
        role="adviser",
        holder="Somebody",
        starts_on=today(),
        awaited="original",
        by=account_with("secretariat"),
    ).pk


def mail(token: str) -> tuple[str, str]:
    return "subject", f"text {token}"


def recovery_of_somebody() -> int:
    somebody = account_with("translator")
    recovery.ask_recovery(email=somebody.email, tell=lambda language: (language, language))
    return Recovery.objects.get(user=somebody).pk


def appeal_of_somebody() -> dict[str, object]:
    """A statement that was refused, and the appeal of who wrote it."""
    dialogue = open_one()
    voice = author(dialogue)
    given = {"slug": dialogue.slug, "number": written(dialogue, by=voice).number}
    decide_statement(**given, decision="refuse", reason="off-topic", by=account_with("secretariat"))
    appeal_refusal(**given, text="Please look again.", participant=voice, by=voice.user)
    return given


def an_answer(dialogue, by) -> dict[str, object]:
    return {"slug": dialogue.slug, "number": 1, "by": by}


def prepared_by_somebody() -> dict[str, object]:
    """An answer of m1 that waits for its capital."""
    dialogue = open_one()
    given = an_answer(dialogue, account_with("adviser"))
    row = prepare_answer(**given, member="m1", value=1, standing="position")
    return {"slug": dialogue.slug, "number": 1, "member": "m1", "on": row.prepared_at.isoformat()}


def vote_of_somebody() -> dict[str, object]:
    """A vote of m1 that waits for its capital."""
    slug = make_ballot().slug
    row = prepare_vote(slug=slug, member="m1", position="yes", by=account_with("adviser"))
    return {"slug": slug, "member": "m1", "on": row.prepared_at.isoformat()}


def a_table_of_deliveries() -> None:
    """A commitment from m2 to m1 of which something is reported, one the other way, seats of a course each way, and a promise of m1."""
    for offered_by, needed_by in (("m2", "m1"), ("m1", "m2")):
        offer = an_offer(offered_by, slug=f"of-{offered_by}", criteria=[{"code": "c", "names": {"en": "C"}, "most": 5}])
        held = a_commitment(need=a_need(needed_by), offer=offer, units=2, slug=f"to-{needed_by}")
        report_delivery(slug=held.slug, units="1", by=SET_UP)
    enter_agreement(
        slug="pact",
        body="oversight",
        kind="plan",
        titles={"en": "Plan"},
        parties=["m1"],
        promises=[PromiseGiven(texts={"en": "Give"}, owner="m1")],
        by=SET_UP,
    )


def proposed_by_somebody() -> list[int]:
    """An application of m2 for the course of m1, with points."""
    given = {"offer": "of-m1", "member": "m2", "name": "Somebody", "grounds": "Five years."}
    made = training.propose_applicant(**given, by=SET_UP)
    return [training.give_points(number=made.pk, points={"c": 1}, by=SET_UP).pk]


def need_of_somebody() -> dict[str, object]:
    """A need of m1 that waits for its capital."""
    need = draft_need(by=SET_UP)
    return {"slug": need.slug, "on": token_of(need)}


def translate_a_note(by) -> None:
    """Translate a public note of m1 into French."""
    parts = {part: f"{part} en français" for part in PARTS}
    write_note_translation(slug=open_note().slug, language="fr", title="Un registre", parts=parts, by=by)


def ask_as(by, own) -> None:
    """Ask about a need of m2, for which m1 has an offer: the secretariat in its own name, others as m1."""
    need = open_need("m2", shown_to="public")
    open_offer("m1")
    member = "" if "secretariat" in standing_now(user=by).roles else own
    ask_about(slug=need.slug, text="Which ministry?", language="en", member=member, by=by)


# What a role other than public does for its own member m1 (an observer: for watcher) and in its own body oversight.
SERVICES = {
    "review a suggested link": lambda by, own: answer_link(name="none", answer="none", by=by),
    "set the rule of review": lambda by, own: set_review_rule(reviewers=3, regions=2, own_count=True, by=by),
    "record that nothing was found": lambda by, own: record_nothing_found(
        slug="none", ref="none", query="", reasons={}, instrument="other", by=by
    ),
    "give a member's reading": lambda by, own: give_reading(name="none", member=own, reading="confirms", by=by),
    "record that a member states it has none": lambda by, own: state_none(member="KEN", topic="none", by=by),
    "change who sees an instrument": lambda by, own: change_who_sees(slug="none", visibility="members", by=by),
    "form a body": lambda by, own: bodies.form_body(
        slug="new", kind="group", names={"en": "New"}, starts_on=today(), rule="Rule 1", parent="assembly", by=by
    ),
    "enter or change a membership": lambda by, own: memberships.withdraw_member(
        body="assembly", member="m4", ends_on=today(), rule="Article 9", by=by
    ),
    "seat a member in a committee": lambda by, own: memberships.admit_member(
        body="oversight", member="m3", status="full", starts_on=today(), rule="Rule 20", by=by
    ),
    "suspend a right of a member": lambda by, own: memberships.suspend_right(
        body="oversight", member="m2", right="vote", rule="Rule 8", starts_on=today(), by=by
    ),
    "register credentials": lambda by, own: credentials.confirm_original(credential=a_credential(), by=by),
    "issue credentials": lambda by, own: credentials.issue_credential(
        member=own, body="assembly", role="delegate", holder="Somebody", starts_on=today(), by=by
    ),
    "end credentials": lambda by, own: credentials.end_credential(credential=a_credential(), by=by),
    "take the voice": lambda by, own: voices.take_voice(member=own, body="oversight", by=by),
    "give a proxy": lambda by, own: votes.give_proxy(giver=own, holder="m2", body="oversight", by=by),
    "vote in place of its members": lambda by, own: votes.vote_in_place(
        organisation="union", body="assembly", matter="decisions/ballots/1", by=by
    ),
    "draft a text": lambda by, own: submissions.draft_text(
        member=own, body="oversight", title="T", text="X", language="en", by=by
    ),
    "clear a text": lambda by, own: submissions.clear_text(submission=a_draft().pk, version=1, by=by),
    "send a text": lambda by, own: submissions.send_text(submission=a_draft("cleared", own).pk, version=1, by=by),
    "moderate a statement": lambda by, own: decide_statement(
        **an_answer(open_one(), by), decision="refuse", reason="insults", on="shown"
    ),
    "decide an appeal": lambda by, own: decide_appeal(
        **appeal_of_somebody(), outcome="upheld", note="It is off topic.", by=by
    ),
    "translate a statement": lambda by, own: write_translation(**an_answer(open_one(), by), language="ar", text="نص"),
    "enter paper sheets": lambda by, own: make_batch(
        slug=open_one().slug, place="Lamu", language="en", sheets=1, by=by
    ),
    "prepare an answer": lambda by, own: prepare_answer(
        **an_answer(open_one(), by), member=own, value=1, standing="provisional"
    ),
    "clear an answer": lambda by, own: clear_answer(**prepared_by_somebody(), by=by),
    "invite a person": lambda by, own: invitations.invite_person(
        email="new@example.org", name="New", language="en", credential=a_credential(), by=by, compose=mail
    ),
    "give an office": lambda by, own: invitations.invite_person(
        email="new@example.org", name="New", language="en", role="reviewer", by=by, compose=mail
    ),
    "convene a dialogue": lambda by, own: open_dialogue(
        slug=make_dialogue(opened=False).slug, closes_at=timezone.now() + SEEN, by=by
    ),
    "answer for a member": lambda by, own: member_voice(dialogue=make_dialogue(), member=own, by=by),
    "put a rule in force": lambda by, own: put_in_force(
        body="other", text=built_in_text("consensus"), authority="Rule 30", by=by
    ),
    "issue a document": lambda by, own: make_document(by=by),
    "issue a translation": lambda by, own: issue_text(
        symbol=make_document().symbol, language="es", title="T", text="X", standing="for-information", by=by
    ),
    "record an election": lambda by, own: record_election(
        slug="chair",
        body="oversight",
        office={"en": "Chair"},
        held_at=timezone.now() - dt.timedelta(hours=1),
        system="Belenios",
        counts=[("A", 2)],
        cast=2,
        invalid=0,
        elected=["A"],
        tellers=["m1", "m2"],
        statement="We have counted.",
        authority="Rule 31",
        by=by,
    ),
    "hold a ballot": lambda by, own: close_ballot(slug=make_ballot().slug, by=by),
    "state an outcome": lambda by, own: state_outcome(slug=make_ballot().slug, by=by),
    "prepare a vote": lambda by, own: prepare_vote(slug=make_ballot().slug, member=own, position="yes", by=by),
    "clear a vote": lambda by, own: clear_vote(**vote_of_somebody(), by=by),
    "cast a vote": lambda by, own: cast_vote(slug=make_ballot().slug, member=own, position="yes", by=by),
    "report a delivery": lambda by, own: report_delivery(slug="to-m2", units="2", by=by),
    "confirm a delivery": lambda by, own: confirm_delivery(slug="to-m1", units="1", by=by),
    "propose an applicant": lambda by, own: training.propose_applicant(
        offer="of-m2", member=own, name="Somebody", grounds="Five years.", by=by
    ),
    "choose applicants": lambda by, own: training.choose_applicants(
        offer="of-m1", chosen=proposed_by_somebody(), by=by
    ),
    "enter an agreement": lambda by, own: end_agreement(slug="pact", by=by),
    "report progress": lambda by, own: report_progress(slug="pact", number=1, state="kept", by=by),
    "take figures in": lambda by, own: take_activities_in(content=an_iati_file(), name="activities.xml", by=by),
    "define a resource": lambda by, own: define_resource(
        slug="gpu", body="assembly", names={"en": "Computing"}, unit_names={"en": "GPU hour"}, by=by
    ),
    "prepare a contribution": lambda by, own: prepare_need(body="assembly", member="m1", by=by, **need_given()),
    "clear a contribution": lambda by, own: clear_need(**need_of_somebody(), by=by),
    "send a contribution": lambda by, own: send_need(slug=draft_need(by=SET_UP).slug, by=by),
    "ask about a need": ask_as,
    "translate a note": lambda by, own: translate_a_note(by),
    "ask members for the body": lambda by, own: prepare_question(by=by, **question_given(member="")),
    "allow a recovery": lambda by, own: recovery.allow_recovery(recovery=recovery_of_somebody(), by=by, compose=mail),
    **table_of_rounds.SERVICES,
}
ELSEWHERE = {
    "read what is public",
    "take an instrument into the collection",
    "start an alignment",
    "cancel an alignment",
    # tests/platform/commons
    "release a version",
    "attach an evaluation",
    "answer an evaluation",
    "take a release down",
    "set a notice",
    "offer a mirror",
    "name a mirror",
    "end a mirror",
    "compare a mirror",
    "issue a template",
    "sign a sharing agreement",
    "agree for the body",
}


def test_every_action_has_its_service_here_or_its_own_test():
    assert set(MAY) == set(SERVICES) | ELSEWHERE


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_of_role_and_action_is_what_the_service_does(role):
    table_of_rounds.prepare_rounds()
    for action in SERVICES:
        with undone():
            try_service(role=role, action=action)


# Cells of these name something that is not there: who may is told so, and who may not is refused before anything is looked for.
NAMES_NOTHING = frozenset(
    {
        "review a suggested link",
        "record that nothing was found",
        "give a member's reading",
        "record that a member states it has none",
        "change who sees an instrument",
    }
)
# These are about what a delegation alone sees, that of m1 or the reader's own: to everyone else it is not there.
SEEN_BY_A_DELEGATION = {
    "clear a text": "m1",
    "clear an answer": "m1",
    "clear a vote": "m1",
    "clear a contribution": "m1",
    "send a contribution": "m1",
    "send a text": "",
    "prepare an answer": "",
    "prepare a vote": "",
    **table_of_rounds.SEEN_BY_A_DELEGATION,
}


def try_service(*, role: str, action: str) -> None:
    own = "watcher" if role == OBSERVER else "union" if action == "vote in place of its members" else "m1"
    user = account_with(role, member=own if own != "watcher" else "m1")
    roles = {role, "adviser"} if role == CAPITAL else {role}
    if action == "issue credentials" and role == "secretariat":
        roles.add("head")  # the secretariat registers what a member has issued, by the same service
    before = Act.objects.count()
    if roles & MAY[action]:
        with pytest.raises(NotFound) if action in NAMES_NOTHING else contextlib.nullcontext():
            SERVICES[action](user, own)
        return
    whose = SEEN_BY_A_DELEGATION.get(action)
    outside = whose is not None and f"delegation:{whose or own}" not in standing_now(user=user).audiences
    with pytest.raises(NotFound if outside else NotPermitted):
        SERVICES[action](user, own)
    assert not Act.objects.exclude(type__in=["issue-credential"]).filter(entered_at__gt=timezone.now()).exists()
    assert Act.objects.count() - before <= 2, action  # what the preparation of a cell itself entered


@pytest.mark.parametrize(
    "action", ["issue credentials", "take the voice", "give a proxy", "draft a text", "send a text"]
)
def test_a_head_may_for_its_own_member_and_for_no_other(action):
    head = account_with("head", member="m1")
    assert may(user=head, action=action, member="m1")
    assert not may(user=head, action=action, member="m2")


@pytest.mark.parametrize("action", ["seat a member in a committee", "suspend a right of a member"])
def test_a_chair_may_in_its_own_body_and_in_no_other(action):
    chair = account_with("chair", body="oversight")
    assert may(user=chair, action=action, body="oversight")
    assert not may(user=chair, action=action, body="other")
    with pytest.raises(NotPermitted):
        memberships.suspend_right(
            body="assembly", member="m2", right="vote", rule="Rule 8", starts_on=today(), by=chair
        )


OWN = {"committee": "committee:oversight", "delegation": "delegation:m1"}


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_of_role_and_circle_is_what_a_reader_sees(role):
    user = account_with(role)
    kept = Act.objects.filter(type="form-body").first()
    for circle in SEES:
        audience = "delegation:watcher" if role == OBSERVER and circle == "delegation" else OWN.get(circle, "")
        Act.objects.filter(pk=kept.pk).update(visibility="members", audience="", salt=b"x")
        Act.objects.filter(pk=kept.pk).update(
            visibility=circle, audience=audience, salt=None if circle == "public" else b"x"
        )
        sees = Act.objects.filter(seen_by(user=user), pk=kept.pk).exists()
        assert sees is (role in SEES[circle]), (role, circle)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_sees_the_circle_of_another_committee_or_delegation(role):
    user = account_with(role)
    for circle, audience in (("committee", "committee:other"), ("delegation", "delegation:m2")):
        kept = Act.objects.filter(type="admit-member").first()
        Act.objects.filter(pk=kept.pk).update(visibility=circle, audience=audience, salt=b"x")
        sees = Act.objects.filter(seen_by(user=user), pk=kept.pk).exists()
        # The secretariat serves every committee; it sees no delegation's.
        assert sees is (role == "secretariat" and circle == "committee"), (role, circle)


@pytest.mark.parametrize("role", ROLES)
def test_everyone_sees_what_was_released_and_nobody_a_moment_before(role):
    user = account_with(role)
    kept = Act.objects.filter(type="admit-member").first()
    now = timezone.now()
    Act.objects.filter(pk=kept.pk).update(
        visibility=Visibility.DELEGATION, audience="delegation:m2", salt=b"x", released_at=now
    )
    rows = Act.objects.filter(pk=kept.pk)
    assert rows.filter(seen_by(user=user, now=now)).exists()
    assert not rows.filter(seen_by(user=user, now=now - dt.timedelta(seconds=1))).exists()


def test_an_act_names_the_office_that_the_table_gave():
    secretariat = account_with("secretariat")
    assert authorise(by=secretariat, action="suspend a right of a member", body="oversight") == "secretariat"
    chair = account_with("chair", body="oversight")
    assert authorise(by=chair, action="suspend a right of a member", body="oversight") == "chair"


def test_roles_end_with_the_day_that_a_credential_or_office_ends():
    head = account_with("head")
    assert "head" in head.roles
    Credential.objects.filter(user=head).update(ends_on=today())
    assert User.objects.get(pk=head.pk).roles == frozenset()
    chair = account_with("chair")
    chair.grants.update(starts_on=today() - SEEN, ends_on=today())
    assert User.objects.get(pk=chair.pk).roles == frozenset()


def test_a_delegate_of_a_member_that_has_withdrawn_has_no_role():
    head = account_with("head", member="m4")
    memberships.withdraw_member(
        body="assembly", member="m4", ends_on=today(), rule="Article 9", by=account_with("secretariat")
    )
    assert User.objects.get(pk=head.pk).roles == frozenset()
    assert User.objects.get(pk=head.pk).audiences == frozenset()
