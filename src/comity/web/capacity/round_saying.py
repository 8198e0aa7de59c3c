"""Say a round in sentences: its rules, and why each block of needs receives what it does."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.adapters.allocation_files import write_amount
from comity.platform.capacity.member_groups import name_of_group
from comity.web.decisions.saying import figure
from comity.web.templatetags.comity import amount, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from comity.platform.capacity.round_rows import BlockView, NeedRow, OfferRow
    from comity.platform.capacity.round_rules import RoundRules
    from comity.platform.capacity.round_views import Shared

WIDTH = 300
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """How wide a need's bars are: what it asks and what it receives, on the scale of the page."""

    asked: int
    received: int


@dataclass(frozen=True, slots=True)
class BlockSaid:
    """A block with its sentence and those of its needs that stand on this page, each with its bars."""

    block: BlockView
    sentence: str
    unit: str
    rows: tuple[tuple[NeedRow, Bar], ...]


def say_offer(offer: OfferRow, /) -> str:
    """Return what an offer is called: its title, else its code."""
    return offer.title or offer.code


def say_offers(offers: Sequence[OfferRow], /) -> str:
    """Return some offers by name, in a row of words; many by their number."""
    if len(offers) > MOST_NAMED:
        return ngettext("%(n)s offer", "%(n)s offers", len(offers)) % {"n": figure(len(offers))}
    return str(listed(f"\u2068{say_offer(o)}\u2069" for o in offers))


def say_block(block: BlockView, /, *, unit: str, weighted: bool) -> str:
    """Return why the needs of a block receive what they do."""
    n, said = len(block.needs), {"n": figure(len(block.needs)), "offers": say_offers(block.offers), "unit": unit}
    said |= {
        "total": amount(block.total),
        "asked": amount(block.asked),
        "received": amount(block.received),
        "percent": _("%(n)s%%") % {"n": figure(block.percent or 0)},
    }
    if not block.offers and block.binding and block.received:
        opening = ngettext(
            "This need can draw on nothing more: what fits it gives one member only so much, or went to needs that come first.",
            "These %(n)s needs can draw on nothing more: what fits them gives one member only so much, or went to needs that come first.",
            n,
        )
    elif not block.offers and block.binding:
        opening = ngettext(
            "No offer fits this need, or what fits went to needs that come first.",
            "No offer fits these %(n)s needs, or what fits went to needs that come first.",
            n,
        )
    elif block.binding:
        opening = ngettext(
            "This need can only draw on %(offers)s, in all %(total)s %(unit)s.",
            "These %(n)s needs can only draw on %(offers)s, in all %(total)s %(unit)s.",
            n,
        )
    else:
        opening = ngettext(
            "Nothing holds this need back: enough is offered that fits it.",
            "Nothing holds these %(n)s needs back: enough is offered that fits them.",
            n,
        )
    asking = ngettext("It asks for %(asked)s.", "Together they ask for %(asked)s.", n)
    if block.received >= block.asked:
        ending = ngettext("It receives all of it.", "Each receives all of it.", n)
    elif not block.received:
        ending = ngettext("It receives nothing.", "They receive nothing.", n)
    elif block.percent is not None:
        ending = ngettext("It receives %(percent)s of what it asked.", "Each receives %(percent)s of what it asked.", n)
    else:
        ending = ngettext("It receives %(received)s.", "Together they receive %(received)s.", n)
    parts = [opening % said, asking % said, ending % said]
    if block.amended:
        parts.append(_("It was amended when the round was confirmed, for the reasons that are given with it."))
    elif block.percent is None and n > 1:
        parts += _why_not_alike(weighted=weighted, by_member=block.by_member)
    return " ".join(parts)


def _why_not_alike(*, weighted: bool, by_member: bool) -> list[str]:
    found = []
    if by_member:
        found.append(
            _("What is shared alike is the share of each member, all its needs of the resource taken together.")
        )
    if weighted:
        found.append(_("Their shares are equal once each is divided by the weight that the rules give its member."))
    return found or [_("They are alike but for whole units: what is given cannot be divided further.")]


def say_rules(rules: RoundRules, /, *, resources: Sequence[Shared], language: str) -> list[tuple[str, str]]:
    """Return each rule of a round as a sentence, with the published rule that it rests on."""
    units = {r.slug: r for r in resources}
    found = [
        (
            _("Needs of members in this group are served at priority %(priority)s: %(group)s.")
            % {"priority": figure(p.priority), "group": name_of_group(code=p.group, language=language)},
            p.rule,
        )
        for p in rules.priorities
    ]
    found += [
        (
            _("Shares of members in this group weigh %(weight)s: %(group)s.")
            % {"weight": _say_weight(w.weight), "group": name_of_group(code=w.group, language=language)},
            w.rule,
        )
        for w in rules.weights
    ]
    found += [
        (
            _("No member receives more than %(units)s %(unit)s: %(resource)s.")
            % {"units": amount(c.units), "unit": units[c.resource].unit, "resource": units[c.resource].name},
            c.rule,
        )
        for c in rules.caps
    ]
    return found


def _say_weight(weight: Fraction, /) -> str:
    """Return a weight as a decimal in the reader's language where it ends, else as a fraction."""
    text = write_amount(weight)
    return figure(weight) if "/" in text else amount(Decimal(text))


def set_out_blocks(
    blocks: Sequence[BlockView], /, *, codes: Sequence[str], units: Mapping[str, str], weighted: bool
) -> list[BlockSaid]:
    """Return blocks with their sentences and those of their needs that stand on the page, by code; one scale for all bars."""
    wanted = set(codes)
    largest = max((r.asked for b in blocks for r in b.needs), default=None)
    found = []
    for block in blocks:
        rows = tuple((r, bar_of(r, largest=largest)) for r in block.needs if r.code in wanted)
        if rows:
            unit = units[block.resource]
            found.append(BlockSaid(block, say_block(block, unit=unit, weighted=weighted), unit, rows))
    return found


def bar_of(row: NeedRow, /, *, largest: Decimal | None) -> Bar:
    """Return the bars of a need, where the largest need of the page fills the width."""
    scale = largest or row.asked
    asked = max(1, round(WIDTH * row.asked / scale))
    received = round(WIDTH * (row.received or 0) / scale)
    return Bar(asked=asked, received=max(1, received) if row.received else 0)
