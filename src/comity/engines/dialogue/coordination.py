"""Coordinated voting: accounts that gave the same answers to the same statements, close after one another.

Two chances are asked. If those of an opinion group answered independently of one another, how likely are so many equal rows? If
accounts came in any order, how likely is it that these came so close together? The greater of the two is the evidence
(an intersection-union test), under false-discovery control over all rows that could have been equal (Benjamini and
Hochberg, 1995).

Limits: people of one group are never quite independent, so that without times alone equal rows of enthusiasts may be named; accounts
that change a few answers each are not found. This is a reason to look, not a proof.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtrc, gammaln

from comity.engines.dialogue.counts import BLOCK
from comity.engines.dialogue.representative import control_false_discoveries
from comity.engines.dialogue.results import CoordinatedVotes
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from comity.engines.dialogue.counts import Counts
    from comity.engines.dialogue.votes import VoteMatrix

LEAST_ANSWERS = 7
"""Answers of an account under which equal rows are no wonder."""
LEAST_ACCOUNTS = 3
"""Two who vote alike are a couple; a campaign has more."""
MOST_FALSE = 0.01
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def find_coordinated(
    *,
    votes: VoteMatrix,
    labels: NDArray[np.signedinteger],
    counts: Counts,
    times: Mapping[str, int] | None = None,
    most_false: float = MOST_FALSE,
) -> tuple[CoordinatedVotes, ...]:
    """Return the sets of accounts whose answers are equal beyond chance, by their first account.

    ``counts`` are those of the opinion groups that ``labels`` names; ``times`` maps each participant to when it came, in any
    whole unit. Looked at are accounts in a group with at least LEAST_ANSWERS answers; a set has at least LEAST_ACCOUNTS. With times,
    a set is the closest run, of at least half of the accounts with one row. Raises BadParameter where a participant has no time.
    """
    if times is not None and (missing := [p for p in votes.participants if p not in times]):
        raise BadParameter(name="times", found=f"none for {missing[0]}", allowed="one for each participant")
    answered = np.diff(votes.starts)
    rows = np.flatnonzero((answered >= LEAST_ANSWERS) & (labels >= 0))
    if not len(rows):
        return ()
    came = None if times is None else np.array([times[p] for p in votes.participants], dtype=np.int64)
    order = None if came is None else np.sort(came)
    logs = _log_shares(counts)
    found: list[CoordinatedVotes] = []
    chances: list[float] = []
    alike, asked, tested = _gather_alike(votes, labels, rows)
    for members, others in zip(alike, asked, strict=True):
        accounts, p_times = members, None
        if came is not None and order is not None:
            accounts, p_times = _closest_run(members, came, order)
        group = int(labels[members[0]])
        row = slice(int(votes.starts[members[0]]), int(votes.starts[members[0] + 1]))
        chance = float(np.exp(logs[votes.values[row].astype(np.intp) + 1, group, votes.columns[row]].sum()))
        # Given that one account has this row, each of the others that answered the same has it with this chance.
        p_answers = float(bdtrc(len(accounts) - 2, others - 1, min(chance, 1.0)))
        chances.append(max(p_answers, p_times or 0.0))
        ids = tuple(votes.participants[a] for a in accounts.tolist())
        found.append(CoordinatedVotes(ids, group, row.stop - row.start, p_answers, p_times, q=1.0))
    # Rows that fewer gave were looked at too: each is a test that found nothing.
    q = control_false_discoveries(p=np.array(chances + [1.0] * (tested - len(chances))))
    named = [replace(each, q=float(its)) for each, its in zip(found, q[: len(found)], strict=True) if its <= most_false]
    return tuple(sorted(named, key=lambda c: c.participants))


def _gather_alike(
    votes: VoteMatrix, labels: NDArray[np.signedinteger], rows: NDArray[np.intp]
) -> tuple[list[NDArray[np.intp]], list[int], int]:
    """Return each set of equal rows of one group, how many of it answered the same statements, and how many sets were looked at.

    A set looked at could have been equal: at least LEAST_ACCOUNTS of the group answered the same statements.
    """
    asked_of, given = _sign_rows(votes)
    # The group is mixed in, so that equal rows of two groups have different numbers.
    groups = _mix(labels[rows].astype(np.uint64) + np.uint64(2**50))
    _, which, number = np.unique(asked_of[rows] + groups, return_inverse=True, return_counts=True)
    asked = number[which]
    _, first, kind, often = np.unique(given[rows] + groups, return_index=True, return_inverse=True, return_counts=True)
    members = rows[np.argsort(kind, kind="stable")]
    ends = np.cumsum(often)
    large = np.flatnonzero(often >= LEAST_ACCOUNTS).tolist()
    return (
        [members[ends[k] - often[k] : ends[k]] for k in large],
        [int(asked[first[k]]) for k in large],
        int((asked[first] >= LEAST_ACCOUNTS).sum()),
    )


def _sign_rows(votes: VoteMatrix) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return two numbers of 64 bits for each row: equal for the same statements, and for the same answers to them.

    Sums of well-mixed numbers: among a million rows two different ones are equal by accident once in thirty million dialogues.
    """
    statements = len(votes.statements)
    parts = [
        _mix(np.arange(statements, dtype=np.uint64)),
        _mix(np.arange(3 * statements, dtype=np.uint64) + np.uint64(2**40)),
    ]
    sums = [np.zeros(len(votes.participants), dtype=np.uint64) for _ in parts]
    low = 0
    while low < len(votes.participants):
        high = int(np.searchsorted(votes.starts, votes.starts[low] + BLOCK, side="right")) - 1
        high = min(max(high, low + 1), len(votes.participants))
        ends = votes.starts[low : high + 1] - votes.starts[low]
        at = slice(int(votes.starts[low]), int(votes.starts[high]))
        columns = votes.columns[at].astype(np.int64)
        cells = (columns, columns * 3 + votes.values[at] + 1)
        for part, cell, total in zip(parts, cells, sums, strict=True):
            # Sums wrap around at 64 bits, and so do their differences.
            running = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(part[cell], dtype=np.uint64)])
            total[low:high] = running[ends[1:]] - running[ends[:-1]]
        low = high
    return sums[0], sums[1]


def _mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return numbers that look drawn by chance: the finaliser of Steele, Lea and Flood's SplitMix (OOPSLA 2014)."""
    x = (numbers + np.uint64(1)) * _MIX[0]
    x = (x ^ (x >> np.uint64(30))) * _MIX[1]
    x = (x ^ (x >> np.uint64(27))) * _MIX[2]
    return x ^ (x >> np.uint64(31))


def _log_shares(counts: Counts) -> NDArray[np.float64]:
    """Return the logarithm of the share of each answer, shape (3, groups, statements): disagree, pass, agree."""
    given = np.stack([counts.disagree, counts.passed, counts.agree]).astype(np.float64)
    shares = given / np.maximum(given.sum(axis=0), 1.0)
    logs: NDArray[np.float64] = np.log(np.where(shares > 0, shares, 1.0))
    return logs


def _closest_run(
    members: NDArray[np.intp], came: NDArray[np.int64], order: NDArray[np.int64]
) -> tuple[NDArray[np.intp], float]:
    """Return the accounts of the closest run and the chance of one so close, had they come in any order.

    A run is measured by the part of all participants that came from its first to its last account, so that a rush in which
    everybody came is no evidence. The chance that some m of c come within a part x is at most the number of such
    choices times the chance of one of them; as many kinds of runs are tried, it is multiplied by their number.
    """
    sorted_members = members[np.lexsort((members, came[members]))]
    times = came[sorted_members]
    first = np.searchsorted(order, times, side="left")
    last = np.searchsorted(order, times, side="right")
    all_of = len(members)
    sizes = range(max(LEAST_ACCOUNTS, -(-all_of // 2)), all_of + 1)
    best, chosen = 2.0, sorted_members
    for m in sizes:
        part = (last[m - 1 :] - first[: all_of - m + 1]) / len(order)
        at = int(part.argmin())
        choices = gammaln(all_of + 1) - gammaln(m + 1) - gammaln(all_of - m + 1)
        within = m * part[at] ** (m - 1) - (m - 1) * part[at] ** m
        chance = min(float(np.exp(min(choices, 700.0))) * float(within), 1.0)
        if chance <= best:
            best, chosen = chance, sorted_members[at : at + m]
    return np.sort(chosen), min(best * len(sizes), 1.0)
