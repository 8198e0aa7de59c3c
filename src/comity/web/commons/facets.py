"""What releases are found by: kind, language, licence, what they run on, member, and whether they work without a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from comity.web.templatetags.comity import language_in_itself
from comity.web.words_of_commons import LICENCE_CLASSES, MACHINES, RELEASE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from comity.platform.commons.release_views import ReleaseCard

MOST_ANSWERS = 400
"""Answers that one question offers at most: whoever names ten thousand languages does not make the page long for everybody."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One question to a catalogue: ``has`` gives the answers that fit a card, ``said`` the words of an answer.

    ``known`` are the answers that are always offered, in their order; None: those that the cards give, by their words.
    """

    label: Any
    any_label: Any
    has: Callable[[ReleaseCard], Sequence[str]]
    said: Callable[[str, Mapping[str, str]], str]
    known: Sequence[str] | None = None

    def values(self, cards: Iterable[ReleaseCard], /) -> list[str]:
        """Return the answers that one may choose."""
        if self.known is not None:
            return list(self.known)
        return sorted({value for card in cards for value in self.has(card)})[:MOST_ANSWERS]


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer that people have: its memory and the memory of its graphics card, in gigabytes of 10^9 bytes."""

    memory_gb: float
    gpu_memory_gb: float = 0.0


MACHINES_HELD: Mapping[str, Machine] = {
    "phone": Machine(4),
    "laptop": Machine(8),
    "card": Machine(32, 24),
}


def machines_of(card: ReleaseCard, /) -> tuple[str, ...]:
    """Return the machines that have what a release states that it needs; none where it states nothing."""
    if card.memory_gb is None and card.gpu_memory_gb is None:
        return ()
    memory, graphics = card.memory_gb or 0.0, card.gpu_memory_gb or 0.0
    return tuple(name for name, m in MACHINES_HELD.items() if memory <= m.memory_gb and graphics <= m.gpu_memory_gb)


FACETS: Mapping[str, Facet] = {
    "kind": Facet(
        label=_("What it is"),
        any_label=_("Anything"),
        has=lambda card: (card.kind,),
        said=lambda value, _names: str(RELEASE_KINDS[value]),
        known=tuple(RELEASE_KINDS),
    ),
    "tongue": Facet(
        label=_("Language"),
        any_label=_("Any"),
        has=lambda card: card.languages,
        said=lambda value, _names: language_in_itself(value),
    ),
    "runs": Facet(
        label=_("Runs on"),
        any_label=_("Anything"),
        has=machines_of,
        said=lambda value, _names: str(MACHINES[value]),
        known=tuple(MACHINES),
    ),
    "licence": Facet(
        label=_("Licence"),
        any_label=_("Any"),
        has=lambda card: (card.licence_class,),
        said=lambda value, _names: str(LICENCE_CLASSES[value]),
        known=tuple(LICENCE_CLASSES),
    ),
    "member": Facet(
        label=_("Shared by"),
        any_label=_("Any"),
        has=lambda card: (card.namespace,),
        said=lambda value, names: names.get(value, value),
    ),
    "offline": Facet(
        label=_("Works offline"),
        any_label=_("Any"),
        has=lambda card: ("yes",) if card.offline else (),
        said=lambda _value, _names: str(_("Yes")),
        known=("yes",),
    ),
}


def is_found(card: ReleaseCard, picked: Mapping[str, str], /, *, but: str = "") -> bool:
    """Tell whether a card fits every answer that was picked, except for one question."""
    return all(name == but or not value or value in FACETS[name].has(card) for name, value in picked.items())


def options_of(
    *, cards: Sequence[ReleaseCard], values: Mapping[str, Sequence[str]], picked: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return each question with its answers, and how many cards each answer would leave beside what else was picked."""
    names = {card.namespace: card.member_name for card in cards}
    found = []
    for name, facet in FACETS.items():
        left = [card for card in cards if is_found(card, picked, but=name)]
        counts: dict[str, int] = {}
        for card in left:
            for value in facet.has(card):
                counts[value] = counts.get(value, 0) + 1
        options = [(value, facet.said(value, names), counts.get(value, 0)) for value in values[name]]
        if facet.known is None:
            options.sort(key=lambda option: option[1].casefold())
        found.append(
            {"name": name, "label": facet.label, "any": facet.any_label, "options": options, "picked": picked[name]}
        )
    return found
