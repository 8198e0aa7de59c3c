"""``comity align nearest``: the nearest texts of each text, from vectors, on this machine or a cluster."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from comity.cli.files.refusals import refuse
from comity.errors import ComityError


@click.command()
@click.argument("vectors", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="CSV: row,neighbour,score.")
@click.option("--most", default=10, show_default=True, help="How many neighbours of each row.")
@click.option("--dask", default="", metavar="ADDRESS", help="Scheduler of a Dask cluster that computes instead.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def nearest(vectors: Path, out: Path, most: int, dask: str, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Write the nearest other rows of each row of a .npy file of float32 vectors, by inner product, exactly."""
    if out.resolve() == vectors.resolve():
        raise click.ClickException(f"{out} is the file to be read. Choose another for --out.")
    from comity.adapters.all_pairs import find_nearest, read_vectors, write_neighbours

    try:
        table = read_vectors(path=vectors)
        started = time.monotonic()
        found = find_nearest(vectors=table, most=most, dask=dask)
        seconds = time.monotonic() - started
        write_neighbours(path=out, found=found)
    except ComityError as error:
        refuse(error, as_json=as_json)
    except OSError as error:
        raise click.ClickException(
            f"{out} cannot be written ({error.strerror}). Choose another file for --out."
        ) from None
    if as_json:
        click.echo(json.dumps({"rows": len(table), "most": most, "seconds": round(seconds, 3)}))
    else:
        click.echo(f"{len(table)} rows, {most} neighbours each, in {seconds:.1f} s. Written to {out}.")
