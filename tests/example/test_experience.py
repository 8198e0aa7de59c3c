"""The experience notes of the worked example: in all six languages, with what they are about, and loaded once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.example.contributions import load_contributions
from comity.example.experience import load_experience
from comity.example.loading import load_scheme
from comity.example.people import load_body
from comity.example.sharing import load_releases
from comity.platform.commons.models import ExperienceNote, NoteSubject, NoteTranslation
from comity.platform.commons.note_cards import find_notes, notes_about
from comity.platform.record.models import Act
from comity.web.commons.subjects import subjects_named

pytestmark = pytest.mark.django_db


def test_members_tell_in_six_languages_and_everything_they_name_is_there(settings, tmp_path):
    settings.FILES, settings.DATA = str(tmp_path / "files"), tmp_path
    said = []
    load_scheme()
    load_body(say=said.append)
    load_contributions(say=said.append)
    load_releases(say=said.append)
    load_experience(say=said.append)
    rows = ExperienceNote.objects.all()
    assert sorted(rows.filter(state="open").values_list("language", flat=True)) == ["ar", "en", "es", "fr", "ru", "zh"]
    assert list(rows.filter(state="draft").values_list("member__slug", flat=True)) == ["m041"]
    assert sorted(NoteTranslation.objects.values_list("language", "state")) == [("en", "checked"), ("fr", "machine")]
    named = set(NoteSubject.objects.values_list("reference", flat=True))
    shown = subjects_named(named, user=AnonymousUser())
    assert {s.reference for s in shown} == named
    assert {s.kind for s in shown} == {"topic", "resource", "release", "commitment"}
    assert len(find_notes(user=AnonymousUser(), language="en")) == 4
    (card,) = notes_about(references=["commons/releases/topics-in-six-languages"], user=AnonymousUser(), language="en")
    assert card.member == "m020"
    before = (Act.objects.count(), rows.count(), len(said))
    load_experience(say=said.append)
    assert (Act.objects.count(), rows.count(), len(said)) == before
    assert rows.filter(sent_at__gt=timezone.now()).count() == 0
