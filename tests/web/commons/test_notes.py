"""Pages of experience notes, in a browser without scripts: written, cleared, sent, found, translated, withdrawn."""

from __future__ import annotations

import pytest

from comity.platform.commons.models import ExperienceNote
from support.notes import PARTS, TOPIC, make_topic
from support.pages import fields_of, page, signed_in
from support.parties import make_body

pytestmark = pytest.mark.django_db
TYPED = {"for": "assembly/m1", "language": "en", "title": "A register", "circle": "members", **PARTS}


def test_a_note_is_written_cleared_sent_and_read():
    make_body()
    make_topic()
    head, capital, reader = signed_in("head"), signed_in("capital"), signed_in("head", member="m2")
    written = head.post("/commons/notes/new", {**TYPED, "topics": TOPIC, "months": "12", "people": "2"})
    note = ExperienceNote.objects.get()
    assert written["Location"] == f"/commons/notes/{note.slug}"
    own = page(head, f"/{note.reference}")
    assert "awaits clearance by your capital" in own
    assert 'value="send"' not in own
    page(reader, f"/{note.reference}", status=404)
    assert "Note to clear" in page(capital, "/delegation/")
    seen = fields_of(page(capital, f"/{note.reference}"))["on"]
    capital.post(f"/{note.reference}", {"do": "clear", "on": seen})
    assert "Note to send" in page(head, "/delegation/")
    head.post(f"/{note.reference}", {"do": "send", "on": seen})
    read = page(reader, f"/{note.reference}")
    assert all(text in read for text in PARTS.values())
    assert all(
        t in read
        for t in ("What failed", "Whom to ask", "Oversight", "It took 12 months.", "Receipt of the latest act")
    )
    assert "A register" in page(reader, "/commons/notes")
