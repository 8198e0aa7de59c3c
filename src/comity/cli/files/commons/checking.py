"""``comity commons check MANIFEST|DIR``: how open a release is, each part by itself with its reason."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.files.refusals import refuse
from comity.errors import BadReleaseFile, ComityError

if TYPE_CHECKING:
    from comity.engines.commons.manifests import Manifest

DOUBTFUL = 1


@click.command()
@click.argument("release", type=click.Path(path_type=Path), metavar="MANIFEST|DIR")
@click.option(
    "--nomination",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The nomination that belongs to a screening of a digital public good (JSON).",
)
@click.option("--json", "as_json", is_flag=True, help="Print all findings as JSON instead of sentences.")
def check(release: Path, nomination: Path | None, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """See how open a release is: the class of each licence, the class of the Model Openness Framework with what is missing, the nine
    indicators of the Digital Public Goods Standard, and the formats that can run code.

    DIR is the folder of a release. With a comity-release.json or .toml in it, or a ro-crate-metadata.json or croissant.json, parts and
    licences are as that says; without, they are guessed from names, the model card and the licence file. MANIFEST is such a
    description, beside its files; or a model card (Markdown), a model file of the Model Openness Tool (YAML) or the record of a digital
    public good (JSON): these three declare parts, and no file is seen.

    Nothing in the release is opened in its own format, loaded or run.

    Exit codes: 0 looked at; 1 looked at, but something in it is not as described or could not be read; 2 refused.
    """
    from comity.cli.files.commons.telling import tell_openness
    from comity.engines.commons.openness import assess_openness

    try:
        found = assess_openness(manifest=read_release(path=release, nomination=nomination))
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        from comity.adapters.release_findings import list_findings

        click.echo(json.dumps(list_findings(found=found), ensure_ascii=False, indent=1))
    else:
        for line in tell_openness(found=found):
            click.echo(line)
    sys.exit(DOUBTFUL if found.unread else 0)


def read_release(*, path: Path, nomination: Path | None = None) -> Manifest:
    """Return the manifest of a folder or file, by what it is. Raises what its reader raises."""
    from comity.adapters.dpg_files import compose_public_good, looks_like_public_good
    from comity.adapters.foreign_descriptions import (
        CARDS,
        declare_manifest,
        describe_record,
        is_foreign,
        read_any_description,
    )
    from comity.adapters.mof_files import compose_mof, looks_like_mof
    from comity.adapters.plain_trees import read_text, read_tree
    from comity.adapters.release_folders import look_at_release
    from comity.adapters.release_manifests import compose_description

    if path.is_dir():
        if nomination is not None:
            raise BadReleaseFile(
                file=path.name, where="--nomination", problem="it belongs to a screening, not to a folder"
            )
        return look_at_release(path=path)
    if path.name.casefold().endswith(CARDS):
        told = compose_description(tree=describe_record(path=path, nomination=nomination), file=path.name)
        return declare_manifest(told=told, file=path.name)
    tree = read_tree(text=read_text(path=path), file=path.name)
    if looks_like_public_good(tree):
        second = {} if nomination is None else read_tree(text=read_text(path=nomination), file=nomination.name)
        screening, named = (tree, second) if "clearOwnership" in tree else (second, tree)
        return compose_public_good(screening=screening, nomination=named, file=path.name)
    if nomination is not None:
        raise BadReleaseFile(file=path.name, where="--nomination", problem="it belongs to a screening of a public good")
    if looks_like_mof(tree):
        return compose_mof(tree=tree, file=path.name)
    if is_foreign(tree):
        told = read_any_description(path=path)
        listed = [f.path for c in told.components for f in c.files]
        if not any((path.parent / p).is_file() for p in listed):
            return declare_manifest(told=told, file=path.name)
    return look_at_release(path=path)
