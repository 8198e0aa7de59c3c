"""``comity commons bundle``, ``load`` and ``verify``: releases on a disk, signed, and nothing of them taken in unchecked."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.errors import BadInput, ComityError, PathNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.adapters.mirror_folders import MirrorFolder
    from comity.adapters.signing_keys import SigningKey
    from comity.engines.record.notes import VerifierKey

_KEY = "Public key of the log, as a line or a file"
_SIGNED_BY = "Public key of the bundle's maker, as a line or a file: no other signature will do."


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="REF...")
@click.option(
    "--from", "source", required=True, metavar="DIR|URL", help="The folder of a mirror, or the address of a server."
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option(
    "--key", "key_file", required=True, type=click.Path(path_type=Path), help="Your key file: comity record keygen."
)
@click.option("--log-key", "log_keys", multiple=True, help=f"{_KEY}; needed with a URL.")
@click.option("--rate", default="", help="Speed at most with a URL, such as 2MB/s.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def bundle(  # noqa: PLR0917  (click gives them by name)
    names: tuple[str, ...],
    source: str,
    out: Path,
    key_file: Path,
    log_keys: tuple[str, ...],
    rate: str,
    as_json: bool,  # noqa: FBT001  (a flag of the command line)
) -> None:
    """Write releases with what proves them into one signed file, for a disk: a tar file that is an RO-Crate.

    REF is SLUG/LABEL, or SLUG for the latest version. Each is checked against the record before it leaves.

    Exit codes: 0 written; 4 something is not as it was released: it is named, and nothing was written; 2 it could not be done.
    """
    import datetime as dt

    from comity.adapters.bundling import make_bundle
    from comity.adapters.signing_keys import read_key_file
    from comity.cli.files.commons.answers import end_with, say, show_bytes

    passing = out.with_name(f".{out.name}.mirror")
    try:
        key = read_key_file(path=key_file)
        _demand_note_key(key)
        mirror = _mirror_of(source, passing, names, log_keys, rate)
        now = dt.datetime.now(dt.UTC)
        references, size = make_bundle(mirror=mirror, names=names, target=out, key=key, made_at=now)
    except ComityError as error:
        end_with(error, as_json=as_json)
    except OSError as error:
        end_with(BadInput(problem=f"{out} cannot be written: {error.strerror}."), as_json=as_json)
    shutil.rmtree(passing, ignore_errors=True)
    told = {
        "ok": True,
        "file": str(out),
        "bytes": size,
        "versions": list(references),
        "signed_by": key.verifier.key.text,
    }
    lines = [f"{r}: in the bundle, proved by the record." for r in references]
    lines += [f"{out}: {show_bytes(size)}, signed by {key.name}. Give others its public key:", key.verifier.key.text]
    say(told, lines, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder of the mirror."
)
@click.option("--key", "key_texts", multiple=True, help=f"{_KEY}; needed the first time.")
@click.option("--signed-by", "makers", multiple=True, help=_SIGNED_BY)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def load(file: Path, folder: Path, key_texts: tuple[str, ...], makers: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Take a bundle into the mirror in DIR, without a network: all of it, after all of it was checked, or nothing.

    Then `comity commons serve DIR` gives it to others, and `comity commons fetch` puts a version where it is used.

    Exit codes: 0 taken in; 4 the bundle was altered: the part is named, and the mirror is as it was; 2 it could not be done.
    """
    from comity.adapters.bundling import load_bundle
    from comity.adapters.mirror_folders import hold_folder, make_mirror
    from comity.cli.files.commons.answers import end_with, read_keys, say

    try:
        _demand_file(file)
        keys, signed_by = read_keys(key_texts), read_keys(makers)
        with hold_folder(folder):
            mirror = make_mirror(folder=folder, keys=keys, comes_from="")
            maker, proven = load_bundle(path=file, mirror=mirror, signed_by=signed_by)
    except ComityError as error:
        end_with(error, as_json=as_json)
    except OSError as error:
        end_with(BadInput(problem=f"{folder} cannot be written: {error.strerror}."), as_json=as_json)
    references = [one.version.reference for one in proven]
    lines = [f"{reference}: taken in, proved by the record." for reference in references]
    lines.append(_tell_maker(file, maker, known=bool(signed_by)))
    say(
        {"ok": True, "versions": references, "signed_by": maker.text, "maker_known": bool(signed_by)},
        lines,
        as_json=as_json,
    )


@click.command()
@click.argument("what", type=click.Path(path_type=Path), metavar="DIR|FILE")
@click.option(
    "--key", "key_texts", multiple=True, help=f"{_KEY}: no other is relied on. A mirror of your own knows it."
)
@click.option("--signed-by", "makers", multiple=True, help=_SIGNED_BY)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def verify(what: Path, key_texts: tuple[str, ...], makers: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Read a mirror or a bundle from its first to its last byte, and name each part that is not as it was released.

    Exit codes: 0 all of it holds; 4 something was altered, damaged or is missing: each part is named; 2 it could not be looked at.
    """
    from comity.adapters.mirror_folders import open_mirror
    from comity.cli.files.commons.answers import ALTERED, end_with, printable, read_keys, say

    try:
        if what.is_dir():
            mirror, keys = open_mirror(folder=what), read_keys(key_texts)
            mirror = replace(mirror, keys=tuple(keys)) if keys else mirror
            problems = list(mirror.find_damage())
            count = sum(len(release.versions) for release in mirror.releases())
            lines = [
                f"{what}: {count} version{'' if count == 1 else 's'} read, each compared with the record and each file with its SHA-256."
            ]
            if not keys:
                lines.append(f"Relied on the key in the folder itself: {', '.join(key.text for key in mirror.keys)}.")
        else:
            _demand_file(what)
            problems, lines = _look_through(what, read_keys(key_texts), read_keys(makers))
    except ComityError as error:
        end_with(error, as_json=as_json)
    if problems:
        lines = []
        if not as_json:
            for part, problem in problems:
                click.echo(printable(f"NOT SOUND: {part}: {problem}"), err=True)
    else:
        lines.append("All of it holds.")
    told = {"ok": not problems, "problems": [{"what": w, "problem": p} for w, p in problems], "sentences": lines}
    say(told, lines, as_json=as_json)
    if problems:
        sys.exit(ALTERED)


def _look_through(
    path: Path, keys: Sequence[VerifierKey], signed_by: Sequence[VerifierKey], /
) -> tuple[list[tuple[str, str]], list[str]]:
    from comity.adapters.bundling import check_bundle

    scanned, proven = check_bundle(path=path, keys=keys, signed_by=signed_by)
    if scanned.problems or scanned.maker is None:
        return scanned.problems, []
    lines = [f"{path}: {len(scanned.files)} files, every byte compared."]
    lines += [f"{one.version.reference}: proved by the record, {len(one.files)} files." for one in proven]
    if not keys:
        lines.append("Not compared with the record: give the public key of the log with --key.")
    return [], [*lines, _tell_maker(path, scanned.maker, known=bool(signed_by))]


def _tell_maker(file: Path, maker: VerifierKey, /, *, known: bool) -> str:
    if known:
        return f"{file} is signed by {maker.name}, whose key you gave."
    return f"{file} is signed by the key {maker.text}. Compare it with the key that {maker.name} publishes, or give that with --signed-by."


def _mirror_of(source: str, passing: Path, names: Sequence[str], log_keys: Sequence[str], rate: str, /) -> MirrorFolder:
    """Return the mirror to bundle from: the folder that was named, or one beside the file that a server's versions pass through."""
    from comity.adapters.commons_sources import open_commons
    from comity.adapters.mirror_folders import hold_folder, make_mirror, open_mirror
    from comity.adapters.mirroring import update_mirror
    from comity.cli.files.commons.answers import read_keys

    if "://" not in source:
        mirror = open_mirror(folder=Path(source))
        # Whoever wrote the folder chose its keys: those that were given count alone.
        return replace(mirror, keys=tuple(read_keys(log_keys))) if log_keys else mirror
    opened = open_commons(text=source, rate=rate)
    click.get_current_context().call_on_close(opened.close)
    with hold_folder(passing):
        mirror = make_mirror(folder=passing, keys=read_keys(log_keys), comes_from=source.rstrip("/"))
        done = update_mirror(source=opened, mirror=mirror, only=names)
    for _, error in done.refused:
        raise error
    for reference, reason in done.waiting:
        raise BadInput(problem=f"{reference}: {reason}. Try again in a minute; nothing was written.")
    return mirror


def _demand_note_key(key: SigningKey, /) -> None:
    from comity.engines.record.notes import ED25519

    if key.kind != ED25519:
        raise BadInput(
            problem="This key cosigns, as a witness does. Make one that signs: comity record keygen --out FILE --name NAME"
        )


def _demand_file(path: Path, /) -> None:
    if not path.is_file():
        raise PathNotFound(file=str(path))
