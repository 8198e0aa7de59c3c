"""Write a round and its result as tables and JSON that anyone can check again: the same round gives the same bytes.

Amounts are decimals where they end, and fractions like 1/3 where they do not. A digest of several files is that of the lines
which ``sha256sum`` prints for them, sorted by name: ``sha256sum needs.csv offers.csv terms.csv | sha256sum``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from comity.adapters.capacity_tables import Rules
from comity.adapters.polis_cells import guard_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.engines.capacity.results import Allocation, Reason, Share
    from comity.engines.capacity.terms import Terms
    from comity.engines.capacity.what_if import Comparison
    from comity.engines.capacity.whole_units import WholeAllocation

FORM = "comity-allocation/1"
PLACES = 9
SHARE_PLACES = 12
MOST_PLACES = 20
ALLOCATION = ("need", "offer", "units", "exact")
SHARES = {
    "need": ("need", "member", "resource", "priority", "asked", "received", "share", "exact"),
    "member": ("member", "resource", "priority", "asked", "received", "share", "exact"),
}
RESULTS = ("allocation.csv", "shares.csv")


def terms_tables(*, terms: Terms, rules: Rules | None = None) -> dict[str, str]:
    """Return the tables of a round by the name of their file, in one form whatever they were read from.

    ``needs.csv``, ``offers.csv`` and ``terms.csv`` always; ``eligible.csv`` where pairs are given, ``weights.csv`` and ``caps.csv``
    where there are any. ``rules`` names the published rule of each weight and cap.
    """
    rules = rules or Rules()
    tables = {
        "needs.csv": _table(
            ("need", "member", "resource", "units", "priority"),
            ((n.id, n.member, n.resource, write_amount(n.units), n.priority) for n in terms.needs),
        ),
        "offers.csv": _table(
            ("offer", "resource", "units", "per_member", "indivisible"),
            (
                (
                    o.id,
                    o.resource,
                    write_amount(o.units),
                    "" if o.per_member is None else write_amount(o.per_member),
                    "yes" if o.indivisible else "",
                )
                for o in terms.offers
            ),
        ),
        "terms.csv": _table(("term", "value"), [("by", terms.by)]),
    }
    if terms.pairs is not None:
        tables["eligible.csv"] = _table(("need", "offer"), terms.pairs)
    if terms.weights:
        weights = ((m, write_amount(w), rules.weights.get(m, "")) for m, w in terms.weights.items())
        tables["weights.csv"] = _table(("member", "weight", "rule"), weights)
    if terms.caps:
        caps = ((m, r, write_amount(c), rules.caps.get((m, r), "")) for (m, r), c in terms.caps.items())
        tables["caps.csv"] = _table(("member", "resource", "units", "rule"), caps)
    return dict(sorted(tables.items()))


def digest_terms(*, terms: Terms, rules: Rules | None = None) -> str:
    """Return the SHA-256 digest of the tables of a round."""
    return digest_files(terms_tables(terms=terms, rules=rules))


def result_tables(*, allocation: Allocation, whole: WholeAllocation | None = None) -> dict[str, str]:
    """Return allocation.csv and shares.csv. With ``whole``, units and shares are those in whole units, and ``exact`` what they round."""
    return {
        "allocation.csv": _table(ALLOCATION, units_rows(exact=allocation.units, whole=whole.units if whole else None)),
        "shares.csv": _table(
            SHARES[allocation.terms.by],
            share_rows(exact=allocation.shares, by=allocation.terms.by, whole=whole.shares if whole else None),
        ),
    }


def units_rows(
    *, exact: Mapping[tuple[str, str], Fraction], whole: Mapping[tuple[str, str], Fraction] | None = None
) -> list[tuple[str, ...]]:
    """Return need, offer, units and exact units, by need and offer."""
    told = exact if whole is None else whole
    none = Fraction(0)
    return [
        (need, offer, write_decimal(told.get((need, offer), none)), str(exact.get((need, offer), none)))
        for need, offer in sorted(exact.keys() | told.keys())
    ]


def share_rows(*, exact: Iterable[Share], by: str, whole: Iterable[Share] | None = None) -> list[tuple[Any, ...]]:
    """Return the cells of shares.csv, in the order of the shares."""
    exact = list(exact)
    return [
        (
            *(s.needs if by == "need" else ()),
            s.member,
            s.resource,
            s.priority,
            write_amount(s.asked),
            write_decimal(told.received),
            write_decimal(told.share, places=SHARE_PLACES),
            str(s.share),
        )
        for s, told in zip(exact, exact if whole is None else whole, strict=True)
    ]


def explanation_of(
    *, allocation: Allocation, rules: Rules | None = None, whole: WholeAllocation | None = None
) -> dict[str, Any]:
    """Return a result's reasons as JSON can carry them: numbers to read, ``exact`` as a fraction in text, ids sorted.

    ``blocks`` stand in the order in which they follow from each other. ``exact`` is the level that all in a block have, its share
    divided by its weight; ``inside_needs`` and ``inside_members`` with ``offers`` are the cut that proves it.
    """
    terms = allocation.terms
    inputs = terms_tables(terms=terms, rules=rules)
    results = result_tables(allocation=allocation, whole=whole)
    unplaced = sorted(o.id for o in terms.offers if o.indivisible and o.units and o.id not in allocation.lots)
    return {
        "form": FORM,
        "maker": allocation.maker,
        "solver": allocation.solver,
        "by": terms.by,
        "unit": None if whole is None else str(whole.unit),
        "inputs_sha256": digest_files(inputs),
        "result_sha256": digest_files(results),
        "files": {name: digest_text(text) for name, text in sorted((inputs | results).items())},
        "resources": resource_records(terms=terms, shares=whole.shares if whole else allocation.shares),
        "lots": dict(sorted(allocation.lots.items())),
        "lots_given_to_nobody": unplaced,
        "blocks": [block_record(r) for r in allocation.reasons],
    }


def block_record(reason: Reason, /) -> dict[str, Any]:
    """Return one block of an explanation."""
    return {
        "priority": reason.priority,
        "resource": reason.resource,
        "needs": list(reason.needs),
        "members": list(reason.members),
        "offers": list(reason.offers),
        "total": write_number(reason.total),
        "asked": write_number(reason.asked),
        "received": write_number(reason.received),
        "share": write_number(reason.received / reason.asked),
        "exact": str(reason.level),
        "binding": reason.binding,
        "inside_needs": list(reason.inside_needs),
        "inside_members": [list(m) for m in reason.inside_members],
    }


def comparison_of(*, comparison: Comparison) -> dict[str, Any]:
    """Return whom a change changes as JSON can carry it, in the order of names."""

    def told(share: Share | None) -> dict[str, Any] | None:
        if share is None:
            return None
        return {
            "asked": write_number(share.asked),
            "received": write_number(share.received),
            "share": write_number(share.share),
            "exact": str(share.share),
        }

    return {
        "resources": [
            {"resource": r.resource, "before": write_number(r.before), "after": write_number(r.after)}
            for r in comparison.received
        ],
        "unchanged": comparison.unchanged,
        "changes": [
            {
                "needs": list(c.needs),
                "member": c.member,
                "resource": c.resource,
                "priority": c.priority,
                "gained": write_number(c.gained),
                "before": told(c.before),
                "after": told(c.after),
            }
            for c in comparison.changes
        ],
    }


def resource_records(*, terms: Terms, shares: Iterable[Share]) -> list[dict[str, Any]]:
    """Return what is asked, offered and received of each resource."""
    shares = list(shares)
    names = sorted({n.resource for n in terms.needs} | {o.resource for o in terms.offers})
    return [
        {
            "resource": name,
            "needs": sum(n.resource == name for n in terms.needs),
            "offers": sum(o.resource == name for o in terms.offers),
            "asked": write_number(sum((n.units for n in terms.needs if n.resource == name), Fraction(0))),
            "offered": write_number(sum((o.units for o in terms.offers if o.resource == name), Fraction(0))),
            "received": write_number(sum((s.received for s in shares if s.resource == name), Fraction(0))),
        }
        for name in names
    ]


def digest_files(files: Mapping[str, str], /) -> str:
    """Return the SHA-256 digest of the lines that ``sha256sum`` prints for some files, sorted by name."""
    lines = (f"{digest_text(text)}  {name}\n" for name, text in sorted(files.items()))
    return digest_text("".join(lines))


def digest_text(text: str, /) -> str:
    """Return the SHA-256 digest of the UTF-8 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def write_amount(amount: Fraction, /) -> str:
    """Return an amount exactly, as a decimal where that ends.

    >>> write_amount(Fraction(25, 2)), write_amount(Fraction(7)), write_amount(Fraction(1, 3))
    ('12.5', '7', '1/3')
    """
    rest, places = amount.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for factor in (2, 5):
        while rest % factor == 0:
            rest, places = rest // factor, places + 1
    return write_decimal(amount, places=places) if rest == 1 and places <= MOST_PLACES else str(amount)


def write_decimal(amount: Fraction, /, *, places: int = PLACES) -> str:
    """Return an amount as a decimal with so many places at most, halves to the even digit.

    >>> write_decimal(Fraction(3360, 23)), write_decimal(Fraction(10**15) + Fraction(1, 4)), write_decimal(Fraction(5))
    ('146.086956522', '1000000000000000.25', '5')
    """
    digits = round(amount * 10**places)
    whole, part = divmod(digits, 10**places)
    return f"{whole}.{part:0{places}}".rstrip("0").rstrip(".") if part else str(whole)


def write_number(amount: Fraction, /) -> int | float:
    """Return the nearest number that JSON can carry."""
    return int(amount) if amount.denominator == 1 else float(amount)


def _table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guard_text(c) if isinstance(c, str) else c for c in row] for row in rows)
    return text.getvalue()
