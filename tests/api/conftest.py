"""The small collection of the pages' tests."""

from __future__ import annotations

from importlib import util
from pathlib import Path

import pytest

_spec = util.spec_from_file_location("comity_web_fixtures", Path(__file__).resolve().parents[1] / "web" / "conftest.py")
_web = util.module_from_spec(_spec)
_spec.loader.exec_module(_web)

data_folder = _web.data_folder
_collection = _web._collection
_quick_and_plain = _web._quick_and_plain
account = _web.account


@pytest.fixture
def get(client):
    def ask(path, **headers):
        return client.get(f"/api/v1/{path}", headers=headers)

    return ask
