"""What the forms of an officer bring: a question by language, texts to choose from, and a table of members with groups and weights."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from comity.errors import BadParameter, BadRow
from comity.platform.decisions import ballots
from comity.platform.decisions.document_views import document_view, list_documents
from comity.platform.parties.bodies import LANGUAGES
from comity.web.parameters import long_text

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, QueryDict

    from comity.engines.decisions.rules import Rule

MOST_TABLE = 200_000
"""Characters of a table of members, pasted or sent as a file."""
TABLE = "the table of members"
PARTED_BY = ";"


def questions(values: QueryDict, /) -> dict[str, str]:
    """Return what is asked, by language."""
    return {tongue: long_text(values, f"question_{tongue}", most=2 * ballots.MOST_QUESTION) for tongue in LANGUAGES}


def texts_of(*, body: str, user: Any, language: str) -> list[tuple[str, str]]:
    """Return the versions of a body's documents that can be put to the vote, as (symbol, title), the latest of each first."""
    found: list[tuple[str, str]] = []
    for card in list_documents(user=user, language=language, body=body) if body else ():
        view = document_view(slug=card.slug, user=user, language=language)
        found += [(v.symbol, card.title.text) for v in reversed(view.versions)]
    return found


def members_table(
    request: HttpRequest, /, *, rule: Rule
) -> tuple[dict[str, list[str]] | None, dict[str, dict[str, str]] | None]:
    """Return the groups and the weights of members that a form brings, pasted or as a file; None and None where it brings none.

    The columns are ``member``, ``group`` (several parted by semicolons) and those of the rule's weights; where the rule has one weight,
    ``weight`` stands for it. Raises BadParameter or BadRow.
    """
    text = _sent(request)
    if not text.strip():
        return None, None
    named = {w.name: w.name for w in rule.weights} | {a: w.name for w in rule.weights for a in w.also}
    if len(rule.weights) == 1:
        named["weight"] = rule.weights[0].name
    try:
        rows = iter(list(csv.reader(io.StringIO(text))))
    except csv.Error as error:
        raise BadRow(file=TABLE, row=1, problem=f"not CSV: {error}") from None
    header = [cell.strip().lower() for cell in next(rows, [])]
    unknown = [c for c in header if c not in {"member", "group", *named}]
    if "member" not in header or unknown or len(set(header)) != len(header):
        allowed = ", ".join(["member", *(["group"] if rule.groups else []), *(w.name for w in rule.weights)])
        raise BadParameter(name="table", found=", ".join(header)[:80], allowed=f"the columns {allowed}")
    groups: dict[str, list[str]] = {}
    weights: dict[str, dict[str, str]] = {}
    for number, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problem = f"{len(cells)} cells, where the first row has {len(header)}"
            raise BadRow(file=TABLE, row=number, problem=problem)
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        member = row["member"]
        if not member or member in groups:
            raise BadRow(file=TABLE, row=number, problem="it names no member, or one that stands there already")
        groups[member] = [g for g in (part.strip().lower() for part in row.get("group", "").split(PARTED_BY)) if g]
        weights[member] = {named[c]: value for c, value in row.items() if c in named and value}
    return (groups if "group" in header else None), (weights if set(header) & set(named) else None)


def _sent(request: HttpRequest, /) -> str:
    """Return the text of a table: of the file where one was sent, else what was pasted. Raises BadParameter."""
    sent = request.FILES.get("file")
    if sent is None:
        return long_text(request.POST, "table", most=MOST_TABLE)
    data = sent.read(MOST_TABLE + 1)
    if len(data) > MOST_TABLE:
        raise BadParameter(name="file", found="a longer file", allowed=f"at most {MOST_TABLE} bytes")
    try:
        return str(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadParameter(name="file", found="bytes that are no UTF-8", allowed="CSV in UTF-8") from None
