"""The questions of the worked example: asked in six languages, answered in three, and loaded once."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from comity.example.asking import load_questions
from comity.example.loading import load_scheme
from comity.example.people import load_body
from comity.platform.commons.models import MemberQuestion, MemberReply, QuestionSubject
from comity.platform.commons.question_views import questions_about, questions_listed
from comity.platform.record.models import Act
from comity.web.commons.subjects import subjects_named

pytestmark = pytest.mark.django_db


def test_two_questions_are_asked_in_six_languages_and_everything_they_name_is_there():
    said = []
    load_scheme()
    load_body(say=said.append)
    load_questions(say=said.append)
    rows = MemberQuestion.objects.order_by("member__slug")
    assert [(q.member.slug, q.state, sorted(q.titles)) for q in rows] == [
        ("m041", "open", ["ar", "en", "es", "fr", "ru", "zh"]),
        ("m060", "open", ["ar", "en", "es", "fr", "ru", "zh"]),
    ]
    assert sorted(MemberReply.objects.values_list("language", "shown_to")) == [
        ("en", "asker"),
        ("en", "circle"),
        ("es", "circle"),
        ("fr", "asker"),
        ("fr", "circle"),
    ]
    public = AnonymousUser()
    named = set(QuestionSubject.objects.values_list("reference", flat=True))
    assert {s.reference for s in subjects_named(named, user=public)} == named
    (card,) = questions_about(references=["alignment/topics/equitable-access"], user=public, language="fr")
    assert (card.member, card.replies, questions_listed(user=public).count()) == ("m060", 2, 1)
    before = (Act.objects.count(), rows.count(), len(said))
    load_questions(say=said.append)
    assert (Act.objects.count(), rows.count(), len(said)) == before
