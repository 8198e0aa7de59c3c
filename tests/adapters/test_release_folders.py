"""The files of a release looked at: hashed, recognised, never opened as what they are, and nothing outside touched."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import zipfile

import numpy as np
import pytest

from comity.adapters.model_cards import parse_card
from comity.adapters.release_folders import look_at_files, look_at_release
from comity.adapters.release_manifests import compose_description
from comity.errors import BadReleaseFile, PathNotFound

CARD = "---\nlicense: apache-2.0\nlanguage:\n- sw\n- fr\nmodel-index:\n- name: Sauti\n  results:\n  - dataset:\n      name: FLEURS\n      config: sw\n    metrics:\n    - {type: wer, value: 18.5}\n---\n# Sauti\n"


class Bomb:
    """What a pickle may do to whoever loads it: here, write a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (open, (self.path, "w"))


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "sauti"
    (folder / "data").mkdir(parents=True)
    (folder / "README.md").write_text(CARD)
    (folder / "model.safetensors").write_bytes(b"\x02" + bytes(7) + b"{}")
    (folder / "data" / "train.csv").write_text("a,b\n1,2\n")
    return folder


def described(**more):
    return {"comity_release": 1, "name": "Sauti", **more}


def write(folder, tree, name="comity-release.json"):
    (folder / name).write_text(json.dumps(tree))


def formats(folder):
    return {p: bool(f.runs_code) for p, f in look_at_files(folder=folder).files.items()}


def test_every_file_has_its_size_and_sha256(release):
    found = look_at_files(folder=release)
    assert sorted(found.files) == ["README.md", "data/train.csv", "model.safetensors"]
    assert found.left == ()
    for path, file in found.files.items():
        content = (release / path).read_bytes()
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_folder_without_description_is_told_by_names_and_its_card(release):
    found = look_at_release(path=release)
    assert {c.id: c.licence for c in found.components} == {
        "datasets": "apache-2.0",
        "model-card": "apache-2.0",
        "model-parameters": "apache-2.0",
    }
    assert [(q.language, q.measure, q.value) for q in found.languages] == [("fr", "", None), ("sw", "wer", 18.5)]
    assert found.name == "Sauti"


def test_a_licence_file_tells_where_no_card_does(release):
    (release / "README.md").unlink()
    (release / "LICENSE").write_text("MIT License\n\nCopyright (c) 2026 someone\n")
    found = {c.id: (c.licence, c.where) for c in look_at_release(path=release).components}
    assert found["model-parameters"] == ("MIT", "licence from LICENSE; what it is was guessed from names")
    assert found["licence-text"][0] == ""


def test_a_pickle_is_marked_and_never_loaded(release, tmp_path):
    spoiled = tmp_path / "spoiled"
    for protocol, name in enumerate(["a.pkl", "b.bin", "c.txt", "d.safetensors"], 2):
        (release / name).write_bytes(pickle.dumps(Bomb(spoiled), protocol=protocol))
    with zipfile.ZipFile(release / "e.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb(spoiled)))
    np.save(release / "f.npy", np.array([Bomb(spoiled)], dtype=object), allow_pickle=True)
    np.savez(release / "g.npz", a=np.array([None, 1], dtype=object))
    np.savez(release / "h.npz", a=np.arange(3))
    (release / "i.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + b"x" * (1 << 20) + b'{"class_name": "Lambda"}')
    with zipfile.ZipFile(release / "j.keras", "w") as archive:
        archive.writestr("config.json", '{"class_name": "Lambda"}')
        archive.writestr("metadata.json", "{}")
    marked = formats(release)
    assert [p for p, runs in sorted(marked.items()) if runs] == [
        *("a.pkl", "b.bin", "c.txt", "d.safetensors", "e.pt", "f.npy", "g.npz", "i.h5", "j.keras")
    ]
    assert not spoiled.exists()


def test_an_archive_that_unpacks_to_much_is_not_unpacked(release):
    with zipfile.ZipFile(release / "big.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", bytes(50_000_000))
    assert formats(release)["big.npz"] is False


def test_an_archive_that_cannot_be_listed_is_marked(release):
    (release / "broken.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with zipfile.ZipFile(release / "many.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", "")
    marked = formats(release)
    assert (marked["broken.zip"], marked["many.zip"]) == (True, False)


def test_card_and_licence_text_that_say_two_things_both_bind(release):
    (release / "LICENSE").write_text("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n")
    weights = next(c for c in look_at_release(path=release).components if c.id == "model-parameters")
    assert weights.licence == "(apache-2.0) AND (LicenseRef-Llama-3.1)"
    assert weights.where.startswith("licence from README.md and LICENSE, which do not say the same")
    (release / "LICENSE").write_text("Apache License\nVersion 2.0, January 2004\n")
    weights = next(c for c in look_at_release(path=release).components if c.id == "model-parameters")
    assert weights.licence == "apache-2.0"


def test_the_card_of_a_data_set_is_a_data_card(release):
    (release / "README.md").write_text("---\nlicense: cc-by-4.0\ntask_categories: [translation]\n---\n")
    found = look_at_release(path=release)
    assert found.type == "data"
    assert "data-card" in {c.kind for c in found.components}


def test_links_and_special_files_are_named_and_not_followed(release, tmp_path):
    outside = tmp_path / "secret.txt"
    outside.write_text("outside")
    (release / "link.txt").symlink_to(outside)
    (release / "folder").symlink_to(tmp_path)
    os.mkfifo(release / "pipe")
    found = look_at_release(path=release)
    assert found.unread == (
        ("folder", "a symbolic link, which is not followed"),
        ("link.txt", "a symbolic link, which is not followed"),
        ("pipe", "a special file, which is not read"),
    )
    assert not any(f.path.startswith(("link", "folder", "pipe")) for c in found.components for f in c.files)


def test_a_file_that_may_not_be_read_is_named(release):
    (release / "closed.bin").write_bytes(b"x")
    (release / "closed.bin").chmod(0)
    as_root = os.geteuid() == 0
    if as_root:
        closed = [p for p in (release, *release.parents) if not p.stat().st_mode & 0o005]
        for folder in closed:
            folder.chmod(0o755)
        os.seteuid(65_534)
    try:
        left = look_at_files(folder=release).left
    finally:
        if as_root:
            os.seteuid(0)
    assert left == (("closed.bin", "reading it is not permitted"),)


def test_a_name_with_a_control_character_is_left(release):
    (release / "a\x1b[31mb").write_text("x")
    (release / os.fsdecode(b"\xff.txt")).write_text("x")
    left = dict(look_at_files(folder=release).left)
    assert left == {
        "a\x1b[31mb": "it holds a control character or a backslash",
        "?.txt": "it holds a control character or a backslash",
    }


def test_a_description_says_which_files_make_a_part(release):
    parts = [
        {"id": "weights", "kind": "model-parameters", "files": ["*.safetensors"]},
        {"id": "speech", "kind": "datasets", "licence": "CC-BY-4.0", "files": ["data/*"]},
        {"id": "report", "kind": "technical-report", "licence": "MIT"},
    ]
    write(release, described(components=parts, licences={"default": "MIT", "data": "CDLA-Permissive-2.0"}))
    found = {c.id: (c.licence, [f.path for f in c.files], c.presence) for c in look_at_release(path=release).components}
    assert found == {
        "not-described": ("", ["README.md"], "files"),
        "report": ("MIT", [], "absent"),
        "speech": ("CC-BY-4.0", ["data/train.csv"], "files"),
        "weights": ("CDLA-Permissive-2.0", ["model.safetensors"], "files"),
    }


@pytest.mark.parametrize(
    "file,problem",
    [
        ({"path": "model.safetensors", "sha256": "0" * 64}, "the description says 0000"),
        ({"path": "model.safetensors", "size": 5}, "it has 10 bytes; the description says 5"),
        ({"path": "gone.bin"}, "weights lists it, but it is not there"),
    ],
    ids=["hash", "size", "gone"],
)
def test_what_is_not_as_described_is_named_and_does_not_count(release, file, problem):
    write(
        release,
        described(components=[{"id": "weights", "kind": "model-parameters", "licence": "MIT", "files": [file]}]),
    )
    found = look_at_release(path=release)
    assert [path for path, _ in found.unread] == [file["path"]]
    assert problem in found.unread[0][1]
    assert {c.id: c.presence for c in found.components}["weights"] == "absent"


def test_a_file_belongs_to_one_part(release):
    both = [{"id": i, "kind": "datasets", "licence": "MIT", "files": ["data/*"]} for i in ("a", "b")]
    write(release, described(components=both))
    assert look_at_release(path=release).unread == (("data/*", "b lists it, but it belongs to a already"),)


def test_two_descriptions_and_a_missing_folder_are_refused(release):
    write(release, described())
    (release / "comity-release.toml").write_text("comity_release = 1\nname = 'x'\n")
    with pytest.raises(BadReleaseFile, match="keep one of them"):
        look_at_release(path=release)
    with pytest.raises(PathNotFound):
        look_at_release(path=release / "none")


def test_a_card_that_cannot_be_read_is_named_and_the_rest_is_told(release):
    (release / "README.md").write_text("---\na: &x [1]\nb: *x\n---\n")
    found = look_at_release(path=release)
    assert [path for path, _ in found.unread] == ["README.md"]
    assert {c.licence for c in found.components} == {""}


@pytest.mark.parametrize(
    "text,licence,languages",
    [
        ("# no head", "", []),
        ("---\nlicense: mit\n", "", []),
        ("---\n---\n", "", []),
        ("---\nlicense: [mit, cc-by-4.0]\n---\n", "mit AND cc-by-4.0", []),
        ("---\nlicense: other\nlicense_name: qwen\n---\n", "qwen", []),
        ("---\nlanguage: en\n---\n", "", ["en"]),
        ("---\nlanguage: [en, 5, null, not a tag]\nlicense: 7\n---\n", "", ["en"]),
    ],
)
def test_heads_of_cards(text, licence, languages):
    card = parse_card(text=text, file="README.md")
    assert (card.licence, [q.language for q in card.languages]) == (licence, languages)


def test_a_whole_description_is_read():
    told = compose_description(
        tree=described(
            version="1.2",
            type="model",
            intended_use="reading aloud",
            known_limits="no numbers",
            languages=[
                {
                    "language": "sw",
                    "measure": "WER",
                    "value": 18,
                    "n": 487,
                    "low": 17.1,
                    "high": 19.9,
                    "source": "FLEURS",
                }
            ],
            running={"offline": True, "memory_gb": 4, "hardware": "any computer", "energy": "5 W"},
            public_good={"goals": [4, 4, 10], "ownership": True, "documentation": {"answer": False, "text": "soon"}},
        ),
        file="x",
    )
    assert (told.languages[0].n, told.running.memory_gb, told.running.gpu_memory_gb) == (487, 4.0, None)
    assert told.record.goals == (4, 10)
    assert (told.record.ownership.value, told.record.documentation.value, told.record.standards.value) == (
        True,
        False,
        None,
    )


@pytest.mark.parametrize(
    "more,problem",
    [
        ({"comity_release": 2}, "it must be 1"),
        ({"comity_release": True}, "it must be 1"),
        ({"name": " "}, "name is missing"),
        ({"name": 5}, "name must be a text"),
        ({"licenses": {}}, '"licenses" is no name of this form'),
        ({"type": "video"}, 'it is "video"'),
        ({"components": {}}, "components must be a list"),
        ({"components": [{"id": "a", "kind": "weights"}]}, 'kind is "weights"'),
        ({"components": [{"kind": "other"}]}, "id is missing"),
        ({"components": [{"id": "a", "kind": "other", "files": ["../x"]}]}, "leads out of the release"),
        ({"components": [{"id": "a", "kind": "other", "files": ["/etc/x"]}]}, "it is not relative"),
        ({"components": [{"id": "a", "kind": "other", "files": [5]}]}, "each is a path"),
        ({"components": [{"id": "a", "kind": "other", "files": [{"path": "x", "size": -1}]}]}, "whole number"),
        ({"components": [{"id": "a", "kind": "other", "files": [{"path": "x", "sha256": "zz"}]}]}, "64 hexadecimal"),
        ({"languages": [{"language": "sw", "value": "good"}]}, "value must be a number"),
        ({"running": {"offline": "yes"}}, "offline must be true or false"),
        ({"running": {"memory_gb": True}}, "memory_gb must be a number"),
        ({"public_good": {"goals": [18]}}, "goals must be a list"),
        ({"public_good": {"ownership": "yes"}}, "ownership must be true or false"),
        ({"public_good": {"owner": True}}, '"owner" is no name'),
    ],
)
def test_a_description_that_will_not_do_is_refused_with_its_place(more, problem):
    with pytest.raises(BadReleaseFile, match=problem):
        compose_description(tree=described() | more, file="x.json")
