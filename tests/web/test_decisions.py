"""Ballots in a browser with no scripts: the list, the page, the paper, the board, the delegation, the officer's desk, the data."""

from __future__ import annotations

import csv
import hashlib
import io
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.platform.decisions.ballots import close_ballot, state_outcome
from comity.platform.decisions.models import Ballot, BallotOutcome, Elector, Explanation, PreparedVote, Vote
from comity.platform.decisions.voting import cast_vote
from comity.platform.parties.models import Submission
from support.ballots import a_voice, make_ballot, make_rule
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SEALED = 'ways = ["recorded"]\nsealed = true'
PAGES = ("", "/paper", "/board", "/delegation", "/desk", "/outcome")


@pytest.fixture(autouse=True)
def _no_count():
    cache.clear()


def signed_in(who) -> Client:
    client, user = Client(), account_with(who) if isinstance(who, str) else who
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user, backend=BACKEND)
    return client


def page(client, path, status=200) -> str:
    response = client.get(f"/decisions/{path}")
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def send(client, path, status=200, **given) -> str:
    response = client.post(f"/decisions/{path}", given, follow=True)
    assert response.status_code == status, response.content.decode()[-1500:]
    return response.content.decode()


@pytest.mark.parametrize(
    "role, opens",
    [
        ("public", {"": 200, "/paper": 302, "/board": 200, "/delegation": 404, "/desk": 302, "/outcome": 302}),
        ("head", {"": 200, "/paper": 200, "/board": 200, "/delegation": 200, "/desk": 403, "/outcome": 403}),
        ("capital", {"": 200, "/paper": 200, "/board": 200, "/delegation": 200, "/desk": 403, "/outcome": 403}),
        ("secretariat", {"": 200, "/paper": 403, "/board": 200, "/delegation": 404, "/desk": 200, "/outcome": 200}),
        ("chair", {"": 200, "/paper": 403, "/board": 200, "/delegation": 404, "/desk": 200, "/outcome": 200}),
    ],
)
def test_each_page_of_a_ballot_opens_for_those_who_work_there(role, opens):
    ballot = make_ballot(days=3)
    client = Client() if role == "public" else signed_in(role)
    assert {p: client.get(f"/{ballot.reference}{p}").status_code for p in PAGES} == opens


def test_a_draft_is_seen_by_those_who_hold_ballots_alone():
    ballot = make_ballot(opened=False)
    assert {p: Client().get(f"/{ballot.reference}{p}").status_code for p in PAGES} == dict.fromkeys(PAGES, 404)
    assert "In preparation" not in page(Client(), "")
    assert "In preparation" in page(signed_in("secretariat"), "")


def test_the_list_tells_open_from_waiting_from_decided():
    decided, waiting, still = (make_ballot(question={"en": q}) for q in ("Decided?", "Waiting?", "Open?"))
    state_outcome(slug=decided.slug, by=SET_UP)
    close_ballot(slug=waiting.slug, by=SET_UP)
    shown = page(Client(), "")
    places = [
        shown.index(w) for w in ("Open now", "Open?", "Awaiting the outcome", "Waiting?", ">Decided<", "Decided?")
    ]
    assert places == sorted(places)
    assert still.rule.title in shown


def test_a_vote_is_cast_on_paper_changed_and_shown_with_its_receipt():
    ballot, head = make_ballot(), a_voice()
    client = signed_in(head)
    before = page(client, f"ballots/{ballot.slug}/paper")
    assert re.findall(r'name="position" value="([^"]+)"', before) == ["yes", "no", "abstain"]
    assert "checked" not in before
    assert "Nothing is recorded yet" in before
    done = send(client, f"ballots/{ballot.slug}/paper", member="m1", position="yes", reasons="")
    vote = Vote.objects.get(elector__ballot=ballot)
    assert vote.position == "yes"
    assert f'href="/record/acts/{vote.act_id}"' in done
    assert "Recorded: Yes" in done
    changed = send(client, f"ballots/{ballot.slug}/paper", member="m1", position="abstain", reasons="We wait.")
    assert "Recorded: Abstain" in changed
    assert "We wait." in page(Client(), f"ballots/{ballot.slug}")
    close_ballot(slug=ballot.slug, by=SET_UP)
    after = page(client, f"ballots/{ballot.slug}/paper")
    assert 'name="position"' not in after
    assert "Recorded: Abstain" in after


@pytest.mark.parametrize(
    "given, status",
    [
        ({"member": "m1"}, 400),
        ({"member": "m1", "position": "perhaps"}, 400),
        ({"member": "m2", "position": "yes"}, 403),
        ({"member": "nobody", "position": "yes"}, 403),
        ({"member": "m1", "position": "yes", "reasons": "x" * 9000}, 400),
    ],
)
def test_a_paper_that_will_not_do_is_refused_and_writes_nothing(given, status):
    ballot = make_ballot(days=3)
    client = signed_in(a_voice())
    assert client.post(f"/{ballot.reference}/paper", given).status_code == status
    assert not Vote.objects.filter(elector__ballot=ballot).exists()


def test_who_is_of_no_delegation_casts_nothing_and_a_form_without_its_token_neither():
    ballot = make_ballot(days=3)
    assert (
        signed_in("secretariat").post(f"/{ballot.reference}/paper", {"member": "m1", "position": "yes"}).status_code
        == 403
    )
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(a_voice(), backend=BACKEND)
    assert strict.post(f"/{ballot.reference}/paper", {"member": "m1", "position": "yes"}).status_code == 403
    assert not Vote.objects.filter(elector__ballot=ballot).exists()


def test_silence_has_one_button_with_reasons_that_need_not_be_given():
    ballot = make_ballot(rule="silence", way="silence", days=4)
    client = signed_in(a_voice())
    shown = page(client, f"ballots/{ballot.slug}/paper")
    assert re.findall(r'name="position" value="([^"]+)"', shown) == ["no"]
    assert "Break the silence" in shown
    assert "The silence is broken" not in page(Client(), f"ballots/{ballot.slug}")
    send(client, f"ballots/{ballot.slug}/paper", member="m1", position="no", reasons="")
    assert "The silence is broken" in page(Client(), f"ballots/{ballot.slug}")


def test_a_sealed_ballot_shows_others_no_vote_on_any_page_and_its_own_delegation_its_own():
    ballot = make_ballot(conduct=SEALED)
    reader, own = Client(), signed_in(a_voice())
    officer = signed_in("secretariat")
    paths = [f"ballots/{ballot.slug}{p}" for p in ("", "/board")]
    secret = "A word that nobody else may read"
    before = [page(c, p) for c in (reader, signed_in(a_voice("m2"))) for p in paths]
    tags = [reader.get(f"/decisions/{p}").headers.get("ETag") for p in paths]
    send(own, f"ballots/{ballot.slug}/paper", member="m1", position="no", reasons=secret)
    for c in (reader, officer, signed_in(a_voice("m2"))):
        for p in (*paths, "", *([f"ballots/{ballot.slug}/outcome"] if c is officer else [])):
            shown = page(c, p)
            assert secret not in shown
            assert 'href="#t-no"' not in shown
    assert "sealed" in before[0]
    assert tags[0] == reader.get(f"/decisions/{paths[0]}").headers.get("ETag")
    assert secret in page(own, f"ballots/{ballot.slug}/paper")
    for kind in ("csv", "json"):
        assert reader.get(f"/decisions/ballots/{ballot.slug}.{kind}").status_code == 409
    close_ballot(slug=ballot.slug, by=SET_UP)
    assert "What follows under the rule" not in page(reader, paths[0])
    send(officer, f"ballots/{ballot.slug}/outcome", do="state", authority="")
    assert secret in page(reader, paths[0])


def test_the_board_renews_itself_until_it_is_told_not_to_and_answers_what_has_not_changed_in_brief(
    django_assert_max_num_queries,
):
    ballot = make_ballot(way="roll call", body="assembly", days=3)
    client = Client()
    with django_assert_max_num_queries(12):
        first = client.get(f"/{ballot.reference}/board")
    assert first.headers["Refresh"] == "10"
    assert "every 10 seconds" in first.content.decode()
    drawn = Ballot.objects.get(pk=ballot.pk).draw
    names = re.findall(r"</svg>(Member [0-9])", first.content.decode())
    assert names[0] == f"Member {drawn['first'][1]}"
    assert drawn["root"] in first.content.decode()
    assert "could wait for a root" in first.content.decode()
    assert "Nobody chose" not in first.content.decode()
    still = client.get(f"/{ballot.reference}/board?renew=no")
    assert "Refresh" not in still.headers
    again = client.get(f"/{ballot.reference}/board", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Refresh"], again.content) == (304, "10", b"")
    cast_vote(slug=ballot.slug, member="m1", position="yes", by=a_voice())
    changed = client.get(f"/{ballot.reference}/board", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert 'href="#t-yes"' in changed.content.decode()


def test_a_vote_goes_from_prepared_to_cleared_to_cast_between_two_people():
    ballot = make_ballot(days=3)
    head, capital = signed_in(a_voice()), signed_in(account_with("capital"))
    path = f"ballots/{ballot.slug}/delegation"
    assert 'name="position" value="yes"><svg' not in page(head, f"ballots/{ballot.slug}/paper")
    prepared = send(head, path, do="prepare", member="m1", position="no", reasons="Our law.", note="see page 2", on="")
    assert "Awaits clearance" in prepared
    assert 'value="cast"' not in prepared
    seen = re.search(r'name="on" value="([^"]+)"', page(capital, path))[1]
    send(capital, path, do="back", member="m1", note="Say more.")
    assert "Say more." in page(head, path)
    send(capital, path, status=409, do="clear", member="m1", on=seen)
    seen = re.search(r'name="on" value="([^"]+)"', page(capital, path))[1]
    send(capital, path, do="clear", member="m1", on=seen)
    done = send(head, path, do="cast", member="m1", on=seen)
    assert "Cast: No" in done
    assert Vote.objects.get(elector__ballot=ballot).reasons == "Our law."
    other = signed_in(a_voice("m2"))
    assert "see page 2" not in page(other, path)
    send(head, path, status=400, do="nonsense", member="m1")
    send(head, path, status=409, do="prepare", member="m1", position="yes", on="not what stands there")
    seen = re.search(r'name="on" value="([^"]+)"', page(head, path))[1]
    send(head, path, do="prepare", member="m1", position="yes", reasons="", note="", on=seen)
    send(head, path, do="drop", member="m1")
    assert not PreparedVote.objects.filter(ballot=ballot).exists()


def test_an_explanation_is_drafted_for_the_delegation_first():
    ballot = make_ballot(days=3)
    client = signed_in(a_voice())
    assert page(client, f"ballots/{ballot.slug}").count("/explain?member=m1") == 1
    send(client, f"ballots/{ballot.slug}/explain", member="m1", title="Why", text="Because of our law.", language="en")
    made = Submission.objects.get(kind="explanation-of-vote")
    assert (made.matter, made.state) == (ballot.reference, "draft")
    assert not Explanation.objects.exists()
    page(Client(), f"ballots/{ballot.slug}/explain", status=404)


def test_the_secretariat_drafts_opens_notes_who_is_there_and_states_the_outcome():
    make_rule()
    office = signed_in("secretariat")
    assert "oversight" in page(office, "ballots/new")
    form = page(office, "ballots/new?body=oversight")
    assert re.search(r'name="(way|kind|visibility)"[^>]*checked', form) is None
    given = {"body": "oversight", "slug": "first", "question_en": "Shall it?", "rule": "unga-simple-majority"}
    given |= {"way": "recorded", "kind": "question", "visibility": "public"}
    send(office, "ballots/new", **given)
    send(office, "ballots/new", status=409, **given)
    send(office, "ballots/first/desk", status=400, do="open", closes_on="2001-01-01")
    assert "act stands on the record" in send(office, "ballots/first/desk", do="open", closes_on="", waiver="")
    cast_vote(slug="first", member="m1", position="yes", by=a_voice())
    send(office, "ballots/first/desk", do="presence", present=["m1", "m2"])
    assert set(Elector.objects.filter(ballot__slug="first", present=True).values_list("member__slug", flat=True)) == {
        "m1",
        "m2",
    }
    steps = send(office, "ballots/first/desk", do="close")
    assert "No vote is taken any more" in steps
    confirm = page(office, "ballots/first/outcome")
    assert "State the outcome: Adopted" in confirm
    assert "All that the rule asks holds: adopted." in confirm
    send(office, "ballots/first/outcome", status=400, do="other")
    shown = send(office, "ballots/first/outcome", do="state", authority="")
    assert "Adopted on" in shown
    assert "Why it was adopted" in shown
    send(office, "ballots/first/outcome", status=409, do="state", authority="")
    assert BallotOutcome.objects.filter(ballot__slug="first").count() == 1


def test_motions_are_drafted_on_a_ballot_put_in_order_and_decided_before_it():
    ballot = make_ballot()
    office = signed_in("secretariat")
    for slug in ("part-one", "put-off"):
        send(office, "ballots/new", body="oversight", slug=slug, question_en=f"{slug}?", rule="unga-simple-majority",
             way="recorded", kind="postponement", parent=ballot.slug, moved_by="m2", visibility="public")  # fmt: skip
    send(office, f"ballots/{ballot.slug}/desk", do="order", **{"o-part-one": "2", "o-put-off": "1"})
    shown = page(office, f"ballots/{ballot.slug}")
    assert shown.index("put-off?") < shown.index("part-one?")
    send(office, "ballots/put-off/desk", do="open")
    assert "have to be decided first" in page(office, f"ballots/{ballot.slug}/outcome")
    send(office, f"ballots/{ballot.slug}/outcome", status=409, do="state")
    send(office, "ballots/put-off/desk", do="withdraw", reason="Not needed any more")
    assert "Withdrawn" in page(Client(), "ballots/put-off")


def test_groups_and_weights_come_as_a_table_pasted_or_sent_as_a_file():
    office = signed_in("secretariat")
    pasted = make_ballot(rule="imf-weighted", opened=False)
    desk = page(office, f"ballots/{pasted.slug}/desk")
    assert "member,votes" in desk
    for table in (
        "member,votes\nm1,x",
        "name,votes\nm1,1",
        "member,votes\nm1",
        "member,votes\nm1,1\nm1,2",
        f'member,votes\n"m1,{"x" * 140_000}',
    ):
        send(office, f"ballots/{pasted.slug}/desk", status=400, do="open", table=table)
    send(office, f"ballots/{pasted.slug}/desk", do="open", table="member,weight\nm1,3.5\nm2,1\n")
    assert Elector.objects.get(ballot=pasted, member__slug="m1").weights == {"votes": "7/2"}
    sent = make_ballot(rule="imf-weighted", opened=False)
    file = SimpleUploadedFile("members.csv", "\ufeffmember,votes\nm1,2\nm2,1\n".encode(), content_type="text/csv")
    send(office, f"ballots/{sent.slug}/desk", do="open", file=file)
    assert Elector.objects.get(ballot=sent, member__slug="m2").weights == {"votes": "1"}
    bad = make_ballot(rule="imf-weighted", opened=False)
    send(office, f"ballots/{bad.slug}/desk", status=400, do="open", file=SimpleUploadedFile("m.csv", b"\xff\xfe\x00"))


def test_the_data_of_a_decided_ballot_carry_the_digest_that_the_page_shows():
    ballot = make_ballot()
    for member in ("m1", "m2"):
        cast_vote(slug=ballot.slug, member=member, position="yes", by=a_voice(member))
    state_outcome(slug=ballot.slug, by=SET_UP)
    table = Client().get(f"/decisions/ballots/{ballot.slug}.csv")
    digest = hashlib.sha256(table.content).hexdigest()
    assert digest in page(Client(), f"ballots/{ballot.slug}").replace(" ", "")
    rows = {r["member"]: r["vote"] for r in csv.DictReader(io.StringIO(table.content.decode()))}
    assert rows == {"m1": "yes", "m2": "yes"}
    data = Client().get(f"/decisions/ballots/{ballot.slug}.json").json()
    assert (data["outcome"], data["rolls_sha256"]) == ("adopted", digest)


@pytest.mark.parametrize("history", [True, False])
def test_what_a_member_said_over_many_ballots_is_shown_only_where_the_rule_says_so(history):
    ballot = make_ballot(
        conduct=f'ways = ["recorded"]\nhistory = {str(history).lower()}', question={"en": "Kept together?"}
    )
    cast_vote(slug=ballot.slug, member="m1", position="no", by=a_voice())
    state_outcome(slug=ballot.slug, by=SET_UP)
    shown = page(Client(), "members/m1")
    assert ("Kept together?" in shown) is history
    page(Client(), "members/nobody", status=404)


def test_pages_of_ballots_hold_no_script_and_are_light():
    ballot = make_ballot(days=3)
    for client, path in (
        (Client(), ""),
        (Client(), f"ballots/{ballot.slug}"),
        (signed_in(a_voice()), f"ballots/{ballot.slug}/paper"),
    ):
        shown = page(client, path)
        assert "<script" not in shown
        assert "style=" not in shown
        assert len(shown.encode()) < 60_000
