"""What is taken down keeps its page, and its files are given to nobody; notices are shown where they fit."""

from __future__ import annotations

import json

import pytest

from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons.catalogues import whole_catalogue
from comity.platform.commons.models import Release
from comity.platform.commons.notices import end_notice, notices_in_force, notices_on, set_notice
from comity.platform.commons.release_views import release_view
from comity.platform.commons.releases_seen import file_seen
from comity.platform.commons.taking_down import restore_release, take_release_down
from comity.platform.record.models import Act
from support.commons import bytes_of, release
from support.parties import SET_UP, account_with, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _body():
    make_body()


def test_a_release_that_was_taken_down_says_why_and_gives_nothing():
    digest = release().manifest["files"][0]["sha256"]
    take_release_down(slug="words", rule="Rule 30", reason="It holds names of persons.", by=account_with("secretariat"))
    view = release_view(slug="words", user=None)
    assert (view.taken_down.rule, view.taken_down.reason) == ("Rule 30", "It holds names of persons.")
    assert [f.given for f in view.version.files] == [False, False]
    with pytest.raises(NotFound):
        file_seen(sha256=digest, user=None)
    listed = json.loads(whole_catalogue(user=None))["releases"][0]
    assert (listed["taken_down"]["rule"], listed["versions"][0]["files"]) == ("Rule 30", [])
    act = Act.objects.get(type="take-release-down")
    assert (act.office, act.subject, str(act.pk)) == ("secretariat", "commons/releases/words", view.taken_down.act)


def test_the_same_content_in_a_release_that_stands_is_given_still():
    shared = {"README.md": b"same", "w.safetensors": bytes_of(1, 9)}
    digest = release(contents=shared).manifest["files"][0]["sha256"]
    release("standing", contents=shared)
    take_release_down(slug="words", rule="Rule 30", reason="x", by=SET_UP)
    assert file_seen(sha256=digest, user=None).size == 4


def test_nothing_is_released_under_a_name_that_was_taken_down_until_it_is_restored():
    digest = release().manifest["files"][0]["sha256"]
    take_release_down(slug="words", rule="Rule 30", reason="x", by=SET_UP)
    with pytest.raises(Conflict, match="taken down"):
        release(label="2.0", contents={"README.md": b"2"})
    with pytest.raises(Conflict, match="already"):
        take_release_down(slug="words", rule="Rule 30", reason="x", by=SET_UP)
    restore_release(slug="words", rule="Rule 31", reason="The names are gone.", by=SET_UP)
    assert file_seen(sha256=digest, user=None).sha256 == digest
    assert release_view(slug="words", user=None).taken_down is None
    assert release(label="2.0", contents={"README.md": b"2"}).number == 2
    with pytest.raises(Conflict, match="not taken down"):
        restore_release(slug="words", rule="Rule 31", reason="x", by=SET_UP)


@pytest.mark.parametrize("role", ["head", "focal-point", "operator", "reviewer", "public"])
def test_only_the_secretariat_takes_down(role):
    release()
    user = account_with(role)
    for service in (take_release_down, restore_release):
        with pytest.raises(NotPermitted):
            service(slug="words", rule="Rule 30", reason="x", by=user)
    assert not Release.objects.filter(taken_down_at__isnull=False).exists()


def test_taking_down_asks_for_a_rule_and_a_reason():
    release()
    for given in ({"rule": "", "reason": "x"}, {"rule": "Rule 30", "reason": " "}):
        with pytest.raises(BadParameter):
            take_release_down(slug="words", by=SET_UP, **given)
    with pytest.raises(NotFound):
        take_release_down(slug="nothing", rule="Rule 30", reason="x", by=SET_UP)


def test_a_notice_is_shown_where_it_fits_until_it_ends():
    given = {"body": "assembly", "rule": "Regulation 1", "by": account_with("operator")}
    for_all = set_notice(texts={"en": "All", "fr": "Tous"}, **given)
    set_notice(texts={"en": "Open models"}, kinds=["model"], licence_classes=["open"], **given)
    assert [n.text for n in notices_on(kind="model", licence_class="open", language="fr")] == ["Tous", "Open models"]
    assert [n.text for n in notices_on(kind="paper", licence_class="open")] == ["All"]
    end_notice(id=for_all.pk, rule="Regulation 2", by=SET_UP)
    assert [n.text for n in notices_in_force()] == ["Open models"]
    with pytest.raises(Conflict):
        end_notice(id=for_all.pk, rule="Regulation 2", by=SET_UP)
    assert list(
        Act.objects.filter(subject="commons/notices").order_by("entered_at").values_list("type", flat=True)
    ) == [
        "set-notice",
        "set-notice",
        "end-notice",
    ]


@pytest.mark.parametrize("role", ["head", "focal-point", "chair", "reviewer", "public"])
def test_only_the_secretariat_and_the_operator_set_a_notice(role):
    with pytest.raises(NotPermitted):
        set_notice(body="assembly", texts={"en": "All"}, rule="Regulation 1", by=account_with(role))
    assert notices_in_force() == notices_in_force()[:0]


def test_a_notice_that_fits_nothing_is_refused():
    with pytest.raises(BadParameter, match="model, dataset"):
        set_notice(body="assembly", texts={"en": "x"}, rule="R", kinds=["car"], by=SET_UP)
    with pytest.raises(NotPermitted):
        set_notice(body="assembly", texts={"en": "x"}, rule="R", by=account_with("head"))
