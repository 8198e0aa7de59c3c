"""Rules of procedure are put in force and set aside by acts; a version is never changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.adapters.rule_files import built_in_names, built_in_rule, built_in_text, parse_rule
from comity.errors import BadParameter, BadRule, Conflict, NotFound, NotPermitted
from comity.platform.decisions import rule_views
from comity.platform.decisions.models import RuleInForce
from comity.platform.decisions.ruling import (
    MOST_RULE,
    next_version,
    put_in_force,
    rule_in_force,
    rule_of,
    rules_in_force,
    set_aside_rule,
)
from comity.platform.record.chain import chain_of
from comity.platform.record.models import Act
from support.decisions import make_rule
from support.dialogue import NOBODY
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db
NAME = "unga-two-thirds"
TEXT = built_in_text(NAME)


def as_version(number: int, text: str = TEXT) -> str:
    return text.replace("version = 1\n", f"version = {number}\n")


@pytest.fixture(autouse=True)
def _body():
    make_body()


@pytest.mark.parametrize("name", built_in_names())
def test_every_rule_that_comes_with_comity_can_be_put_in_force_as_it_is(name):
    row = make_rule(name)
    assert (rule_of(row), row.version) == (built_in_rule(name), 1)
    assert row.text == built_in_text(name)


def test_the_act_holds_the_text_so_that_anyone_can_count_again():
    row = make_rule()
    act = Act.objects.get(type="put-rule-in-force")
    held = json.loads(zlib.decompress(bytes(act.payload)))
    assert parse_rule(text=held["text"], file="payload") == rule_of(row)
    assert held["text_sha256"] == hashlib.sha256(held["text"].encode()).hexdigest() == row.text_sha256
    assert act.subject == f"decisions/rules/oversight/{NAME}/1" == row.reference
    assert act.visibility == "public"


def test_a_version_stands_until_the_next_is_put_in_force_and_a_row_keeps_its_own():
    first = make_rule()
    second = put_in_force(body="oversight", text=as_version(2), authority="C/3/DEC.1", by=account_with("secretariat"))
    first.refresh_from_db()
    assert first.ends_at is not None
    assert second.ends_at is None
    assert rule_in_force(body="oversight", name=NAME).version == 2
    assert rule_in_force(body="oversight", name=NAME, moment=first.starts_at).version == 1
    assert rule_of(first).version == 1
    chain = chain_of(reference=second.reference, user=NOBODY)
    assert first.reference in chain.rests_on


def test_a_rule_that_is_set_aside_is_in_force_no_longer_and_its_next_version_is_one_more():
    row = make_rule()
    set_aside_rule(body="oversight", name=NAME, authority="C/3/DEC.2", by=SET_UP)
    assert list(rules_in_force(body="oversight")) == []
    assert rule_in_force(body="oversight", name=NAME, moment=row.starts_at) == row
    with pytest.raises(NotFound):
        rule_in_force(body="oversight", name=NAME)
    with pytest.raises(Conflict):
        set_aside_rule(body="oversight", name=NAME, authority="C/3/DEC.2", by=SET_UP)
    assert next_version(body="oversight", name=NAME) == 2
    with pytest.raises(BadRule, match="is 1; the next version of unga-two-thirds here is 2"):
        make_rule()
    put_in_force(body="oversight", text=as_version(2), authority="C/3/DEC.3", by=SET_UP)
    assert [r.version for r in rules_in_force(body="oversight")] == [2]


def test_each_body_has_its_own_versions():
    make_rule(body="oversight")
    assert make_rule(body="other").version == 1
    before = timezone.now() - dt.timedelta(days=1)
    assert list(rules_in_force(body="other", moment=before)) == []


@pytest.mark.parametrize("number", [0, 2, 3])
def test_a_version_that_is_not_the_next_is_refused_and_changes_nothing(number):
    with pytest.raises(BadRule):
        put_in_force(body="oversight", text=as_version(number), authority="Rule 30", by=SET_UP)
    assert not RuleInForce.objects.exists()
    assert not Act.objects.filter(type="put-rule-in-force").exists()


@pytest.mark.parametrize(
    "text, error",
    [
        ("", BadRule),
        ("name = ", BadRule),
        ("name = 1", BadRule),
        (TEXT.replace('"2/3"', "0.666"), BadRule),
        (TEXT.replace("voting", "those voting"), BadRule),
        (TEXT.replace("important question", "important\u202equestion"), BadParameter),
        (TEXT.replace("important question", "important\x00question"), BadParameter),
        (TEXT.replace("important question", "important\ufeffquestion"), BadParameter),
        (TEXT.replace("important question", "x" * 201), BadRule),
        (TEXT + "#" * MOST_RULE, BadParameter),
    ],
)
def test_bad_texts_are_refused_and_change_nothing(text, error):
    with pytest.raises(error):
        put_in_force(body="oversight", text=text, authority="Rule 30", by=SET_UP)
    assert not RuleInForce.objects.exists()


def test_a_rule_is_put_in_force_on_an_authority_in_a_body_that_there_is():
    with pytest.raises(BadParameter):
        put_in_force(body="oversight", text=TEXT, authority=" ", by=SET_UP)
    with pytest.raises(NotFound):
        put_in_force(body="nowhere", text=TEXT, authority="Rule 30", by=SET_UP)
    with pytest.raises(NotPermitted):
        set_aside_rule(body="oversight", name=NAME, authority="Rule 30", by=account_with("chair"))


def test_line_ends_of_a_form_are_kept_as_one_form():
    row = put_in_force(body="oversight", text=TEXT.replace("\n", "\r\n"), authority="Rule 30", by=SET_UP)
    assert row.text == TEXT


def test_two_versions_of_one_name_are_never_in_force_together():
    row = make_rule()
    copy = RuleInForce(**{f.attname: getattr(row, f.attname) for f in RuleInForce._meta.fields if f.attname != "id"})
    copy.version = 2
    copy.act = Act.objects.filter(type="form-body").first()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_a_view_works_the_rule_through_with_the_votes_that_the_body_has():
    make_rule(body="assembly")
    found = rule_views.rule_view(body="assembly", name=NAME, version=1, user=NOBODY)
    assert found.members == 4
    assert (found.worked[0].voting, found.worked[0].least) == (4, 3)
    assert (found.broken, found.may_change) == ("", False)
    assert rule_views.rule_view(body="assembly", name=NAME, version=1, user=account_with("secretariat")).may_change
    with pytest.raises(NotFound):
        rule_views.rule_view(body="assembly", name=NAME, version=2, user=NOBODY)


def test_a_rule_in_which_yes_can_undo_an_adoption_comes_with_a_warning():
    text = TEXT + '\n[[valid_when]]\ncount = "yes"\nrelation = "at most"\nnumber = 3\n'
    assert rule_views.preview_rule(text=text, body="oversight").broken == "no"


def test_what_is_composed_is_written_under_the_version_that_comes_next():
    make_rule()
    data = rule_views.data_to_start_from(name=NAME, body="oversight")
    text = rule_views.write_next_version(data=data, body="oversight")
    assert put_in_force(body="oversight", text=text, authority="C/3/DEC.4", by=SET_UP).version == 2
    assert rule_views.data_to_start_from(name="consensus")["name"] == "consensus"
    with pytest.raises(NotFound):
        rule_views.data_to_start_from(name="none")


def test_lists_tell_what_is_in_force_from_what_was():
    make_rule()
    put_in_force(body="oversight", text=as_version(2), authority="C/3/DEC.1", by=SET_UP)
    assert [(c.name, c.version) for c in rule_views.list_rules()] == [(NAME, 2)]
    assert [(c.name, c.version) for c in rule_views.list_rules(in_force=False)] == [(NAME, 1)]
    assert [r.name for r in rule_views.built_in_rules()] == list(built_in_names())
