"""``comity align evaluate``: measure retrieval against a gold set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli.files.refusals import refuse
from comity.errors import BadParameter, ComityError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.engines.alignment.evaluation import Passage

RUN_DEPTH = 1000
_PATH = click.Path(path_type=Path)


@click.command()
@click.option("--queries", required=True, type=_PATH, help='JSON Lines: {"id", "text", "language", "instrument"?}.')
@click.option("--candidates", required=True, type=_PATH, help="JSON Lines of the same form.")
@click.option(
    "--gold", required=True, type=_PATH, help="CSV: query_id,candidate_id,grade (2 counterpart, 1 partial, 0 not)."
)
@click.option(
    "--embedder", default="use-multilingual", show_default=True, metavar="NAME|none", help="Model of meaning."
)
@click.option(
    "--run", "run_path", type=click.Path(path_type=Path, dir_okay=False), help="Write query_id,candidate_id,score here."
)
@click.option(
    "--learn",
    is_flag=True,
    help="Learn what each signal counts from the judgments; the figures are then of queries held out.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def evaluate(  # noqa: PLR0917  (the options of the command line)
    queries: Path,
    candidates: Path,
    gold: Path,
    embedder: str,
    run_path: Path | None,
    learn: bool,  # noqa: FBT001  (a flag)
    as_json: bool,  # noqa: FBT001  (a flag)
) -> None:
    """Measure how well counterparts are found, against judgments.

    Means over the queries that have a counterpart (grade 2): recall@10 is the share of a query's counterparts among the
    first ten; ndcg@10 takes the gain 2^grade - 1; mrr looks at the first counterpart. A candidate with the query's own id,
    or of the query's instrument where that is given, is never returned.
    """
    if run_path is not None and run_path.resolve() in {p.resolve() for p in (queries, candidates, gold)}:
        raise click.ClickException(f"{run_path} is one of the files to be read. Choose another for --run.")
    try:
        result = measure_files(
            queries=queries, candidates=candidates, gold=gold, embedder=embedder, run_path=run_path, learn=learn
        )
    except ComityError as error:
        refuse(error, as_json=as_json)
    except OSError as error:
        raise click.ClickException(
            f"{run_path} cannot be written ({error.strerror}). Choose another file for --run."
        ) from None
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    if not result["queries"]:
        click.echo("Not measured: no query has a counterpart (grade 2).")
        return
    click.echo(f"recall@10 {result['recall@10']:.3f}   ndcg@10 {result['ndcg@10']:.3f}   mrr {result['mrr']:.3f}")
    click.echo(f"{result['queries']} queries with a counterpart; embedder {result['embedder']}")
    if result["words_only_languages"]:
        click.echo(
            f"Answered by words alone, since the model does not know the language: {', '.join(result['words_only_languages'])}."
        )
    if learn:
        from comity.cli.files.learn import say_learned

        say_learned(result["learned"])


def measure_files(
    *, queries: Path, candidates: Path, gold: Path, embedder: str, run_path: Path | None, learn: bool = False
) -> dict[str, Any]:
    """Return ``recall@10``, ``ndcg@10``, ``mrr``, ``queries``, the embedder, and the languages answered by words alone.

    With ``learn`` the figures are of queries held out, and ``learned`` tells weights, intervals and reliability.
    """
    from comity.adapters.embedders import open_embedder
    from comity.adapters.judgments import read_gold, read_passages, write_run
    from comity.adapters.stemming import stem_words
    from comity.cli.files.reference import read_reference
    from comity.engines.alignment.dense import knows
    from comity.engines.alignment.evaluation import measure, rank_candidates

    model = open_embedder(name=embedder)
    asked, offered = read_passages(path=queries), read_passages(path=candidates)
    judgments = read_gold(path=gold, queries=asked, candidates=offered)
    if learn and model is None:
        raise BadParameter(name="learn", found="--embedder none", allowed="a model, since words alone are one signal")
    languages = model.languages if model else frozenset()
    reference = read_reference(model) if model else None
    given: dict[str, Any] = {
        "queries": asked,
        "candidates": offered,
        "query_vectors": _embed(model, asked),
        "candidate_vectors": _embed(model, offered),
        "languages": languages,
        "reference": reference,
        "stem": stem_words,
    }
    learned = None
    if learn:
        from comity.cli.files.learn import learn_weights

        rankings, learned = learn_weights(given=given, gold=judgments)
    else:
        rankings = rank_candidates(**given)
    measures = measure(rankings=rankings, gold=judgments)
    if run_path is not None:
        write_run(path=run_path, rankings=rankings, most=RUN_DEPTH)
    unknown = {q.language for q in asked if model and not knows(languages=languages, language=q.language)}
    return {
        "recall@10": round(measures.recall_at_10, 6) if measures.queries else None,
        "ndcg@10": round(measures.ndcg_at_10, 6) if measures.queries else None,
        "mrr": round(measures.mrr, 6) if measures.queries else None,
        "queries": measures.queries,
        "embedder": f"{model.name}/{model.version}" if model else "none",
        "words_only_languages": sorted(unknown),
    } | ({"learned": learned} if learned else {})


def _embed(model: Any, passages: Sequence[Passage]) -> Any:
    if model is None:
        return None
    from comity.cli.files.reference import embed_kept

    return embed_kept(model, [p.text for p in passages])
