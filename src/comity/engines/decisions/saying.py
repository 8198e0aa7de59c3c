"""Say the steps of an outcome, and a rule itself, in sentences that a person can check with a pencil.

Each sentence is a template of this module with figures put in; ``say`` turns a template, or a word of the vocabulary, into the
reader's language, and ``figure`` writes a number as that language does.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from comity.engines.decisions.rules import Condition, Either
from comity.engines.decisions.tally import Chosen, Counted, Tested

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comity.engines.decisions.rules import Measure, Part, Rule
    from comity.engines.decisions.tally import Number, Result, Step

SHARES = {
    Fraction(1, 2): "half",
    Fraction(1, 3): "one third",
    Fraction(2, 3): "two thirds",
    Fraction(1, 4): "one quarter",
    Fraction(3, 4): "three quarters",
    Fraction(1, 5): "one fifth",
    Fraction(3, 5): "three fifths",
}
_GLYPHS = {
    Fraction(1, 2): "½", Fraction(1, 3): "⅓", Fraction(2, 3): "⅔", Fraction(1, 4): "¼", Fraction(3, 4): "¾",
    Fraction(1, 5): "⅕", Fraction(2, 5): "⅖", Fraction(3, 5): "⅗", Fraction(4, 5): "⅘", Fraction(1, 6): "⅙",
    Fraction(5, 6): "⅚", Fraction(1, 8): "⅛", Fraction(3, 8): "⅜", Fraction(5, 8): "⅝", Fraction(7, 8): "⅞",
}  # fmt: skip
SENTENCES = {
    "all": "All members: {parts}.",
    "group": "{group}: {parts}.",
    "weight": "All members by {weight}: {parts}.",
    "group and weight": "{group} by {weight}: {parts}.",
    "base voting": "{parts}: {base} voting.",
    "base present": "{parts}: {base} present.",
    "base members": "{base} members.",
    "base sum": "{parts}: {base} together.",
    "base weight": "{parts}, by {weight}: {base}.",
    "of group": "{group}: {sentence}",
    "least": "{share} of {base} is {limit}, so {needed} are needed.",
    "above": "{share} of {base} is {limit}; more than that is needed, so {needed}.",
    "least weight": "{share} of {base} is {limit}; at least that is needed.",
    "above weight": "{share} of {base} is {limit}; more than that is needed.",
    "most": "{share} of {base} is {limit}, so at most {needed} are allowed.",
    "below": "{share} of {base} is {limit}; fewer are allowed, so at most {needed}.",
    "most weight": "{share} of {base} is {limit}; at most that is allowed.",
    "below weight": "{share} of {base} is {limit}; less than that is allowed.",
    "needed number": "{needed} are needed.",
    "allowed number": "At most {needed} are allowed.",
    "none allowed": "None is allowed.",
    "reached": "{counted} ({what}) is at least {needed}: this holds.",
    "missed": "{counted} ({what}) is less than {needed}: this does not hold.",
    "exceeded": "{counted} ({what}) is more than {needed}: this holds.",
    "not exceeded": "{counted} ({what}) is not more than {needed}: this does not hold.",
    "within": "{counted} ({what}) is not more than {needed}: this holds.",
    "beyond": "{counted} ({what}) is more than {needed}: this does not hold.",
    "under": "{counted} ({what}) is less than {needed}: this holds.",
    "not under": "{counted} ({what}) is not less than {needed}: this does not hold.",
    "of nothing": "{counted} ({what}) is no share of nothing: this does not hold.",
    "one of them": "One of these is enough, and one holds.",
    "none of them": "One of these would be enough, and none holds.",
    "adopted": "All that the rule asks holds: adopted.",
    "not adopted": "Not all that the rule asks holds: not adopted.",
    "not valid": "What the rule asks of any decision does not hold: no valid decision.",
    "tie": "As many are for as against.",
    "second vote": "Under the rule a second vote follows.",
    "postponed": "Under the rule the matter is put off to a later meeting.",
    "further discussion": "Under the rule discussion goes on.",
    "casting vote": "Under the rule the chair's casting vote decides.",
    "no decision": "Under the rule no decision was taken.",
    "a vote": "Under the rule it may be put to a vote.",
    "asks at least": "{what}: at least {share} of {base}.",
    "asks more than": "{what}: more than {share} of {base}.",
    "asks at most": "{what}: at most {share} of {base}.",
    "asks fewer than": "{what}: less than {share} of {base}.",
    "asks at least number": "{what}: at least {share}.",
    "asks more than number": "{what}: more than {share}.",
    "asks at most number": "{what}: at most {share}.",
    "asks fewer than number": "{what}: fewer than {share}.",
    "asks one of": "One of these is enough: {sentences}",
    "what in group": "{what} among {group}",
    "what by weight": "{what} by {weight}",
    "members": "all members",
    "present": "those present",
    "voting": "those voting",
    "two": "{first} and {last}",
    "list": "{first}, {last}",
    "part": "{number} {position}",
    "percent": "{number}%",
}
POSITIONS = ("yes", "no", "abstain", "present", "absent")
"""Names of the standard positions, which doors translate; other positions stand as the rule names them."""


def _as_it_is(text: str, /) -> str:
    return text


def write_number(value: Number, /) -> str:
    """Write a number exactly: whole, with a common fraction, as a finite decimal, or as a whole number and a fraction.

    >>> [write_number(Fraction(n, d)) for n, d in ((274, 3), (297, 20), (640, 7), (10, 5))]
    ['91⅓', '14.85', '91 3/7', '2']
    """
    whole, rest = divmod(Fraction(value), 1)
    if not rest:
        return str(whole)
    if rest in _GLYPHS:
        return f"{whole or ''}{_GLYPHS[rest]}"
    places = _decimals(rest.denominator)
    if places is not None:
        return f"{whole}.{int(rest * 10**places):0{places}d}"
    return f"{whole} {rest}" if whole else str(rest)


def _decimals(denominator: int, /) -> int | None:
    """Return how many decimals write a fraction of this denominator exactly, or None where none do or more than nine."""
    return next((n for n in range(1, 10) if 10**n % denominator == 0), None)


def upper_first(text: str, /) -> str:
    """Return text that begins with a capital letter, where its script has any; the rest stays.

    >>> upper_first("yes among P-members")
    'Yes among P-members'
    """
    return text[:1].upper() + text[1:]


class Speaker:
    """Says steps in one language: ``say`` translates templates and words, ``figure`` writes numbers."""

    def __init__(
        self,
        rule: Rule,
        /,
        *,
        say: Callable[[str], str] = _as_it_is,
        figure: Callable[[Number], str] = write_number,
    ) -> None:
        self.rule = rule
        self.say = say
        self.figure = figure
        self.always = {p.name for p in rule.positions if p.counts == "voting"}
        self.titles = {g.name: g.title for g in rule.groups} | {w.name: w.title for w in rule.weights}

    def step(self, step: Step, /) -> str:
        """Say one step."""
        if isinstance(step, Counted):
            return self._counted(step)
        if isinstance(step, Tested):
            return self._tested(step)
        if isinstance(step, Chosen):
            chosen = self._sentence("one of them" if step.holds else "none of them")
            return f"{step.words} {chosen}" if step.words else chosen
        said = [self._sentence("tie")] if step.tie else []
        said.append(self._sentence(step.outcome))
        if step.follows != "nothing":
            said.append(self._sentence(step.follows))
        return " ".join(said)

    def result(self, result: Result, /) -> list[str]:
        """Say every step of a result, one sentence or a few for each."""
        return [self.step(s) for s in result.steps]

    def part(self, part: Part, /) -> list[str]:
        """Say what a rule asks for in one part, each test as one sentence, in the body's words where it has any."""
        return [self._asks(one) for one in getattr(self.rule, part)]

    def _sentence(self, key: str, /, **data: str) -> str:
        return self.say(SENTENCES[key]).format(**data)

    def _counted(self, step: Counted, /) -> str:
        key = {(False, False): "all", (True, False): "group", (False, True): "weight", (True, True): "group and weight"}
        return self._sentence(
            key[bool(step.group), bool(step.weight)],
            group=self.titles.get(step.group, ""),
            weight=self.titles.get(step.weight, ""),
            parts=self._row([self._part(p, n) for p, n in step.totals if n or p in self.always]),
        )

    def _tested(self, step: Tested, /) -> str:
        it, limit = step.condition, self.figure(step.limit)
        lower = it.relation in {"at least", "more than"}
        strict = it.relation in {"more than", "fewer than"}
        said = [it.words] if it.words else []
        if it.base is not None:
            said.append(self._base(step))
        if it.base is None or step.base is None:
            needed = limit if step.needed is None else self.figure(step.needed)
            key = "needed number" if lower else "allowed number" if step.limit else "none allowed"
            said.append(self._sentence(key, needed=needed))
        else:
            key = {(True, False): "least", (True, True): "above", (False, False): "most", (False, True): "below"}[
                lower, strict
            ]
            needed = limit if step.needed is None else self.figure(step.needed)
            said.append(
                self._sentence(
                    key if step.needed is not None else f"{key} weight",
                    share=upper_first(self._share(it.share)),
                    base=self.figure(step.base),
                    limit=limit,
                    needed=needed,
                )
            )
        if step.needed is not None:
            strict = False
        ends = {
            (True, False): ("missed", "reached"),
            (True, True): ("not exceeded", "exceeded"),
            (False, False): ("beyond", "within"),
            (False, True): ("not under", "under"),
        }[lower, strict]
        nothing = step.needed is None and step.base == 0 and it.relation == "at least" and not step.holds
        said.append(
            self._sentence(
                "of nothing" if nothing else ends[step.holds],
                counted=self.figure(step.counted),
                what=self._what(it.count) if it.base is None else self._positions(it.count),
                needed=needed,
            )
        )
        return " ".join(said)

    def _base(self, step: Tested, /) -> str:
        base = step.condition.base
        if base is None:
            return ""
        parts = self._list([self._part(p, n) for p, n in step.parts if n or not base.name])
        figure = self.figure(step.base or 0)
        if base.weight:
            whose = self._sentence("members") if base.name == "members" else parts or self._positions(base)
            said = self._sentence("base weight", parts=upper_first(whose), weight=self.titles[base.weight], base=figure)
        elif base.name:
            said = self._sentence(f"base {base.name}", parts=parts or self._positions(base), base=figure)
        else:
            said = self._sentence("base sum", parts=parts, base=figure)
        return self._sentence("of group", group=self.titles[base.group], sentence=said) if base.group else said

    def _asks(self, one: Condition | Either, /) -> str:
        if one.words:
            return one.words
        if isinstance(one, Either):
            return self._sentence("asks one of", sentences=" ".join(self._asks(t) for t in one.tests))
        key = f"asks {one.relation}"
        if one.base is None:
            return self._sentence(
                f"{key} number", what=upper_first(self._what(one.count)), share=self.figure(one.share)
            )
        what, base = upper_first(self._what(one.count)), self._what(one.base)
        return self._sentence(key, what=what, share=self._share(one.share), base=base)

    def _what(self, it: Measure, /) -> str:
        """Say what a measure counts, with its group and weight where it has them."""
        said = self._sentence(it.name) if it.name else self._positions(it)
        if it.group:
            said = self._sentence("what in group", what=said, group=self.titles[it.group])
        return self._sentence("what by weight", what=said, weight=self.titles[it.weight]) if it.weight else said

    def _positions(self, it: Measure, /) -> str:
        return self._sentence(it.name) if it.name else self._list([self.say(p) for p in it.positions])

    def _share(self, share: Fraction, /) -> str:
        """Say a share in words, as a percentage where it is a whole one, or as a fraction."""
        if share in SHARES:
            return self.say(SHARES[share])
        if 100 % share.denominator:
            return str(share)
        return self._sentence("percent", number=self.figure(share * 100))

    def _part(self, position: str, number: Number, /) -> str:
        return self._sentence("part", number=self.figure(number), position=self.say(position))

    def _row(self, parts: Sequence[str], /) -> str:
        """Say parts one after the other, parted as the language parts them."""
        said = "".join(parts[:1])
        for part in parts[1:]:
            said = self._sentence("list", first=said, last=part)
        return said

    def _list(self, parts: Sequence[str], /) -> str:
        if len(parts) < 2:  # noqa: PLR2004  (a list of one needs no "and")
            return "".join(parts)
        return self._sentence("two", first=self._row(parts[:-1]), last=parts[-1])
