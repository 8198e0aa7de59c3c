"""Files that are sent: bounded at the door, read in a process of their own, looked at, taken in by an act, or thrown away."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from django.conf import settings as held
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from comity.adapters.reading_apart import read_apart
from comity.errors import NotPermitted
from comity.platform.alignment import uploads
from comity.platform.alignment.models import Instrument, Provision, Upload
from comity.platform.record.models import Act
from comity.platform.work.models import Job
from comity.platform.work.services import JobCancelled

LAW = """# Ley de sistemas de inteligencia artificial

## Artículo 1. Objeto

La presente ley regula el desarrollo y el uso de sistemas de inteligencia artificial en la República.

## Artículo 2. Supervisión humana

Toda persona que opere un sistema de alto riesgo deberá garantizar que una persona pueda supervisarlo y detenerlo.

## Artículo 3. Registro

La autoridad podrá llevar un registro público de los sistemas de alto riesgo.
"""


@pytest.fixture
def secretariat(client, account):
    client.force_login(account("secretariat"))
    return client


def send(client, name, content, **more):
    return client.post(reverse("uploads"), {"files": SimpleUploadedFile(name, content), **more}, follow=True)


def work(name):
    job = Job.objects.get(kind="read-upload", subject=name, state="waiting")
    uploads.read_upload.call(job_id=job.pk)
    job.refresh_from_db()
    return job


def facts(**changed):
    return {
        "do": "take-in", "title": "Ley de sistemas", "short_title": "Ley de IA", "name": "costa-rica-law",
        "party": "CRI", "kind": "law", "status": "in-force", "binding": "yes", "date": "2026-03-01", "language": "es",
        "official_url": "https://example.org/ley", "basis": "full-text", "visibility": "public", **changed,
    }  # fmt: skip


def test_a_file_is_read_looked_at_and_taken_in_by_one_act(secretariat):
    page = send(secretariat, "Ley de IA.es.md", LAW.encode())
    assert "1 file was received" in page.content.decode()
    upload = Upload.objects.get()
    assert (upload.file_name, upload.size) == ("Ley de IA.es.md", len(LAW.encode()))
    assert "waits for the worker" in secretariat.get(reverse("upload", args=[upload.name])).content.decode()
    assert work(upload.name).state == "done"
    shown = secretariat.get(reverse("upload", args=[upload.name])).content.decode()
    assert "3 provisions were found" in shown
    assert 'dir="ltr">art_2<' in shown
    acts = Act.objects.filter(type="enter-instrument").count()
    secretariat.post(reverse("upload", args=[upload.name]), facts())
    taken = Instrument.objects.get(slug="costa-rica-law")
    assert (taken.party, taken.language, taken.visibility) == ("CRI", "es", "public")
    assert list(Provision.objects.filter(instrument=taken).values_list("ref", flat=True)) == ["art_1", "art_2", "art_3"]
    assert Act.objects.filter(type="enter-instrument").count() == acts + 1
    assert Job.objects.filter(kind="align", state="waiting").exists()
    assert not (held.DATA / "uploads" / upload.name).exists()
    upload.refresh_from_db()
    assert (upload.instrument_id, upload.found) == (taken.pk, None)
    assert secretariat.get(reverse("instrument", args=["costa-rica-law"])).status_code == 200
    again = secretariat.post(reverse("upload", args=[upload.name]), facts(name="another"))
    assert again.status_code == 409


def test_a_file_is_taken_in_as_a_new_version_of_a_text_and_the_same_text_twice_is_not(secretariat):
    def take(text, **changed):
        send(secretariat, "ley.es.md", text.encode())
        upload = Upload.objects.filter(instrument=None).latest("pk")
        work(upload.name)
        return secretariat.post(reverse("upload", args=[upload.name]), facts(name="cr-law", **changed))

    assert take(LAW).status_code == 302
    second = LAW.replace("un registro público", "un registro público y gratuito")
    assert take(second, version_of="cr-law").status_code == 302
    held = Instrument.objects.get(slug="cr-law")
    assert held.version == 2
    assert Provision.objects.get(instrument=held, ref="art_3").text.endswith(
        "y gratuito de los sistemas de alto riesgo."
    )
    assert Act.objects.filter(type="enter-version", subject__contains="cr-law").count() == 1
    assert take(second, version_of="cr-law").status_code == 409
    assert take(second, version_of="no-such-text").status_code == 400
    assert Instrument.objects.get(slug="cr-law").version == 2


def test_a_text_for_members_alone_is_never_seen_by_others(secretariat, client):
    send(secretariat, "draft.es.md", LAW.encode())
    upload = Upload.objects.get()
    work(upload.name)
    secretariat.post(reverse("upload", args=[upload.name]), facts(visibility="members", name="quiet-law"))
    act = Act.objects.get(type="enter-instrument", subject="alignment/instruments/quiet-law")
    secretariat.logout()
    assert client.get(reverse("instrument", args=["quiet-law"])).status_code == 404
    assert act.visibility == "members"
    assert client.get(reverse("act", args=[act.pk])).status_code in {302, 404}
    assert "Ley de IA" not in client.get(reverse("record")).content.decode()


@pytest.mark.parametrize(
    "changed, named",
    [
        ({"name": "Bad Name"}, "name"),
        ({"name": ""}, "name"),
        ({"title": ""}, "title"),
        ({"party": "XXX"}, "party"),
        ({"party": "MULTI"}, "signatories"),
        ({"party": "MULTI", "signatories": "KEN QQQ"}, "signatories"),
        ({"signatories": "KEN"}, "signatories"),
        ({"kind": "poem"}, "Kind"),
        ({"status": "dead"}, "status"),
        ({"binding": "perhaps"}, "binding"),
        ({"date": "2026-13-01"}, "date"),
        ({"language": "a language"}, "language"),
        ({"language": ""}, "language"),
        ({"official_url": "javascript:alert(1)"}, "official_url"),
        ({"subdivision": "a b"}, "subdivision"),
        ({"visibility": "everyone"}, "Who will see it is"),
    ],
)
def test_a_fact_that_cannot_be_used_is_named_and_nothing_is_taken_in(secretariat, changed, named):
    send(secretariat, "ley.es.md", LAW.encode())
    upload = Upload.objects.get()
    work(upload.name)
    before = Instrument.objects.count()
    answer = secretariat.post(reverse("upload", args=[upload.name]), facts(**changed))
    assert answer.status_code == 400
    assert named in answer.content.decode()
    assert Instrument.objects.count() == before
    upload.refresh_from_db()
    assert upload.found is not None


def test_a_name_that_is_taken_is_refused(secretariat):
    send(secretariat, "ley.es.md", LAW.encode())
    upload = Upload.objects.get()
    work(upload.name)
    held_name = Instrument.objects.first().slug
    answer = secretariat.post(reverse("upload", args=[upload.name]), facts(name=held_name))
    assert answer.status_code == 400
    assert held_name in answer.content.decode()


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("law.pdf", b"not a pdf at all, only words", "cannot|damaged|not"),
        ("law.docx", b"PK\x03\x04broken", "damaged|not"),
        ("law.exe", b"MZ\x90\x00\x03\x00\x00\x00\x04" * 40, "not read yet|not what"),
        ("law.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "entit"),
        ("spaces.txt", b"   \n\n  \t ", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(secretariat, name, content, said):
    send(secretariat, name, content)
    upload = Upload.objects.get()
    assert work(upload.name).state == "done"
    upload.refresh_from_db()
    assert upload.found is None
    assert re.search(said, upload.problem), upload.problem
    assert "root:" not in upload.problem
    page = secretariat.get(reverse("uploads")).content.decode()
    assert "cannot be read" in page
    assert secretariat.post(reverse("upload", args=[upload.name]), facts()).status_code == 409
    secretariat.post(reverse("upload", args=[upload.name]), {"do": "throw-away"})
    assert not Upload.objects.exists()
    assert not (held.DATA / "uploads" / upload.name).exists()


def test_an_empty_file_a_wrong_language_and_no_file_are_refused_at_once(secretariat):
    before = set((held.DATA / "uploads").glob("*"))
    assert "empty" in send(secretariat, "nothing.txt", b"").content.decode()
    assert send(secretariat, "a.txt", b"words", language="klingonese").status_code == 400
    assert secretariat.post(reverse("uploads"), {}).status_code == 400
    assert not Upload.objects.exists()
    assert set((held.DATA / "uploads").glob("*")) == before


def test_reading_can_be_cancelled_and_done_again_in_another_language(secretariat):
    send(secretariat, "ley.md", LAW.encode())
    upload = Upload.objects.get()
    secretariat.post(reverse("upload", args=[upload.name]), {"do": "cancel"})
    assert "cancelled" in secretariat.get(reverse("uploads")).content.decode()
    secretariat.post(reverse("upload", args=[upload.name]), {"do": "again", "language": "pt"})
    assert work(upload.name).state == "done"
    upload.refresh_from_db()
    assert upload.found["instrument"]["language"] == "pt"
    assert {p["language"] for p in upload.found["provisions"]} == {"pt"}


def test_a_reading_that_runs_is_killed_when_it_is_cancelled(tmp_path):
    big = tmp_path / "big.html"
    big.write_text("<p>Article 1. " + "All persons shall be told of it. " * 200_000 + "</p>")

    def cancel():
        raise JobCancelled

    with pytest.raises(JobCancelled):
        read_apart(path=big, beat=cancel)
    children = Path("/proc/self/task").glob("*/children")
    ours = [pid for listed in children for pid in listed.read_text().split()]
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in ours if Path(f"/proc/{pid}/cmdline").exists()]
    assert not any(b"reading_child" in c for c in commands)


@pytest.mark.parametrize("role", ["", "reviewer", "operator", "translator"])
def test_nobody_else_sends_sees_or_takes_in(client, account, role):
    if role:
        client.force_login(account(role))
    answer = send(client, "a.md", LAW.encode())
    assert answer.status_code in {403, 413}
    assert not Upload.objects.exists()
    assert client.get(reverse("upload", args=["x"])).status_code in {302, 403}
    with pytest.raises(NotPermitted):
        uploads.receive_upload(file_name="a", chunks=[b"x"], by=AnonymousUser())


def test_files_are_refused_where_none_are_asked_for_and_when_they_are_too_many(secretariat, client):
    file = {"files": SimpleUploadedFile("a.md", b"words")}
    assert secretariat.post(reverse("review"), file).status_code == 413
    many = {"files": [SimpleUploadedFile(f"{n}.md", b"words") for n in range(21)]}
    answer = secretariat.post(reverse("uploads"), many)
    assert answer.status_code == 413
    assert b"more than 20 files" in answer.content
    assert not Upload.objects.exists()


def test_a_request_that_states_too_much_is_refused_before_it_is_read(secretariat):
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\nwords'
    answer = secretariat.generic(
        "POST",
        reverse("uploads"),
        head,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="900000000",
        **{"wsgi.input": io.BytesIO(head)},
    )
    assert answer.status_code == 413
    assert b"Send fewer" in answer.content


@pytest.mark.parametrize(
    "given, kept",
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".hidden", "hidden"),
        ("a" * 300 + ".fr.pdf", "a" * 40 + ".fr.pdf"),
        ("закон об ИИ.ru.docx", "закон-об-ИИ.ru.docx"),
        ("x\u202efdp.exe\x00.pdf", "x-fdp.exe-.pdf"),
        ("", "document"),
    ],
)
def test_a_foreign_name_never_leaves_the_folder(given, kept):
    assert uploads._safe_name(given) == kept


def test_what_nobody_took_in_is_forgotten_after_its_time(secretariat, settings):
    send(secretariat, "old.md", LAW.encode())
    send(secretariat, "new.md", LAW.encode())
    old = Upload.objects.get(file_name="old.md")
    Upload.objects.filter(pk=old.pk).update(sent_at=timezone.now() - timezone.timedelta(days=31))
    assert uploads.forget_old_uploads() == 1
    assert list(Upload.objects.values_list("file_name", flat=True)) == ["new.md"]
    assert (held.DATA / "uploads" / old.name).exists()  # young folders are left: a sending may be under way
    os.utime(held.DATA / "uploads" / old.name, (1, 1))
    uploads.forget_old_uploads()
    assert not (held.DATA / "uploads" / old.name).exists()
