"""The tables are what the models say, and every migration can be taken back."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.mark.django_db
def test_no_change_of_a_model_waits_for_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_the_word_index_can_be_taken_back_and_made_again():
    call_command("migrate", "alignment", "0001", verbosity=0)
    tables = connection.introspection.table_names()
    assert "alignment_search" not in tables
    call_command("migrate", "alignment", verbosity=0)
    assert (connection.vendor != "sqlite") or "alignment_search" in connection.introspection.table_names()
