"""Read the promises of an agreement from a file: a spreadsheet with a row for each, or TOML with a [[promise]] for each."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.adapters.sheet_columns import LANGUAGES, Choice, Column
from comity.adapters.sheet_words import tell_problem
from comity.adapters.sheets import read_sheet
from comity.errors import BadParameter, BadRow, FileTooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_BYTES = 2_000_000
MOST_ROWS = 200
FIELDS = {
    "texts": dict,
    "owner": str,
    "due_on": dt.date,
    "indicator": str,
    "target": str,
    "needs": list,
    "offers": list,
}


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise as a file states it: its text by language, its owner's slug, and slugs of needs and offers that serve it."""

    texts: Mapping[str, str]
    owner: str
    due_on: dt.date | None = None
    indicator: str = ""
    target: str = ""
    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseFile:
    """What a file holds: its promises in their order, or what is wrong with it, a sentence for each cell. Never both."""

    promises: tuple[PromiseRow, ...] = ()
    problems: tuple[str, ...] = ()


def _six(*words: str) -> dict[str, str]:
    return dict(zip(LANGUAGES, words, strict=True))


def promise_columns(*, members: Sequence[Choice]) -> tuple[Column, ...]:
    """Return the columns of a spreadsheet of promises; ``members`` are the parties, by slug with their names."""
    return (
        Column(
            name="promise",
            titles=_six("التعهد", "Promise", "Promesa", "Promesse", "Обещание", "约定"),
            required=True,
            longest=1000,
            meanings=_six(
                "ما تُعهد به، بنص الاتفاق.",
                "What was promised, in the words of the agreement.",
                "Lo prometido, con las palabras del acuerdo.",
                "Ce qui a été promis, dans les termes de l’accord.",
                "Что обещано, словами соглашения.",
                "所作约定，以协定原文表述。",
            ),
        ),
        Column(
            name="owner",
            titles=_six("الجهة المسؤولة", "Owner", "Responsable", "Responsable", "Ответственный", "责任方"),
            kind="choice",
            required=True,
            choices=tuple(members),
            meanings=_six(
                "العضو الذي يفي به ويبلّغ عنه.",
                "The member that keeps it and reports on it.",
                "El miembro que lo cumple e informa al respecto.",
                "Le membre qui le tient et en rend compte.",
                "Член, который его исполняет и отчитывается о нём.",
                "履行约定并就此提交报告的成员。",
            ),
        ),
        Column(
            name="due_on",
            titles=_six("الموعد", "Due date", "Fecha", "Échéance", "Срок", "期限"),
            kind="day",
            least=dt.date(1900, 1, 1),
            most=dt.date(2199, 12, 31),
            meanings=_six(
                "يُترك فارغا إن لم يُذكر موعد.",
                "Leave it empty where none was named.",
                "Déjela vacía si no se fijó ninguna.",
                "À laisser vide si aucune n’a été fixée.",
                "Оставьте пустым, если срок не назван.",
                "未约定的请留空。",
            ),
        ),
        Column(
            name="indicator",
            titles=_six("المؤشر", "Indicator", "Indicador", "Indicateur", "Показатель", "指标"),
            longest=300,
        ),
        Column(name="target", titles=_six("الغاية", "Target", "Meta", "Cible", "Цель", "目标值"), longest=100),
    )


def read_promises(*, name: str, content: bytes, members: Sequence[Choice], language: str) -> PromiseFile:
    """Return the promises of a file; the texts of a spreadsheet are in ``language``, in which its problems are told too.

    Raises FileTooLarge, what ``open_grids`` raises for a file that is no spreadsheet, and BadRow, numbered by promise, for a TOML file.
    """
    if len(content) > MOST_BYTES:
        raise FileTooLarge(file=name, found=f"{len(content) / 1_000_000:.0f}", allowed=MOST_BYTES // 1_000_000)
    if name.lower().endswith(".toml"):
        return PromiseFile(promises=_read_toml(name, content))
    columns = promise_columns(members=members)
    sheet = read_sheet(name=name, content=content, columns=columns, most_rows=MOST_ROWS)
    if sheet.problems:
        told = [tell_problem(problem=p, columns=columns, language=language) for p in sheet.problems]
        return PromiseFile(problems=tuple(told))
    return PromiseFile(
        promises=tuple(
            PromiseRow(
                texts={language: row.values["promise"]},
                owner=row.values["owner"],
                due_on=row.values["due_on"],
                indicator=row.values["indicator"] or "",
                target=row.values["target"] or "",
            )
            for row in sheet.rows
        )
    )


def _read_toml(name: str, content: bytes) -> tuple[PromiseRow, ...]:
    try:
        given = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRow(file=name, row=0, problem=f"it is not TOML ({error})") from None
    rows = given.get("promise")
    if set(given) != {"promise"} or not isinstance(rows, list):
        raise BadRow(file=name, row=0, problem="it must hold [[promise]] tables and nothing else")
    if not 1 <= len(rows) <= MOST_ROWS:
        raise BadParameter(name="promises", found=str(len(rows)), allowed=f"from 1 to {MOST_ROWS}")
    return tuple(_promise(row, file=name, number=number) for number, row in enumerate(rows, 1))


def _promise(row: Any, *, file: str, number: int) -> PromiseRow:
    if not isinstance(row, dict):
        raise BadRow(file=file, row=number, problem="it is no table")
    for name, value in row.items():
        if name not in FIELDS:
            problem = f"{name[:60]} is not known; known are {', '.join(FIELDS)}"
            raise BadRow(file=file, row=number, problem=problem)
        if not isinstance(value, FIELDS[name]) or isinstance(value, dt.datetime):
            raise BadRow(file=file, row=number, problem=f"{name} is not of its kind")
        held = value if isinstance(value, list) else [*value, *value.values()] if isinstance(value, dict) else []
        if not all(isinstance(text, str) for text in held):
            raise BadRow(file=file, row=number, problem=f"{name} holds what is no text")
    for name in ("texts", "owner"):
        if not row.get(name):
            raise BadRow(file=file, row=number, problem=f"{name} is missing")
    lists = {name: tuple(row.get(name, ())) for name in ("needs", "offers")}
    return PromiseRow(**{**row, **lists})
