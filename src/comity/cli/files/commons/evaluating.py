"""``comity commons evaluations FILE...``: what logs of evaluations say, each figure with its interval, together where that is sound."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.files.refusals import refuse
from comity.errors import BadParameter, ComityError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.adapters.evaluation_rows import EvaluationFile
    from comity.engines.commons.evaluations import Pool, Result, SampleSet

LEFT_OUT = 1


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--language", default="", metavar="TAG", help="The language (BCP 47) of logs that tell none.")
@click.option("--one-model", is_flag=True, help="All logs are of one model, whatever each calls it.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the figures of one log, without what was asked and answered, into this file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print all figures as JSON instead of sentences.")
def evaluations(
    files: tuple[Path, ...],
    language: str,
    one_model: bool,  # noqa: FBT001  (a flag)
    out: Path | None,
    as_json: bool,  # noqa: FBT001  (a flag)
) -> None:
    """Read logs of evaluations and put together what may be.

    A FILE is a log of Inspect (.eval, or .json of version 2), a result of Project Moonshot, a test result of AI Verify, or the
    comity-evaluations.json that --out writes. Each file is taken for one who measured. Shares have Wilson's interval, means Student's.
    Results on the same samples are one set of samples, looked at again. Different sets are put together by random effects, with the
    interval of Hartung and Knapp. Nothing is run, and nothing is ranked: there is no overall mark.

    With --out, the figures of one log become a small file that can be attached to a release; no prompt and no answer is in it.

    Exit codes: 0 read; 1 read, but some results are not put together, each with its reason; 2 refused.
    """
    from comity.adapters.evaluation_logs import read_evaluation_file
    from comity.adapters.evaluation_rows import LANGUAGE, write_evaluations
    from comity.engines.commons.evaluations import pool_results

    try:
        if language and not LANGUAGE.fullmatch(language):
            raise BadParameter(name="language", found=language[:40], allowed='a BCP 47 tag, such as "sw" or "zh-Hant"')
        if out is not None and len(files) != 1:
            raise BadParameter(name="out", found=f"{len(files)} files", allowed="one log: its figures go into one file")
        read = [(str(path), read_evaluation_file(path=path)) for path in dict.fromkeys(files)]
        results = [
            row.as_result(id=f"{at:04d}.{number:04d}", source=name, language=language, one_model=one_model)
            for at, (name, held) in enumerate(read, 1)
            for number, row in enumerate(held.rows, 1)
        ]
        pools = pool_results(results)
        if out is not None:
            _write(out, write_evaluations(read[0][1]))
    except ComityError as error:
        refuse(error, as_json=as_json)
    known = {r.id: r for r in results}
    if as_json:
        click.echo(json.dumps(_told(read, pools, known), ensure_ascii=False, indent=1))
    else:
        for line in _report(read, pools, known):
            click.echo(line)
    sys.exit(LEFT_OUT if any(p.left_out for p in pools) else 0)


def _write(path: Path, text: str, /) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise BadParameter(name="out", found=str(path)[:200], allowed="a file that is not there yet") from None
    except OSError:
        raise BadParameter(name="out", found=str(path)[:200], allowed="a file that can be written") from None


def _told(
    read: list[tuple[str, EvaluationFile]], pools: tuple[Pool, ...], known: dict[str, Result], /
) -> dict[str, Any]:
    from comity.adapters.evaluation_pools import pool_as_dict

    return {
        "files": [
            {
                "file": name,
                "form": held.form,
                "tool": held.tool,
                "made_at": held.made_at,
                "sha256": held.sha256,
                "models": list(held.models),
                "without_a_figure": list(held.skipped),
            }
            for name, held in read
        ],
        "pools": [pool_as_dict(pool, results=known) for pool in pools],
    }


def _report(
    read: list[tuple[str, EvaluationFile]], pools: tuple[Pool, ...], known: dict[str, Result], /
) -> Iterator[str]:
    for name, held in read:
        yield f"{name}: {held.tool or held.form}, model {', '.join(held.models) or 'not named'}, SHA-256 {held.sha256[:16]}"
        for said in held.skipped:
            yield f"  no figure: {said}"
    for pool in pools:
        yield ""
        version = f" {pool.task_version}" if pool.task_version else ""
        model = f" [{pool.model}]" if len({p.model for p in pools}) > 1 else ""
        yield f"{pool.task}{version}, {pool.language or 'language not stated'}: {pool.measure}{_by(pool.scorer)}{model}"
        ids = {i for s in pool.sets for i in s.results} | {i for i, _ in pool.left_out}
        for key in sorted(ids):
            yield f"  {_row(known[key])}"
        yield from _together(pool, known)
    yield ""
    yield "Results of different models, tasks, languages, measures or scorers are never put together, and models are not ranked."


def _by(scorer: str, /) -> str:
    return f", by {scorer}" if scorer else ""


def _row(result: Result, /) -> str:
    from comity.engines.commons.evaluations import bound_result

    bounds = bound_result(result)
    between = f" ({bounds[0]:.3f} to {bounds[1]:.3f})" if bounds else " (no interval: not measured)"
    n = f", n = {result.n}" if result.n is not None else ""
    return f"{result.value:.3f}{between}{n}  {result.source}"


def _together(pool: Pool, known: dict[str, Result], /) -> Iterator[str]:
    from comity.engines.commons.evaluations import REASONS

    for held in pool.sets:
        if len(held.results) > 1:
            yield f"  {_again(held)}"
    if pool.across is not None:
        found = pool.across
        yield (
            f"  Over {found.sets} sets of samples: {found.mean:.3f} ({found.low:.3f} to {found.high:.3f});"
            f" {round(100 * found.i2)}% of the variance lies between sets"
        )
        if found.expected_low is not None and found.expected_high is not None:
            yield f"  Another set is expected between {found.expected_low:.3f} and {found.expected_high:.3f}"
    if pool.together is not None and len(pool.sets) > 1:
        all_of = pool.together
        yield (
            "  All samples counted as one, as if one share held for all:"
            f" {all_of.value:.3f} ({all_of.low:.3f} to {all_of.high:.3f}), n = {all_of.n}"
        )
    for key, reason in pool.left_out:
        yield f"  Not put together: {known[key].source}: {REASONS[reason]}"


def _again(held: SampleSet, /) -> str:
    n = f"the same {held.n} samples" if held.n is not None else "the same samples"
    return (
        f"{len(held.results)} results on {n}: {held.value:.3f} ({held.low:.3f} to {held.high:.3f}),"
        f" from {held.least:.3f} to {held.most:.3f}"
    )
