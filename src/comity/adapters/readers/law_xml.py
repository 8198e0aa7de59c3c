"""Legislative XML: Akoma Ntoso (OASIS, 2018) and the form in which Canada's Parliament publishes bills and acts.

Both say where an article or section begins and what its name is, so nothing is guessed: each comes as an article with its own
blocks, and the whole text as blocks too. Contents, notes, marginal apparatus and text that is marked as repealed are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from comity.adapters.readers.own_akoma import read_own_articles, read_own_codings, read_own_facts
from comity.engines.alignment.language_codes import two_letters
from comity.engines.alignment.texts import Article, Block
from comity.errors import BrokenFile, EmptyFile, ExternalEntity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from xml.etree.ElementTree import Element

DEEPEST = 200
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_AKN_HEADS = {
    "book": 1, "title": 1, "part": 1, "chapter": 2, "section": 3, "subsection": 3, "article": 3, "rule": 3, "clause": 3,
}  # fmt: skip
_AKN_NAMED = frozenset({"article", "section", "rule", "clause"})
_AKN_PIECES = frozenset({"paragraph", "subparagraph", "point", "indent", "alinea", "item", "list"})
_AKN_DROPPED = frozenset({"meta", "toc", "authorialNote", "note", "coverPage", "conclusions", "components", "remark"})
_CANADA_DROPPED = frozenset(
    {
        *("Introduction", "TableOfProvisions", "ExplanatoryNote", "ExplanatoryText", "ExistingText", "HistoricalNote"),
        *(
            "Footnote",
            "FootnoteRef",
            "RunningHead",
            "Summary",
            "Stages",
            "PageBreak",
            "Identification",
            "BilingualGroup",
        ),
        *("DefinedTermFr", "Recommendation", "Cover"),
    }
)
_APART = frozenset({"p", "br", "entry", "td", "th", "num", "heading", "Label", "Text", "MarginalNote", "TitleText"})
_CANADA_PIECES = frozenset({"Subsection", "Paragraph", "Subparagraph", "Clause", "Subclause", "Definition"})


@dataclass(frozen=True, slots=True)
class _Head:
    """The head of an article or section: what comes after it, to the next head or heading, is its text."""

    ref: str
    label: str
    heading: str
    level: int


Read = tuple[list[Block], tuple[Article, ...], str, str, dict[str, Any], dict[str, dict[str, Any]]]


def read_law_xml(*, text: str, shown: str) -> Read:
    """Return the blocks, the articles, the title and the declared language of legislative XML.

    What Comity itself wrote as Akoma Ntoso comes back provision by provision, as it was, with the fields of Instrument that it states
    and those of Provision that people named, by reference; both are empty for any other.


    Raises ExternalEntity, BrokenFile where it is not well formed or nests too deeply, EmptyFile where it holds no text of law.
    """
    try:
        # The declaration of an encoding has been followed when the bytes were decoded; a parser of text refuses it.
        root = fromstring(re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text), forbid_dtd=True)
    except DefusedXmlException:
        raise ExternalEntity(file=shown) from None
    except ParseError as error:
        line, column = error.position
        raise BrokenFile(file=shown, problem=f"its XML breaks off at line {line}, column {column}") from None
    _demand_shallow(root, shown=shown)
    is_akn = _name(root).lower() == "akomantoso"
    parts = list(_akn(root) if is_akn else _canada(root, act=""))
    blocks = [_as_block(p) for p in parts]
    if not any(b.kind != "heading" for b in blocks):
        raise EmptyFile(file=shown)
    articles = (read_own_articles(root=root) if is_akn else ()) or _articles(parts)
    language = _language_of(root, is_akn=is_akn)
    facts = read_own_facts(root=root, shown=shown)
    codings = read_own_codings(root=root, shown=shown) if facts else {}
    return blocks, articles, _title_of(root, is_akn=is_akn), language, facts, codings


def _as_block(part: Block | _Head) -> Block:
    if isinstance(part, Block):
        return part
    return Block(text=f"{part.label} {part.heading}".strip(), kind="heading", level=part.level)


def _articles(parts: Sequence[Block | _Head]) -> tuple[Article, ...]:
    """Gather what stands under each head. A heading of a part or chapter ends it: what follows is nobody's."""
    found: list[tuple[_Head, list[Block]]] = []
    is_open = False
    for part in parts:
        if isinstance(part, _Head):
            found.append((part, []))
            is_open = True
        elif part.kind == "heading":
            is_open = False
        elif is_open:
            found[-1][1].append(part)
    return tuple(
        Article(ref=head.ref, label=head.label, heading=head.heading, blocks=tuple(blocks))
        for head, blocks in found
        if blocks
    )


def _demand_shallow(root: Element, *, shown: str) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise BrokenFile(file=shown, problem="it nests too deeply")
        level = [child for element in level for child in element]


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element | None, *, dropped: frozenset[str] = frozenset()) -> str:
    """Return the text of an element, white space folded, without what is dropped."""
    if element is None:
        return ""
    return " ".join("".join(_strings(element, dropped)).split())


def _strings(element: Element, dropped: frozenset[str]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if _name(child) not in dropped:
            yield from _strings(child, dropped)
            yield " " if _name(child) in _APART else ""
        yield child.tail or ""


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _akn(element: Element) -> Iterator[Block | _Head]:
    name = _name(element)
    if name in _AKN_DROPPED or element.get("status") in {"removed", "repealed", "omitted"}:
        return
    if name in _AKN_HEADS:
        number = _text(_child(element, "num"), dropped=_AKN_DROPPED)
        heading = _text(_child(element, "heading"), dropped=_AKN_DROPPED)
        if name in _AKN_NAMED and number:
            ref = re.sub(r"[^A-Za-z0-9._~-]", "", element.get("eId", "") or element.get("id", ""))[:110]
            yield _Head(ref=ref or f"{name}_{number.split()[-1].strip('.')}", label=number, heading=heading, level=3)
        elif number or heading:
            yield Block(text=f"{number} {heading}".strip(), kind="heading", level=_AKN_HEADS[name])
        yield from _akn_children(element)
    elif name in _AKN_PIECES:
        yield from _akn_piece(element, _text(_child(element, "num"), dropped=_AKN_DROPPED))
    elif name == "table":
        yield from _rows(element, row="tr")
    elif name in {"p", "block"}:
        said = _text(element, dropped=_AKN_DROPPED)
        if said:
            yield Block(text=said)
    else:
        yield from _akn_children(element)


def _akn_children(element: Element) -> Iterator[Block | _Head]:
    for child in element:
        if _name(child) not in {"num", "heading", "subheading"}:
            yield from _akn(child)


def _akn_piece(element: Element, number: str) -> Iterator[Block | _Head]:
    """Yield a numbered piece: its number goes before the first text in it."""
    first = True
    for block in _akn_children(element):
        if first and number and isinstance(block, Block) and block.kind != "heading":
            yield Block(text=f"{number} {block.text}", kind="item" if _name(element) != "paragraph" else "paragraph")
        else:
            yield block
        first = False


def _canada(element: Element, *, act: str) -> Iterator[Block | _Head]:
    """Yield a bill or act; ``act`` is the short title of one that a bill enacts, "" for the text itself."""
    name = _name(element)
    if name in _CANADA_DROPPED or element.get("change") == "del":
        return
    if name == "Section":
        yield from _section(element, act=act)
    elif name in _CANADA_PIECES:
        yield from _piece(element, act=act)
    elif name == "AmendedText":
        yield from _amended(element, act=act)
    elif name in _CANADA_WORDS:
        yield from _CANADA_WORDS[name](element)
    elif name not in {"Label", "MarginalNote"}:
        for child in element:
            yield from _canada(child, act=act)


def _heading(element: Element) -> Iterator[Block]:
    level = element.get("level", "1")
    said = " ".join(part for part in (_text(_child(element, k)) for k in ("Label", "TitleText")) if part)
    if said:
        yield Block(text=said, kind="heading", level=min(max(int(level) if level.isdigit() else 1, 1), 2))


def _words(element: Element) -> Iterator[Block]:
    if said := _text(element, dropped=_CANADA_DROPPED):
        yield Block(text=said)


def _table(element: Element) -> Iterator[Block]:
    return _rows(element, row="row")


_CANADA_WORDS: dict[str, Callable[[Element], Iterator[Block]]] = {
    "Heading": _heading,
    "Text": _words,
    "LongTitle": _words,
    "table": _table,
    "TableGroup": _table,
}


def _amended(element: Element, *, act: str) -> Iterator[Block | _Head]:
    """Yield a whole act that the bill enacts as such, and words that go into another act as words.

    The sections of the other act would otherwise be taken for this text's own.
    """
    enacted = [inner for inner in element.iter() if _name(inner) == "BillInternal"]
    for inner in enacted:
        cited = re.search(r"may be cited as the ([^.]{3,150})\.", _text(inner, dropped=_CANADA_DROPPED)[:4000])
        for child in inner:
            yield from _canada(child, act=cited[1].strip() if cited else act or "Enacted act")
    if not enacted and (said := _text(element, dropped=_CANADA_DROPPED)):
        yield Block(text=f"“{said}”")


def _section(element: Element, *, act: str) -> Iterator[Block | _Head]:
    number = _text(_child(element, "Label")).strip(". ")
    note = _text(_child(element, "MarginalNote"), dropped=_CANADA_DROPPED)
    if number:
        within = re.sub(r"[^a-z0-9]+", "-", act.lower()).strip("-")[:60]
        ref = re.sub(r"[^A-Za-z0-9.-]", "", number)
        yield _Head(
            ref=f"{within}__sec_{ref}" if within else f"sec_{ref}",
            label=f"{act}, section {number}" if act else f"Section {number}",
            heading=note,
            level=3,
        )
    for child in element:
        yield from _canada(child, act=act)


def _piece(element: Element, *, act: str) -> Iterator[Block | _Head]:
    """Yield a numbered piece with what continues it; pieces within it follow as their own blocks."""
    number = _text(_child(element, "Label"))
    said = _text(_child(element, "Text"), dropped=_CANADA_DROPPED)
    if number or said:
        is_first = _name(element) in {"Subsection", "Definition"}
        yield Block(text=f"{number} {said}".strip(), kind="paragraph" if is_first else "item")
    for child in element:
        if _name(child) not in {"Label", "Text", "MarginalNote"}:
            yield from _canada(child, act=act)


def _rows(element: Element, *, row: str) -> Iterator[Block]:
    for line in element.iter():
        if _name(line) == row:
            cells = [_text(cell) for cell in line]
            if any(cells):
                yield Block(text=" | ".join(cells), kind="table")


def _title_of(root: Element, *, is_akn: bool) -> str:
    names = ("docTitle", "shortTitle", "longTitle") if is_akn else ("ShortTitle", "LongTitle")
    for name in names:
        for element in root.iter():
            if _name(element) == name and (said := _text(element)):
                return said[:300]
    return ""


def _tag_of(root: Element, *, language: str) -> str:
    """Return the full tag that the body states, such as ``zh-Hant``, where it is of that language."""
    for element in root.iter():
        if _name(element) in {"body", "mainBody"}:
            said = element.get(_LANG, "")
            return said if said.partition("-")[0] == language else language
    return language


def _language_of(root: Element, *, is_akn: bool) -> str:
    if is_akn:
        for element in root.iter():
            if _name(element) == "FRBRlanguage":
                said = two_letters(element.get("language", ""))
                return _tag_of(root, language=said)
    return root.get(_LANG, "")
