"""A witness as one command: it remembers the latest checkpoint of each log and cosigns the next if it continues it."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.files.record import Refused
from comity.errors import ComityError

if TYPE_CHECKING:
    from types import FrameType


@click.command()
@click.option("--listen", default="127.0.0.1:8090", show_default=True, help="HOST:PORT to answer on.")
@click.option(
    "--state", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of what was seen."
)
@click.option("--key", "key_file", required=True, type=click.Path(path_type=Path), help="Key file: keygen --witness.")
@click.option("--log", "logs", multiple=True, required=True, help="Public key of a log to witness; may be given again.")
def witness(listen: str, state: Path, key_file: Path, logs: tuple[str, ...]) -> None:
    """Answer add-checkpoint as C2SP tlog-witness says, until stopped. Put a proxy with TLS in front."""
    from comity.adapters.signing_keys import read_key_file
    from comity.adapters.witness_server import WitnessServer
    from comity.engines.record.notes import COSIGNATURE, parse_key

    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65_535:  # noqa: PLR2004  (the largest port)
        raise Refused(f'--listen is "{listen}"; allowed is HOST:PORT, such as 127.0.0.1:8090.')
    try:
        key = read_key_file(path=key_file)
        if key.kind != COSIGNATURE:
            raise Refused(f"{key_file} signs logs and does not cosign. Make one: comity record keygen --witness")
        server = WitnessServer(address=(host, int(port)), key=key, state=state, logs=[parse_key(text) for text in logs])
    except ComityError as error:
        raise Refused(str(error)) from None
    except OSError as error:
        raise Refused(f"{listen} or {state} cannot be used: {error.strerror}.") from None

    def stop(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    click.echo(f"{key.verifier.key.text}\nWitness {key.name} answers on http://{host}:{server.port}/add-checkpoint")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
