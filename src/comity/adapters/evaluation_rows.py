"""Figures of evaluations as they come out of logs, and our own small form of them, ``comity-evaluations.json``.

The form holds figures and where they come from: never a prompt, an answer, a person or a path. It is what a log becomes before it is
sent anywhere, so that a log of many megabytes, with all that was asked, can stay where it was made.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from comity.engines.commons.evaluations import Result
from comity.errors import BadReleaseFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Form = Literal["inspect", "moonshot", "ai-verify"]
FORMS: tuple[Form, ...] = ("inspect", "moonshot", "ai-verify")
VERSION = 1
MOST_ROWS = 500
MOST_TEXT = 200
MOST_COUNT = 10**9
MOST_VALUE = 1e12
MOST_BYTES = 1 << 50
LEAST_ITEMS = 5
"""With fewer samples no digest of them is kept: somebody could guess what they are."""
MOST_BEGINNING = 200
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
SHA256 = re.compile(r"[0-9a-f]{64}")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]+")
_TEXTS = ("model", "task", "task_version", "dataset", "scorer", "measure", "run", "language", "samples")


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """One figure of a log. Empty texts and None: the log does not tell.

    ``n`` counts samples, each once however often it was asked (``epochs``); ``of`` are the samples of the whole data set and
    ``failed`` those without a score. ``samples`` is a digest of the samples, none of which can be read from it. A share has
    ``successes``; a mean has its standard error, ``error``.
    """

    task: str
    measure: str
    value: float
    model: str = ""
    language: str = ""
    task_version: str = ""
    dataset: str = ""
    scorer: str = ""
    samples: str = ""
    run: str = ""
    n: int | None = None
    successes: float | None = None
    error: float | None = None
    of: int | None = None
    epochs: int | None = None
    failed: int | None = None

    def as_result(self, *, id: str, source: str, language: str = "", one_model: bool = False) -> Result:  # noqa: A002  (the field's name)
        """Return the row as the engine takes it; ``language`` holds where the log tells none.

        With ``one_model`` the name that the log gives the model parts nothing: all rows are known to be of one.
        """
        return Result(
            id=id,
            source=source,
            task=self.task,
            measure=self.measure,
            value=self.value,
            model="" if one_model else self.model,
            language=self.language or language,
            task_version=self.task_version,
            scorer=self.scorer,
            dataset=self.dataset,
            samples=self.samples,
            run=self.run,
            n=self.n,
            successes=self.successes,
            error=self.error,
            complete=not self.failed,
        )


@dataclass(frozen=True, slots=True)
class EvaluationFile:
    """What a log holds for us: which form it has, its own digest and size, the tool and its version, when it was made, and the rows.

    ``skipped`` names measures without a figure that can be kept.
    """

    form: Form
    sha256: str
    size: int
    tool: str
    made_at: str
    rows: tuple[EvaluationRow, ...]
    skipped: tuple[str, ...] = ()

    @property
    def models(self) -> tuple[str, ...]:
        """The models that the log names, in order."""
        return tuple(sorted({r.model for r in self.rows}))


def clean_text(value: Any, /, *, most: int = MOST_TEXT) -> str:
    r"""Return a value of a log as one line without signs that cannot be seen, cut at ``most``; empty where it is no text or number.

    >>> clean_text("a\u202eb\n c"), clean_text(2), clean_text(None)
    ('a b c', '2', '')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_UNSEEN.sub(" ", str(value)[: most * 4]).split())[:most]


def finite(value: Any, /) -> float | None:
    """Return a finite number of a log; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) and abs(found) <= MOST_VALUE else None


def count(value: Any, /) -> int | None:
    """Return a whole number of 0 or more of a log; None for anything else."""
    return value if type(value) is int and 0 <= value <= MOST_COUNT else None


def digest_samples(items: Iterable[tuple[str, ...]], /) -> str:
    """Return a digest of samples in any order, from the beginning of what each asks; empty with fewer than five."""
    lines = {json.dumps([part[:MOST_BEGINNING] for part in item], ensure_ascii=True) for item in items}
    if len(lines) < LEAST_ITEMS:
        return ""
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def whole_count(*, value: float, n: int) -> int | None:
    """Return how many of ``n`` succeeded where a share can only have come from a whole number; else None.

    >>> whole_count(value=0.46, n=250), whole_count(value=0.333, n=10)
    (115, None)
    """
    found = round(value * n)
    return found if 0 <= value <= 1 and abs(value * n - found) <= min(0.01, 1e-6 * max(n, 100)) else None


def row_as_dict(row: EvaluationRow, /) -> dict[str, Any]:
    """Return a row as plain data, without what is not told."""
    return {name: value for name, value in asdict(row).items() if value not in ("", None)}


def row_from_dict(tree: Mapping[str, Any], /, *, file: str, where: str) -> EvaluationRow:
    """Return a row from plain data. Raises BadReleaseFile for a name, type or figure that no row has."""

    def refuse(problem: str) -> BadReleaseFile:
        return BadReleaseFile(file=file, where=where, problem=problem)

    strange = sorted(str(n) for n in tree if n not in {f.name for f in fields(EvaluationRow)})
    if strange:
        raise refuse(f'"{strange[0][:60]}" is no name of this form')
    problem = _refuse_types(tree)
    if problem:
        raise refuse(problem)
    row = EvaluationRow(**tree)
    problem = _refuse_row(row)
    if problem:
        raise refuse(problem)
    return replace(row, value=float(row.value))


def _refuse_types(tree: Mapping[str, Any], /) -> str:
    for name in _TEXTS:
        if name in tree and (not isinstance(tree[name], str) or clean_text(tree[name]) != tree[name]):
            return f"{name} must be one line of at most {MOST_TEXT} characters"
    for name in ("n", "of", "epochs", "failed"):
        if tree.get(name) is not None and count(tree[name]) is None:
            return f"{name} must be a whole number of 0 or more"
    for name in ("value", "successes", "error"):
        if tree.get(name) is not None and finite(tree[name]) is None:
            return f"{name} must be a number"
    if not tree.get("task") or not tree.get("measure") or tree.get("value") is None:
        return "a row has a task, a measure and a value"
    return ""


def write_evaluations(evaluation: EvaluationFile, /) -> str:
    """Return our form of a log."""
    told = {
        "comity_evaluations": VERSION,
        "form": evaluation.form,
        "log_sha256": evaluation.sha256,
        "log_bytes": evaluation.size,
        "tool": evaluation.tool,
        "made_at": evaluation.made_at,
        "rows": [row_as_dict(r) for r in evaluation.rows],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def compose_evaluations(*, tree: Mapping[str, Any], file: str) -> EvaluationFile:
    """Return what our form says. Raises BadReleaseFile with the place of what will not do."""
    known = {"comity_evaluations", "form", "log_sha256", "log_bytes", "tool", "made_at", "rows"}
    strange = sorted(str(n) for n in tree if n not in known)
    if strange:
        raise BadReleaseFile(file=file, where=strange[0][:60], problem="it is no name of this form")
    if tree.get("comity_evaluations") != VERSION or isinstance(tree["comity_evaluations"], bool):
        raise BadReleaseFile(file=file, where="comity_evaluations", problem=f"it must be {VERSION}")
    form = next((f for f in FORMS if f == tree.get("form")), None)
    if form is None:
        raise BadReleaseFile(file=file, where="form", problem=f"there are {', '.join(FORMS)}")
    sha256, size = tree.get("log_sha256"), tree.get("log_bytes")
    stated = isinstance(sha256, str) and SHA256.fullmatch(sha256)
    if not stated or type(size) is not int or not 0 <= size <= MOST_BYTES:
        raise BadReleaseFile(file=file, where="log_sha256", problem="the log's SHA-256 and size must stand here")
    rows = tree.get("rows")
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise BadReleaseFile(file=file, where="rows", problem="it must be a list of rows")
    return EvaluationFile(
        form=form,
        sha256=str(sha256),
        size=size,
        tool=clean_text(tree.get("tool", ""), most=60),
        made_at=clean_text(tree.get("made_at", ""), most=40),
        rows=checked_rows(
            [row_from_dict(r, file=file, where=f"rows, number {i}") for i, r in enumerate(rows[: MOST_ROWS + 1], 1)],
            file=file,
        ),
    )


def checked_rows(rows: Iterable[EvaluationRow], /, *, file: str) -> tuple[EvaluationRow, ...]:
    """Return rows in one order. Raises BadReleaseFile where there is none, or there are too many."""
    kept = tuple(sorted(rows, key=lambda r: (r.model, r.task, r.language, r.dataset, r.scorer, r.measure, r.value)))
    if not kept:
        raise BadReleaseFile(file=file, where="results", problem="it holds no figure that is collected here")
    if len(kept) > MOST_ROWS:
        raise BadReleaseFile(file=file, where="results", problem=f"it holds more than {MOST_ROWS} figures; part it")
    return kept


def _refuse_row(row: EvaluationRow, /) -> str:
    problem = ""
    if row.language and not LANGUAGE.fullmatch(row.language):
        problem = 'language must be a BCP 47 tag, such as "sw" or "zh-Hant"'
    elif row.samples and not SHA256.fullmatch(row.samples):
        problem = "samples must be 64 hexadecimal digits"
    elif row.successes is not None and (row.n is None or row.n < 1 or not 0 <= row.successes <= row.n):
        problem = "successes must be 0 to n"
    elif row.successes is not None and abs(row.value - row.successes / (row.n or 1)) > 1e-6:  # noqa: PLR2004  (a rounding)
        problem = "the value of a share is successes over n"
    elif row.error is not None and row.error < 0:
        problem = "error must be 0 or more"
    return problem
