"""Templates of agreements and their blanks: ``{{name}}`` in a text, declared with a kind, filled by values that fit it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

KINDS = ("amount", "choice", "date", "party", "release", "text")
TEMPLATE_KINDS = ("data-transfer", "intellectual-property", "cost-sharing", "joint-project")
STATES_OF_TRANSLATION = ("machine", "reviewed")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,3})? [A-Z]{3}")
MARK = re.compile(r"\{\{([^{}\n]*)\}\}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_BLANKS = 40
MOST_OPTIONS = 20
MOST_VALUE = 300
LEFT_EMPTY = "\u2014"
"""What stands in a text where a blank that may stay empty did."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place in a text that the parties fill. ``labels`` by language; ``options`` of a choice: each code with its words by language."""

    name: str
    kind: str
    labels: Mapping[str, str]
    required: bool = True
    options: tuple[tuple[str, Mapping[str, str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a template as its file gives it. ``texts`` by language: those of ``authentic`` count, the others are translations.

    ``translations`` tells of each of those whether a machine or a person made sure of it. ``notice_days``: how long before its end
    one party alone says so; None where it cannot.
    """

    slug: str
    kind: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    authentic: tuple[str, ...]
    summaries: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[Blank, ...] = ()
    notice_days: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A blank where it stands in a text: its name, and its line from 1."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: words, or a blank with what fills it; ``blank`` is empty for words."""

    text: str
    blank: str = ""


def find_marks(text: str) -> tuple[Mark, ...]:
    r"""Return the blanks of a text in their order, each as often as it stands there.

    >>> find_marks("Between {{giver}} and\n{{ taker }}")
    (Mark(name='giver', line=1), Mark(name='taker', line=2))
    """
    return tuple(
        Mark(name=found[1].strip(), line=number)
        for number, line in enumerate(text.split("\n"), 1)
        for found in MARK.finditer(line)
    )


def check_blanks(template: Template, /) -> None:
    """Raise BadParameter where a blank cannot be what it says, is named in a text and not declared, or stands in no text.

    The place is told: the language, and the line where there is one. Each text must use every blank: one that left a blank out would
    say less than the others.
    """
    if len(template.blanks) > MOST_BLANKS:
        raise BadParameter(name="blanks", found=str(len(template.blanks)), allowed=f"at most {MOST_BLANKS}")
    declared: set[str] = set()
    for blank in template.blanks:
        _check_blank(blank, languages=template.authentic)
        if blank.name in declared:
            raise BadParameter(name="blank", found=blank.name, allowed="a name that no other blank has")
        declared.add(blank.name)
    for language in sorted(template.texts):
        _check_text(template.texts[language], language=language, declared=declared)


def check_values(
    *,
    blanks: Sequence[Blank],
    values: Mapping[str, str],
    parties: Collection[str],
    releases: Collection[str],
    whole: bool = True,
) -> dict[str, str]:
    """Return the values of blanks, trimmed, by name, empty ones left out. Raises BadParameter for one that does not fit its blank.

    ``parties`` and ``releases`` are the codes that a blank of that kind may name. Unless ``whole``, what is required may be missing:
    to look at a text that is not filled yet.

    >>> blank = Blank(name="price", kind="amount", labels={"en": "Price"})
    >>> check_values(blanks=[blank], values={"price": " 1200.50 EUR"}, parties=(), releases=())
    {'price': '1200.50 EUR'}
    """
    known = {blank.name: blank for blank in blanks}
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise BadParameter(name="blank", found=unknown[0][:40], allowed=", ".join(sorted(known)) or "nothing")
    kept = {}
    for name in sorted(known):
        blank, found = known[name], " ".join(values.get(name, "").split())
        if not found:
            if blank.required and whole:
                raise BadParameter(
                    name=name, found="empty", allowed=_allowed(blank, parties=parties, releases=releases)
                )
            continue
        if not _fits(blank, found, parties=parties, releases=releases):
            allowed = _allowed(blank, parties=parties, releases=releases)
            raise BadParameter(name=name, found=found[:60], allowed=allowed)
        kept[name] = found
    return kept


def fill_text(
    *,
    text: str,
    blanks: Sequence[Blank],
    values: Mapping[str, str],
    names: Mapping[str, Mapping[str, str]],
    language: str,
) -> tuple[Part, ...]:
    """Return a text in a language in pieces, each blank with what fills it; joined they are the filled text.

    ``names`` gives parties and releases, by the code that a value is, their names by language. What a value says is never looked at
    for blanks of its own. A blank that is not filled shows its label in brackets where it is required, else a dash.

    >>> parts = fill_text(text="Pay {{p}}.", blanks=[Blank("p", "amount", {"en": "Price"})], values={}, names={}, language="en")
    >>> "".join(part.text for part in parts)
    'Pay [Price].'
    """
    known = {blank.name: blank for blank in blanks}
    parts, end = [], 0
    for found in MARK.finditer(text):
        if found.start() > end:
            parts.append(Part(text[end : found.start()]))
        blank = known[found[1].strip()]
        parts.append(Part(_say(blank, values.get(blank.name, ""), names=names, language=language), blank.name))
        end = found.end()
    if end < len(text):
        parts.append(Part(text[end:]))
    return tuple(parts)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language, else in English, else in the first that there is."""
    return next((texts[code] for code in (language, "en", *sorted(texts)) if texts.get(code)), "")


def _check_blank(blank: Blank, /, *, languages: Collection[str]) -> None:
    if not NAME.fullmatch(blank.name):
        raise BadParameter(
            name="blank", found=blank.name[:40] or "nothing", allowed="small letters, digits and _, at most 40"
        )
    if blank.kind not in KINDS:
        raise BadParameter(name=f"kind of {blank.name}", found=blank.kind[:20] or "nothing", allowed=", ".join(KINDS))
    _check_words(f"labels of {blank.name}", blank.labels, languages=languages)
    if (blank.kind == "choice") != bool(blank.options) or len(blank.options) > MOST_OPTIONS:
        raise BadParameter(
            name=f"options of {blank.name}",
            found=str(len(blank.options)),
            allowed=f"1 to {MOST_OPTIONS} for a choice, none for another kind",
        )
    codes = [code for code, _ in blank.options]
    for code, words in blank.options:
        if not NAME.fullmatch(code) or codes.count(code) > 1:
            raise BadParameter(
                name=f"options of {blank.name}",
                found=code[:40] or "nothing",
                allowed="codes in small letters, each once",
            )
        _check_words(f"option {code} of {blank.name}", words, languages=languages)


def _check_words(name: str, words: Mapping[str, str], /, *, languages: Collection[str]) -> None:
    missing = [language for language in sorted(languages) if not words.get(language, "").strip()]
    if missing:
        raise BadParameter(name=name, found=f"nothing in {missing[0]}", allowed="words in each authentic language")
    long = [language for language, said in sorted(words.items()) if len(said) > MOST_VALUE]
    if long:
        raise BadParameter(name=name, found=f"a long one in {long[0]}", allowed=f"at most {MOST_VALUE} characters")


def _check_text(text: str, /, *, language: str, declared: Collection[str]) -> None:
    for mark in find_marks(text):
        if mark.name not in declared:
            raise BadParameter(
                name=f"text ({language}), line {mark.line}",
                found=f"{{{{{mark.name[:40]}}}}}",
                allowed=f"a blank that is declared: {', '.join(sorted(declared)) or 'none is'}",
            )
    for number, line in enumerate(MARK.sub("", text).split("\n"), 1):
        if "{{" in line or "}}" in line:
            raise BadParameter(
                name=f"text ({language}), line {number}",
                found=line.strip()[:40],
                allowed="blanks as {{name}}, on one line",
            )
    unused = sorted(set(declared) - {mark.name for mark in find_marks(text)})
    if unused:
        raise BadParameter(
            name=f"text ({language})", found=f"without {{{{{unused[0]}}}}}", allowed="every blank, at least once"
        )


def _fits(blank: Blank, found: str, /, *, parties: Collection[str], releases: Collection[str]) -> bool:
    if blank.kind == "date":
        return _is_day(found)
    if blank.kind == "amount":
        return AMOUNT.fullmatch(found) is not None
    if blank.kind == "text":
        return len(found) <= MOST_VALUE
    codes = {"choice": [code for code, _ in blank.options], "party": parties, "release": releases}[blank.kind]
    return found in codes


def _is_day(found: str, /) -> bool:
    try:
        return DAY.fullmatch(found) is not None and dt.date.fromisoformat(found) is not None
    except ValueError:
        return False


def _allowed(blank: Blank, /, *, parties: Collection[str], releases: Collection[str]) -> str:
    return {
        "amount": "an amount such as 1200.50 EUR",
        "choice": ", ".join(code for code, _ in blank.options),
        "date": "a day such as 2027-06-30",
        "party": ", ".join(sorted(parties)) or "a party",
        "release": ", ".join(sorted(releases)) or "a release that it covers",
        "text": f"text of 1 to {MOST_VALUE} characters",
    }[blank.kind]


def _say(blank: Blank, value: str, /, *, names: Mapping[str, Mapping[str, str]], language: str) -> str:
    if not value:
        return f"[{in_language(blank.labels, language)}]" if blank.required else LEFT_EMPTY
    if blank.kind == "choice":
        return in_language(dict(blank.options)[value], language)
    if blank.kind in {"party", "release"}:
        return in_language(names.get(value, {}), language) or value
    return value
