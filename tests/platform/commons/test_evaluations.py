"""Any member may attach what it measured; each step is one act; nobody learns of figures that it does not see."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from comity.errors import BadParameter, BadReleaseFile, Conflict, NotFound, NotPermitted
from comity.platform.commons.evaluation_views import evaluation_seen, evaluations_view
from comity.platform.commons.evaluations import (
    MOST_BYTES,
    answer_evaluation,
    attach_evaluation,
    measurers,
    narrower_circles,
    withdraw_evaluation,
)
from comity.platform.commons.models import Evaluation, Release
from comity.platform.commons.taking_down import take_release_down
from comity.platform.parties.rules import MAY, ROLES
from comity.platform.record.models import Act, Link
from support.commons import release
from support.evaluations import attach, figures, share_row
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
LOG = Path(__file__).resolve().parents[2] / "adapters" / "commons" / "logs" / "sums.eval"
REASON = {"en": "The samples were mixed up."}


@pytest.fixture(autouse=True)
def _body():
    make_body()


def counts() -> tuple[int, int]:
    return Evaluation.objects.count(), Act.objects.count()


def test_a_real_log_is_attached_by_one_act_with_its_digest_and_figures():
    release(member="m2")
    before = Act.objects.count()
    made = attach(LOG.read_bytes(), file="sums.eval", by=account_with("focal-point", member="m1"))
    assert Act.objects.count() == before + 1
    act = made.act
    assert (act.type, act.subject) == ("attach-evaluation", made.reference)
    assert made.log_sha256 == made.sent_sha256
    assert {row["measure"] for row in made.rows} == {"accuracy", "mean"}
    assert set(Link.objects.filter(act=act).values_list("relation", "object")) == {
        ("wasDerivedFrom", "commons/releases/words/1.0"),
        ("wasAttributedTo", "parties/members/m1"),
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_role_attaches_withdraws_and_answers_as_the_table_says(role):
    """The secretariat measures for the body and withdraws what anybody measured; it says nothing in a member's name."""
    release(member="m1")
    user, office = account_with(role), role == "secretariat"
    attaching, answering = role in MAY["attach an evaluation"], role in MAY["answer an evaluation"] and not office
    if attaching:
        attach(by=user, member="" if office else "m1")
    else:
        with pytest.raises(NotPermitted):
            attach(by=user)
    held = attach(figures(log="another"))
    given = {"slug": "words", "name": held.name, "by": user}
    for allowed, step in (
        (answering, lambda: answer_evaluation(**given, answers={"en": "Thank you."})),
        (attaching, lambda: withdraw_evaluation(**given, reasons=REASON)),
    ):
        if allowed:
            step()
        else:
            with pytest.raises(NotPermitted):
                step()


def test_nobody_acts_for_another_member():
    release(member="m2")
    head = account_with("head", member="m1")
    before = counts()
    with pytest.raises(NotPermitted):
        attach(by=head, member="m2")
    with pytest.raises(NotPermitted):
        attach(by=head, member="")
    with pytest.raises(NotPermitted):
        attach(by=account_with("secretariat"), member="m1")
    assert counts() == before
    held = attach(member="m2")
    with pytest.raises(NotPermitted):
        withdraw_evaluation(slug="words", name=held.name, reasons=REASON, by=head)
    with pytest.raises(NotPermitted):
        answer_evaluation(slug="words", name=held.name, answers=REASON, by=head)


def test_a_release_of_the_body_is_answered_by_its_secretariat_alone():
    release()
    held = attach()
    with pytest.raises(NotPermitted):
        answer_evaluation(slug="words", name=held.name, answers=REASON, by=account_with("head"))
    answer_evaluation(slug="words", name=held.name, answers=REASON, by=account_with("secretariat"))


def test_one_answer_stands_and_one_withdrawal():
    release()
    held = attach()
    given = {"slug": "words", "name": held.name, "by": SET_UP}
    answer_evaluation(**given, answers={"en": "We look into it."})
    withdraw_evaluation(**given, reasons=REASON)
    before = counts()
    with pytest.raises(Conflict):
        answer_evaluation(**given, answers={"en": "Again."})
    with pytest.raises(Conflict):
        withdraw_evaluation(**given, reasons=REASON)
    assert counts() == before


def test_what_is_withdrawn_leaves_the_tables_and_stays_to_be_read():
    release()
    held = attach()
    assert len(evaluations_view(slug="words", user=None).tables) == 1
    withdraw_evaluation(slug="words", name=held.name, reasons=REASON, by=SET_UP)
    view = evaluations_view(slug="words", user=None)
    assert (view.tables, view.standing) == ((), 0)
    assert view.cards[0].withdrawn.text == REASON["en"]
    attach()


def test_the_same_log_twice_of_one_member_is_refused_and_of_another_counts_once():
    release()
    attach()
    before = counts()
    with pytest.raises(Conflict):
        attach()
    assert counts() == before
    attach(member="m2")
    (pool,) = evaluations_view(slug="words", user=None).pools
    assert pool.left_out[0][1] == "copy"
    assert pool.sets[0].sources == ("m1",)


def test_later_figures_with_a_borrowed_run_never_push_out_earlier_ones():
    release()
    attach(figures(share_row(8, 10, run="r")), member="m2")
    attach(figures(share_row(1, 10, run="r")), member="m1")
    (pool,) = evaluations_view(slug="words", user=None).pools
    assert pool.sets[0].sources == ("m2",)


def test_figures_for_a_delegation_change_nothing_that_others_see():
    release()
    attach(figures(share_row(60, 100)), member="m2")
    before = evaluations_view(slug="words", user=None)
    hidden = attach(figures(share_row(60, 100, run="own")), visibility="delegation", audience="delegation:m1")
    assert evaluations_view(slug="words", user=None) == before
    other = account_with("head", member="m2")
    assert evaluations_view(slug="words", user=other) == before
    with pytest.raises(NotFound):
        evaluation_seen(slug="words", name=hidden.name, user=other)
    with pytest.raises(NotFound):
        answer_evaluation(slug="words", name=hidden.name, answers=REASON, by=other)
    own = account_with("head", member="m1")
    assert len(evaluations_view(slug="words", user=own).cards) == 2
    # That it is there is not told to another who has the same log.
    attach(figures(share_row(60, 100, run="own")), member="m2", by=other)


def test_figures_on_a_release_that_is_not_seen_are_not_seen():
    release(visibility="members")
    attach()
    with pytest.raises(NotFound):
        evaluations_view(slug="words", user=None)
    with pytest.raises(NotFound):
        attach(by=account_with("public") if "public" not in ROLES else None)
    Release.objects.update(released_at=timezone.now() - dt.timedelta(days=1))
    assert evaluations_view(slug="words", user=None).cards == ()


def test_a_circle_is_that_of_the_release_or_narrower():
    release(visibility="members")
    assert attach().visibility == "members"
    before = counts()
    with pytest.raises(BadParameter):
        attach(figures(log="x"), visibility="public")
    with pytest.raises(BadParameter):
        attach(figures(log="x"), visibility="delegation", audience="committee:oversight")
    assert counts() == before
    assert attach(figures(log="x"), visibility="delegation", audience="delegation:m1").act.visibility == "delegation"


@pytest.mark.parametrize(
    "visibility, audience", [("committee", "committee:oversight"), ("delegation", "delegation:m2")]
)
def test_figures_tell_of_a_release_to_nobody_who_does_not_see_it(visibility, audience):
    """Experts sit in a committee who are no members; another delegation may be in no circle of the release."""
    release(visibility="members")
    with pytest.raises(BadParameter):
        attach(visibility=visibility, audience=audience)
    assert not Act.objects.filter(type="attach-evaluation").exists()


@pytest.mark.parametrize(
    "circle,of_member,found",
    [
        ("public", True, ("public", "members", "delegation")),
        ("public", False, ("public", "members")),
        ("committee", True, ("committee", "delegation")),
        ("delegation", True, ("delegation",)),
    ],
)
def test_circles_that_can_be_named_are_the_narrower_ones(circle, of_member, found):
    assert narrower_circles(visibility=circle, of_member=of_member) == found


def test_a_log_of_several_models_needs_the_one_that_is_meant():
    release()
    content = figures(share_row(8, 10, model="a"), share_row(7, 10, model="b"))
    with pytest.raises(BadParameter):
        attach(content)
    with pytest.raises(BadParameter):
        attach(content, model="c")
    assert [row["value"] for row in attach(content, model="b").rows] == [0.7]


def test_a_language_holds_where_the_log_tells_none():
    release()
    content = figures(share_row(language=""), share_row(9, 10, language="fr"))
    assert [row["language"] for row in attach(content, language="ar").rows] == ["ar", "fr"]
    with pytest.raises(BadParameter):
        attach(figures(log="x"), language="no language")


def test_what_will_not_do_changes_nothing():
    release()
    before = counts()
    for content, error in (
        (b"{}", BadReleaseFile),
        (b"\x00" * (MOST_BYTES + 1), BadParameter),
        (figures(share_row(8, 10, value=0.9)), BadReleaseFile),
    ):
        with pytest.raises(error):
            attach(content)
    with pytest.raises(BadParameter):
        attach(notes={"en": "x\u202ey"})
    with pytest.raises(BadParameter):
        attach(authority="")
    with pytest.raises(NotFound):
        attach(label="9.9")
    with pytest.raises(NotFound):
        attach(slug="none")
    take_release_down(slug="words", rule="Rule 9", reason="A licence was missing.", by=SET_UP)
    with pytest.raises(Conflict):
        attach()
    assert counts()[0] == before[0]


def test_who_may_measure_for_whom():
    assert measurers(user=account_with("focal-point"), body="assembly") == ("m1",)
    assert measurers(user=account_with("secretariat"), body="assembly") == ("",)
    assert measurers(user=account_with("delegate"), body="assembly") == ()
    assert measurers(user=None, body="assembly") == ()


def test_languages_that_the_release_names_stand_as_not_measured():
    release()
    attach()
    (table,) = evaluations_view(slug="words", user=None).tables
    assert [(held.language, len(held.lines)) for held in table.languages] == [("fr", 0), ("sw", 1)]


def test_members_stand_by_name_and_never_by_value():
    release()
    for member, hits in (("m3", 90), ("m1", 10), ("m2", 50)):
        attach(figures(share_row(hits, 100)), member=member)
    (table,) = evaluations_view(slug="words", user=None).tables
    lines = next(held.lines for held in table.languages if held.language == "sw")
    assert [line.member_name for line in lines] == sorted(line.member_name for line in lines)


def test_versions_are_not_mixed():
    release()
    release(label="2.0", contents={"README.md": b"# New\n"})
    attach()
    assert evaluations_view(slug="words", user=None).card.label == "1.0"
    assert evaluations_view(slug="words", user=None, label="2.0").tables == ()
    assert evaluations_view(slug="words", user=None).labels == (("2.0", 0), ("1.0", 1))


def test_many_logs_cost_no_more_queries(django_assert_max_num_queries):
    release()
    for n in range(12):
        attach(figures(share_row(n, 20), log=str(n)), member=f"m{n % 3 + 1}")
    with django_assert_max_num_queries(6):
        evaluations_view(slug="words", user=None)


def test_attach_takes_bytes_of_no_form_of_ours():
    release()
    with pytest.raises(BadReleaseFile):
        attach_evaluation(slug="words", label="1.0", file="a.eval", content=b"PK\x03\x04", by=SET_UP, member="m1")
