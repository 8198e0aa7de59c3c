"""``comity load PATH... --as ADDRESS``: take documents and instrument files into the collection of this instance."""

from __future__ import annotations

import sys
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

    Topics of instrument files were named by people and are kept. Plain documents come without topics: they are compared
    provision by provision, and colour no tile until people have named their topics. What is public is shown to everyone.
    """
    open_instance()
    from comity.adapters.country_data import read_atlas
    from comity.adapters.folder import gather_folder
    from comity.platform.alignment.collection import load_scheme
    from comity.platform.alignment.services import add_instrument
    from comity.platform.alignment.tasks import start_alignment_if_changed
    from comity.platform.parties.services import account_of

    try:
        by = account_of(email=address)
        gathered = gather_folder(paths=paths, scheme=load_scheme(), atlas=read_atlas())
        if not gathered.collection.provisions:
            reasons = " ".join(str(r.error) for r in gathered.refused[:5])
            raise NothingToAlign(found=gathered.looked_at, refused=len(gathered.refused), reasons=reasons)
        refused = [r.error for r in gathered.refused]
        added = 0
        for instrument in gathered.collection.instruments:
            parts = [p for p in gathered.collection.provisions if p.instrument == instrument.id]
            try:
                added += add_instrument(instrument=instrument, provisions=parts, by=by)
            except ComityError as taken:
                refused.append(taken)
    except ComityError as error:
        raise Refusal(error) from None
    for refusal in refused:
        click.echo(f"Refused: {refusal}", err=True)
    queued = start_alignment_if_changed() is not None
    click.echo(f"{added} instruments taken in." + (" The worker will align the collection." if queued else ""))
    sys.exit(SOME_REFUSED if refused else 0)
