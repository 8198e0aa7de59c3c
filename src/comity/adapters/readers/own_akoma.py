"""Own Akoma: what a document that Comity itself wrote as Akoma Ntoso states, and its provisions exactly as they were."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from comity.adapters.readers.instruments import BASES, read_facts
from comity.adapters.readers.tables import SLUG, Table
from comity.engines.alignment.akoma_meta import NAMED
from comity.engines.alignment.akoma_ntoso import FROM_TEXT, ORIGIN, PROVISION
from comity.engines.alignment.texts import ADDRESSEES, CODER, MODALITIES, Article, Block

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_LONGEST_REF, _LONGEST_LABEL, _LONGEST_HEADING = 120, 200, 500
_WORDS = frozenset({"num", "heading", "content", "intro", "p"})
"""Elements that hold words and no further provisions; each is read once, however a file nests them."""

_STATED = ("party", "kind", "status", "subdivision")
_NOT_IN_REF = re.compile(r"[^A-Za-z0-9._~-]")


def read_own_facts(*, root: Element, shown: str) -> dict[str, Any]:
    """Return the fields of Instrument that a document which Comity wrote states of it; none where another wrote it.

    Its title, names and language are read as those of any document. Raises BadInstrumentFile where somebody has put what cannot be.
    """
    own = next(root.iter(f"{{{ORIGIN}}}instrument"), None)
    if own is None:
        return {}
    values: dict[str, Any] = {k: v for k in _STATED if (v := own.get(k))}
    if own.get("signatories"):
        values["signatories"] = own.get("signatories", "").split()
    if own.get("basis") in BASES:
        values["basis"] = own.get("basis")
    work = next((e for e in root.iter() if _name(e) == "FRBRWork"), None)
    for element in () if work is None else work:
        if _name(element) == "FRBRdate" and element.get("name") == "date":
            values["date"] = _date(element.get("date", ""))
        elif _name(element) == "FRBRalias" and element.get("name") == "official-source":
            values["official_url"] = element.get("value", "")
        elif _name(element) == "FRBRprescriptive":
            values["binding"] = element.get("value") == "true"
    facts = read_facts(table=Table(file=shown, where="its meta", values=values))
    facts.setdefault("basis", "unknown")
    if own.get("stated-by") == "file name":
        facts["stated_by"] = "file name"
    return facts | {"summary": own.get("summary") == "true"}


def read_own_codings(*, root: Element, shown: str) -> dict[str, dict[str, Any]]:
    """Return the fields of Provision that people named, by reference; what a machine proposed is left for a machine to propose.

    Raises BadInstrumentFile where somebody has put what cannot be. Topics are not checked against a scheme.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in root.iter(f"{{{ORIGIN}}}provision"):
        ref = row.get("href", "").removeprefix("#")
        if row.get("state") != NAMED or not ref:
            continue
        values: dict[str, Any] = {k: v.split() for k in ("topics", "addressees") if (v := row.get(k))}
        table = Table(file=shown, where=f"its analysis of {ref[:60]}", values=values | _strength(row))
        coding: dict[str, Any] = {}
        if "topics" in values:
            coding |= {"topics": table.names("topics", pattern=SLUG, most=3), "topics_by": CODER}
        if "addressees" in values:
            coding["addressees"] = table.names("addressees", allowed=ADDRESSEES, most=len(ADDRESSEES))
        if row.get("strength"):
            coding["modality"] = table.choice("strength", allowed=MODALITIES)
        found[ref] = coding
    return found


def _strength(row: Element) -> dict[str, str]:
    said = row.get("strength", "")
    return {"strength": said} if said else {}


def _date(text: str) -> dt.date | str:
    """Return a date, or the text that is none, for its refusal to name it."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text


def read_own_articles(*, root: Element) -> tuple[Article, ...]:
    """Return each provision as a whole article, in order; none where the document does not say that Comity wrote it.

    A heading that stands once over several provisions comes back with each of them.
    """
    if next(root.iter(f"{{{ORIGIN}}}instrument"), None) is None:
        return ()
    return tuple(_walk(root, heading=""))


def _walk(element: Element, *, heading: str) -> Iterator[Article]:
    own = _child(element, "heading")
    heading = heading if own is None else "".join(own.itertext())[:_LONGEST_HEADING]
    if PROVISION in element.get("class", "").split():
        text = "\n".join(_lines(element))
        ref = _NOT_IN_REF.sub("", element.get("eId", ""))[:_LONGEST_REF]
        if text.strip() and ref:
            label = element.get("title", "")[:_LONGEST_LABEL]
            yield Article(ref=ref, label=label, heading=heading, blocks=(Block(text=text),), is_whole=True)
    for child in element:
        if _name(child) not in _WORDS:
            yield from _walk(child, heading=heading)


def _lines(element: Element) -> list[str]:
    """Return the lines of a provision's own text; a number that was part of it stands at its beginning again."""
    held = next((e for e in (_child(element, n) for n in ("content", "intro")) if e is not None), None)
    if held is None:  # a part of the preamble holds its lines itself
        lines = ["".join(child.itertext()) for child in element if _name(child) == "p"]
    else:
        lines = ["".join(line.itertext()) for line in held]
    num = _child(element, "num")
    if lines and num is not None and FROM_TEXT in num.get("class", "").split():
        lines[0] = f"{''.join(num.itertext())} {lines[0]}"
    return lines


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
