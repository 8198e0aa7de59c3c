"""Files beside a need: kept as they came, of a few kinds, seen by who sees the need."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.capacity_sheets import needs_columns
from comity.adapters.sheet_columns import Choice
from comity.adapters.sheet_writing import write_sheet
from comity.errors import BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.capacity.attachments import (
    KINDS,
    MOST_BYTES,
    attach_file,
    attachments_seen,
    checked_name,
    download,
    media_type_of,
    take_file_away,
)
from comity.platform.capacity.models import Attachment, Need
from comity.platform.capacity.prepared import clear_need, desk_of
from comity.platform.record.models import Act
from support.contributions import a_person, draft_need, open_need, open_offer, round_with
from support.parties import SET_UP, account_with

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


def archive(*names):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as held:
        for name in names:
            held.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "<x/>")
    return data.getvalue()


def open_document():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as held:
        held.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return data.getvalue()


GOOD = {
    "pdf": PDF,
    "png": b"\x89PNG\r\n\x1a\nrest",
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "csv": "País;Año\r\n".encode("cp1252"),
    "txt": "نص\n".encode(),
    "xlsx": archive("[Content_Types].xml", "xl/workbook.xml"),
    "docx": archive("[Content_Types].xml", "word/document.xml"),
    "odt": open_document(),
}


def test_every_kind_that_is_taken_is_known_by_its_content():
    assert set(GOOD) == set(KINDS)
    for ending, content in GOOD.items():
        assert media_type_of(name=f"a.{ending}", content=content) == KINDS[ending][0]
        assert media_type_of(name=f"A.{ending.upper()}", content=content) == KINDS[ending][0]
    book = write_sheet(columns=needs_columns(resources=[Choice("a")]), rows=[], language="ar", title="T")
    assert media_type_of(name="a.xlsx", content=book).endswith("spreadsheetml.sheet")
    assert media_type_of(name="a.txt", content="text".encode("utf-16")) == "text/plain"


@pytest.mark.parametrize("ending", sorted(KINDS))
def test_a_file_is_not_taken_for_what_another_is(ending):
    alike = {"jpg": {"jpeg"}, "jpeg": {"jpg"}, "csv": {"txt", "pdf"}, "txt": {"csv", "pdf"}}
    for other, content in GOOD.items():
        if other != ending and other not in alike.get(ending, set()):
            with pytest.raises(BadParameter):
                media_type_of(name=f"a.{ending}", content=content)


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.pdf.exe", "a", ".pdf", "", "a.xls", "a.docm"])
def test_other_kinds_are_refused(name):
    with pytest.raises(BadParameter):
        media_type_of(name=checked_name(name), content=PDF)


@given(st.text(max_size=80))
def test_a_name_that_is_taken_can_do_no_harm(text):
    try:
        found = checked_name(text)
    except BadParameter:
        return
    assert not set(found) & set('/\\:*?"<>|\r\n\0;')
    assert not found.startswith(".")
    assert len(found) <= 120


def test_a_file_is_kept_as_it_came_and_given_to_who_sees_the_need():
    need, head = draft_need(), a_person()
    attach_file(slug=need.slug, name="C:\\plan\\Data plan.pdf", content=PDF, by=head)
    (view,) = attachments_seen(need=need)
    assert (view.name, view.media_type, view.bytes) == ("Data plan.pdf", "application/pdf", len(PDF))
    assert download(slug=need.slug, name="Data plan.pdf", user=head).content == PDF
    for user in (a_person("m2"), account_with("secretariat"), account_with("public")):
        with pytest.raises(NotFound):
            download(slug=need.slug, name="Data plan.pdf", user=user)
    open_offer("m2")
    sent = open_need()
    attach_file(slug=sent.slug, name="a.pdf", content=PDF, by=head)
    assert download(slug=sent.slug, name="a.pdf", user=a_person("m2")).content == PDF
    with pytest.raises(NotFound):
        download(slug=sent.slug, name="a.pdf", user=a_person("m3"))
    with pytest.raises(NotFound):
        download(slug=sent.slug, name="b.pdf", user=head)


def test_a_file_takes_the_clearance_of_a_draft_with_it():
    need, capital, head = draft_need(), account_with("capital"), a_person()
    clear_need(slug=need.slug, by=capital, on=desk_of(row=need, user=capital).seen)
    attach_file(slug=need.slug, name="a.pdf", content=PDF, by=head)
    assert Need.objects.get(pk=need.pk).cleared_at is None


def test_beside_what_was_sent_a_file_is_put_by_who_sends_and_by_an_act():
    need, head = open_need(), a_person()
    with pytest.raises(NotPermitted):
        attach_file(slug=need.slug, name="a.pdf", content=PDF, by=a_person(role="adviser"))
    with pytest.raises(NotFound):
        attach_file(slug=need.slug, name="a.pdf", content=PDF, by=a_person("m2"))
    attach_file(slug=need.slug, name="a.pdf", content=PDF, by=head)
    take_file_away(slug=need.slug, name="a.pdf", by=head)
    assert Act.objects.filter(subject=need.reference, type="change-need").count() == 2
    assert (Need.objects.get(pk=need.pk).version, Attachment.objects.count()) == (3, 0)
    account_with("capital")
    with pytest.raises(Conflict, match="draft"):
        attach_file(slug=need.slug, name="a.pdf", content=PDF, by=head)
    with pytest.raises(NotFound):
        take_file_away(slug=need.slug, name="a.pdf", by=head)


@pytest.mark.parametrize("content", [b"", b"%PDF-" + b"x" * MOST_BYTES])
def test_a_file_is_neither_empty_nor_too_large(content):
    need = draft_need()
    with pytest.raises(BadParameter):
        attach_file(slug=need.slug, name="a.pdf", content=content, by=a_person())
    assert not Attachment.objects.exists()


def test_five_files_stand_beside_a_need_each_with_its_own_name():
    need, head = draft_need(), a_person()
    for number in range(5):
        attach_file(slug=need.slug, name=f"{number}.pdf", content=PDF, by=head)
    with pytest.raises(Conflict, match="5 files"):
        attach_file(slug=need.slug, name="5.pdf", content=PDF, by=head)
    take_file_away(slug=need.slug, name="0.pdf", by=head)
    with pytest.raises(Conflict, match="of this name"):
        attach_file(slug=need.slug, name="1.PDF", content=PDF, by=head)


def test_while_an_undecided_round_holds_a_need_its_files_stay():
    need = open_need()
    attach_file(slug=need.slug, name="a.pdf", content=PDF, by=SET_UP)
    round_with(needs=[need])
    with pytest.raises(Conflict, match="frozen"):
        take_file_away(slug=need.slug, name="a.pdf", by=a_person())
