"""Akoma parts: the provisions of a text as a tree of named parts, in the order of the text.

A reference says where a provision stands: ``art_12__para_3`` is within ``art_12``. The tree follows the references as far as the
order of the text allows, and never changes either: where a part has been left, it is not opened again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.engines.alignment.texts import Provision

ELEMENTS = {
    "al": "alinea",
    "art": "article",
    "book": "book",
    "chp": "chapter",
    "cl": "clause",
    "div": "division",
    "indent": "indent",
    "para": "paragraph",
    "part": "part",
    "point": "point",
    "rule": "rule",
    "sec": "section",
    "subpara": "subparagraph",
    "subsec": "subsection",
    "title": "title",
}
"""Abbreviations of the Akoma Ntoso naming convention, and the elements they stand for; any other is an ``hcontainer``."""

PREAMBLE = "preamble"
DEEPEST = 40
"""How deep parts are nested; what goes deeper stands beside."""

_STEP = "__"
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(slots=True)
class Part:
    """One element of the hierarchy. ``ref`` is its eId; ``provision`` is None for a part that only holds others.

    ``heading`` is "" where it has none of its own, or where the one above it stands for it; ``bare`` says that it has none although
    the one above it has.
    """

    ref: str
    provision: Provision | None = None
    heading: str = ""
    bare: bool = False
    num: str = ""
    within: list[Part] = field(default_factory=list)

    @property
    def element(self) -> str:
        """The name of its element."""
        return ELEMENTS.get(self.name, "hcontainer")

    @property
    def name(self) -> str:
        """What kind of part it is, from its own step of the reference: ``para``, ``annex``, or ``part`` where nothing says."""
        step = self.ref.rpartition(_STEP)[2]
        found = _NAME.match(step.lower())
        return found.group() if found else "part"

    @property
    def number(self) -> str:
        """Its own number in the reference, "" where there is none."""
        return self.ref.rpartition(_STEP)[2].partition("_")[2].replace("_", ".")

    def provisions(self) -> Iterator[Provision]:
        """Yield its own provision and those within it, in order."""
        if self.provision is not None:
            yield self.provision
        for part in self.within:
            yield from part.provisions()


def nest_provisions(*, provisions: Sequence[Provision]) -> tuple[Part, ...]:
    """Return the parts of a text, each with its number and heading. Walking them in order gives the provisions in theirs.

    Raises BadParameter where a reference stands twice, is empty, or holds white space.

    >>> from comity.engines.alignment.texts import Provision
    >>> text = [Provision("x", f"art_1__para_{n}", f"Article 1({n})", "Scope", f"{n}. So it is.", "en") for n in (1, 2)]
    >>> [article] = nest_provisions(provisions=text)
    >>> article.element, article.num, article.heading, [(p.ref, p.num) for p in article.within]
    ('article', 'Article 1', 'Scope', [('art_1__para_1', '1.'), ('art_1__para_2', '2.')])
    """
    _demand_refs(provisions)
    refs = {p.ref for p in provisions}
    roots: list[Part] = []
    open_parts: list[Part] = []
    held: set[str] = set()
    for provision in provisions:
        while open_parts and not provision.ref.startswith(open_parts[-1].ref + _STEP):
            open_parts.pop()
        del open_parts[DEEPEST // 2 :]
        for ref in _above(provision.ref):
            if ref not in refs and ref not in held:
                _enter(Part(ref=ref), roots=roots, open_parts=open_parts)
                held.add(ref)
        _enter(Part(ref=provision.ref, provision=provision), roots=roots, open_parts=open_parts)
    for part in roots:
        _share_headings(part, above="")
        _number(part, above="")
    return tuple(roots)


def can_be_preamble(*, part: Part) -> bool:
    """Tell whether a part is a preamble that only holds others, without a heading: there Akoma Ntoso has no place for one."""
    return part.ref == PREAMBLE and part.provision is None and not any(p.heading for p in part.provisions())


def leading_number(*, text: str, num: str) -> bool:
    """Tell whether a text begins with its number and one space, so that the number can be told apart from it."""
    return bool(num) and text.startswith(f"{num} ") and len(text) > len(num) + 1


def _demand_refs(provisions: Sequence[Provision]) -> None:
    seen: set[str] = set()
    for provision in provisions:
        if not provision.ref or any(c.isspace() for c in provision.ref):
            raise BadParameter(name="ref", found=provision.ref, allowed="a reference without white space")
        if provision.ref in seen:
            raise BadParameter(name="ref", found=provision.ref, allowed="each reference once in an instrument")
        seen.add(provision.ref)


def _above(ref: str) -> list[str]:
    steps = ref.split(_STEP)
    return [_STEP.join(steps[:n]) for n in range(1, min(len(steps), DEEPEST // 2)) if all(steps[:n])]


def _enter(part: Part, *, roots: list[Part], open_parts: list[Part]) -> None:
    (open_parts[-1].within if open_parts else roots).append(part)
    open_parts.append(part)


def _share_headings(part: Part, *, above: str) -> None:
    """Give a part the heading that all within it have; say it again, or that there is none, only where it differs."""
    said = {p.heading for p in part.provisions()}
    own = part.provision.heading if part.provision is not None else (said.pop() if len(said) == 1 else above)
    if own != above:
        part.heading, part.bare = own, not own
    for within in part.within:
        _share_headings(within, above=own)


def _number(part: Part, *, above: str) -> None:
    labels = [p.label for p in part.provisions()]
    part.num = _own_number(part, above=above) if part.provision is not None else _shared_number(part, labels)
    cited = part.provision.label if part.provision is not None else part.num
    for within in part.within:
        _number(within, above=cited)


def _own_number(part: Part, *, above: str) -> str:
    """Return the number that the text itself begins with, else what the label says beyond that of the part above."""
    provision = part.provision
    if provision is None:
        return ""
    rest = _rest_of(provision.label, above=above)
    first = provision.text.partition(" ")[0]
    if leading_number(text=provision.text, num=first) and _plain(first) == _plain(part.number) != "":
        return first
    for candidate in (provision.label, rest):
        if leading_number(text=provision.text, num=candidate):
            return candidate
    return rest or provision.label


def _rest_of(label: str, *, above: str) -> str:
    """Return what a label says beyond another, "" where it does not begin with it or goes on in the same number."""
    rest = label.removeprefix(above) if above else ""
    return "" if rest == label or re.match(r"[0-9A-Za-z._-]", rest) else rest.strip()


def _shared_number(part: Part, labels: list[str]) -> str:
    """Return the beginning that the labels of all within share, to the end of this part's number; else the number alone."""
    number = re.escape(part.number).replace(r"\.", "[._-]")
    found = re.match(rf".{{0,80}}?(?<![0-9A-Za-z]){number}(?![0-9A-Za-z])", labels[0]) if part.number else None
    if found and all(re.match(rf"{re.escape(found.group())}(?![0-9A-Za-z])", label) for label in labels):
        return found.group().strip()
    return part.number


def _plain(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())
