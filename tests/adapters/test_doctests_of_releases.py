"""The examples in the docstrings of what reads releases hold."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    *(
        "commons_sources",
        "content_copies",
        "evaluation_rows",
        "licence_addresses",
        "linked_data",
        "model_cards",
        "outside_sites",
        "release_facts",
        "release_manifests",
        "several_commons",
        "spdx",
        "table_heads",
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    found = doctest.testmod(importlib.import_module(f"comity.adapters.{name}"))
    assert (found.failed, found.attempted > 0) == (0, True)
