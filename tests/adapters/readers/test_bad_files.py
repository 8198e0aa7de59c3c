"""Every kind of bad file gets its own clear refusal, and none stops a run over many."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import pytest

from comity.adapters.readers import DEFAULT_LIMITS, ReadingLimits, find_documents, read_document, show_name
from comity.errors import (
    BadInstrumentFile,
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    ExpandsTooFar,
    ExternalEntity,
    FileTooLarge,
    NoTextLayer,
    PathNotFound,
    UnknownFormat,
    UnreadableFile,
)


def refusal(path, error, **limits):
    with pytest.raises(error) as caught:
        read_document(path=path, limits=ReadingLimits(**limits) if limits else DEFAULT_LIMITS)
    assert type(caught.value) is error
    return caught.value


@pytest.mark.parametrize("data", [b"", b" \n\t \r\n", b"\xef\xbb\xbf  ", b"\xff\xfe \x00\n\x00"])
def test_a_file_without_text_is_empty(make, data):
    assert refusal(make.file("law.txt", data), EmptyFile).data == {"file": "law.txt"}


def test_markdown_and_html_without_text_are_empty(make):
    refusal(make.file("law.md", "![](picture.png)\n\n---\n"), EmptyFile)
    refusal(make.file("law.html", "<html><script>var law = 1;</script><nav>Menu</nav></html>"), EmptyFile)


def test_a_scan_names_its_pages_and_the_remedy(make):
    error = refusal(make.file("scan.pdf", make.pdf([[""], [""], [""]])), NoTextLayer)
    assert error.data == {"file": "scan.pdf", "pages": 3}
    assert "optical character recognition" in str(error)


def test_the_real_scan_has_no_text_layer(shared):
    path = shared / "data/policy/documents/scanned-china-genai-measures.zh.pdf"
    assert refusal(path, NoTextLayer).data["pages"] == 3


def test_an_encrypted_pdf_asks_for_a_copy_without_protection(make):
    assert refusal(make.file("closed.pdf", make.pdf([["x"]], encrypt=True)), EncryptedFile).data == {
        "file": "closed.pdf"
    }


@pytest.mark.parametrize("cut", [9, 60, 200])
def test_a_pdf_cut_short_is_broken(make, cut):
    refusal(make.file("cut.pdf", make.pdf([["Article 1"]])[:cut]), BrokenFile)


def test_noise_behind_the_mark_of_a_pdf_is_broken(make):
    refusal(make.file("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40), BrokenFile)


def test_bytes_that_are_no_text_are_broken(make):
    refusal(make.file("noise.txt", bytes(range(1, 256)) * 50), BrokenFile)
    refusal(make.file("nulls.txt", b"law\x00" * 400), BrokenFile)


def test_html_nested_beyond_reason_is_broken(make):
    refusal(make.file("deep.html", "<div>" * 100_000 + "law"), BrokenFile)


def test_toml_nested_beyond_reason_is_refused(make):
    refusal(make.file("deep.toml", "a = " + "[" * 200_000), BadInstrumentFile)


def test_a_flate_bomb_expands_too_far(make):
    data = make.flate_bomb(megabytes=120)
    assert len(data) < 300_000
    assert refusal(make.file("bomb.pdf", data), ExpandsTooFar).data == {"file": "bomb.pdf", "allowed": 50}


def test_a_flate_bomb_below_the_look_ahead_is_stopped_by_the_limit_on_memory(make):
    bomb = make.file("bomb.pdf", make.flate_bomb(megabytes=20))
    refusal(bomb, ExpandsTooFar, memory_bytes=400_000_000, expanded_bytes=100_000_000)


def test_a_pdf_with_more_pages_or_characters_than_the_limit_expands_too_far(make):
    path = make.file("long.pdf", make.pdf([["one line of text"]] * 4))
    refusal(path, ExpandsTooFar, pages=3)
    refusal(path, ExpandsTooFar, text_characters=20)
    assert read_document(path=path).pages == 4


def test_zip_and_gzip_bombs_expand_too_far_and_are_not_unpacked(make):
    zeros = b"0" * 60_000_000
    refusal(make.file("bomb.zip", make.zip({"zeros": zeros})), ExpandsTooFar)
    refusal(make.file("bomb.docx", make.zip({"word/document.xml": zeros})), ExpandsTooFar)
    refusal(make.file("bomb.txt.gz", gzip.compress(zeros)), ExpandsTooFar)


def test_a_zip_that_lists_a_million_entries_is_not_listed(make):
    data = make.zip({"a": b"a"})
    end = data.rfind(b"PK\x05\x06")
    forged = data[: end + 12] + (60_000_000).to_bytes(4, "little") + data[end + 16 :]
    refusal(make.file("list.zip", forged), ExpandsTooFar)


@pytest.mark.parametrize(
    "name, data, kind",
    [
        ("a.gz", gzip.compress(b"law", mtime=0), "an archive (gzip)"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "an old Office document"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "a picture"),
        ("a.rtf", b"{\\rtf1 law}", "Rich Text (RTF)"),
        ("a.json", b"{}", "a file with the suffix .json"),
        ("a.xml", b"<?xml version='1.0'?><rss><channel/></rss>", "XML of another kind (root element rss)"),
        ("a.txt", b"<?xml version='1.0'?><usl:law xmlns:usl='x'/>", "XML of another kind (root element usl:law)"),
    ],
)
def test_a_format_that_is_not_read_is_named(make, name, data, kind):
    error = refusal(make.file(name, data), UnknownFormat)
    assert error.data["kind"] == kind
    assert error.data["allowed"].startswith("PDF with a text layer, Word (DOCX), HTML")


def test_zip_members_tell_docx_from_odt_and_other_archives(make):
    kinds = [
        refusal(make.file("a.txt", make.zip({name: b"law"})), UnknownFormat).data["kind"]
        for name in ("content.xml", "xl/workbook.xml", "law.txt")
    ]
    assert kinds == ["an OpenDocument file", "an Office file", "an archive (zip)"]
    assert "its parts do not fit together" in str(
        refusal(make.file("a.txt", make.zip({"word/document.xml": b"law"})), BrokenFile)
    )


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>',
        b'<!DOCTYPE r SYSTEM "http://law.example/x.dtd"><r/>',
        b"<!DOCTYPE html [<!ENTITY a 'aaaa'>]><html>&a;</html>",
    ],
)
@pytest.mark.parametrize("name", ["a.xml", "a.html", "a.txt"])
def test_xml_with_entities_or_a_document_type_is_not_opened(make, name, data):
    refusal(make.file(name, data), ExternalEntity)


def test_a_sparse_file_of_500_mb_is_refused_by_its_size_alone(make):
    path = make.file("big.txt", "")
    os.truncate(path, 500_000_000)
    start = time.perf_counter()
    assert refusal(path, FileTooLarge).data == {"file": "big.txt", "found": 500, "allowed": 50}
    assert time.perf_counter() - start < 0.5


def test_a_folder_a_pipe_a_device_and_a_link_are_refused_and_never_waited_for(make):
    os.mkfifo(make.folder / "pipe.txt")
    make.file("real.txt", "law")
    (make.folder / "link.txt").symlink_to(make.folder / "real.txt")
    paths = [make.folder, make.folder / "pipe.txt", Path("/dev/zero"), make.folder / "link.txt"]
    assert [refusal(p, UnknownFormat).data["kind"] for p in paths] == [
        "a folder",
        "a named pipe",
        "a device",
        "a link to another place",
    ]


def test_a_file_without_read_permission_is_broken(make):
    path = make.file("closed.txt", "law")
    path.chmod(0)
    as_root = os.geteuid() == 0
    if as_root:
        make.folder.chmod(0o755)
        for parent in list(make.folder.parents)[:2]:
            parent.chmod(0o755)
        os.seteuid(65_534)
    try:
        error = refusal(path, BrokenFile)
    finally:
        if as_root:
            os.seteuid(0)
    assert "permission" in error.data["problem"]


def test_a_missing_file_is_not_found(make):
    assert refusal(make.folder / "none.pdf", PathNotFound).data == {"file": "none.pdf"}


def test_names_with_line_breaks_and_direction_marks_are_shown_safely(make):
    path = make.file("law\n\u202efdp.txt", "")
    assert refusal(path, EmptyFile).data == {"file": "law\\n\\u202efdp.txt"}
    assert show_name(path="a b\u2028\x1b[31m.txt") == "a b\\u2028\\x1b[31m.txt"


def test_every_refusal_of_a_file_says_what_to_do():
    assert all(e.template.count(".") >= 2 for e in UnreadableFile.__subclasses__())


def test_documents_are_found_sorted_without_hidden_files_and_without_leaving_the_folder(tmp_path):
    outside = tmp_path / "outside"
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    outside.mkdir()
    for place in (folder / "b.txt", folder / "a.txt", folder / "sub/c.txt", folder / ".hidden", outside / "secret.txt"):
        place.write_text("law")
    (folder / "inside.txt").symlink_to(folder / "a.txt")
    (folder / "leads-out").symlink_to(outside)
    (folder / "secret.txt").symlink_to(outside / "secret.txt")
    (folder / "loop").symlink_to(folder)
    found = find_documents(paths=[folder])
    assert [p.relative_to(folder).as_posix() for p in found] == [
        "a.txt",
        "b.txt",
        "leads-out",
        "secret.txt",
        "sub/c.txt",
    ]
    refusal(folder / "secret.txt", UnknownFormat)
    refusal(folder / "leads-out", UnknownFormat)
    assert find_documents(paths=[folder / "a.txt", folder]) == found
    with pytest.raises(PathNotFound):
        find_documents(paths=[folder, tmp_path / "missing"])
