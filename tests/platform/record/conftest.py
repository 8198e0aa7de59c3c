"""A log of its own for each test."""

from __future__ import annotations

import pytest
from django.db import transaction

from comity.platform.record.log import open_log, prepare_key
from comity.platform.record.services import enter_act


@pytest.fixture
def data(tmp_path, settings):
    """The data folder of the instance under test, with a key."""
    settings.DATA = tmp_path
    settings.RECORD_KEY = ""
    prepare_key(origin="test.invalid/record")
    return tmp_path


@pytest.fixture
def log(data):
    """Its log."""
    return open_log()


@pytest.fixture
def enter():
    """Enter some acts, each in a transaction of its own."""

    def enter_acts(count: int = 1, **changes):
        acts = []
        for number in range(count):
            with transaction.atomic():
                acts.append(
                    enter_act(
                        **{
                            "type": "test-act",
                            "office": "secretariat",
                            "authority": "A test",
                            "subject": "tests/subject",
                            "payload": {"number": number},
                            **changes,
                        }
                    )
                )
        return acts

    return enter_acts
