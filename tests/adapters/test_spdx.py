"""Names that only other lists know, and identifiers that the text of a licence shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from license_expression import Licensing

from comity.adapters.spdx import read_licence_text, settle_licence
from comity.engines.commons import licence_table
from comity.engines.commons.licences import LEVELS, class_licence

# Identifiers of the SPDX list 3.29 that are younger than the other list.
YOUNGER = {
    *(
        "ALGLIB-Documentation",
        "BSD-ask-to-endorse",
        "CC-BY-NC-3.0-IGO",
        "Classpath-exception-2.0-short",
        "Google-Patent-WebM",
    ),
    *(
        "OSC-1.0",
        "Simple-Library-Usage-exception",
        "Spelling-Provider-LGPL-exception",
        "WordNet",
        "kvirc-openssl-exception",
    ),
    *("rsync-linking-exception", "sqlitestudio-OpenSSL-exception"),
}


@pytest.mark.parametrize(
    "text,found",
    [
        ("MIT", "MIT"),
        ("gpl-2.0-plus", "GPL-2.0-or-later"),
        ("(gpl-2.0-plus OR mit) AND apache-2.0", "(GPL-2.0-or-later OR MIT) AND Apache-2.0"),
        ("our own terms", "our own terms"),
        ("MIT AND", "MIT AND"),
        ("", ""),
        ("LicenseRef-ours", "LicenseRef-ours"),
    ],
)
def test_names_are_brought_to_identifiers_where_all_are_known(text, found):
    assert settle_licence(text) == found


def test_every_identifier_of_the_table_is_one_that_the_other_list_knows():
    from license_expression import get_license_index

    known = set()
    for entry in get_license_index():
        known |= {entry.get("spdx_license_key") or "", *(entry.get("other_spdx_license_keys") or ())}
    table = licence_table.OSI | licence_table.FSF | licence_table.OKF | licence_table.NON_COMMERCIAL
    table |= licence_table.NO_CHANGES | licence_table.PERMITTING_EXCEPTIONS
    assert {i for i in table if i.casefold() not in {k.casefold() for k in known}} <= YOUNGER


@pytest.mark.parametrize(
    "text,found",
    [
        ("# SPDX-License-Identifier: MIT OR Apache-2.0\nprint()", "MIT OR Apache-2.0"),
        ("/* SPDX-License-Identifier: GPL-2.0-only */", "GPL-2.0-only"),
        ("\n   Apache License\n   Version 2.0, January 2004\n", "Apache-2.0"),
        ("MIT License\n\nCopyright (c) 2026", "MIT"),
        ("The MIT License (MIT)\n", "MIT"),
        ("GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007", "GPL-3.0-only"),
        ("Attribution-NonCommercial 4.0 International\n\n====", "CC-BY-NC-4.0"),
        ("Creative Commons Legal Code\n\nCC0 1.0 Universal", "CC0-1.0"),
        ("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT", "LicenseRef-Llama-3.1"),
        ("We used the MIT License once.", ""),
        ("", ""),
    ],
)
def test_the_text_of_a_licence_shows_its_identifier(text, found):
    assert read_licence_text(text) == found


def test_what_a_text_shows_has_a_class():
    assert class_licence(expression=read_licence_text("BigScience RAIL License v1.0")).level == "restricted"


LEVELS_OF = {
    "MIT": "open",
    "CC-BY-NC-4.0": "non-commercial",
    "CC-BY-ND-4.0": "restricted",
    "LicenseRef-ours": "unknown",
}


def level_by_peer(tree):
    """The level by the tree that license-expression parses: the most open of an OR, the least open of an AND."""
    if not tree.args:
        return LEVELS.index(LEVELS_OF[tree.key])
    inner = [level_by_peer(a) for a in tree.args]
    return max(inner) if tree.operator.strip() == "OR" else min(inner)


@given(
    st.recursive(
        st.sampled_from(sorted(LEVELS_OF)), lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR"]), inner)
    )
)
def test_law_brackets_and_words_bind_as_the_other_parser_reads_them(tree):
    def write(node, *, bare):
        if isinstance(node, str):
            return node
        text = f"{write(node[0], bare=False)} {node[1]} {write(node[2], bare=node[1] == 'OR')}"
        return text if bare else f"({text})"

    expression = write(tree, bare=True)
    expected = level_by_peer(Licensing().parse(expression))
    assert LEVELS.index(class_licence(expression=expression).level) == expected
