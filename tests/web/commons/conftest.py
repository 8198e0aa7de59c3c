"""Pages of commons need no collection of instruments: without it their tests are quick."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def _collection():
    """Nothing, in place of the collection that other pages need."""
