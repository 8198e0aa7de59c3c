"""Akoma Ntoso writes an instrument with its provisions as an XML document that anyone's tools for laws can read.

Follows Akoma Ntoso 3.0 (OASIS LegalDocML, part 2: specifications, 2018) and its naming convention (OASIS, 2019). An annex is a
container of the body and not an attachment, so that the references of its provisions stay what they are elsewhere.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  (dataclass fields are read at run time by the doors)
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from comity.engines.alignment.akoma_meta import ORIGIN, Meta, add_meta
from comity.engines.alignment.akoma_parts import can_be_preamble, leading_number, nest_provisions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.alignment.akoma_meta import Party
    from comity.engines.alignment.akoma_parts import Part
    from comity.engines.alignment.texts import Instrument, Provision

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
PROVISION = "provision"
"""The class of an element that is one provision; its ``title`` is the label by which it is cited."""

FROM_TEXT = "from-text"
"""The class of a number that the text of the provision begins with; any other number was taken from its label."""

REPLACED = "\ufffd"
"""Stands where a text has a character that XML forbids."""

SUMMARY = "Each text here is a summary that people wrote. It is not the text of the instrument."

_DOCUMENTS = {
    "law": "act",
    "regulation": "act",
    "treaty": "act",
    "bill": "bill",
    "resolution": "statement",
    "declaration": "statement",
}
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_LINES = re.compile(r"\r\n|\r|\n")


def write_akoma_ntoso(
    *,
    instrument: Instrument,
    provisions: Sequence[Provision],
    topics: Mapping[str, str],
    parties: Sequence[Party],
    on: dt.date,
) -> str:
    """Return an Akoma Ntoso document, ending in a new line.

    ``provisions`` are those of the instrument in the order of its text. ``topics`` maps the ids of topics to labels; an id that is
    not among them stands for itself. ``parties`` are who gave the instrument, none where that is unknown. ``on`` is the day on which
    the file is made.

    Promises: each provision is one element with its reference as eId, in the same order; its text is whole, but for characters that
    XML forbids, which become U+FFFD. What a machine proposed is named with its maker and never stands as a keyword of people. The
    file says where its texts are summaries. The same arguments give the same text.

    Raises BadParameter where a reference stands twice or holds white space.

    >>> from comity.engines.alignment.texts import Instrument, Provision
    >>> law = Instrument(id="law", title="A law", short_title="Law", party=None, kind="law", language="en")
    >>> one = Provision("law", "art_1", "Article 1", "Scope", "It binds all.", "en")
    >>> text = write_akoma_ntoso(instrument=law, provisions=[one], topics={}, parties=[], on=dt.date(2026, 1, 2))
    >>> print(text[text.index("<body") : text.index("</body>")].strip())
    <body xml:lang="en">
          <article eId="art_1" class="provision" title="Article 1">
            <num>Article 1</num>
            <heading>Scope</heading>
            <content>
              <p>It binds all.</p>
            </content>
          </article>
    """
    parts = nest_provisions(provisions=provisions)
    root = Element("akomaNtoso", xmlns=NAMESPACE)
    kind = instrument.kind or "text"
    name = _DOCUMENTS.get(kind, "doc")
    document = SubElement(root, name, name=kind)
    meta = Meta(
        instrument=instrument,
        document=name,
        provisions=provisions,
        topics=topics,
        parties=parties,
        on=on,
        free=_free(provisions),
    )
    add_meta(document, meta=meta)
    _add_preface(document, instrument=instrument)
    spoken = {p.language for p in provisions}
    language = spoken.pop() if len(spoken) == 1 else ""
    if parts and can_be_preamble(part=parts[0]):
        preamble = SubElement(document, "preamble", eId=parts[0].ref)
        _say_language(preamble, language=language, above="")
        for within in parts[0].within:
            _add_container(preamble, part=within, meta=meta, language=language)
        parts = parts[1:]
    body = SubElement(document, "body" if name in {"act", "bill"} else "mainBody")
    _say_language(body, language=language, above="")
    for part in parts:
        _add_part(body, part=part, meta=meta, language=language)
    if not parts:
        SubElement(SubElement(body, "hcontainer", name="empty", eId="empty"), "content")
    indent(root)
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_FORBIDDEN.sub(REPLACED, text)}\n'


def _say_language(element: Element, *, language: str, above: str) -> None:
    """Set the language of an element where it is known and another than that of the element above."""
    if language not in {above, "und"} and _LANGUAGE.fullmatch(language):
        element.set("xml:lang", language)


def _free(provisions: Sequence[Provision]) -> str:
    """Return the beginning of the identifiers in the head of the document, which no reference has."""
    free = "meta"
    while any(p.ref.startswith(f"{free}.") for p in provisions):
        free += "-"
    return free


def _add_preface(document: Element, *, instrument: Instrument) -> None:
    preface = SubElement(document, "preface")
    title = SubElement(SubElement(SubElement(preface, "longTitle"), "p"), "docTitle")
    title.text = instrument.title or instrument.id
    if instrument.summary:
        note = SubElement(SubElement(preface, "container", name="summary", attrib={"xml:lang": "en"}), "p")
        note.text = SUMMARY


def _add_part(parent: Element, *, part: Part, meta: Meta, language: str) -> None:
    element = SubElement(parent, part.element)
    if part.element == "hcontainer":
        element.set("name", part.name)
    _add_names(element, part=part, meta=meta, language=language)
    provision = part.provision
    cut = provision is not None and leading_number(text=provision.text, num=part.num)
    if part.num:
        num = SubElement(element, "num", attrib={"class": FROM_TEXT} if cut else {})
        num.text = part.num
    if part.heading or part.bare:
        SubElement(element, "heading").text = part.heading
    if provision is not None:
        text = provision.text[len(part.num) + 1 :] if cut else provision.text
        _add_lines(SubElement(element, "intro" if part.within else "content"), text=text)
    for within in part.within:
        _add_part(element, part=within, meta=meta, language=language)


def _add_container(parent: Element, *, part: Part, meta: Meta, language: str) -> None:
    """Add a part of the preamble, which has neither numbers nor headings of its own."""
    element = SubElement(parent, "container", name=part.name)
    _add_names(element, part=part, meta=meta, language=language)
    if part.provision is not None:
        _add_lines(element, text=part.provision.text)
    for within in part.within:
        _add_container(element, part=within, meta=meta, language=language)


def _add_names(element: Element, *, part: Part, meta: Meta, language: str) -> None:
    element.set("eId", part.ref)
    if part.provision is None:
        return
    element.set("class", PROVISION)
    element.set("title", part.provision.label)
    if named := meta.concepts_of(part.provision):
        element.set("refersTo", " ".join(named))
    _say_language(element, language=part.provision.language, above=language)


def _add_lines(element: Element, *, text: str) -> None:
    for line in _LINES.split(text):
        SubElement(element, "p").text = line


__all__ = ["FROM_TEXT", "NAMESPACE", "ORIGIN", "PROVISION", "SUMMARY", "write_akoma_ntoso"]
