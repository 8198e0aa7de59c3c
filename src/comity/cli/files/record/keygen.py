"""Make the key of a log or a witness, or change one and keep the old public key beside it."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli.files.record import Refused
from comity.errors import ComityError


@click.command()
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--name", default="", help="Name of the log or witness, such as comity.example.org/record.")
@click.option("--witness", "for_witness", is_flag=True, help="A key that cosigns, instead of one that signs a log.")
@click.option("--rotate", is_flag=True, help="Change the key of the file; its public key is kept as retired.")
def keygen(out: Path, name: str, for_witness: bool, rotate: bool) -> None:  # noqa: FBT001  (flags of the command line)
    """Write a private key to a file that its owner alone can read, and print the public key to give to others."""
    from comity.adapters.signing_keys import make_key, read_key_file, rotate_key, write_key_file
    from comity.engines.record.notes import COSIGNATURE, ED25519

    try:
        if rotate:
            key = rotate_key(key=read_key_file(path=out), name=name)
            write_key_file(path=out, key=key, replace=True)
        else:
            key = make_key(name=name, kind=COSIGNATURE if for_witness else ED25519)
            write_key_file(path=out, key=key)
    except FileExistsError:
        raise Refused(
            f"{out} exists. Give another file, or say --rotate to change its key; nothing was written."
        ) from None
    except ComityError as error:
        raise Refused(str(error)) from None
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}. Nothing was changed.") from None
    click.echo(key.verifier.key.text)
