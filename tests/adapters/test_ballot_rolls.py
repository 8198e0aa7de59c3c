"""The table of votes: read again it holds what was written, whatever members said, and the same rolls give the same bytes."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from comity.adapters.ballot_files import read_rolls_text
from comity.adapters.ballot_rolls import Roll, write_rolls
from comity.adapters.rule_files import built_in_rule

GROUPS = {"montreal-double": ("article-5", "other"), "iso-dis": ("p-member", "o-member")}
WEIGHTS = {"imf-weighted": ("votes",), "eu-qmv-55-65": ("population",)}
NAMES = ("unga-simple-majority", "iso-dis", "montreal-double", "imf-weighted", "eu-qmv-55-65", "blocking-positions")
words = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=30) | st.sampled_from(
    ["=1+1", "'=1+1", "+", '"', "a\nb", ",", "'", "-", "@x", "''=1"]
)
weights = st.fractions(min_value=0, max_value=10**6, max_denominator=1000)


@st.composite
def rolls(draw):
    rule = built_in_rule(draw(st.sampled_from(NAMES)))
    found = [
        Roll(
            member=f"m{n}",
            position=draw(st.sampled_from([p.name for p in rule.positions])),
            cast_by=draw(st.sampled_from(["", "m0"])),
            groups=(draw(st.sampled_from(GROUPS[rule.name])),) if rule.name in GROUPS else (),
            weights={w: str(draw(weights)) for w in WEIGHTS.get(rule.name, ())},
            reasons=draw(words).strip(),
        )
        for n in range(draw(st.integers(1, 8)))
    ]
    return rule, found


@given(rolls())
def test_what_is_written_is_read_again(drawn):
    rule, written = drawn
    read = read_rolls_text(rule=rule, text=write_rolls(rule=rule, rolls=written), file="rolls.csv")
    assert [(b.member, b.position, b.reasoned) for b in read.ballots] == [
        (r.member, r.position, bool(r.reasons)) for r in written
    ]
    assert [(m.name, m.groups) for m in read.members] == [(r.member, frozenset(r.groups)) for r in written]
    assert [dict(m.weights) for m in read.members] == [
        {name: Fraction(text) for name, text in r.weights.items()} for r in written
    ]


@given(rolls())
def test_their_order_does_not_matter(drawn):
    rule, written = drawn
    assert write_rolls(rule=rule, rolls=written[::-1]) == write_rolls(rule=rule, rolls=written)
