"""Serve the pages and run the queue, each as one process that stops cleanly."""

from __future__ import annotations

import click

from comity.cli.server import demand_a_sound_instance, open_instance
from comity.cli.server.parts import run_queue, serve_pages


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; COMITY_PORT where not given.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer.")
def serve(host: str, port: int | None, workers: int) -> None:
    """Serve the web pages until stopped. Put nginx or another proxy in front for TLS."""
    open_instance()
    demand_a_sound_instance()
    from django.conf import settings

    serve_pages(host=host, port=port or settings.PORT, workers=workers)


@click.command()
@click.option(
    "--interval", type=click.FloatRange(1.0, 60.0), default=1.0, show_default=True, help="Seconds between looks."
)
@click.option("--until-empty", is_flag=True, help="End when the queue is empty.")
def worker(interval: float, until_empty: bool) -> None:  # noqa: FBT001  (a flag of the command line)
    """Run long work from the queue until stopped. Work that a lost worker left is taken up again."""
    open_instance()
    demand_a_sound_instance()
    run_queue(interval=interval, until_empty=until_empty)
