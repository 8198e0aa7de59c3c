"""``comity decisions tally BALLOTS.csv --rule NAME``: an outcome with its whole reasoning; ``verify`` goes through it again."""

from __future__ import annotations

import json
from pathlib import Path

import click

from comity.cli.files.refusals import refuse
from comity.errors import ComityError

A_FILE = click.Path(path_type=Path, dir_okay=False)
FOLLOWS_NOT = 1


@click.command()
@click.argument("ballots", type=A_FILE, metavar="BALLOTS.csv")
@click.option("--rule", "name", required=True, metavar="NAME|FILE.toml", help="A rule by its name, or one of your own.")
@click.option("--members", type=A_FILE, metavar="MEMBERS.csv", help="Who may vote; without it, those in BALLOTS.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome and its steps as JSON.")
def tally(ballots: Path, name: str, members: Path | None, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Count BALLOTS.csv under a rule, and say each step from the ballots to the outcome.

    BALLOTS.csv has the columns member and vote (yes, no, abstain, present, absent, or the positions of the rule), and may have
    group, reason and weights. MEMBERS.csv has member, and may have group and weights; a member without a ballot is absent.

    Exit codes: 0 counted, whatever the outcome; 2 a file or the rule was refused.
    """
    from comity.adapters.ballot_files import read_rolls
    from comity.adapters.rule_files import find_rule
    from comity.engines.decisions.carrying import carry_result
    from comity.engines.decisions.saying import Speaker
    from comity.engines.decisions.tally import tally as count

    try:
        rule = find_rule(name)
        rolls = read_rolls(rule=rule, ballots=ballots, members=members)
        result = count(rule=rule, members=rolls.members, ballots=rolls.ballots)
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        click.echo(json.dumps(carry_result(rule=rule, result=result), ensure_ascii=False, indent=1))
        return
    click.echo(f"{result.outcome.capitalize()}, under: {rule.title}.\n")
    for line in Speaker(rule).result(result):
        click.echo(f"- {line}")
    if rolls.unused:
        click.echo("- Every member counts one under this rule; the column weight was not used.")
    click.echo(f"\n{rule.words}\nSource: {rule.source}.")


@click.command()
@click.argument("result", type=A_FILE, metavar="RESULT.json")
@click.option("--rule", "name", required=True, metavar="NAME|FILE.toml", help="The rule under which it was counted.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(result: Path, name: str, as_json: bool) -> None:  # noqa: FBT001  (a flag)
    """Go from the totals in RESULT.json to the outcome again, and compare every step.

    RESULT.json is what `comity decisions tally --json` prints, or what a ballot's page gives out.

    Exit codes: 0 the steps lead to the outcome; 1 they do not; 2 the file or the rule was refused.
    """
    from comity.adapters.result_files import read_result
    from comity.adapters.rule_files import find_rule
    from comity.engines.decisions.carrying import check_steps
    from comity.errors import StepsDoNotFollow

    try:
        rule = find_rule(name)
        found = check_steps(rule=rule, carried=read_result(path=result))
    except StepsDoNotFollow as error:
        click.echo(json.dumps({"follows": False, "error": error.as_dict()}) if as_json else f"Does not follow. {error}")
        raise SystemExit(FOLLOWS_NOT) from None
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        click.echo(json.dumps({"follows": True, "outcome": found.outcome}))
        return
    click.echo(
        f"The steps lead to the outcome: {found.outcome}. Compare the totals with the ballots to be sure of both."
    )
