"""Mirrors that were made from this server with the command's own pieces, served, and compared with it: each kind once, for real."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client
from django.utils import timezone

from comity.adapters.commons_sources import HttpCommons
from comity.adapters.mirror_folders import make_mirror
from comity.adapters.mirror_server import MirrorServer
from comity.adapters.mirroring import update_mirror
from comity.cli.server import mirrors as command
from comity.errors import Conflict, NotFound
from comity.platform.commons.looking_after import cut_waiting_files
from comity.platform.commons.mirror_checks import (
    compare_due_mirrors,
    compare_mirror,
    compare_named_mirrors,
    forget_old_comparisons,
)
from comity.platform.commons.mirrors import ask_comparison, end_mirror, name_mirror, offer_mirror
from comity.platform.commons.models import Mirror, MirrorComparison, StoredFile, Version
from comity.platform.commons.taking_down import take_release_down
from comity.platform.record.log import open_log, prepare_key
from comity.platform.record.sequencer import sequence_acts
from support.commons import bytes_of, describe, release
from support.commons_releases import flip_bit, served
from support.odd_sites import answering_site, raw_site, trickle
from support.pages import page
from support.parties import SET_UP, account_with, make_body

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
WEIGHTS = bytes_of(1, 3_000_000)
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()
WORDS = "commons/releases/words/1.0"


@pytest.fixture
def server(live_server, settings, tmp_path):
    settings.FILES, settings.DATA, settings.PRIVATE_MIRRORS = str(tmp_path / "files"), tmp_path, True
    make_body()
    prepare_key(origin="test.invalid/record")
    paths = {"README.md": b"# Words\n", "w.safetensors": WEIGHTS}
    release(contents=paths, description=describe(paths=tuple(paths)))
    release("hidden", contents={"README.md": b"# Hidden\n"}, visibility="members")
    cut_waiting_files()
    settle()
    yield live_server.url
    if connection.vendor == "postgresql":
        # threads of the server that a client left open keep their sessions, and with them the database
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def settle() -> None:
    """Take acts into the log, and let two days pass, so that mirrors have had their time to follow."""
    sequence_acts(log=open_log())
    Version.objects.update(released_at=timezone.now() - dt.timedelta(days=2))


@pytest.fixture
def folder(server, tmp_path):
    """A mirror of the server, as its command keeps it."""
    made = make_mirror(folder=tmp_path / "mirror", keys=[open_log().key.verifier.key], comes_from=server)
    source = HttpCommons(address=server)
    done = update_mirror(source=source, mirror=made)
    source.close()
    assert (done.added, done.refused) == ([WORDS], [])
    return made


def named_at(address, **given):
    asked = {"body": "assembly", "member": "m1", "names": {"en": "Library"}, "place": "002", "by": SET_UP}
    made = offer_mirror(address=address, **asked, **given)
    name_mirror(slug=made.slug, by=SET_UP)
    return Mirror.objects.get(pk=made.pk)


@contextmanager
def careless(folder, monkeypatch):
    """Serve a folder without a look at what it gives."""
    with monkeypatch.context() as patched:
        patched.setattr(MirrorServer, "demand_sound", lambda *_: None)
        with served(folder) as address:
            yield address


def latest(mirror):
    return MirrorComparison.objects.filter(mirror=mirror).order_by("-pk").first()


def test_an_honest_mirror_is_the_same_and_its_page_says_so(folder):
    with served(folder) as address:
        mirror = named_at(address)
        found = compare_mirror(mirror=mirror)
    assert (found.result, found.versions, found.differences) == ("same", 1, ())
    assert found.looked_at > len(WEIGHTS)
    mirror.refresh_from_db()
    assert (mirror.last_result, mirror.differs_since, mirror.doubts, mirror.lacks) == ("same", None, [], [])
    assert mirror.next_at > timezone.now() + dt.timedelta(hours=23)
    shown = page(Client(), f"/{mirror.reference}")
    assert "What was looked at is as it was released." in shown
    (row,) = Client().get("/hub/comity/mirrors").json()["mirrors"]
    assert (row["result"], row["address"], row["member"]) == ("same", mirror.address, "m1")
    assert row["last_compared"] == mirror.last_at.isoformat(timespec="seconds").replace("+00:00", "Z")


def test_an_altered_byte_is_found_shown_at_once_and_looked_at_again_until_it_is_mended(folder, monkeypatch):
    place = 2_345_678
    flip_bit(folder.file_path(DIGEST), place)
    head = account_with("head")
    with careless(folder, monkeypatch) as address:
        mirror = named_at(address)
        assert compare_mirror(mirror=mirror).result == "different"
        mirror.refresh_from_db()
        (doubt,) = mirror.doubts
        assert doubt["sha256"] == DIGEST
        assert doubt["start"] <= place
        since = mirror.differs_since
        assert Client().get("/hub/comity/mirrors").json()["mirrors"] == []
        assert "Library" not in page(Client(), "/commons/releases/words")
        shown = page(Client(), f"/{mirror.reference}")
        assert "Bytes of a file are others than were released." in shown
        assert "w.safetensors" in shown
        # On a day on which nothing else of the file is looked at, what is in doubt is looked at all the same.
        monkeypatch.setattr("comity.platform.commons.mirror_checks.cells_of_day", lambda **_: ())
        assert compare_mirror(mirror=mirror).result == "different"
    # Silence mends nothing.
    assert compare_mirror(mirror=mirror).result == "unreachable"
    mirror.refresh_from_db()
    assert (mirror.last_result, mirror.differs_since, len(mirror.doubts)) == ("unreachable", since, 1)
    assert Client().get("/hub/comity/mirrors").json()["mirrors"] == []
    flip_bit(folder.file_path(DIGEST), place)
    with careless(folder, monkeypatch) as address:
        Mirror.objects.filter(pk=mirror.pk).update(address=address)
        mirror.refresh_from_db()
        assert compare_mirror(mirror=mirror).result == "same"
    mirror.refresh_from_db()
    assert (mirror.differs_since, mirror.doubts) == (None, [])
    assert len(Client().get("/hub/comity/mirrors").json()["mirrors"]) == 1
    assert head is not None


def test_over_some_days_a_few_looks_find_what_one_altered_byte_hides(folder, monkeypatch):
    flip_bit(folder.file_path(DIGEST), 2_999_999)
    monkeypatch.setattr("comity.platform.commons.mirror_checks.CELLS_A_DAY", 1)
    now = timezone.now()
    results = []
    with careless(folder, monkeypatch) as address:
        mirror = named_at(address)
        for day in range(8):
            monkeypatch.setattr(timezone, "now", lambda day=day: now + dt.timedelta(days=day))
            results.append(compare_mirror(mirror=mirror).result)
            mirror.refresh_from_db()
    first = results.index("different")
    assert results[:first] == ["same"] * first
    assert set(results[first:]) == {"different"}


def test_a_version_that_is_missing_after_its_time_makes_a_mirror_behind(folder):
    release(label="1.1", contents={"README.md": b"# More\n"})
    with served(folder) as address:
        mirror = named_at(address)
        assert compare_mirror(mirror=mirror).result == "same"
        settle()
        found = compare_mirror(mirror=mirror)
    assert (found.result, [d.reference for d in found.differences]) == ("behind", ["commons/releases/words/1.1"])
    mirror.refresh_from_db()
    assert mirror.lacks == ["words"]
    assert "A version is not there yet" in page(Client(), "/commons/releases/words")
    assert Client().get("/hub/comity/mirrors").json()["mirrors"][0]["result"] == "behind"


def test_a_mirror_is_not_behind_for_what_it_does_not_serve_or_cannot_have(folder, settings):
    release("other", contents={"README.md": b"# Other\n"})
    settle()
    with served(folder) as address:
        mirror = named_at(address, serves=["words"])
        assert compare_mirror(mirror=mirror).result == "same"
        Mirror.objects.filter(pk=mirror.pk).update(serves=[])
        mirror.refresh_from_db()
        StoredFile.objects.exclude(sha256=DIGEST).update(scan="infected")
        assert compare_mirror(mirror=mirror).result == "same"
        StoredFile.objects.update(scan="clean")
        assert compare_mirror(mirror=mirror).result == "behind"


def test_a_release_that_was_taken_down_and_is_given_still_makes_a_mirror_behind(folder):
    take_release_down(slug="words", rule="Rule 9", reason="A test", by=SET_UP)
    with served(folder) as address:
        mirror = named_at(address)
        assert compare_mirror(mirror=mirror).result == "same"
        Version.objects.get(act__subject=WORDS).release.__class__.objects.filter(slug="words").update(
            taken_down_at=timezone.now() - dt.timedelta(days=2)
        )
        found = compare_mirror(mirror=mirror)
    assert (found.result, [d.kind for d in found.differences]) == ("behind", ["taken-down"])


def test_of_what_is_not_public_no_comparison_says_anything(folder):
    """A mirror that lists a hidden release is told nothing of it: it is passed over, as what was never released is."""
    listing = json.loads(Client().get("/hub/comity/catalogue.json").content)
    hidden = Version.objects.get(release__slug="hidden")
    row = {
        "reference": "commons/releases/hidden",
        "versions": [
            {
                "reference": hidden.reference,
                "number": 1,
                "manifest_sha256": "0" * 64,
                "act": str(hidden.act_id),
            }
        ],
    }
    content = json.dumps({"releases": [*listing["releases"], row]}).encode()

    def answer(path):
        return (200, {}, content) if path.endswith("catalogue.json") else (404, {}, b"")

    with answering_site(answer) as (address, asked):
        found = compare_mirror(mirror=named_at(address))
    assert {d.reference for d in found.differences} == {WORDS}
    assert "hidden" not in json.dumps(latest(Mirror.objects.get()).differences)
    assert [path for path, _ in asked if hidden.manifest_sha256 in path] == []


def test_a_dead_a_slow_and_a_redirecting_mirror_are_not_reached_and_hold_nobody(folder):
    mirror = named_at("http://127.0.0.1:9")
    assert (compare_mirror(mirror=mirror).result, latest(mirror).problem) == ("unreachable", "no-answer")
    with raw_site(trickle) as address:
        mirror = named_at(address)
        assert compare_mirror(mirror=mirror, seconds=0.5).problem == "too-slow"
    with (
        served(folder) as honest,
        answering_site(lambda path: (302, {"Location": f"{honest}{path}"}, b"")) as (address, _),
    ):
        mirror = named_at(address)
        assert compare_mirror(mirror=mirror).problem == "redirect"
    assert "It sends elsewhere, and redirects are not followed." in page(Client(), f"/{mirror.reference}")
    mirror.refresh_from_db()
    assert mirror.next_at < timezone.now() + dt.timedelta(hours=7)


def test_an_address_in_a_private_network_is_not_asked_unless_the_setting_allows(folder, settings):
    with served(folder) as address:
        mirror = named_at(address)
        settings.PRIVATE_MIRRORS = False
        assert compare_mirror(mirror=mirror).problem == "not-public"
        settings.PRIVATE_MIRRORS = True
        assert compare_mirror(mirror=mirror).result == "same"


def test_each_named_mirror_is_compared_once_a_day_and_when_it_is_asked_for(folder, settings):
    with served(folder) as address:
        mirror = named_at(address)
        offer_mirror(
            body="assembly", member="m2", names={"en": "Not yet"}, address=f"{address}/x", place="002", by=SET_UP
        )
        assert (compare_due_mirrors(), compare_due_mirrors()) == (1, 0)
        assert compare_due_mirrors(now=timezone.now() + dt.timedelta(hours=25)) == 1
        ask_comparison(slug=mirror.slug, by=account_with("operator"))
        settings.EXAMPLE = True
        assert compare_due_mirrors() == 0
        settings.EXAMPLE = False
        assert (compare_due_mirrors(), compare_due_mirrors()) == (1, 0)
    assert MirrorComparison.objects.count() == 3


def test_a_mirror_that_ended_while_it_was_compared_keeps_nothing(folder):
    with served(folder) as address:
        mirror = named_at(address)
        end_mirror(slug=mirror.slug, by=SET_UP)
        assert compare_mirror(mirror=mirror) is None
    assert not MirrorComparison.objects.exists()
    with pytest.raises(Conflict):
        list(compare_named_mirrors(slug=mirror.slug))
    with pytest.raises(NotFound):
        list(compare_named_mirrors(slug="nothing"))


def test_history_is_kept_for_ninety_days_and_the_latest_for_as_long_as_the_mirror(folder):
    mirror, other = named_at("http://127.0.0.1:9"), named_at("http://127.0.0.1:10")
    for row in (mirror, mirror, mirror, other):
        compare_mirror(mirror=row)
    old = timezone.now() - dt.timedelta(days=91)
    MirrorComparison.objects.exclude(pk=latest(mirror).pk).update(at=old)
    assert forget_old_comparisons() == 2
    assert sorted(c.mirror_id for c in MirrorComparison.objects.all()) == sorted([mirror.pk, other.pk])


def test_the_operators_command_says_what_was_found(folder, monkeypatch):
    monkeypatch.setattr(command, "open_instance", lambda: None)
    run = CliRunner()
    assert "No mirror is named yet." in run.invoke(command.compare, []).output
    with served(folder) as address:
        mirror = named_at(address)
        said = run.invoke(command.compare, ["--mirror", mirror.slug])
        assert (said.exit_code, f"{mirror.slug} ({address}) is same. 1 versions compared" in said.output) == (0, True)
    said = run.invoke(command.compare, ["--json"])
    told = json.loads(said.output)
    assert (said.exit_code, told["ok"]) == (0, True)
    assert (told["mirrors"][0]["result"], told["mirrors"][0]["problem"]) == ("unreachable", "no-answer")
    flip_bit(folder.file_path(DIGEST), 7)
    with careless(folder, monkeypatch) as address:
        Mirror.objects.filter(pk=mirror.pk).update(address=address)
        said = run.invoke(command.compare, [])
    assert said.exit_code == 4
    assert f"{WORDS} w.safetensors: bytes of a file are others than were released." in said.output
    assert run.invoke(command.compare, ["--mirror", "nothing"]).exit_code == 2
