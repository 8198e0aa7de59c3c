"""Start everything on this machine: tables, worked example, web and worker; one address; Ctrl-C stops it all."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import time
from functools import partial
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import click

from comity.cli.server import demand_a_sound_instance, open_instance
from comity.cli.server.instance import instance_folder, prepare_tables, write_env_file
from comity.cli.server.parts import ASKED_TO_STOP, run_queue, serve_pages, start_part, stop_parts

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess
    from types import FrameType

HOST = "127.0.0.1"
PORTS_TRIED = 20
READY_WITHIN = 60.0


def free_port(*, first: int) -> int:
    """Return the first port from ``first`` on which nobody listens. Raises ClickException where twenty are taken."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((HOST, port))
                return port
    raise click.ClickException(f"Ports {first} to {first + PORTS_TRIED - 1} are taken. Set COMITY_PORT to a free one.")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="First port to try; COMITY_PORT where not given.")
def up(port: int | None) -> None:
    """Start everything on this machine and print one address. An empty data folder gets the worked example."""
    write_env_file(folder=instance_folder(), example=True)
    open_instance()
    from django.conf import settings

    click.echo("Bringing the tables up to date ...")
    prepare_tables()
    demand_a_sound_instance()
    chosen = free_port(first=port or settings.PORT)
    wish = _listen_for_the_wish_to_stop()
    accounts: list[tuple[str, str, str]] = []
    children: list[ForkProcess] = []
    log = instance_folder() / "comity.log"
    try:
        # The pages load while the example is looked through; what works through the queue waits until they answer.
        children.append(start_part(partial(serve_pages, host=HOST, port=chosen, workers=2), log=log))
        if settings.EXAMPLE:
            from comity.example.loading import load_example

            accounts = load_example(say=click.echo)
        _wait_until_ready(port=chosen, children=children, wish=wish)
        if not wish:
            children.append(start_part(partial(run_queue, interval=1.0, until_empty=False), log=log))
            _say_where(port=chosen, accounts=accounts)
            _stay(children=children, wish=wish)
    finally:
        stop_parts(children)


def _listen_for_the_wish_to_stop() -> list[int]:
    """Return a list that is empty until Ctrl-C, a closed terminal or a service manager asks us to stop."""
    wish: list[int] = []

    def note(signum: int, frame: FrameType | None) -> None:
        del frame
        wish.append(signum)

    for wanted in ASKED_TO_STOP:
        signal.signal(wanted, note)
    return wish


def _wait_until_ready(*, port: int, children: list[ForkProcess], wish: list[int]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and not wish:
        for child in children:
            if child.exitcode is not None:
                raise click.ClickException(
                    f"A part did not start. Its last words are in {instance_folder() / 'comity.log'}"
                )
        with contextlib.suppress(URLError, OSError), urlopen(f"http://{HOST}:{port}/readyz", timeout=2) as answer:
            if answer.status == 200:  # noqa: PLR2004  (HTTP's own word for yes)
                return
        time.sleep(0.1)
    if wish:
        return
    raise click.ClickException(f"The server did not become ready. Look into {instance_folder() / 'comity.log'}")


def _say_where(*, port: int, accounts: list[tuple[str, str, str]]) -> None:
    if accounts:
        click.echo("\nExample accounts, shown this once:")
        for role, address, password in accounts:
            click.echo(f"  {role:<12} {address:<28} {password}")
    click.echo(f"\nComity is at http://{HOST}:{port}/   (Ctrl-C stops it)")
    sys.stdout.flush()


def _stay(*, children: list[ForkProcess], wish: list[int]) -> None:
    while not wish:
        for child in children:
            if child.exitcode is not None:
                raise click.ClickException(
                    f"A part has stopped. Its last words are in {instance_folder() / 'comity.log'}"
                )
        time.sleep(0.2)
    click.echo("\nStopping ...")
