"""What tests of tables may ask for: quick passwords, and a database of their own for several processes."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def database_url(tmp_path, django_db_blocker):
    """A database of its own, of the kind that this run tests."""
    if connection.vendor != "postgresql":
        yield ""
        return
    name = f"killed_{uuid.uuid4().hex[:10]}"
    here = connection.settings_dict
    import psycopg

    with psycopg.connect(
        host=here["HOST"], port=here["PORT"], user=here["USER"], dbname="postgres", autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"postgresql://{here['USER']}@{here['HOST']}:{here['PORT']}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
