"""The form in which a rule is composed from parts, without scripts: rows of tests, positions, groups and weights, and back to data."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from comity.engines.decisions.rules import AFTERS, COUNTS, PARTS, RELATIONS, SETS, STANDARD, WAYS, Conduct
from comity.errors import BadParameter
from comity.web.parameters import chosen, long_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import QueryDict

Row = dict[str, str]
AND, OR = " + ", "; "
LETTERS = ("", "A", "B", "C")
HEAD = ("name", "title", "source", "words")
MOST_WORDS = 10_000
MOST_CELL = 2_000
FIELDS = {
    "tests": ("count", "relation", "amount", "of", "group", "weight", "either", "words"),
    "positions": ("name", "counts", "also", "unless_reasoned"),
    "groups": ("name", "title", "also", "members", "everyone_but", "everyone"),
    "weights": ("name", "title", "also"),
}
# More fields than these would be more than a form may send.
MOST = {"positions": 8, "groups": 4, "weights": 3}
MOST_TESTS = 10
EVENTS = ("tie", "not_adopted", "not_valid")
CONDUCT = Conduct()
FLAGS = ("sealed", "may_change", "history")
NUMBERS = ("proxies", "notice_hours", "explanation_days")
BLANK_TEST = {"count": "yes", "relation": "more than", "amount": "1/2", "of": "voting"}
KINDS = (*PARTS, *MOST)


def form_of_data(data: Mapping[str, Any], /) -> dict[str, Any]:
    """Return what a form shows of a rule's plain data. Raises BadParameter where it has more or other parts than a form can show."""
    found: dict[str, Any] = {key: str(data.get(key, "")) for key in HEAD}
    found["tests"], found["choices"] = {}, {}
    for part in PARTS:
        rows, words = _rows_of_tests(data.get(f"{part}_when", ()))
        found["tests"][part], found["choices"][part] = rows, words
    positions = data.get("positions")
    found["positions"] = (
        [{"name": p.name, "counts": p.counts, "also": OR.join(p.also), "unless_reasoned": ""} for p in STANDARD]
        if positions is None
        else _rows_of_named(positions, kind="positions")
    )
    found["groups"] = _rows_of_named(data.get("groups", {}), kind="groups")
    found["weights"] = _rows_of_named(data.get("weights", {}), kind="weights")
    after = data.get("after", {})
    found["after"] = {event: str(after.get(event, "nothing")) for event in EVENTS}
    found["within_hours"] = str(after.get("within_hours", 0))
    conduct = data.get("conduct", {})
    found["conduct"] = {name: conduct.get(name, getattr(CONDUCT, name)) for name in FLAGS}
    found["conduct"] |= {name: str(conduct.get(name, getattr(CONDUCT, name))) for name in NUMBERS}
    found["ways"] = list(conduct.get("ways", CONDUCT.ways))
    demand_shown(found)
    return found


def form_of_values(values: QueryDict, /) -> dict[str, Any]:
    """Return what a form sent, to show it again as it was typed. Raises BadParameter."""
    found: dict[str, Any] = {key: long_text(values, key, most=MOST_WORDS) for key in HEAD}
    found["tests"] = {part: _sent_rows(values, kind=part, fields=FIELDS["tests"]) for part in PARTS}
    found["choices"] = {
        part: {letter: long_text(values, f"{part}-either-{letter}", most=MOST_CELL) for letter in LETTERS[1:]}
        for part in PARTS
    }
    for kind in MOST:
        found[kind] = _sent_rows(values, kind=kind, fields=FIELDS[kind])
    found["after"] = {e: chosen(values, f"after-{e}", allowed=AFTERS, default="nothing") for e in EVENTS}
    found["within_hours"] = long_text(values, "within_hours", most=9)
    found["conduct"] = {name: values.get(name) == "yes" for name in FLAGS}
    found["conduct"] |= {name: long_text(values, name, most=9) for name in NUMBERS}
    found["ways"] = [way for way in WAYS if way in values.getlist("ways")]
    return found


def data_of_form(form: Mapping[str, Any], /) -> dict[str, Any]:
    """Return the plain data of a form, as ``compose_rule`` takes it; what is left empty is left out."""
    data: dict[str, Any] = {key: form[key] for key in HEAD}
    if form["positions"] != form_of_data({})["positions"]:
        data["positions"] = {row["name"]: _position(row) for row in form["positions"] if row["name"]}
    for kind, read in (("groups", _group), ("weights", _weight)):
        if form[kind]:
            data[kind] = {row["name"]: read(row) for row in form[kind] if row["name"]}
    for part in PARTS:
        tests = _tests(form["tests"][part], words=form["choices"][part])
        if tests or part == "adopted":
            data[f"{part}_when"] = tests
    data["after"] = {event: text for event, text in form["after"].items() if text != "nothing"}
    if form["within_hours"] not in {"", "0"}:
        data["after"]["within_hours"] = _whole(form["within_hours"])
    data["conduct"] = {"ways": form["ways"]} | {
        name: value if isinstance(value, bool) else _whole(value)
        for name, value in form["conduct"].items()
        if value != "" and str(value) != str(getattr(CONDUCT, name))
    }
    return {key: value for key, value in data.items() if value != {}}


def change_rows(form: dict[str, Any], /, *, step: str) -> None:
    """Add an empty row of a kind, or take one out: ``add-adopted``, ``remove-adopted-2``. Raises BadParameter."""
    verb, _, rest = step.partition("-")
    kind, _, place = rest.partition("-")
    if kind not in KINDS or verb not in {"add", "remove"}:
        raise BadParameter(name="do", found=step[:40], allowed="one of the buttons of the page")
    rows: list[Row] = form["tests"][kind] if kind in PARTS else form[kind]
    if verb == "add":
        rows.append(
            dict.fromkeys(FIELDS["tests"], "") | BLANK_TEST if kind in PARTS else dict.fromkeys(FIELDS[kind], "")
        )
        demand_shown(form)
    elif place.isdecimal() and int(place) < len(rows):
        del rows[int(place)]


def demand_shown(form: Mapping[str, Any], /) -> None:
    """Raise BadParameter where a rule has more parts than the form shows."""
    for kind, most in MOST.items():
        if len(form[kind]) > most:
            raise BadParameter(
                name=kind, found=str(len(form[kind])), allowed=f"at most {most} in this form; more in TOML"
            )
    tests = sum(len(rows) for rows in form["tests"].values())
    if tests > MOST_TESTS:
        raise BadParameter(name="tests", found=str(tests), allowed=f"at most {MOST_TESTS} in this form; more in TOML")


def measures_offered(form: Mapping[str, Any], /) -> list[tuple[str, ...]]:
    """Return what the selects of a form offer to count: the sets, each position, each two of them, and what the rows hold."""
    names = [row["name"] for row in form["positions"] if row["name"]]
    offered: list[tuple[str, ...]] = [(name,) for name in (*SETS, *(n for n in names if n not in SETS))]
    offered += list(combinations(names, 2))
    for rows in form["tests"].values():
        for row in rows:
            for cell in (row["count"], row["of"]):
                held = tuple(cell.split(AND)) if cell else ()
                if held and held not in offered:
                    offered.append(held)
    return offered


def _rows_of_tests(tests: Sequence[Mapping[str, Any]], /) -> tuple[list[Row], dict[str, str]]:
    rows: list[Row] = []
    words = dict.fromkeys(LETTERS[1:], "")
    letters = iter(LETTERS[1:])
    for test in tests:
        if "any" not in test:
            rows.append(_row_of_test(test, either=""))
            continue
        letter = next(letters, None)
        if letter is None:
            raise BadParameter(
                name="tests", found="4 choices", allowed=f"at most {len(LETTERS) - 1} in this form; more in TOML"
            )
        words[letter] = str(test.get("words", ""))
        rows += [_row_of_test(inside, either=letter) for inside in test["any"]]
    return rows, words


def _row_of_test(test: Mapping[str, Any], /, *, either: str) -> Row:
    if test.get("of_group", test.get("group", "")) != test.get("group", ""):
        raise BadParameter(
            name="of_group",
            found=str(test["of_group"])[:40],
            allowed="that of the same test in this form; another in TOML",
        )
    return {
        "count": _joined(test.get("count", "")),
        "relation": str(test.get("relation", "")),
        "amount": str(test.get("share", test.get("number", ""))),
        "of": _joined(test.get("of", "")),
        "group": str(test.get("group", "")),
        "weight": str(test.get("weight", "")),
        "either": either,
        "words": str(test.get("words", "")),
    }


def _rows_of_named(table: Mapping[str, Mapping[str, Any]], /, *, kind: str) -> list[Row]:
    found = []
    for name, row in table.items():
        cells = dict.fromkeys(FIELDS[kind], "")
        for key, value in row.items():
            cells[key] = (
                OR.join(value)
                if isinstance(value, list)
                else ("yes" if value else "")
                if isinstance(value, bool)
                else str(value)
            )
        found.append(cells | {"name": name})
    return found


def _sent_rows(values: QueryDict, /, *, kind: str, fields: Iterable[str]) -> list[Row]:
    sent = values.get(f"{kind}-rows", "0")
    if not sent.isdecimal() or not 0 <= int(sent) <= MOST.get(kind, MOST_TESTS):
        raise BadParameter(name=f"{kind}-rows", found=sent[:12], allowed=f"from 0 to {MOST.get(kind, MOST_TESTS)}")
    return [{f: long_text(values, f"{kind}-{n}-{f}", most=MOST_CELL) for f in fields} for n in range(int(sent))]


def _tests(rows: Sequence[Row], /, *, words: Mapping[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    choices: dict[str, dict[str, Any]] = {}
    for row in rows:
        test = _test(row)
        if row["either"] not in LETTERS[1:]:
            found.append(test)
            continue
        if row["either"] not in choices:
            said = words.get(row["either"], "")
            choices[row["either"]] = ({"words": said} if said else {}) | {"any": []}
            found.append(choices[row["either"]])
        choices[row["either"]]["any"].append(test)
    return found


def _test(row: Row, /) -> dict[str, Any]:
    found: dict[str, Any] = {"words": row["words"]} if row["words"] else {}
    found["count"] = _split(row["count"])
    found |= {key: row[key] for key in ("group", "weight") if row[key]}
    found["relation"] = row["relation"]
    if row["of"]:
        return found | {"share": row["amount"], "of": _split(row["of"])}
    return found | {"number": _whole(row["amount"])}


def _position(row: Row, /) -> dict[str, Any]:
    found: dict[str, Any] = {"counts": row["counts"]}
    if row["also"]:
        found["also"] = _listed(row["also"])
    return found | ({"unless_reasoned": row["unless_reasoned"]} if row["unless_reasoned"] else {})


def _group(row: Row, /) -> dict[str, Any]:
    found: dict[str, Any] = {"title": row["title"]}
    found |= {key: _listed(row[key]) for key in ("also", "members") if row[key]}
    found |= {"everyone_but": row["everyone_but"]} if row["everyone_but"] else {}
    return found | ({"everyone": True} if row["everyone"] == "yes" else {})


def _weight(row: Row, /) -> dict[str, Any]:
    return {"title": row["title"]} | ({"also": _listed(row["also"])} if row["also"] else {})


def _joined(measure: object, /) -> str:
    return AND.join(map(str, measure)) if isinstance(measure, list) else str(measure)


def _split(cell: str, /) -> str | list[str]:
    names = cell.split(AND)
    return names[0] if len(names) == 1 else names


def _listed(cell: str, /) -> list[str]:
    return [part.strip() for part in cell.split(OR.strip()) if part.strip()]


def _whole(text: str, /) -> int | str:
    """Return a whole number, or the text as it stands, which the rule is refused for by its place."""
    return int(text) if text.isascii() and text.isdigit() else text


__all__ = ["AFTERS", "COUNTS", "EVENTS", "LETTERS", "RELATIONS", "WAYS", "change_rows", "data_of_form", "form_of_data", "form_of_values", "measures_offered"]  # fmt: skip
