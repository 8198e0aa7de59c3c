"""Tables of provisions: read as a spreadsheet program writes them, each mistake named by its row."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from comity.adapters.country_data import read_atlas
from comity.adapters.folder import gather_folder
from comity.adapters.readers import read_provision_table, read_scheme
from comity.errors import BadRow, BrokenFile, EmptyFile

GOOD = (
    "ref,label,heading,text,modality,topics,addressees\n"
    'art_1,Article 1,Scope,"This Act applies to providers, deployers and users of AI systems.",declares,scope-application,provider;deployer\n'
    "\n"
    "art_2,Article 2,Oversight,A person shall be able to stop a system.,must,human-oversight,provider\n"
)


@pytest.fixture(scope="module")
def scheme():
    return read_scheme(path=Path(str(resources.files("comity.example") / "topics.toml")))


def table(tmp_path, text, name="kenya-act.en.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_table_gives_its_rows_with_what_people_said_of_them(tmp_path, scheme):
    topics = {t.id for t in scheme.topics}
    text = GOOD if "scope-application" in topics else GOOD.replace("scope-application", "human-oversight")
    _document, found = read_provision_table(path=table(tmp_path, text), scheme=scheme)
    assert [(p.ref, p.label, p.modality) for p in found] == [
        ("art_1", "Article 1", "declares"),
        ("art_2", "Article 2", "must"),
    ]
    assert found[0].text == "This Act applies to providers, deployers and users of AI systems."
    assert found[0].addressees == ("provider", "deployer")
    assert found[1].topics == ("human-oversight",)
    assert {p.topics_by for p in found} == {"coder"}
    assert {p.language for p in found} == {"en"}


def test_text_alone_is_enough_and_rows_are_numbered(tmp_path):
    _document, found = read_provision_table(path=table(tmp_path, "text\nFirst duty of all.\nSecond duty of all.\n"))
    assert [(p.ref, p.label, p.topics_by, p.modality) for p in found] == [
        ("para_1", "1", "", None),
        ("para_2", "2", "", None),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "ref;text\r\nart_1;Les systèmes, tous, sont évalués.\r\n".encode("utf-8-sig"),
        "ref\ttext\nart_1\tLes systèmes, tous, sont évalués.\n".encode("utf-16"),
        'Ref , TEXT\nart_1,"Les systèmes, tous, sont évalués."\n'.encode(),
    ],
)
def test_what_spreadsheet_programs_write_is_read(tmp_path, written):
    _document, found = read_provision_table(path=table(tmp_path, written, "loi.fr.csv"))
    assert [(p.ref, p.text, p.language) for p in found] == [("art_1", "Les systèmes, tous, sont évalués.", "fr")]


def test_what_we_wrote_for_a_spreadsheet_comes_back(tmp_path):
    from comity.adapters.tables import table_lines

    lines = table_lines(header=("ref", "text"), rows=[("art_1", "=1+1 is no formula")])
    _document, found = read_provision_table(path=table(tmp_path, "".join(lines)))
    assert found[0].text == "=1+1 is no formula"


@pytest.mark.parametrize(
    "text, said",
    [
        ("name,law\na,b\n", 'row 1: there is no column "text"'),
        ("text,colour\na,b\n", 'row 1: the column "colour" is not known'),
        ("text,text\na,b\n", "row 1: a column stands twice"),
        ("ref,text\nart_1,one duty\nart_1,two duties\n", 'row 3: "art_1" is the ref of row 2 too'),
        ("ref,text\nart_1,one, two, three\n", "row 2: it has 4 cells"),
        ("ref,text\nnot a ref!,one duty\n", 'row 2: ref is "not a ref!"'),
        ("ref,text\nart_1,\n", "row 2: text is"),
        ("text,modality\none duty,shall\n", 'row 2: modality is "shall"; allowed is must'),
        ("text,topics\none duty,cats\n", 'row 2: topics is "cats"'),
        ("text,addressees\none duty,everyone\n", 'row 2: addressees is "everyone"'),
        ("text\n" + "x" * 20_001 + "\n", "row 2: text is"),
        ('text\n"never closed\n', "save the table as CSV again"),
    ],
)
def test_a_mistake_is_named_by_its_row(tmp_path, scheme, text, said):
    with pytest.raises(BadRow, match=r"kenya-act\.en\.csv") as refused:
        read_provision_table(path=table(tmp_path, text), scheme=scheme)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "written, kind",
    [(b"text\n", EmptyFile), (b"\x00\x01\x02" * 50, BrokenFile), (b"PK\x03\x04\x14\x00\x06\x00", BrokenFile)],
)
def test_no_rows_and_what_is_no_table(tmp_path, written, kind):
    with pytest.raises(kind):
        read_provision_table(path=table(tmp_path, written))


def test_a_table_stands_in_a_folder_beside_documents(tmp_path, scheme):
    table(tmp_path, "ref,text,topics\nart_2,A person shall be able to stop a system.,human-oversight\n", "kenya.en.csv")
    table(tmp_path, "a,b\n1,2\n", "figures.csv")
    gathered = gather_folder(paths=[tmp_path], scheme=scheme, atlas=read_atlas())
    (instrument,) = gathered.collection.instruments
    assert (instrument.party, instrument.language) == ("KEN", "en")
    assert [(p.id, p.topics_by) for p in gathered.collection.provisions] == [(f"{instrument.id}/art_2", "coder")]
    assert [r.file for r in gathered.refused] == ["figures.csv"]
