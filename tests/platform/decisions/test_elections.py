"""The result of a secret ballot that was held elsewhere is recorded as the tellers signed it, where its sums fit."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib

import pytest
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.decisions.elections import election_view, list_elections, may_record, record_election
from comity.platform.decisions.models import ElectionResult
from comity.platform.record.models import Act
from support.dialogue import NOBODY
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
SIGNED = "Member 3 has three votes.\n\nThe tellers."
USUAL = {
    "slug": "chair-2026",
    "body": "assembly",
    "office": {"en": "Chair of the third session", "fr": "Présidence"},
    "system": "Paper",
    "counts": [("Candidate Aa", 3), ("Candidate Bb", 0)],
    "cast": 4,
    "invalid": 1,
    "elected": ["Candidate Aa"],
    "tellers": ["m1", "m2"],
    "statement": SIGNED,
    "authority": "Rule 92",
}


@pytest.fixture(autouse=True)
def _body():
    make_body()


def record(by=SET_UP, **changes) -> ElectionResult:
    return record_election(by=by, **{**USUAL, "held_at": timezone.now() - dt.timedelta(hours=1), **changes})


def test_a_result_whose_sums_fit_is_recorded_with_what_the_tellers_signed():
    record(by=account_with("secretariat"))
    found = election_view(slug="chair-2026", user=NOBODY, language="fr")
    assert found.office.text == "Présidence"
    assert found.counts == (("Candidate Aa", 3, True), ("Candidate Bb", 0, False))
    assert (found.cast, found.valid, found.invalid) == (4, 3, 1)
    assert found.statement_sha256 == hashlib.sha256(SIGNED.encode()).hexdigest()
    assert [slug for slug, _ in found.tellers] == ["m1", "m2"]
    assert [e.slug for e in list_elections(user=NOBODY, language="en")] == ["chair-2026"]


def test_the_act_names_no_candidate():
    record()
    act = Act.objects.get(type="record-election")
    told = zlib.decompress(bytes(act.payload)).decode() + json.dumps(act.content) + bytes(act.body).decode()
    assert "Candidate" not in told
    held = json.loads(zlib.decompress(bytes(act.payload)))
    assert (held["counts"], held["elected"], held["cast"], held["invalid"]) == ([3, 0], [0], 4, 1)


def test_a_paper_bears_as_many_names_as_there_are_seats():
    three = [("Aa", 4), ("Bb", 3), ("Cc", 1)]
    record(counts=three, seats=2, cast=4, invalid=0, elected=["Aa", "Bb"])
    with pytest.raises(BadParameter, match="from 4 to 8"):
        record(slug="more", counts=[*three, ("Dd", 1)], seats=2, cast=4, invalid=0, elected=[])


def test_nobody_may_be_elected_and_a_digest_alone_will_do():
    row = record(elected=[], statement="", statement_sha256="AB" * 32)
    assert (row.elected, row.statement, row.statement_sha256) == ([], "", "ab" * 32)


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "Chair"},
        {"slug": "new"},
        {"office": {}},
        {"system": ""},
        {"counts": []},
        {"counts": [("Aa", 3), ("Aa", 0)]},
        {"counts": [("Aa", 2), ("Bb", 0)]},
        {"counts": [("Aa", 4), ("Bb", 0)]},
        {"counts": [("Aa", -1), ("Bb", 4)]},
        {"counts": [("Aa\u202e", 3)]},
        {"cast": 5},
        {"cast": -1},
        {"invalid": 5},
        {"seats": 0},
        {"elected": ["Candidate Cc"]},
        {"elected": ["Candidate Aa", "Candidate Bb"]},
        {"tellers": []},
        {"tellers": ["watcher"]},
        {"statement": "", "statement_sha256": ""},
        {"statement_sha256": "0" * 64},
        {"statement_sha256": "xyz"},
        {"authority": ""},
        {"held_at": dt.timedelta(days=1)},
        {"held_at": dt.timedelta(days=-20_000)},
        {"visibility": "delegation", "audience": "delegation:m1"},
    ],
    ids=str,
)
def test_bad_input_is_refused_and_records_nothing(wrong):
    if "held_at" in wrong:
        wrong = {"held_at": timezone.now() + wrong["held_at"]}
    with pytest.raises(BadParameter):
        record(**wrong)
    assert not ElectionResult.objects.exists()
    assert not Act.objects.filter(type="record-election").exists()


def test_a_name_is_taken_once_and_only_the_secretariat_records():
    record()
    with pytest.raises(Conflict):
        record()
    with pytest.raises(NotPermitted):
        record(slug="other", by=account_with("chair"))
    assert may_record(user=account_with("secretariat"))
    assert not may_record(user=account_with("head"))


def test_an_election_of_the_committee_is_there_for_the_committee_alone():
    record(body="oversight", cast=2, counts=[("Aa", 1)], elected=[], visibility="committee")
    assert list_elections(user=NOBODY, language="en") == ()
    with pytest.raises(NotFound):
        election_view(slug="chair-2026", user=account_with("head", member="m3"), language="en")
    assert election_view(slug="chair-2026", user=account_with("head"), language="en").elected == ()
