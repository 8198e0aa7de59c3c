"""``comity capacity equity VALUES.csv --column X``: how unevenly one column of a table is spread, and of whom that is known."""

from __future__ import annotations

import json
from pathlib import Path

import click

from comity.cli.files.refusals import refuse
from comity.errors import ComityError

A_FILE = click.Path(path_type=Path, dir_okay=False)
BY = ("m49", "m49-sub", "ldc", "lldc", "sids")
COLUMN = "COLUMN"


@click.command()
@click.argument("values", type=A_FILE, metavar="VALUES.csv")
@click.option("--column", required=True, metavar=COLUMN, help="The figures: amounts of 0 or more, or percentages.")
@click.option(
    "--weights", metavar=COLUMN, help="What each member counts, such as its people; without it, each counts once."
)
@click.option("--totals", is_flag=True, help="The figures are totals: divide each by its weight first.")
@click.option("--member", metavar=COLUMN, help="Names or codes of the members; without it, the first other column.")
@click.option("--groups", metavar=COLUMN, help="The group of each member; several are parted by semicolons.")
@click.option("--by", multiple=True, type=click.Choice(BY), help="Groups of the country data; may be given again.")
@click.option("--threshold", type=float, help="Count as covered from this figure on; without it, from more than 0.")
@click.option(
    "--rank-by", metavar=COLUMN, help="Another thing, such as income: do figures go with more of it, or less?"
)
@click.option(
    "--epsilon", default=0.5, show_default=True, type=float, help="How much Atkinson's index minds the low end."
)
@click.option(
    "--draws",
    default=0,
    show_default=True,
    type=click.IntRange(0, 100_000),
    help="Samples for intervals, where the members were drawn at random; 0: none.",
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1), help="What those samples are drawn with."
)
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON instead of sentences.")
def equity(  # noqa: PLR0917  (the options of the command line)
    values: Path,
    column: str,
    weights: str | None,
    totals: bool,  # noqa: FBT001  (a flag)
    member: str | None,
    groups: str | None,
    by: tuple[str, ...],
    threshold: float | None,
    rank_by: str | None,
    epsilon: float,
    draws: int,
    seed: int,
    as_json: bool,  # noqa: FBT001  (a flag)
) -> None:
    """Measure how unevenly COLUMN of VALUES.csv is spread over members, each of them one row.

    It tells first of how many the figure is known and who is missing, then each measure with what it means, then the parts between and
    within groups. A missing figure is never taken for 0. Members come in the order of the alphabet, and nothing is judged.

    With --weights a figure is what each unit of weight has, like a share of the people; with --totals too it is divided first.

    Exit codes: 0 measured; 2 the file or an option was refused.
    """
    from comity.cli.files.capacity.equity_figures import Question, measure_file
    from comity.cli.files.capacity.equity_telling import tell_equity

    question = Question(
        path=values,
        column=column,
        weights=weights,
        groups=groups,
        by=by,
        member=member,
        rank_by=rank_by,
        epsilon=epsilon,
        threshold=threshold,
        totals=totals,
        draws=draws,
        seed=seed,
    )
    try:
        found = measure_file(question)
    except ComityError as error:
        refuse(error, as_json=as_json)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for line in tell_equity(found=found):
        click.echo(line)
