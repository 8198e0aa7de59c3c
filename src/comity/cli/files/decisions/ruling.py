"""``comity decisions rules`` lists the rules that come with Comity; ``check FILE.toml`` reads one of your own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.files.refusals import refuse
from comity.errors import ComityError

if TYPE_CHECKING:
    from comity.engines.decisions.rules import Rule


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def rules(as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """List the rules of procedure that come with Comity, each with what it asks for and where it stands."""
    from comity.adapters.rule_files import built_in_names, built_in_rule

    held = [built_in_rule(name) for name in built_in_names()]
    if as_json:
        click.echo(json.dumps([_carry(rule) for rule in held], ensure_ascii=False, indent=1))
        return
    for rule in held:
        click.echo(f"{rule.name}\n  {rule.title}\n  {rule.words}\n  Source: {rule.source}.\n")


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.toml")
@click.option("--members", "size", default=193, show_default=True, type=click.IntRange(1, 10_000), help="For how many.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(file: Path, size: int, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Read a rule, and say what it asks for in words and in worked numbers.

    Exit codes: 0 it can be used; 2 it was refused, with the place of what will not do.
    """
    from comity.adapters.rule_files import read_rule
    from comity.engines.decisions.laws import find_broken_promise
    from comity.engines.decisions.saying import Speaker
    from comity.engines.decisions.working import work_through

    try:
        rule = read_rule(path=file)
    except ComityError as error:
        refuse(error, as_json=as_json)
    worked = work_through(rule=rule, members=size)
    broken = find_broken_promise(rule=rule) if any(p.name == "yes" for p in rule.positions) else None
    if as_json:
        numbers = [
            {"voting": w.voting, "abstain": w.abstaining, "absent": w.away, "least_yes": w.least} for w in worked
        ]
        click.echo(
            json.dumps(_carry(rule) | {"worked": numbers, "undone_by_yes_from": broken}, ensure_ascii=False, indent=1)
        )
        return
    speaker = Speaker(rule)
    click.echo(f"{rule.title}\n\n{rule.words}\n")
    opening = [f"A meeting may open when: {line}" for line in speaker.part("opens")]
    deciding = [f"A decision is valid when: {line}" for line in speaker.part("valid")]
    adopting = [f"A text is adopted when: {line}" for line in speaker.part("adopted")]
    for line in (*opening, *deciding, *adopting):
        click.echo(line)
    for one in worked:
        needed = "cannot be adopted" if one.least is None else f"needs {one.least} yes"
        click.echo(f"Of {size} members, {one.voting} voting, {one.abstaining} abstaining, {one.away} absent: {needed}.")
    if broken is not None:
        click.echo(f'Careful: a member that says yes instead of "{broken}" might undo an adoption under this rule.')
    click.echo("This rule can be used.")


def _carry(rule: Rule, /) -> dict[str, Any]:
    from comity.engines.decisions.saying import Speaker

    speaker = Speaker(rule)
    return {
        "name": rule.name,
        "version": rule.version,
        "title": rule.title,
        "source": rule.source,
        "words": rule.words,
        "positions": [p.name for p in rule.positions],
        "groups": [g.name for g in rule.groups],
        "weights": [w.name for w in rule.weights],
        "opens_when": speaker.part("opens"),
        "valid_when": speaker.part("valid"),
        "adopted_when": speaker.part("adopted"),
    }
