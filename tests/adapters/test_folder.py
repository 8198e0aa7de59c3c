"""A folder becomes a collection: ids, sidecars, summaries beside originals, refusals by name."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from comity.adapters.country_data import read_atlas
from comity.adapters.folder import gather_folder, name_of_document
from comity.adapters.readers import read_scheme
from comity.errors import PathNotFound

EXAMPLE = Path(str(resources.files("comity.example")))
LAW = "# Law\n\n## Article 1 Purpose\n\nThis law protects people from harm by artificial intelligence systems.\n\n## Article 2 Oversight\n\nA competent person must be able to stop the system.\n"


def gather(*paths):
    return gather_folder(paths=paths, scheme=read_scheme(path=EXAMPLE / "topics.toml"), atlas=read_atlas())


def test_a_summary_lends_its_facts_to_the_original_of_the_same_name(tmp_path):
    (tmp_path / "korea-ai-basic-act.toml").write_text(
        (EXAMPLE / "instruments" / "korea-ai-basic-act.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (tmp_path / "korea-ai-basic-act.en.md").write_text(LAW, encoding="utf-8")
    found = gather(tmp_path).collection
    original = found.instrument("korea-ai-basic-act-en")
    assert (original.party, original.kind, original.status, original.binding) == ("KOR", "law", "in-force", True)
    assert (original.summary, original.basis, original.stated_by) == (False, "full-text", "collection")
    assert found.instrument("korea-ai-basic-act").summary is True


def test_two_files_never_share_an_id(tmp_path):
    for name in ("a law.md", "a-law.md", "A_LAW.txt"):
        (tmp_path / name).write_text(LAW, encoding="utf-8")
    assert sorted(i.id for i in gather(tmp_path).collection.instruments) == ["a-law", "a-law-2", "a-law-3"]


@pytest.mark.parametrize(
    "name, expected",
    [
        ("EU AI Act.en.html", "eu-ai-act-en"),
        ("...md", "document"),
        ("法律.txt", "document"),
        ("x" * 300 + ".md", "x" * 70),
    ],
)
def test_a_file_name_becomes_an_id(name, expected):
    assert name_of_document(path=Path(name)) == expected


def test_what_is_not_stated_is_not_known(tmp_path):
    (tmp_path / "notes.en.md").write_text(LAW, encoding="utf-8")
    (found,) = gather(tmp_path).collection.instruments
    assert (found.party, found.kind, found.status, found.binding) == (None, None, None, None)


def test_a_bad_sidecar_is_refused_by_name_and_the_documents_are_read(tmp_path):
    (tmp_path / "kenya.en.md").write_text(LAW, encoding="utf-8")
    (tmp_path / "instruments.toml").write_text('[instruments."kenya.en.md"]\nkind = "poem"\n', encoding="utf-8")
    found = gather(tmp_path)
    assert [r.file for r in found.refused] == ["instruments.toml"]
    assert [i.id for i in found.collection.instruments] == ["kenya-en"]


def test_two_instrument_files_of_one_id_are_told_apart(tmp_path):
    text = (EXAMPLE / "instruments" / "uae-ai-charter.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (tmp_path / "b.toml").write_text(text, encoding="utf-8")
    found = gather(tmp_path)
    assert len(found.collection.instruments) == 1
    assert [r.error.code for r in found.refused] == ["bad-instrument-file"]


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PathNotFound):
        gather(tmp_path / "nowhere")


def test_the_whole_example_is_read(tmp_path):
    found = gather(EXAMPLE / "instruments")
    assert (len(found.collection.instruments), len(found.collection.provisions), found.refused) == (48, 1309, ())
