"""What tests of tables may ask for: quick passwords, and a database of their own for several processes."""

from __future__ import annotations

import uuid

import pytest


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def database_url(templates, tmp_path):
    """A database with tables for several processes, of the kind that this run tests; on SQLite in the folder of the test."""
    templates.copy_tables(tmp_path)
    with templates.new_database(f"killed_{uuid.uuid4().hex[:10]}", template="tables") as url:
        yield url
