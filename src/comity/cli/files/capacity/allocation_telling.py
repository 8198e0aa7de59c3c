"""Tell a result in sentences: what was asked, offered and shared, then why each share is what it is. Nobody is ranked."""

from __future__ import annotations

import textwrap
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING

from comity.adapters.allocation_files import write_decimal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.adapters.capacity_tables import Rules
    from comity.engines.capacity.results import Reason, Share
    from comity.engines.capacity.terms import Terms
    from comity.engines.capacity.what_if import Change, Comparison

WIDTH = 100
MOST_BLOCKS = 12
MOST_NAMES = 6
MOST_CHANGES = 40
_WORDS = {
    Fraction(0): "nothing of what it asked",
    Fraction(1): "all that it asked",
    Fraction(1, 2): "half of what it asked",
    Fraction(1, 3): "a third of what it asked",
    Fraction(2, 3): "two thirds of what it asked",
    Fraction(1, 4): "a quarter of what it asked",
    Fraction(3, 4): "three quarters of what it asked",
}


def tell_allocation(
    *,
    terms: Terms,
    reasons: Sequence[Reason],
    shares: Sequence[Share],
    lots: Mapping[str, str],
    unit: Fraction | None = None,
    rules: Rules,
) -> Iterator[str]:
    """Yield the lines of a report; ``shares`` are those in whole units where there is a unit."""
    yield from _resources(terms, shares)
    yield ""
    yield from _alike(terms, unit, rules)
    yield from _lots(terms, lots)
    yield ""
    yield "WHY EACH SHARE IS WHAT IT IS"
    reach = _Reach(terms, reasons)
    for reason in reasons[:MOST_BLOCKS]:
        yield from _filled(" ".join(_block(reason, terms, reach)), first="- ", rest="  ")
    if len(reasons) > MOST_BLOCKS:
        yield from _filled(
            f"{_count(len(reasons) - MOST_BLOCKS, 'more group', 'more groups')} of needs with a share of their own: "
            "explanation.json has all of them, in the same order.",
            first="- ",
            rest="  ",
        )
    if not reasons:
        yield "- Nobody asks for anything."


def tell_comparison(*, found: Comparison, by: str, most: int = MOST_CHANGES) -> Iterator[str]:
    """Yield whom a change would change and by how much, in the order of names."""
    for one in found.received:
        if one.before != one.after:
            more = f"{_amount(abs(one.after - one.before))} {'fewer' if one.after < one.before else 'more'}"
            yield from _filled(
                f"{one.resource}: in all {_amount(one.after)} instead of {_amount(one.before)} would be received, {more}."
            )
    who = "need" if by == "need" else "share of a member"
    many = "needs" if by == "need" else "shares of members"
    if not found.changes:
        yield f"Nobody would receive another amount ({_count(found.unchanged, who, many)})."
        return
    yield f"{_count(len(found.changes), who, many)} would change, {found.unchanged:,} would not:"
    for change in found.changes[:most]:
        yield from _filled(_change(change, by), first="- ", rest="  ")
    if len(found.changes) > most:
        yield f"- and {len(found.changes) - most:,} more; --json has all of them."


def _change(change: Change, by: str) -> str:
    name = f"{change.needs[0]} ({change.member})" if by == "need" else change.member
    where = f"{name}, {change.resource}" + (f", priority {change.priority}" if change.priority > 1 else "")
    if change.before is None:
        return f"{where}: was not there."
    if change.after is None:
        return f"{where}: is not there any more."
    sign = "+" if change.gained >= 0 else "-"
    return (
        f"{where}: {_amount(change.after.received)} instead of {_amount(change.before.received)} of {_amount(change.after.asked)} "
        f"({sign}{_amount(abs(change.gained))}; {_percent(change.after.share)} instead of {_percent(change.before.share)})."
    )


def _resources(terms: Terms, shares: Sequence[Share]) -> Iterator[str]:
    for name in sorted({n.resource for n in terms.needs} | {o.resource for o in terms.offers}):
        needs = [n for n in terms.needs if n.resource == name]
        offers = [o for o in terms.offers if o.resource == name]
        members = len({n.member for n in needs})
        asked = sum((n.units for n in needs), Fraction(0))
        held = sum((o.units for o in offers), Fraction(0))
        received = sum((s.received for s in shares if s.resource == name), Fraction(0))
        yield from _filled(
            f"{name}: {_count(len(needs), 'need')} of {_count(members, 'member')} {_verb(len(needs), 'ask')} for {_amount(asked)}; "
            f"{_count(len(offers), 'offer')} {_verb(len(offers), 'hold')} {_amount(held)}; {_amount(received)} are shared out."
        )


def _alike(terms: Terms, unit: Fraction | None, rules: Rules) -> Iterator[str]:
    text = (
        "Every need is treated alike: the smallest share of what was asked is as large as it can be, then the next."
        if terms.by == "need"
        else "Every member is treated alike, with all that it needs of one resource: the smallest share of what was asked is as "
        "large as it can be, then the next."
    )
    if any(n.priority > 1 for n in terms.needs):
        text += " Needs of priority 1 are served first, then those of the next, as far as anything is left."
    if unit is not None:
        text += f" Amounts are whole multiples of {unit}: each is its exact amount rounded down or up."
    yield from _filled(text)
    if terms.weights:
        named = "; ".join(sorted({r for r in rules.weights.values() if r})) or "not named"
        yield from _filled(f"A share is divided by the weight of its member, by this rule: {named}.")
    if terms.caps:
        named = "; ".join(sorted({r for r in rules.caps.values() if r})) or "not named"
        yield from _filled(f"Members have caps, by this rule: {named}.")


def _lots(terms: Terms, lots: Mapping[str, str]) -> Iterator[str]:
    whole = [o for o in terms.offers if o.indivisible and o.units]
    if whole:
        nobody = [o.id for o in whole if o.id not in lots]
        text = f"{_count(len(whole), 'offer goes', 'offers go')} to one need as a whole; {len(whole) - len(nobody):,} found one."
        if nobody:
            text += f" Nobody has room for the whole of {_named(nobody)}."
        yield from _filled(text)


class _Reach:
    """Which offers needs may draw on that earlier blocks have used up."""

    def __init__(self, terms: Terms, reasons: Sequence[Reason]) -> None:
        self.block_of: dict[str, int] = {}
        for at, reason in enumerate(reasons):
            if reason.binding:
                self.block_of.update(dict.fromkeys(reason.offers, at))
        self.block = {id(r): at for at, r in enumerate(reasons)}
        self.open_to: dict[str, list[str]] = {}
        if terms.pairs is not None:
            for need, offer_id in terms.pairs:
                self.open_to.setdefault(need, []).append(offer_id)
        self.by_resource: dict[str, list[str]] = {}
        for offer in terms.offers:
            self.by_resource.setdefault(offer.resource, []).append(offer.id)
        self.free = terms.pairs is None

    def goes_before(self, reason: Reason) -> bool:
        """Return whether the needs may draw on what goes to an earlier block."""
        at = self.block[id(reason)]
        reached = (
            self.by_resource.get(reason.resource, [])
            if self.free
            else [o for n in reason.needs for o in self.open_to.get(n, ())]
        )
        return any(self.block_of.get(o, at) < at for o in reached)


def _block(reason: Reason, terms: Terms, reach: _Reach) -> Iterator[str]:
    one = len(reason.needs) == 1
    who = "This need" if one else f"These {len(reason.needs):,} needs"
    of = f" for {reason.resource}" if len({n.resource for n in terms.needs}) > 1 else ""
    named = f" ({_named(reason.needs)})"
    alone = len(reason.members if terms.by == "member" else reason.needs) == 1
    each = (
        ("It" if one else "Its member" if alone else "Each member")
        if terms.by == "member"
        else ("It" if one else "Each")
    )
    if terms.by == "member" and alone and not one:
        each = reason.members[0]
    if not reason.binding:
        full = reason.received == reason.asked
        what = (
            f"all that {'it asks' if one else 'they ask'}"
            if full
            else f"all that {'its cap lets it' if one else 'their caps let them'} have"
        )
        open_to = _count(len(reason.offers), "offer")
        draws = f" can draw on {open_to}, which {_verb(len(reason.offers), 'total')} {_amount(reason.total)}, and"
        yield f"{who}{of}{named}{draws if reason.offers else ''} {_verb(len(reason.needs), 'receive')} {what}, {_amount(reason.received)}{'' if one else ' in all'}."
        return
    earlier = reach.goes_before(reason)
    if reason.offers:
        offers, totals = _count(len(reason.offers), "offer"), _verb(len(reason.offers), "total")
        before = ", once those with a smaller share or an earlier priority have theirs" if earlier else ""
        yield f"{who}{of}{named} can only draw on {offers}, which {totals} {_amount(reason.total)}{before}."
    elif reason.received:
        yield (
            f"{who}{of}{named} can draw on nothing more: what is open to {'it' if one else 'them'} is used up before, or gives "
            "one member only so much."
        )
    else:
        yield f"{who}{of}{named} can draw on no offer" + (" that is not used up before." if earlier else ".")
    asks = "It asks" if one else "Together they ask"
    reached = (
        ""
        if reason.received == reason.total
        else f", and {_amount(reason.received)} can reach {'it' if one else 'them'}"
    )
    yield f"{asks} for {_amount(reason.asked)}{reached}."
    if terms.weights and not _same_weight(reason, terms):
        yield f"{each} receives {_percent(reason.level)} of what it asked, times its weight."
    else:
        yield f"{each} receives {_share(reason.received / reason.asked)}."


def _same_weight(reason: Reason, terms: Terms) -> bool:
    return len({terms.weights.get(m, Fraction(1)) for m in reason.members}) == 1


def _share(share: Fraction) -> str:
    return _WORDS.get(share) or f"{_percent(share)} of what it asked"


def _percent(share: Fraction) -> str:
    """Return a share in per cent with one place; what is not all or nothing is never shown as such."""
    shown = f"{float(share * 100):.1f}"
    if share > 0 and shown == "0.0":
        return "under 0.1%"
    if share < 1 and shown == "100.0":
        return "over 99.9%"
    return f"{shown.removesuffix('.0')}%"


def _amount(amount: Fraction) -> str:
    """Return an amount with at most two places, thousands parted."""
    shown = write_decimal(amount, places=2)
    whole, _, part = shown.partition(".")
    if shown == "0" and amount:
        return "under 0.01"
    return f"{int(whole):,}" + (f".{part}" if part else "")


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _verb(number: int, verb: str) -> str:
    return verb + "s" if number == 1 else verb


def _filled(text: str, *, first: str = "", rest: str = "") -> Iterator[str]:
    # A terminal would obey control characters that stand in a table.
    plain = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) == "Cc" else c for c in text)
    yield from textwrap.wrap(plain, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
