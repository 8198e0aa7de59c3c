"""Every roll call of the General Assembly in ``shared``, tallied under its rule in one process, beside a plain count of words.

No peer counts ballots under rules of procedure with its reasoning. The yardstick in the same run is ``collections.Counter`` over the
same positions, which knows neither members nor rules: the ratio says what exactness and steps cost. Reading the file is timed
apart. Seconds are of the processor. Run: ``python benchmarks/decisions.py``.
"""

from __future__ import annotations

import csv
import gzip
import time
from collections import Counter, defaultdict
from pathlib import Path

from comity.adapters.rule_files import built_in_rule
from comity.engines.decisions.carrying import carry_result, check_steps
from comity.engines.decisions.tally import Ballot, Member, tally

VOTES = Path(__file__).resolve().parents[2] / "shared" / "data" / "decisions" / "unga" / "votes.csv.gz"


def read_votes() -> dict[str, list[tuple[str, str]]]:
    """Return pairs of member and position by roll call."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with gzip.open(VOTES, "rt", encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        for rcid, member, vote in rows:
            found[rcid].append((member, vote))
    return found


def main() -> None:
    """Print seconds of each step."""
    began = time.process_time()
    votes = read_votes()
    read = time.process_time() - began
    ballots = sum(map(len, votes.values()))
    began = time.process_time()
    plain = [Counter(p for _, p in said) for said in votes.values()]
    counted = time.process_time() - began
    rule = built_in_rule("unga-two-thirds")
    began = time.process_time()
    results = [
        tally(
            rule=rule,
            members=[Member(name=m) for m, _ in said],
            ballots=[Ballot(member=m, position=p) for m, p in said],
        )
        for said in votes.values()
    ]
    tallied = time.process_time() - began
    assert all(r.total("yes") == c["yes"] for r, c in zip(results, plain, strict=True))
    began = time.process_time()
    for result in results:
        check_steps(rule=rule, carried=carry_result(rule=rule, result=result))
    checked = time.process_time() - began
    print(f"{len(votes):,} roll calls, {ballots:,} ballots")
    print(f"read and parse the file        {read:6.2f} s")
    print(f"count words (Counter)          {counted:6.2f} s")
    print(f"tally with every step          {tallied:6.2f} s, {tallied / counted:.0f} times the plain count")
    print(f"write, read and check all steps {checked:5.2f} s")


if __name__ == "__main__":
    main()
