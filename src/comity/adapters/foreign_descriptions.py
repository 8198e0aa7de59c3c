"""Descriptions of releases in the forms of others, each read into ours: Croissant, RO-Crate, model cards, MOF and public goods.

What a form cannot say is missing afterwards, and nothing is made up for it. A context of linked data is never fetched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.adapters import bundle_crates, croissant_files
from comity.adapters.croissant_files import describe_croissant, looks_like_croissant
from comity.adapters.dpg_files import compose_public_good, looks_like_public_good
from comity.adapters.licence_addresses import read_name
from comity.adapters.model_cards import Card, parse_card
from comity.adapters.mof_files import compose_mof, looks_like_mof
from comity.adapters.plain_trees import read_text, read_tree
from comity.adapters.release_crates import describe_crate, looks_like_crate
from comity.adapters.release_facts import stated
from comity.adapters.release_manifests import Description, compose_description
from comity.adapters.release_writing import write_description
from comity.engines.commons.manifests import Component, Manifest, make_manifest
from comity.errors import BadParameter, BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

IN_FOLDERS = (bundle_crates.NAME, croissant_files.NAME)
"""What describes a folder that has no description in our form: the first of these that is there."""
CARDS = (".md", ".markdown")
READ = "comity-release, Croissant, RO-Crate, a model card, a model file of the Model Openness Tool, a record of a public good"


def read_any_description(*, path: Path) -> Description:
    """Return what a description in our form, a Croissant or an RO-Crate says. Raises what reading it raises, and BadReleaseFile."""
    tree = read_tree(text=read_text(path=path), file=path.name)
    return _compose(in_our_form(tree=tree, file=path.name), path.name)


def is_foreign(tree: Mapping[str, Any], /) -> bool:
    """Say whether plain data list the files of a release in a form of others."""
    return looks_like_croissant(tree) or looks_like_crate(tree)


def in_our_form(*, tree: Mapping[str, Any], file: str) -> dict[str, Any]:
    """Return the plain data of a Croissant or RO-Crate in our form; others as they are. Raises BadReleaseFile."""
    if looks_like_croissant(tree):
        return describe_croissant(tree=tree, file=file)
    return describe_crate(tree=tree, file=file) if looks_like_crate(tree) else dict(tree)


def declare_manifest(*, told: Description, file: str) -> Manifest:
    """Return the manifest of a description whose files nobody has seen: its parts are declared. Raises BadReleaseFile."""
    parts = [
        Component(c.id, c.kind, c.licence, declared=True, where=c.where or f"declared in {file}")
        for c in told.components
    ]
    return make_manifest(
        name=told.name,
        version=told.version,
        type=told.type,
        components=parts,
        languages=told.languages,
        running=told.running,
        record=told.record,
        intended_use=told.intended_use,
        known_limits=told.known_limits,
    )


def describe_record(*, path: Path, nomination: Path | None = None) -> dict[str, Any]:
    """Return a record in any form that is read here, in the form of ``comity-release.json``.

    Raises what reading a file raises, and BadReleaseFile where it is of no form that is known.
    """
    file = path.name
    text = read_text(path=path)
    if file.casefold().endswith(CARDS) and nomination is None:
        tree = _of_card(parse_card(text=text, file=file), path)
    else:
        found = read_tree(text=text, file=file)
        if looks_like_public_good(found):
            second = {} if nomination is None else read_tree(text=read_text(path=nomination), file=nomination.name)
            screening, named = (found, second) if "clearOwnership" in found else (second, found)
            tree = write_description(manifest=compose_public_good(screening=screening, nomination=named, file=file))
        elif nomination is not None:
            problem = "it belongs to a screening of a public good"
            raise BadReleaseFile(file=file, where="--nomination", problem=problem)
        elif looks_like_mof(found):
            tree = write_description(manifest=compose_mof(tree=found, file=file))
        elif is_foreign(found) or "comity_release" in found:
            tree = in_our_form(tree=found, file=file)
        else:
            raise BadReleaseFile(
                file=file, where="the file", problem=f"it is of no form that is read here; there are {READ}"
            )
    _compose(tree, file)
    return tree


def _compose(tree: Mapping[str, Any], file: str, /) -> Description:
    """Return a description of which a manifest can be made: what the engine refuses is refused with the file."""
    told = compose_description(tree=tree, file=file)
    try:
        declare_manifest(told=told, file=file)
    except BadParameter as refused:
        data = refused.as_dict()
        raise BadReleaseFile(file=file, where=str(data.get("name", "the file")), problem=str(refused)) from None
    return told


def _of_card(card: Card, path: Path, /) -> dict[str, Any]:
    kind = "data-card" if card.type == "data" else "model-card"
    part = {"id": kind, "kind": kind, "licence": read_name(card.licence), "files": [path.name]}
    name = card.name or path.resolve().parent.name or "release"
    manifest = make_manifest(name=name, type=card.type, languages=card.languages, components=())
    told = write_description(manifest=manifest) | {"components": [part]}
    return told | stated({"intended_use": card.intended_use, "known_limits": card.known_limits})
