"""Own Akoma: the provisions of a document that Comity itself wrote as Akoma Ntoso, each exactly as it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from comity.engines.alignment.akoma_ntoso import FROM_TEXT, ORIGIN, PROVISION
from comity.engines.alignment.texts import Article, Block

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_LONGEST_REF = 120
_NOT_IN_REF = re.compile(r"[^A-Za-z0-9._~-]")


def states_summary(*, root: Element) -> bool:
    """Tell whether the document says that its texts are summaries."""
    return any(e.get("summary") == "true" for e in root.iter(f"{{{ORIGIN}}}instrument"))


def read_own_articles(*, root: Element) -> tuple[Article, ...]:
    """Return each provision as a whole article, in order; none where the document does not say that Comity wrote it.

    A heading that stands once over several provisions comes back with each of them.
    """
    if next(root.iter(f"{{{ORIGIN}}}instrument"), None) is None:
        return ()
    return tuple(_walk(root, heading=""))


def _walk(element: Element, *, heading: str) -> Iterator[Article]:
    own = _child(element, "heading")
    heading = heading if own is None else "".join(own.itertext())
    if PROVISION in element.get("class", "").split():
        text = "\n".join(_lines(element))
        ref = _NOT_IN_REF.sub("", element.get("eId", ""))[:_LONGEST_REF]
        if text.strip() and ref:
            label = element.get("title", "")
            yield Article(ref=ref, label=label, heading=heading, blocks=(Block(text=text),), is_whole=True)
    for child in element:
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
