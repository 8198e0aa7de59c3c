"""The page that takes a conversation of Polis over: for the convenor of a draft, and through the one door for files."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from comity.platform.dialogue.models import Answer, Statement
from support.dialogue import make_dialogue

pytestmark = pytest.mark.django_db

VOTES = b"comment-id,voter-id,vote\n0,1,1\n0,2,-1\n1,1,0\n"
COMMENTS = (
    "comment-id,moderated,comment-body\n0,1,Every stop is written down.\n1,1,Les arrêts durent un jour.\n".encode()
)


@pytest.fixture
def secretariat(client, account):
    client.force_login(account("secretariat"))
    return client


def send(client, votes=VOTES, comments=COMMENTS, **more):
    files = {"votes": SimpleUploadedFile("votes.csv", votes), "comments": SimpleUploadedFile("comments.csv", comments)}
    return client.post("/dialogue/stop/import", {**files, "language": "en", **more}, follow=True)


def test_the_convenor_takes_a_conversation_over_and_gets_it_out_as_files(secretariat):
    make_dialogue(opened=False, seeds=())
    assert b'name="votes"' in secretariat.get("/dialogue/stop/import").content
    done = send(secretariat).content.decode()
    assert "Taken over: 2 statements shown, 0 that wait here, 0 refused, 2 voices, 3 answers." in done
    assert (Statement.objects.filter(state="shown").count(), Answer.objects.count()) == (2, 3)
    few = secretariat.get("/dialogue/stop/export/votes.csv")
    assert few.status_code == 409, "two voices would be named"
    assert secretariat.get("/dialogue/stop/export/accounts.csv").status_code == 404


def test_a_bad_file_is_named_above_the_form_and_changes_nothing(secretariat):
    make_dialogue(opened=False, seeds=())
    page = send(secretariat, votes=VOTES + b"1,2,yes\n").content.decode()
    assert "votes.csv, row 5" in page
    assert 'name="votes"' in page
    assert "Only a draft" not in page
    assert Statement.objects.count() == 0
    counts = b"comment-id,agrees,disagrees,comment-body\n0,0,5,A\n1,0,1,B\n"
    assert (
        "only the other way round" in send(secretariat, comments=counts, votes=VOTES.split(b"0,2")[0]).content.decode()
    )


def test_others_and_other_pages_take_no_files(client, secretariat, account):
    make_dialogue(opened=False, seeds=())
    assert secretariat.post("/dialogue/stop", {"votes": SimpleUploadedFile("v.csv", VOTES)}).status_code == 413
    client.logout()
    assert send(client).status_code in {403, 404, 413}
    client.force_login(account("reviewer"))
    assert send(client).status_code in {403, 404}
    assert Statement.objects.count() == 0
