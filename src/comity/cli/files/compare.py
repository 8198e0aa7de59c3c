"""``comity align compare OLD NEW``: what became of each provision between two versions of a document."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.files.refusals import refuse
from comity.errors import BadParameter, ComityError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.engines.alignment.changes import Change
    from comity.engines.alignment.differences import Stretch
    from comity.engines.alignment.texts import Instrument, Provision

WIDTH = 100
AROUND = 60
NAMES = {
    "unchanged": "unchanged",
    "reworded": "other spacing or punctuation only",
    "renumbered": "same text, another number",
    "moved": "same text, another place",
    "changed": "text changed",
    "split": "split into several",
    "merged": "merged with others",
    "added": "added",
    "repealed": "repealed",
}


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def compare(old: Path, new: Path, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Compare two versions of a document provision by provision, and print what changed.

    OLD and NEW are files of any form that `comity align` reads; the two need not be of one form. What went out stands in [-…-],
    what came in in {+…+}. What is unchanged is counted and not printed. A machine pairs the provisions; what a change means it does not say.
    """
    from comity.engines.alignment.changes import MAKER
    from comity.engines.alignment.versions import compare_versions

    try:
        before, after = _read(old), _read(new)
    except ComityError as error:
        refuse(error, as_json=as_json)
    changes = compare_versions(old=before[1], new=after[1])
    counts = {kind: sum(1 for c in changes if c.kind == kind) for kind in NAMES}
    if as_json:
        found = {
            "made_by": MAKER,
            "old": _about(old, before),
            "new": _about(new, after),
            "counts": counts,
            "changes": [_as_dict(c, before[1], after[1]) for c in changes],
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for path, (instrument, provisions) in ((old, before), (new, after)):
        click.echo(f"{path.name}: {instrument.title}, {len(provisions)} provisions.")
    if before[0].language != after[0].language:
        click.echo(
            f"Note: one is in {before[0].language}, the other in {after[0].language}; words are compared.", err=True
        )
    click.echo(", ".join(f"{n} {NAMES[kind]}" for kind, n in counts.items() if n) + ".")
    for change in changes:
        if change.kind != "unchanged":
            click.echo(_told(change, before[1], after[1]))


def _read(path: Path) -> tuple[Instrument, tuple[Provision, ...]]:
    """Return the one instrument of a file with its provisions. Raises the refusal of the file."""
    from comity.adapters.country_data import read_atlas
    from comity.adapters.folder import gather_folder
    from comity.adapters.readers import read_scheme
    from comity.cli.files.line import scheme_path

    if path.is_dir():
        raise BadParameter(name="path", found=f"{path.name}, a folder", allowed="a file")
    gathered = gather_folder(paths=[path], scheme=read_scheme(path=scheme_path()), atlas=read_atlas())
    if gathered.refused:
        raise gathered.refused[0].error
    return gathered.collection.instruments[0], gathered.collection.provisions


def _about(path: Path, held: tuple[Instrument, Sequence[Provision]]) -> dict[str, Any]:
    return {
        "file": path.name,
        "title": held[0].title,
        "language": held[0].language,
        "provisions": len(held[1]),
    }


def _as_dict(change: Change, old: Sequence[Provision], new: Sequence[Provision]) -> dict[str, Any]:
    from comity.engines.alignment.versions import differences_of

    return {
        "kind": change.kind,
        "old": [{"ref": old[i].ref, "label": old[i].label} for i in change.old],
        "new": [{"ref": new[j].ref, "label": new[j].label} for j in change.new],
        "renumbered": change.is_renumbered,
        "moved": change.is_moved,
        "likeness": round(change.likeness, 3),
        "difference": [{"kind": s.kind, "text": s.text} for s in differences_of(change=change, old=old, new=new)],
    }


def _told(change: Change, old: Sequence[Provision], new: Sequence[Provision]) -> str:
    """Return one change as sentences: whose it is, what became of it, and the words that differ with a little around them."""
    from comity.engines.alignment.versions import differences_of

    before = ", ".join(old[i].label or old[i].ref for i in change.old)
    after = ", ".join(new[j].label or new[j].ref for j in change.new)
    name = NAMES[change.kind]
    if change.kind in {"changed", "reworded"} and change.is_renumbered:
        name += ", under another number"
    head = " → ".join(part for part in (before, after) if part) if before != after else after
    lines = [f"\n{head}: {name}"]
    stretches = differences_of(change=change, old=old, new=new)
    if stretches:
        said = "".join(_shown(stretches)).replace("\n", " ")
        lines.append(textwrap.fill(said, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False))
    return "\n".join(lines)


def _shown(stretches: Sequence[Stretch]) -> Iterable[str]:
    for number, stretch in enumerate(stretches):
        if stretch.kind == "removed":
            yield f"[-{stretch.text}-]"
        elif stretch.kind == "added":
            yield f"{{+{stretch.text}+}}"
        else:
            first, last = number == 0, number == len(stretches) - 1
            yield _shortened(stretch.text, keep_start=not first, keep_end=not last)


def _shortened(text: str, *, keep_start: bool, keep_end: bool) -> str:
    """Return the text around a change: what is far from it becomes three points."""
    kept = AROUND * (keep_start + keep_end)
    if len(text) <= kept + AROUND:
        return text
    return (text[:AROUND] if keep_start else "") + " … " + (text[-AROUND:] if keep_end else "")
