"""Licence classes: what each body said, how expressions bind, and that no text escapes a class."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.engines.commons import licence_names, licence_table
from comity.engines.commons.licences import LEVELS, class_licence

OPEN = ["MIT", "Apache-2.0", "CC-BY-4.0", "GPL-3.0-or-later", "ODbL-1.0", "CDLA-Permissive-2.0"]
CLOSER = ["CC-BY-NC-4.0", "CC-BY-ND-4.0", "LicenseRef-Gemma", "BUSL-1.1", "LicenseRef-our-own", "NOASSERTION", "NONE"]
LICENCES = st.sampled_from(OPEN + CLOSER)


def level(expression):
    return class_licence(expression=expression).level


@st.composite
def expressions(draw, depth=3):
    if depth == 0 or draw(st.booleans()):
        return draw(LICENCES)
    pieces = draw(st.lists(expressions(depth=depth - 1), min_size=2, max_size=3))
    return "(" + draw(st.sampled_from([" AND ", " OR "])).join(pieces) + ")"


@pytest.mark.parametrize(
    "expression,found",
    [
        ("MIT", "open"),
        ("CC-BY-SA-4.0", "open"),
        ("CDLA-Permissive-2.0", "open"),
        ("GFDL-1.3-no-invariants-only", "open"),
        ("CC-BY-NC-4.0", "non-commercial"),
        ("PolyForm-Noncommercial-1.0.0", "non-commercial"),
        ("CC-BY-ND-4.0", "restricted"),
        ("CC-BY-NC-ND-4.0", "restricted"),
        ("GFDL-1.3-invariants-only", "restricted"),
        ("openrail", "restricted"),
        ("Llama 3.1 Community License", "restricted"),
        ("NONE", "restricted"),
        ("unlicensed", "restricted"),
        ("Proprietary", "restricted"),
        ("NOASSERTION", "unknown"),
        ("Undisclosed", "unknown"),
        ("", "unknown"),
        ("LicenseRef-ministry-terms", "unknown"),
        ("DocumentRef-other:LicenseRef-MIT", "unknown"),
        ("Adobe-2006", "unknown"),
        ("BSD", "unknown"),
        ("apple-sample-code-license", "unknown"),
    ],
)
def test_the_class_of_one_licence(expression, found):
    assert level(expression) == found


@pytest.mark.parametrize(
    "expression,read_as",
    [
        ("apache-2.0", "Apache-2.0"),
        ("Apache license 2.0", "Apache-2.0"),
        ("MIT License", "MIT"),
        ("BSD-3", "BSD-3-Clause"),
        ("GPL v3", "GPL-3.0-only"),
        ("The Unlicense", "Unlicense"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("gpl-2.0+", "GPL-2.0-or-later"),
        ("StandardML-NJ", "SMLNJ"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("mit or APACHE-2.0", "Apache-2.0 OR MIT"),
    ],
)
def test_names_and_old_identifiers_are_read_for_what_they_mean(expression, read_as):
    assert class_licence(expression=expression).read_as == read_as


def test_a_deprecated_identifier_says_what_it_is_called_now():
    assert class_licence(expression="GPL-3.0").reason == (
        "GPL-3.0-only: open by OSI and FSF; GPL-3.0 is called GPL-3.0-only now"
    )


def test_or_takes_the_most_open_alternative_and_says_which():
    found = class_licence(expression="LicenseRef-Gemma OR (CC-BY-NC-4.0 OR MIT)")
    assert (found.level, found.alternative) == ("open", "MIT")
    assert found.reason == "MIT: open by OSI and FSF (of the alternatives, the most open)"


def test_and_takes_the_least_open_and_binds_tighter_than_or():
    assert level("MIT AND CC-BY-NC-4.0") == "non-commercial"
    assert level("MIT OR Apache-2.0 AND CC-BY-NC-4.0") == "open"
    assert level("(MIT OR Apache-2.0) AND CC-BY-NC-4.0") == "non-commercial"


def test_with_an_exception_of_the_list_keeps_the_class_and_another_makes_it_unknown():
    assert level("GPL-2.0-only WITH Classpath-exception-2.0") == "open"
    assert level("Apache-2.0 WITH Commons-Clause") == "unknown"
    assert class_licence(expression="gpl-2.0-only with classpath-exception-2.0").read_as == (
        "GPL-2.0-only WITH Classpath-exception-2.0"
    )


@pytest.mark.parametrize(
    "text", ["MIT OR", "AND MIT", "(MIT", "MIT)", "MIT WITH", "MIT WITH OR", "MIT Apache-2.0", "€", "()", "OR"]
)
def test_a_broken_expression_is_unknown_and_quoted(text):
    found = class_licence(expression=text)
    assert found.level == "unknown"
    assert found.reason.startswith(f'"{text}" is neither an SPDX expression nor a name of the table')


def test_brackets_without_end_and_texts_without_end_are_unknown():
    assert level("(" * 1500) == "unknown"
    assert level("(" * 60 + "MIT" + ")" * 60) == "unknown"
    assert level("MIT OR " * 1000 + "MIT") == "unknown"


def test_no_identifier_has_two_classes():
    reviewed = licence_table.OSI | licence_table.FSF | licence_table.OKF | licence_table.MOF_DATA
    closed = [
        licence_table.NON_COMMERCIAL,
        licence_table.NO_CHANGES,
        frozenset(licence_names.RESTRICTED),
        frozenset(licence_names.NON_COMMERCIAL_OTHERS),
    ]
    groups = [reviewed, *closed]
    shared = [sorted(a & b) for n, a in enumerate(groups) for b in groups[n + 1 :] if a & b]
    assert shared == []


def test_every_name_of_the_table_leads_to_an_identifier_with_a_class_of_its_own():
    lost = [n for n, i in licence_names.OTHER_NAMES.items() if i != "NOASSERTION" and level(n) == "unknown"]
    assert lost == []
    assert [n for n in licence_names.OTHER_NAMES if licence_names.fold_name(n) != n] == []


@given(expressions())
def test_law_the_class_of_an_expression_is_one_of_its_parts(expression):
    found = class_licence(expression=expression)
    assert found.level in {p.level for p in found.parts}


@given(expressions(), LICENCES)
def test_law_an_alternative_never_lowers_and_a_binding_part_never_raises(expression, other):
    before = LEVELS.index(level(expression))
    assert LEVELS.index(level(f"{expression} OR {other}")) >= before
    assert LEVELS.index(level(f"{expression} AND {other}")) <= before


@given(
    st.lists(expressions(), min_size=1, max_size=4), st.randoms(use_true_random=False), st.sampled_from(["AND", "OR"])
)
def test_law_the_order_of_parts_never_matters(pieces, chance, word):
    shuffled = list(pieces)
    chance.shuffle(shuffled)
    one, other = (class_licence(expression=f" {word} ".join(p)) for p in (pieces, shuffled))
    assert (one.level, one.read_as, one.alternative, one.parts) == (
        other.level,
        other.read_as,
        other.alternative,
        other.parts,
    )


@given(st.text(max_size=300))
def test_law_every_text_has_a_class(text):
    assert level(text) in LEVELS


@given(expressions())
def test_law_reading_what_was_read_changes_nothing(expression):
    found = class_licence(expression=expression)
    again = class_licence(expression=found.read_as)
    assert (again.level, again.read_as) == (found.level, found.read_as)
