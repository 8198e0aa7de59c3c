"""Names that only other lists know, and identifiers that the text of a licence shows."""

from __future__ import annotations

import pytest

from comity.adapters.spdx import read_licence_text, settle_licence
from comity.engines.commons import licence_table
from comity.engines.commons.licences import class_licence

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
