"""The examples in the docstrings of the engine hold."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = [
    "evaluations",
    "formats",
    "frameworks",
    "licence_names",
    "licences",
    "manifests",
    "openness",
    "public_goods",
    "random_effects",
    "sampling",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name):
    found = doctest.testmod(importlib.import_module(f"comity.engines.commons.{name}"))
    assert (found.failed, found.attempted > 0) == (0, True)
