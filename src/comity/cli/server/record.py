"""The log from the operator's side: sequence acts, ask witnesses, reconcile after a restore."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from comity.cli.server import Refusal, demand_a_sound_instance, open_instance
from comity.errors import ComityError


@click.command()
@click.option("--until-empty", is_flag=True, help="End when no act waits.")
@click.option(
    "--interval", type=click.FloatRange(0.1, 60.0), default=1.0, show_default=True, help="Seconds between looks."
)
def sequence(until_empty: bool, interval: float) -> None:  # noqa: FBT001  (a flag of the command line)
    """Take waiting acts into the log and sign it, as the worker does. Two never work at once."""
    open_instance()
    demand_a_sound_instance()
    from comity.platform.record.log import open_log, witness_policy
    from comity.platform.record.sequencer import sequence_acts
    from comity.platform.record.states import count_waiting
    from comity.platform.record.witnesses import heed_witnesses

    log = open_log()
    heed_witnesses(log=log, policy=witness_policy())
    while True:
        try:
            done = sequence_acts(log=log)
        except ComityError as error:
            raise Refusal(error) from None
        if done.taken:
            click.echo(f"{done.taken} acts taken in; the log holds {done.size}.")
        if until_empty and not done.busy and not count_waiting():
            return
        time.sleep(interval)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def status(as_json: bool) -> None:  # noqa: FBT001  (a flag of the command line)
    """Say how the log stands: size, last checkpoint, witnesses, what waits. Ends with 1 where it is stopped."""
    open_instance()
    from comity.platform.record.log import open_log
    from comity.platform.record.states import log_in_figures

    log = open_log()
    view = log_in_figures(origin=log.origin)
    if as_json:
        moments = {
            "oldest_waiting": view.oldest_waiting,
            "signed_at": view.signed_at,
            "witnessed_at": view.witnessed_at,
        }
        plain = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
        figures = {"waiting": view.waiting, "stopped": view.stopped, "size": view.size}
        click.echo(json.dumps({"origin": log.origin, "key": log.vkey, **figures, **plain}, indent=1))
    else:
        click.echo(f"{log.origin}: {view.size} entries signed, {view.waiting} acts wait.")
        click.echo(f"Signed {view.signed_at or 'never'}; witnessed {view.witnessed_at or 'never'}. Key: {log.vkey}")
        if view.stopped:
            click.echo(f"Stopped: {view.stopped}")
    raise SystemExit(1 if view.stopped else 0)


@click.command("ask-witnesses")
def ask() -> None:
    """Ask every witness of the policy to sign the latest checkpoint. Ends with 3 where one did not."""
    open_instance()
    from comity.platform.record.log import open_log, witness_policy
    from comity.platform.record.witnesses import ask_witnesses

    policy = witness_policy()
    if policy is None:
        raise click.ClickException("No witness is named. Write witnesses.toml into the data folder; see the guide.")
    answers = ask_witnesses(log=open_log(), policy=policy)
    for answer in answers:
        click.echo(f"{answer.witness}: {answer.problem or 'signed'}")
    raise SystemExit(3 if any(answer.problem for answer in answers) else 0)


@click.command()
@click.option("--from", "source", help="Address or folder of a mirror that holds the entries this instance lost.")
@click.option("--new-origin", is_flag=True, help="Go on under the new name of the key, as a new log.")
@click.option(
    "--files",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of a backup or of a mirror of the commons that gives lost content of released files back.",
)
@click.option("--without-files", is_flag=True, help="Do not read the content of released files.")
def reconcile(source: str | None, new_origin: bool, folder: Path | None, without_files: bool) -> None:  # noqa: FBT001  (flags of the command line)
    """Let a log that was stopped sign again, once it holds all that is known to have been signed; then read all released files.

    Exit codes: 0 all is there; 1 the log signs again, but released files are missing or altered: each is named; 2 it does not.
    """
    open_instance()
    from comity.platform.record.log import open_log, witness_policy
    from comity.platform.record.reconciliation import begin_new_origin, entries_of, reconcile
    from comity.platform.record.witnesses import largest_witnessed

    log = open_log()
    try:
        if new_origin:
            begin_new_origin(log=log)
            click.echo(f"The log goes on as {log.origin}.")
        else:
            entries = entries_of(source=source, log=log) if source else None
            known = largest_witnessed(log=log, policy=witness_policy())
            done = reconcile(log=log, entries=entries, known_size=known)
            click.echo(
                f"{done.recovered} entries recovered; the log holds {done.size} and signs again as {done.origin}."
            )
    except ComityError as error:
        raise Refusal(error) from None
    if not without_files:
        reread_files(folder=folder)


def reread_files(*, folder: Path | None) -> None:
    """Read all content of files, bring back what is lost and a folder has, and name what stays missing or altered; then end with 1."""
    from comity.adapters.content_copies import name_problems
    from comity.cli.server.backup import name_all
    from comity.platform.commons.kept_apart import bring_contents_back, name_content

    try:
        done = bring_contents_back(folder=folder)
    except ComityError as error:
        raise Refusal(error) from None
    if done.copied:
        click.echo(f"{done.copied} contents of released files came back ({done.bytes / 1e6:.1f} MB).")
    if done.problems:
        name_all(name_problems(problems=done.problems, name=name_content))
        click.echo("Bring them back from a backup or a mirror: comity doctor --files --from DIR", err=True)
        raise SystemExit(1)
    if done.held:
        click.echo(f"{done.held} contents of released files were read and are as they were released.")
