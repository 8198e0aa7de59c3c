"""A release in the forms of others: valid for the field's own readers, and back again with what the form can carry."""

from __future__ import annotations

import json

import mlcroissant
import pytest
import yaml
from huggingface_hub import DatasetCard, ModelCard
from jsonschema_rs import Draft7Validator
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF
from rocrate.rocrate import ROCrate

from comity.adapters.foreign_descriptions import describe_record
from comity.adapters.metadata_forms import ALL, FORMS, forms_of
from comity.adapters.release_facts import GivenFile
from comity.adapters.release_folders import look_at_release
from comity.adapters.release_manifests import compose_description
from comity.adapters.release_writing import write_description
from support.release_facts import CONTENTS, SITE, facts_of, poor_facts

pytestmark = pytest.mark.filterwarnings("default")
SPDX = Namespace("http://spdx.org/rdf/terms#")
READ = ("croissant.json", "ro-crate-metadata.json", "README.md", "dpg-nomination.json", "dpg-screening.json", "mof.yml")


def written(folder, name, facts):
    path = folder / name
    path.write_bytes(FORMS[name].write(facts))
    return path


def back(folder, name, facts) -> dict:
    """What is read again of what was written, in our form, as a manifest says it."""
    return describe_record(path=written(folder, name, facts))


def languages(tree) -> set[str]:
    return {json.dumps(q, sort_keys=True) for q in tree.get("languages", [])}


def test_each_kind_has_its_forms():
    assert set(forms_of("dataset")) == set(FORMS) - {"mof.yml"}
    assert set(forms_of("model")) == set(FORMS) - {"croissant.json"}
    assert set(forms_of("course")) == set(forms_of("paper")) == set(forms_of("tool"))
    assert set(FORMS) - set(forms_of("tool")) == {"croissant.json", "mof.yml"}


@pytest.mark.parametrize("kind", sorted(ALL))
def test_every_form_can_be_written_of_the_fullest_and_of_the_poorest_release(kind):
    for facts in (facts_of(kind=kind), poor_facts(kind=kind)):
        for name, form in forms_of(kind).items():
            found = form.write(facts)
            assert found == form.write(facts)
            if name.endswith(("json", "jsonld")):
                assert isinstance(json.loads(found), dict)


# Croissant


def test_a_croissant_is_valid_and_says_what_the_release_says(tmp_path):
    found = mlcroissant.Dataset(written(tmp_path, "croissant.json", facts_of(kind="dataset"))).metadata
    assert (found.issues.errors, found.issues.warnings) == (set(), set())
    assert found.name == {"en": "Words of Lake Province", "fr": "Mots de la province du Lac"}
    assert found.in_language == ["fr", "sw"]
    assert (found.data_use_cases, found.data_limitations) == (
        ["Reading texts aloud in schools."],
        ["Numbers, and names of places."],
    )
    facts = facts_of(kind="dataset")
    assert {f.name: (f.sha256, f.content_size, f.content_url) for f in found.distribution} == {
        f.path: (f.sha256, f"{f.size} B", f.address) for f in facts.files
    }
    columns = {r.name: [(f.name, str(f.data_types[0]).rpartition("/")[2]) for f in r.fields] for r in found.record_sets}
    assert columns == {
        "records of data/train set.csv": [("code", "Text"), ("label", "Text")],
        "records of data/more.jsonl": [
            ("code", "Integer"),
            ("label", "Text"),
            ("share", "Float"),
            ("checked", "Boolean"),
        ],
    }


def test_a_croissant_of_a_release_that_states_no_licence_is_valid_and_invents_none(tmp_path):
    found = mlcroissant.Dataset(written(tmp_path, "croissant.json", poor_facts())).metadata
    assert found.issues.errors == set()
    assert [("license" in w) for w in found.issues.warnings] == [True]
    assert found.license is None


def test_one_licence_is_its_address_and_alternatives_are_their_expression(tmp_path):
    def licence(expression):
        part = {"id": "a", "kind": "datasets", "licence": expression, "files": ["a.csv"]}
        told = {"comity_release": 1, "name": "x", "components": [part]}
        facts = facts_of(told, kind="dataset", contents={"a.csv": b"a\n1\n"})
        return json.loads(FORMS["croissant.json"].write(facts))["license"], back(tmp_path, "croissant.json", facts)

    told, read = licence("CC-BY-4.0")
    assert told == ["https://spdx.org/licenses/CC-BY-4.0"]
    assert read["components"][0]["licence"] == "CC-BY-4.0"
    told, read = licence("MIT AND CC-BY-4.0")
    assert told == ["https://spdx.org/licenses/CC-BY-4.0", "https://spdx.org/licenses/MIT"]
    assert read["components"][0]["licence"] == "CC-BY-4.0 AND MIT"
    told, read = licence("MIT OR CC-BY-4.0")
    assert told == [{"@type": "CreativeWork", "name": "CC-BY-4.0 OR MIT"}]
    assert read["components"][0]["licence"] == "CC-BY-4.0 OR MIT"


def test_a_croissant_that_comes_back_keeps_all_but_parts_hardware_figures_and_answers(tmp_path):
    facts = facts_of(kind="dataset")
    ours, read = write_description(manifest=facts.manifest), back(tmp_path, "croissant.json", facts)
    for name in ("name", "type", "version", "intended_use", "known_limits"):
        assert read[name] == ours[name]
    assert files_in(read) == files_in(ours)
    assert languages(read) == {'{"language": "fr"}', '{"language": "sw"}'}
    assert set(ours) - set(read) == {"running", "public_good"}
    licences = {c["licence"] for c in read["components"] if c["kind"] != "licence-text"}
    assert licences == {"Apache-2.0 AND (Apache-2.0 OR MIT) AND CC-BY-4.0"}


def files_in(tree) -> dict:
    return {f["path"]: (f["size"], f["sha256"]) for c in tree["components"] for f in c["files"]}


# RO-Crate


@pytest.mark.parametrize("kind", sorted(ALL))
def test_a_crate_loads_beside_its_files(tmp_path, kind):
    again, tmp_path = tmp_path / "again", tmp_path / "here"
    tmp_path.mkdir()
    facts = facts_of(kind=kind)
    for path, content in CONTENTS.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    written(tmp_path, "ro-crate-metadata.json", facts)
    crate = ROCrate(tmp_path)
    assert (crate.version, crate.name) == ("1.1", "Words of Lake Province")
    assert {f.id.replace("%20", " "): (f["contentSize"], f["sha256"]) for f in crate.data_entities} == {
        f.path: (str(f.size), f.sha256) for f in facts.files
    }
    assert crate.root_dataset["license"]["name"] == facts.licence
    assert [a["name"] for a in crate.root_dataset["author"]] == ["Asha Mollel", "Jean Kalala"]
    # Whatever one entity points at is there, so that the graph has no loose end.
    tree = json.loads((tmp_path / "ro-crate-metadata.json").read_text())
    known = {node["@id"] for node in tree["@graph"]}
    pointed = {at for node in tree["@graph"] for at in references(node)}
    assert pointed - known == {"https://w3id.org/ro/crate/1.1"}
    crate.write(again)
    assert (again / "data" / "train set.csv").read_bytes() == CONTENTS["data/train set.csv"]


def references(node):
    for value in node.values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and set(item) == {"@id"}:
                yield item["@id"]


@pytest.mark.parametrize("kind", sorted(ALL))
def test_a_crate_that_comes_back_has_lost_nothing(tmp_path, kind):
    facts = facts_of(kind=kind)
    ours, read = write_description(manifest=facts.manifest), back(tmp_path, "ro-crate-metadata.json", facts)
    assert languages(read) == languages(ours)
    for tree in (ours, read):
        tree.pop("languages")
        tree["components"] = {c["id"]: c for c in tree["components"]}
    # The order of alternatives says nothing: it is the alphabet's.
    ours["components"]["training"]["licence"] = "Apache-2.0 OR MIT"
    assert read == ours


def test_a_crate_beside_its_files_is_looked_at_as_our_own_description_would_be(tmp_path):
    facts = facts_of()
    for path, content in CONTENTS.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    written(tmp_path, "ro-crate-metadata.json", facts)
    found = look_at_release(path=tmp_path)
    assert found.unread == ()
    kinds = {"card": "model-card", "speech": "datasets", "terms": "licence-text", "training": "training-code"}
    assert {c.id: c.kind for c in found.components} == kinds | {"weights": "model-parameters"}
    assert {f.path for c in found.components for f in c.files} == set(CONTENTS)
    (tmp_path / "weights.safetensors").write_bytes(b"other")
    changed = look_at_release(path=tmp_path)
    assert [path for path, _ in changed.unread] == ["weights.safetensors"]


# Cards, MOF, public goods


def test_a_card_is_read_by_the_hubs_own_library(tmp_path):
    path = written(tmp_path, "README.md", facts_of())
    card = ModelCard.load(path)
    assert card.data.language == ["fr", "sw"]
    assert (card.data.license, card.data.license_name) == ("other", "Apache-2.0 AND (Apache-2.0 OR MIT) AND CC-BY-4.0")
    results = {
        (r.dataset_args["language"], r.metric_name): (r.metric_value, r.metric_args) for r in card.data.eval_results
    }
    assert results == {
        ("sw", "word error rate"): (18.5, {"n": 487, "low": 17.1, "high": 19.9}),
        ("sw", "speed"): (2.0, None),
    }
    assert (
        DatasetCard.load(written(tmp_path, "README.md", facts_of(kind="dataset"))).data.pretty_name == facts_of().title
    )


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_a_card_that_comes_back_keeps_name_licence_languages_figures_use_and_limits(tmp_path, kind):
    facts = facts_of(kind=kind)
    ours, read = write_description(manifest=facts.manifest), back(tmp_path, "README.md", facts)
    for name in ("name", "type", "intended_use", "known_limits"):
        assert read[name] == ours[name]
    assert languages(read) == languages(ours)
    assert [c["licence"] for c in read["components"]] == [facts.licence]
    assert set(ours) - set(read) == {"version", "running", "public_good"}


@pytest.mark.parametrize(
    "expression,head",
    [
        ("Apache-2.0", {"license": "apache-2.0"}),
        ("ODbL-1.0", {"license": "odbl"}),
        ("GPL-3.0-only", {"license": "other", "license_name": "GPL-3.0-only", "license_link": "https://spdx.org/licenses/GPL-3.0-only"}),
        ("our own terms", {"license": "other", "license_name": "our own terms"}),
    ],
)  # fmt: skip
def test_a_licence_without_a_short_name_of_the_hub_stands_by_its_own(tmp_path, expression, head):
    part = {"id": "a", "kind": "model-parameters", "licence": expression, "files": ["w.bin"]}
    facts = facts_of({"comity_release": 1, "name": "x", "components": [part]}, contents={"w.bin": b"1"})
    found = yaml.safe_load(FORMS["README.md"].write(facts).decode().split("---\n")[1])
    assert {k: v for k, v in found.items() if k.startswith("license")} == head
    assert back(tmp_path, "README.md", facts)["components"][0]["licence"] == expression


def schema_in(shared, name):
    return Draft7Validator(json.loads((shared / "data" / "capacity" / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", sorted(ALL))
def test_records_of_public_goods_and_models_follow_their_published_schemas(tmp_path, shared, kind):
    facts = facts_of(kind=kind)
    nomination = json.loads(FORMS["dpg-nomination.json"].write(facts))
    screening = json.loads(FORMS["dpg-screening.json"].write(facts))
    assert [str(e) for e in schema_in(shared, "dpg/nominee-schema.json").iter_errors(nomination)] == []
    assert [str(e) for e in schema_in(shared, "dpg/screening-schema.json").iter_errors(screening)] == []
    if kind == "model":
        model = yaml.safe_load(FORMS["mof.yml"].write(facts))
        assert [str(e) for e in schema_in(shared, "mof/mof_schema.json").iter_errors(model)] == []


def test_a_release_without_goals_has_none_made_up(shared):
    nomination = json.loads(FORMS["dpg-nomination.json"].write(poor_facts()))
    assert nomination["SDGs"] == []
    problems = [list(e.instance_path) for e in schema_in(shared, "dpg/nominee-schema.json").iter_errors(nomination)]
    assert sorted(problems) == [["SDGs"], ["license"]]
    screening = json.loads(FORMS["dpg-screening.json"].write(poor_facts()))
    assert screening["clearOwnership"] == {"isOwnershipExplicit": "Unknown"}


def test_both_records_of_a_public_good_together_come_back_with_every_answer(tmp_path):
    facts = facts_of()
    screening, nomination = (written(tmp_path, f"dpg-{n}.json", facts) for n in ("screening", "nomination"))
    ours = write_description(manifest=facts.manifest)
    read = describe_record(path=screening, nomination=nomination)
    assert (read["name"], read["type"], read["public_good"]) == (ours["name"], "model", ours["public_good"])
    assert [c["licence"] for c in read["components"]] == ["Apache-2.0", "CC-BY-4.0", "MIT"]


def test_a_model_file_comes_back_with_its_components_and_licences(tmp_path):
    read = back(tmp_path, "mof.yml", facts_of())
    assert {c["kind"]: c["licence"] for c in read["components"]} == {
        "datasets": "CC-BY-4.0",
        "model-card": "CC-BY-4.0",
        "model-parameters": "Apache-2.0",
        "training-code": "Apache-2.0 OR MIT",
    }
    assert (read["name"], read["version"]) == ("Words of Lake Province", "1.2")


# DCAT, DataCite, schema.org


def test_dcat_says_of_each_file_its_licence_size_and_checksum():
    facts = facts_of(kind="dataset")
    graph = Graph().parse(data=FORMS["dcat.jsonld"].write(facts), format="json-ld")
    (at,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert str(at) == facts.address
    assert {t.language: str(t) for t in graph.objects(at, DCTERMS.title)} == facts.titles
    found = {}
    for distribution in graph.objects(at, DCAT.distribution):
        checksum = graph.value(distribution, SPDX.checksum)
        licence = graph.value(distribution, DCTERMS.license)
        found[str(graph.value(distribution, DCTERMS.title))] = (
            str(graph.value(distribution, DCAT.downloadURL)),
            int(graph.value(distribution, DCAT.byteSize)),
            str(graph.value(checksum, SPDX.checksumValue)),
            str(licence) if isinstance(licence, URIRef) else "",
        )
    licences = {"README.md": "CC-BY-4.0", "data/train set.csv": "CC-BY-4.0", "data/more.jsonl": "CC-BY-4.0"}
    licences["weights.safetensors"] = "Apache-2.0"
    assert found == {
        f.path: (
            f.address,
            f.size,
            f.sha256,
            f"https://spdx.org/licenses/{licences[f.path]}" if f.path in licences else "",
        )
        for f in facts.files
    }
    rights = str(graph.value(at, DCTERMS.accessRights))
    assert rights.endswith("/PUBLIC")
    closed = Graph().parse(data=FORMS["dcat.jsonld"].write(facts_of(is_public=False)), format="json-ld")
    assert str(next(closed.objects(None, DCTERMS.accessRights))).endswith("/RESTRICTED")


def test_datacite_has_what_the_form_demands_and_no_invented_doi():
    for facts in (facts_of(), poor_facts()):
        found = json.loads(FORMS["datacite.json"].write(facts))
        for name in ("types", "creators", "titles", "publisher", "publicationYear", "identifiers"):
            assert found[name], name
        assert "doi" not in json.dumps(found).casefold()
    assert found["creators"] == [{"name": "Republic of One", "nameType": "Organizational"}]
    full = json.loads(FORMS["datacite.json"].write(facts_of()))
    assert [c["name"] for c in full["creators"]] == ["Asha Mollel", "Jean Kalala"]
    assert [t.get("titleType", "") for t in full["titles"]] == ["", "TranslatedTitle"]
    assert [r["rights"] for r in full["rightsList"]] == ["Apache-2.0", "CC-BY-4.0", "MIT"]


def test_schema_org_gives_data_as_downloads_and_other_things_as_encodings():
    data, model = (json.loads(FORMS["schema.json"].write(facts_of(kind=k))) for k in ("dataset", "model"))
    assert (data["@type"], model["@type"]) == ("Dataset", "CreativeWork")
    assert [d["sha256"] for d in data["distribution"]] == [d["sha256"] for d in model["encoding"]]
    assert "encoding" not in data
    assert "distribution" not in model
    assert data["name"] == [
        {"@language": "en", "@value": "Words of Lake Province"},
        {"@language": "fr", "@value": "Mots de la province du Lac"},
    ]


def test_a_file_that_is_given_to_nobody_is_in_no_form(tmp_path):
    facts = facts_of()
    kept = tuple(f for f in facts.files if f.path != "train.py")
    for kind in sorted(ALL):
        given = facts_of(kind=kind, files=kept)
        for name, form in forms_of(kind).items():
            assert b"train.py" not in form.write(given), name
    assert all(isinstance(f, GivenFile) and f.address.startswith(SITE) for f in kept)


def test_what_is_read_can_be_a_description_of_ours(tmp_path):
    for kind in ("model", "dataset"):
        for name in [n for n in READ if n in forms_of(kind)]:
            compose_description(tree=back(tmp_path, name, facts_of(kind=kind)), file=name)
