"""The examples in the docstrings of what reads releases hold."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["model_cards", "outside_sites", "release_manifests", "spdx"])
def test_the_examples_of_a_module_hold(name):
    found = doctest.testmod(importlib.import_module(f"comity.adapters.{name}"))
    assert (found.failed, found.attempted > 0) == (0, True)
