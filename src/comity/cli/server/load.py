"""``comity load PATH... --as ADDRESS``: take documents and instrument files into the collection of this instance."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from comity.cli.server import Refusal, open_instance
from comity.errors import ComityError, NothingToAlign

SOME_REFUSED = 3


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--as", "address", required=True, help="Mail address of an account with the role secretariat.")
def load(paths: tuple[Path, ...], address: str) -> None:
    """Take documents into the collection, each by an act of the secretariat, and queue an alignment.

    A text of a name that the collection holds becomes a new version of it: what was there is kept, and links that rest on text
    which changed are marked. A text that is there already changes nothing.

    Topics of instrument files were named by people and are kept. Plain documents come without topics: they are compared
    provision by provision, and colour no tile until people have named their topics. What is public is shown to everyone.
    """
    open_instance()
    from comity.adapters.country_data import read_atlas
    from comity.adapters.folder import gather_folder
    from comity.platform.alignment.collection import load_scheme
    from comity.platform.alignment.tasks import start_alignment_if_changed
    from comity.platform.alignment.versions import keep_instrument
    from comity.platform.parties.services import account_of

    try:
        by = account_of(email=address)
        gathered = gather_folder(paths=paths, scheme=load_scheme(), atlas=read_atlas())
        if not gathered.collection.provisions:
            reasons = " ".join(str(r.error) for r in gathered.refused[:5])
            raise NothingToAlign(found=gathered.looked_at, refused=len(gathered.refused), reasons=reasons)
        refused = [r.error for r in gathered.refused]
        done: Counter[str] = Counter()
        for instrument in gathered.collection.instruments:
            parts = [p for p in gathered.collection.provisions if p.instrument == instrument.id]
            try:
                done[keep_instrument(instrument=instrument, provisions=parts, by=by)] += 1
            except ComityError as taken:
                refused.append(taken)
    except ComityError as error:
        raise Refusal(error) from None
    for refusal in refused:
        click.echo(f"Refused: {refusal}", err=True)
    queued = start_alignment_if_changed() is not None
    versions = f" {done['version']} new versions taken in." if done["version"] else ""
    click.echo(
        f"{done['added']} instruments taken in.{versions}"
        + (" The worker will align the collection." if queued else "")
    )
    sys.exit(SOME_REFUSED if refused else 0)
