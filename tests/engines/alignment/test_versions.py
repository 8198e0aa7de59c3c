"""Two versions of an instrument, compared by provision; and the difference of two texts, word by word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.alignment.differences import mark_differences
from comity.engines.alignment.texts import Provision
from comity.engines.alignment.tokens import pieces_of
from comity.engines.alignment.versions import compare_versions, letters_of

DUTIES = (
    "A provider shall keep a log of every decision that the system took during the last five years.",
    "Deployers inform workers before a system is put to use at the workplace and answer their questions.",
    "The authority publishes a register of high-risk systems and keeps it free of charge for everyone.",
    "Whoever offers a chatbot tells people that they talk to a machine, unless this is plain to see.",
    "Fines follow the gravity of the breach. They never exceed two per cent of the yearly turnover.",
    "Regulatory sandboxes are open to small enterprises first; the authority reports on them each year.",
)
ALPHABET = "aбع人タ ไ\u0e35\u0301-.,'\n1٢"


def version(*rows: tuple[str, str], language: str = "en") -> list[Provision]:
    return [Provision("x", ref, ref, "", text, language) for ref, text in rows]


def numbered(*texts: str, language: str = "en") -> list[Provision]:
    return version(*((f"art_{n}", text) for n, text in enumerate(texts, 1)), language=language)


def told(old, new) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    return [(c.kind, c.old, c.new) for c in compare_versions(old=old, new=new)]


def test_the_same_text_under_the_same_numbers_is_unchanged():
    assert told(numbered(*DUTIES), numbered(*DUTIES)) == [("unchanged", (n,), (n,)) for n in range(6)]


def test_what_follows_an_insertion_is_renumbered_and_not_changed():
    new = numbered(DUTIES[0], "Children under thirteen use no such toys without a parent.", *DUTIES[1:])
    assert told(numbered(*DUTIES), new) == [
        ("unchanged", (0,), (0,)),
        ("added", (), (1,)),
        *[("renumbered", (n,), (n + 1,)) for n in range(1, 6)],
    ]


def test_other_quotes_hyphens_and_spaces_are_a_rewording():
    old = numbered('Each "high-risk" system, and its log, is kept.')
    new = numbered("Each “high\u2011risk” system and its log  is kept.")
    assert told(old, new) == [("reworded", (0,), (0,))]


@pytest.mark.parametrize(
    "old,new",
    [
        ("It shall apply.", "It may apply."),
        ("At most 1.5 % of turnover.", "At most 15 % of turnover."),
        ("A model above 10² units.", "A model above 102 units."),
        ("Fines of < 5 units.", "Fines of > 5 units."),
        ("الذكاء الاصطناعي محظور", "الذكاء الاصطناعي غير محظور"),
        ("提供者应当备案。", "提供者可以备案。"),
    ],
)
def test_one_word_number_or_sign_makes_a_change(old, new):
    assert told(numbered(old), numbered(new)) == [("changed", (0,), (0,))]


def test_a_changed_provision_under_another_number_goes_on_as_itself():
    later = DUTIES[3].replace("unless this is plain to see", "in a language that they know")
    new = numbered(DUTIES[0], DUTIES[1], "Toys carry a seal of the authority.", DUTIES[2], later, *DUTIES[4:])
    changes = compare_versions(old=numbered(*DUTIES), new=new)
    found = next(c for c in changes if c.old == (3,))
    assert (found.kind, found.new, found.heir, found.is_renumbered, found.keeps_text) == (
        "changed",
        (4,),
        (3, 4),
        True,
        False,
    )


def test_a_provision_in_two_parts_is_a_split_and_the_reverse_a_merger():
    first, second = DUTIES[4].split(". ")
    whole = numbered(*DUTIES[:4], DUTIES[4], DUTIES[5])
    parts = numbered(*DUTIES[:4], f"{first}.", second, DUTIES[5])
    assert told(whole, parts)[4:] == [("split", (4,), (4, 5)), ("renumbered", (5,), (6,))]
    assert told(parts, whole)[4:] == [("merged", (4, 5), (4,)), ("renumbered", (6,), (5,))]


def test_what_stands_elsewhere_among_the_rest_has_moved():
    new = version(*(((f"art_{n + 1}"), DUTIES[n]) for n in (1, 2, 3, 0, 4, 5)))
    assert [c for c in told(numbered(*DUTIES), new) if c[0] != "unchanged"] == [("moved", (0,), (3,))]


def test_what_has_no_successor_is_repealed_and_stands_where_it_stood():
    new = version(*((f"art_{n + 1}", DUTIES[n]) for n in (0, 1, 3, 4, 5)))
    assert told(numbered(*DUTIES), new)[2] == ("repealed", (2,), ())


def test_another_rule_under_an_old_number_is_not_the_old_rule_changed():
    new = numbered(*DUTIES[:2], "Toys for children carry a seal.", *DUTIES[3:])
    assert told(numbered(*DUTIES), new)[2:4] == [("repealed", (2,), ()), ("added", (), (2,))]


def test_twins_are_paired_by_their_numbers():
    twins = version(("art_1", "Reserved."), ("art_2", DUTIES[0]), ("art_3", "Reserved."))
    assert told(twins, twins[1:]) == [
        ("repealed", (0,), ()),
        ("unchanged", (1,), (0,)),
        ("unchanged", (2,), (1,)),
    ]


def test_nothing_on_either_side_is_all_added_or_all_repealed():
    assert told([], numbered(*DUTIES[:2])) == [("added", (), (0,)), ("added", (), (1,))]
    assert told(numbered(*DUTIES[:2]), []) == [("repealed", (0,), ()), ("repealed", (1,), ())]
    assert told([], []) == []


def test_texts_without_any_word_are_compared_too():
    assert told(numbered("§ —", "…"), numbered("§ –", "…")) == [("reworded", (0,), (0,)), ("unchanged", (1,), (1,))]


@given(st.lists(st.sampled_from((*DUTIES, "Reserved.", "x", "")), max_size=9), st.data())
def test_every_provision_stands_in_exactly_one_change(old, data):
    new = data.draw(
        st.lists(st.sampled_from((*DUTIES, *(f"{d} {DUTIES[0]}" for d in DUTIES), "Reserved.")), max_size=9)
    )
    changes = compare_versions(old=numbered(*old), new=numbered(*new))
    assert sorted(i for c in changes for i in c.old) == list(range(len(old)))
    assert sorted(j for c in changes for j in c.new) == list(range(len(new)))
    heirs = [c.heir for c in changes if c.heir]
    assert len({i for i, _ in heirs}) == len({j for _, j in heirs}) == len(heirs)
    assert all(c.heir[0] in c.old and c.heir[1] in c.new for c in changes if c.heir)


@given(st.permutations(range(6)))
def test_a_mere_reordering_repeals_nothing_and_adds_nothing(order):
    new = version(*((f"art_{n + 1}", DUTIES[n]) for n in order))
    assert {kind for kind, _, _ in told(numbered(*DUTIES), new)} <= {"unchanged", "moved"}


@given(st.text(ALPHABET, max_size=60), st.text(ALPHABET, max_size=60))
def test_a_difference_holds_both_texts_letter_by_letter(old, new):
    stretches = mark_differences(old=old, new=new)
    assert "".join(s.text for s in stretches if s.kind != "added") == old
    assert "".join(s.text for s in stretches if s.kind != "removed") == new
    assert all(s.text for s in stretches)
    assert not any(a.kind == b.kind for a, b in pairwise(stretches))


@given(st.text(ALPHABET, max_size=80))
def test_pieces_joined_are_the_text(text):
    assert "".join(pieces_of(text=text)) == text


def test_a_difference_is_shown_by_word_and_by_letter_where_no_spaces_are_written():
    assert [(s.kind, s.text) for s in mark_differences(old="提供者应当备案。", new="提供者可以备案。")] == [
        ("same", "提供者"),
        ("removed", "应当"),
        ("added", "可以"),
        ("same", "备案。"),
    ]
    assert [(s.kind, s.text) for s in mark_differences(old="نظام عالي الخطورة", new="نظام محدود الخطورة")] == [
        ("same", "نظام "),
        ("removed", "عالي"),
        ("added", "محدود"),
        ("same", " الخطورة"),
    ]


def test_a_sentence_that_was_put_in_ends_with_its_own_point():
    old, new = "It applies to bodies. Fines follow.", "It applies to bodies. It begins in 2027. Fines follow."
    assert [s.text for s in mark_differences(old=old, new=new) if s.kind == "added"] == ["It begins in 2027. "]
    assert [s.text for s in mark_differences(old=new, new=old) if s.kind == "removed"] == ["It begins in 2027. "]
    assert [s.text for s in mark_differences(old="A and B", new="A and B.") if s.kind == "added"] == ["."]


def test_letters_leave_out_typography_and_keep_what_is_said():
    assert letters_of(text="“a‑b”\u00a0 ﬁne…") == letters_of(text='"a-b" fine...')
    assert letters_of(text="1,5") != letters_of(text="15")
