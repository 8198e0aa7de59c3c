"""Analyse a dialogue: from votes to groups, common ground, what is representative, and what may have bent the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comity.engines.dialogue.common_ground import LEAST_ANSWERS, find_shared_ground, find_unheard
from comity.engines.dialogue.coordination import find_coordinated
from comity.engines.dialogue.counts import Counts, Tally, count_answers, label_regions
from comity.engines.dialogue.groups import find_groups
from comity.engines.dialogue.honesty import compare_grounds, find_near_duplicates
from comity.engines.dialogue.intervals import bound_shares
from comity.engines.dialogue.representative import MOST_FALSE, compare_groups
from comity.engines.dialogue.results import Answers, DialogueAnalysis, Honesty, Interval, StatementRow
from comity.engines.dialogue.sealing import seal_analysis
from comity.engines.dialogue.stability import measure_stability
from comity.errors import BadParameter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from comity.engines.dialogue.results import Groups, Stability
    from comity.engines.dialogue.votes import VoteMatrix

VERSION = "dialogue 1"
"""Raised whenever the same votes would give other results."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """Whose answers to what are counted: group and region of each participant by number, and the places of the statements shown."""

    votes: VoteMatrix
    groups: Groups
    regions: NDArray[np.int32]
    present: tuple[str, ...]
    places: NDArray[np.intp]

    def tally(self, *, kept: NDArray[np.bool_], places: NDArray[np.intp]) -> Tally:
        """Count the answers of the participants ``kept`` to the statements at ``places``."""
        k = self.groups.k
        # Those left out are one more part, so that everybody is still the groups and those in none.
        part = np.where(kept, np.where(self.groups.labels < 0, k, self.groups.labels), k + 1).astype(np.int32)
        by_group = count_answers(votes=self.votes, labels=part, parts=k + 2).at(places)
        in_region = np.where(kept, self.regions, -1)
        by_region = count_answers(votes=self.votes, labels=in_region, parts=len(self.present)).at(places)
        return Tally(
            everybody=by_group.first(k + 1).together(),
            by_group=by_group.first(k),
            by_region=by_region.first(len(self.present)),
            statements=tuple(self.votes.statements[p] for p in places.tolist()),
            regions=self.present,
        )


def analyse_dialogue(
    *,
    votes: VoteMatrix,
    regions: Mapping[str, str] | None = None,
    shown: Collection[str] | None = None,
    draws: int = 0,
    seed: int = 0,
    least_votes: int = 7,
    least_answers: int = LEAST_ANSWERS,
    most_false: float = MOST_FALSE,
    texts: Mapping[str, str] | None = None,
    times: Mapping[str, int] | None = None,
) -> DialogueAnalysis:
    """Return everything found about one dialogue; the order of participants, statements and votes does not matter.

    ``regions`` maps participants to their region; who is in none stands in the groups alone. ``shown`` are the statements that
    moderation left standing, by default all. ``draws`` bootstrap samples are taken with ``seed`` for the stability of the
    groups, none by default. Who answered fewer than ``least_votes`` shown statements is in no group. Without
    ``least_answers`` from each group and region nothing is common ground. ``texts`` of the statements are compared for
    near-duplicates; ``times``, when each participant came, for coordinated accounts.
    Raises BadParameter where ``least_answers`` is under 1.
    """
    groups = find_groups(votes=votes, shown=shown, least=least_votes)
    stability = measure_stability(votes=votes, groups=groups, shown=shown, draws=draws, seed=seed) if draws else None
    return describe_dialogue(
        votes=votes,
        groups=groups,
        stability=stability,
        regions=regions,
        shown=shown,
        least_votes=least_votes,
        least_answers=least_answers,
        most_false=most_false,
        texts=texts,
        times=times,
    )


def describe_dialogue(
    *,
    votes: VoteMatrix,
    groups: Groups,
    stability: Stability | None = None,
    regions: Mapping[str, str] | None = None,
    shown: Collection[str] | None = None,
    least_votes: int = 7,
    least_answers: int = LEAST_ANSWERS,
    most_false: float = MOST_FALSE,
    texts: Mapping[str, str] | None = None,
    times: Mapping[str, int] | None = None,
) -> DialogueAnalysis:
    """Return everything found about one dialogue whose groups are known; the rest is as in ``analyse_dialogue``."""
    if least_answers < 1:
        raise BadParameter(name="least_answers", found=str(least_answers), allowed="1 or more")
    labels, present, small = label_regions(votes=votes, regions=regions or {}, least=least_answers)
    frame = _Frame(votes, groups, labels, present, _places_of(votes.statements, shown))
    tally = frame.tally(kept=np.ones(len(votes.participants), dtype=bool), places=frame.places)
    found = find_shared_ground(tally=tally, least=least_answers)
    parameters = {
        "draws": str(stability.draws if stability else 0),
        "seed": str(stability.seed if stability else 0),
        "least_votes": str(least_votes),
        "least_answers": str(least_answers),
        "most_false": repr(most_false),
        "shown": str(len(frame.places)),
    }
    analysis = DialogueAnalysis(
        participants=votes.participants,
        statements=votes.statements,
        votes=len(votes.values),
        groups=groups,
        stability=stability,
        common_ground=found,
        not_yet_heard=find_unheard(tally=tally, least=least_answers),
        unheard_regions=small,
        representative=compare_groups(counts=tally.by_group, statements=tally.statements, most_false=most_false),
        statements_table=_table(tally),
        honesty=_check_honesty(frame, tally, texts or {}, times, least_answers),
        version=VERSION,
        parameters=tuple(sorted(parameters.items())),
        digest="",
    )
    return seal_analysis(
        analysis=analysis,
        votes=votes,
        regions=regions or {},
        shown=tally.statements,
        texts=texts or {},
        times=times or {},
    )


def _places_of(statements: Sequence[str], shown: Collection[str] | None) -> NDArray[np.intp]:
    if shown is None:
        return np.arange(len(statements))
    wanted = set(shown)
    # A statement that nobody answered has no votes and is in no matrix; it is nothing to complain about.
    return np.array([i for i, s in enumerate(statements) if s in wanted], dtype=np.intp)


def _check_honesty(
    frame: _Frame, tally: Tally, texts: Mapping[str, str], times: Mapping[str, int] | None, least: int
) -> Honesty:
    votes, groups = frame.votes, frame.groups
    heard = dict(zip(tally.statements, tally.everybody.heard[0].tolist(), strict=True))
    duplicates = find_near_duplicates(texts={s: texts[s] for s in tally.statements if s in texts}, answers=heard)
    # Accounts are told apart by all that they answered, what moderation took away included.
    counts = count_answers(votes=votes, labels=groups.labels, parts=groups.k).first(groups.k)
    coordinated = find_coordinated(votes=votes, labels=groups.labels, counts=counts, times=times)
    left_out = {p for c in coordinated for p in c.participants}
    repeated = {d.other for d in duplicates}
    without = (
        frame.tally(
            kept=np.array([p not in left_out for p in votes.participants], dtype=bool),
            places=np.array([p for p in frame.places.tolist() if votes.statements[p] not in repeated], dtype=np.intp),
        )
        if left_out or repeated
        else tally
    )
    effect = compare_grounds(
        found=find_shared_ground(tally=tally, least=least), without=find_shared_ground(tally=without, least=least)
    )
    return Honesty(duplicates=duplicates, coordinated=coordinated, effect=effect)


def _table(tally: Tally) -> tuple[StatementRow, ...]:
    overall, groups, regions = (_answers(c) for c in (tally.everybody, tally.by_group, tally.by_region))
    return tuple(
        StatementRow(
            statement=name,
            overall=overall[0][s],
            by_group=tuple(g[s] for g in groups),
            by_region=tuple((region, r[s]) for region, r in zip(tally.regions, regions, strict=True)),
        )
        for s, name in enumerate(tally.statements)
    )


def _answers(counts: Counts) -> list[list[Answers]]:
    heard = counts.heard
    bounds = [bound_shares(given=given, n=heard) for given in (counts.agree, counts.disagree)]
    agree, disagree, passed = counts.agree.tolist(), counts.disagree.tolist(), counts.passed.tolist()
    (low, high), (low2, high2) = [(a.tolist(), b.tolist()) for a, b in bounds]

    def interval(given: int, n: int, least: float, most: float) -> Interval | None:
        return Interval(share=given / n, low=least, high=most, n=n) if n else None

    return [
        [
            Answers(
                agree=a,
                disagree=d,
                passed=p,
                agreeing=interval(a, a + d + p, low[part][s], high[part][s]),
                disagreeing=interval(d, a + d + p, low2[part][s], high2[part][s]),
            )
            for s, (a, d, p) in enumerate(zip(agree[part], disagree[part], passed[part], strict=True))
        ]
        for part in range(len(agree))
    ]
