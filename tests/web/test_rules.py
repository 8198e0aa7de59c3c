"""Pages of rules of procedure: what they show, a rule composed without scripts, what is refused and kept as it was typed."""

from __future__ import annotations

import html

import pytest
from django.core.cache import cache
from django.test import Client

from comity.adapters.rule_files import built_in_names, built_in_rule, built_in_text, read_toml
from comity.adapters.rule_writing import write_rule
from comity.engines.decisions.composing import compose_rule
from comity.errors import BadParameter
from comity.platform.decisions.models import RuleInForce
from comity.platform.decisions.ruling import rule_of
from comity.web.decisions import rule_form
from support.decisions import make_rule
from support.pages import fields_of, page, signed_in
from support.parties import make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _body():
    cache.clear()
    make_body()


def test_rules_in_force_and_those_that_come_with_comity_are_listed():
    make_rule()
    listed = page(Client(), "/decisions/rules")
    assert 'href="/decisions/rules/oversight/unga-two-thirds/1"' in listed
    for name in built_in_names():
        assert f'href="/decisions/rules/{name}"' in listed
    assert "Compose a rule" not in listed
    assert "Compose a rule" in page(signed_in("secretariat"), "/decisions/rules")


@pytest.mark.parametrize("name", built_in_names())
def test_each_rule_that_comes_with_comity_says_its_source_its_tests_and_its_file(name):
    shown = page(Client(), f"/decisions/rules/{name}")
    rule = built_in_rule(name)
    for said in (rule.title, rule.words, rule.source):
        assert said in shown
    answer = Client().get(f"/decisions/rules/{name}.toml")
    assert answer.content.decode() == built_in_text(name)
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.toml"'


def test_a_rule_in_force_shows_sentences_worked_numbers_exact_tests_and_its_act():
    row = make_rule(body="assembly")
    shown = page(Client(), "/decisions/rules/assembly/unga-two-thirds/1")
    assert "Yes: at least two thirds of those voting." in shown
    assert '<td class="num">4</td><td class="num">0</td><td class="num">0</td><td class="num">3</td>' in shown
    assert '<bdi dir="ltr">2/3</bdi>' in shown
    assert f"/record/acts/{row.act_id}" in shown
    assert Client().get("/decisions/rules/assembly/unga-two-thirds/1.toml").content.decode() == row.text
    for missing in ("assembly/unga-two-thirds/2", "assembly/none/1", "none/unga-two-thirds/1", "none", "none.toml"):
        page(Client(), f"/decisions/rules/{missing}", status=404)


def test_exact_tests_tell_a_position_from_the_set_of_the_same_name_and_a_percentage_from_a_fraction():
    shown = page(Client(), "/decisions/rules/eu-qmv-55-65")
    assert "No + Abstain + Present, not voting + Not present" in shown
    assert '<bdi dir="ltr">55% = 11/20</bdi>' in shown
    assert '<bdi dir="ltr">4</bdi>' in shown
    assert "those present" in page(Client(), "/decisions/rules/codex")


def test_a_page_of_a_rule_in_arabic_keeps_names_and_fractions_apart():
    shown = page(Client(), "/decisions/rules/unga-two-thirds?lang=ar")
    assert 'dir="rtl"' in shown
    assert '<bdi dir="ltr">2/3</bdi>' in shown


def test_the_secretariat_sets_a_rule_aside_and_its_page_stays():
    make_rule()
    address = "/decisions/rules/oversight/unga-two-thirds/1"
    assert Client().post(address, {"authority": "Rule 30"}).status_code in {302, 403}
    assert signed_in("chair").post(address, {"authority": "Rule 30"}).status_code == 403
    client = signed_in("secretariat")
    assert client.post(address, {"authority": ""}).status_code == 400
    assert RuleInForce.objects.get().ends_at is None
    assert client.post(address, {"authority": "C/3/DEC.2"}).status_code == 302
    assert "This version is not in force any more" in page(Client(), address)


def test_composing_is_for_the_secretariat():
    assert signed_in("chair").get("/decisions/rules/new").status_code == 403
    assert Client().get("/decisions/rules/new").status_code == 302


@pytest.mark.parametrize("name", built_in_names())
def test_each_rule_that_comes_with_comity_goes_through_the_form_unchanged(name):
    client = signed_in("secretariat")
    form = fields_of(page(client, f"/decisions/rules/new?from={name}&body=other"))
    shown = client.post("/decisions/rules/new", {**form, "do": "preview"})
    assert shown.status_code == 200
    assert "It is not in force yet." in shown.content.decode()
    assert not RuleInForce.objects.exists()
    forced = client.post("/decisions/rules/new", {**form, "do": "force", "authority": "Rule 30"})
    assert forced["Location"] == f"/decisions/rules/other/{name}/1"
    assert rule_of(RuleInForce.objects.get()) == built_in_rule(name)


def test_a_rule_is_composed_from_nothing_by_buttons_that_keep_what_was_typed():
    client = signed_in("secretariat")
    form = fields_of(page(client, "/decisions/rules/new?body=oversight"))
    form |= {
        "name": "half-and-four",
        "title": "A majority & more",
        "source": "Rule 71",
        "words": "More yes than no, four at least.",
    }
    form = fields_of(html.unescape(client.post("/decisions/rules/new", {**form, "do": "add-adopted"}).content.decode()))
    assert (form["title"], form["adopted-rows"]) == ("A majority & more", "2")
    form |= {"adopted-1-count": "yes", "adopted-1-relation": "at least", "adopted-1-amount": "four", "adopted-1-of": ""}
    wrong = client.post("/decisions/rules/new", {**form, "do": "preview"})
    assert wrong.status_code == 400
    assert "adopted_when, test 2" in html.unescape(wrong.content.decode())
    form = fields_of(html.unescape(wrong.content.decode())) | {"adopted-1-amount": "4", "authority": "C/3/DEC.9"}
    form = fields_of(html.unescape(client.post("/decisions/rules/new", {**form, "do": "add-valid"}).content.decode()))
    assert form["valid-rows"] == "1"
    form = fields_of(
        html.unescape(client.post("/decisions/rules/new", {**form, "do": "remove-valid-0"}).content.decode())
    )
    assert form["valid-rows"] == "0"
    shown = html.unescape(client.post("/decisions/rules/new", {**form, "do": "preview"}).content.decode())
    assert "Yes: more than half of those voting." in shown
    assert "Yes: at least 4." in shown
    assert client.post("/decisions/rules/new", {**form, "do": "force"}).status_code == 302
    rule = rule_of(RuleInForce.objects.get())
    assert (rule.title, len(rule.adopted), rule.version) == ("A majority & more", 2, 1)


def test_a_rule_in_which_yes_can_undo_an_adoption_is_previewed_with_a_warning():
    client = signed_in("secretariat")
    form = fields_of(page(client, "/decisions/rules/new?from=unga-simple-majority&body=oversight"))
    form = fields_of(html.unescape(client.post("/decisions/rules/new", {**form, "do": "add-valid"}).content.decode()))
    last = int(str(form["valid-rows"])) - 1
    form |= {
        f"valid-{last}-count": "yes",
        f"valid-{last}-relation": "at most",
        f"valid-{last}-amount": "3",
        f"valid-{last}-of": "",
    }
    shown = html.unescape(client.post("/decisions/rules/new", {**form, "do": "preview"}).content.decode())
    assert "might undo an adoption under this rule" in shown


def test_the_next_version_starts_from_the_one_in_force():
    make_rule()
    client = signed_in("secretariat")
    form = fields_of(page(client, "/decisions/rules/new?from=oversight/unga-two-thirds&body=oversight"))
    forced = client.post(
        "/decisions/rules/new", {**form, "do": "force", "authority": "C/3/DEC.3", "title": "Two thirds"}
    )
    assert forced["Location"] == "/decisions/rules/oversight/unga-two-thirds/2"
    assert [r.version for r in RuleInForce.objects.filter(ends_at__isnull=True)] == [2]


def test_a_text_is_read_into_the_form_or_put_in_force_as_it_is():
    client = signed_in("secretariat")
    blank = fields_of(page(client, "/decisions/rules/new?body=oversight"))
    read = client.post("/decisions/rules/new", {**blank, "toml": built_in_text("eu-qmv-55-65"), "do": "read"})
    form = fields_of(html.unescape(read.content.decode()))
    assert (form["name"], form["weights-0-name"], form["adopted-1-either"]) == ("eu-qmv-55-65", "population", "A")
    text = built_in_text("consensus")
    forced = client.post("/decisions/rules/new", {**blank, "toml": text, "do": "force-text", "authority": "Rule 1"})
    assert forced["Location"] == "/decisions/rules/oversight/consensus/1"
    assert RuleInForce.objects.get().text == text
    again = client.post("/decisions/rules/new", {**blank, "toml": text, "do": "force-text", "authority": "Rule 1"})
    assert again.status_code == 400
    assert "the next version of consensus here is 2" in html.unescape(again.content.decode())


@pytest.mark.parametrize("name", built_in_names())
def test_a_form_of_a_rule_gives_the_same_rule_back(name):
    form = rule_form.form_of_data(read_toml(text=built_in_text(name), file=name))
    data = rule_form.data_of_form(form) | {"version": 1}
    assert compose_rule(data=data, file=name) == built_in_rule(name)


@pytest.mark.parametrize(
    "change",
    [
        {"positions": {f"p{n}": {"counts": "voting"} for n in range(9)}},
        {"adopted_when": [{"count": "yes", "relation": "at least", "number": 1}] * 11},
        {"adopted_when": [{"any": [{"count": "yes", "relation": "at least", "number": 1}] * 2}] * 4},
        {
            "adopted_when": [
                {"count": "yes", "group": "a", "of_group": "b", "relation": "at least", "share": "1/2", "of": "yes"}
            ]
        },
    ],
)
def test_a_rule_with_more_than_the_form_shows_is_told_to_stay_a_text(change):
    with pytest.raises(BadParameter, match="TOML"):
        rule_form.form_of_data(change)


@pytest.mark.parametrize(
    "sent", [{"do": "add-nothing"}, {"do": ""}, {"adopted-rows": "11"}, {"adopted-rows": "x"}, {"after-tie": "war"}]
)
def test_a_form_that_no_page_sends_is_refused(sent):
    client = signed_in("secretariat")
    form = fields_of(page(client, "/decisions/rules/new?body=oversight"))
    assert client.post("/decisions/rules/new", {**form, "do": "preview", **sent}).status_code == 400
    assert not RuleInForce.objects.exists()


def test_nothing_that_is_typed_comes_back_as_markup():
    client = signed_in("secretariat")
    form = fields_of(page(client, "/decisions/rules/new?from=consensus&body=oversight"))
    bad = {"title": "<script>x</script>", "words": "</textarea><b>", "authority": '"><i>'}
    shown = client.post("/decisions/rules/new", {**form, **bad, "do": "preview"}).content.decode()
    assert "<script>x" not in shown
    assert "</textarea><b>" not in shown
    assert '"><i>' not in shown
    text = write_rule(data=read_toml(text=built_in_text("consensus"), file="r") | {"title": "<b>bold</b>"})
    client.post("/decisions/rules/new", {**form, "toml": text, "do": "force-text", "authority": "Rule 1"})
    assert "<b>bold" not in Client().get("/decisions/rules/oversight/consensus/1").content.decode()
