"""The tables are what the models say, and every migration can be taken back."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.utils import resolve_relation
from django.utils import timezone


@pytest.mark.django_db
def test_no_change_of_a_model_waits_for_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def one_by_one(executor):
    """Make an executor see the migrations one by one, as they were made, beside those that say them in one step."""
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    return executor


@pytest.mark.django_db
def test_the_tables_made_in_one_step_are_those_made_one_by_one():
    executor = MigrationExecutor(connection)
    now = executor.loader.project_state().models
    lasts = [("record", "0005_payload_withheld"), ("parties", "0008_groups"), ("alignment", "0007_what_runs_find")]
    before = one_by_one(executor).loader.project_state(lasts).models
    ours = [key for key in now if key[0] in {"record", "parties", "alignment"}]
    assert len(ours) > 40
    assert sorted(ours) == sorted(key for key in before if key[0] in {"record", "parties", "alignment"})
    for key in ours:
        assert {n: f.deconstruct()[1:] for n, f in now[key].fields.items()} == {
            n: f.deconstruct()[1:] for n, f in before[key].fields.items()
        }, key
        for part in ("constraints", "indexes"):
            assert {repr(c.deconstruct()) for c in now[key].options.get(part, [])} == {
                repr(c.deconstruct()) for c in before[key].options.get(part, [])
            }, key


@pytest.mark.django_db(transaction=True)
def test_the_word_index_can_be_taken_back_and_made_again():
    call_command("migrate", "alignment", "zero", verbosity=0)
    tables = connection.introspection.table_names()
    assert "alignment_search" not in tables
    call_command("migrate", "alignment", verbosity=0)
    assert (connection.vendor != "sqlite") or "alignment_search" in connection.introspection.table_names()


@pytest.fixture
def old_tables(tmp_path, django_db_blocker):
    """A function that makes the tables of one room, and those they point at, as they stood before a migration, in a file.

    It returns their state and the migrations of the room that follow. Without the other tables, those are quick.
    """
    with django_db_blocker.unblock():
        kept, other = connections["default"], connections.create_connection("default")
        other.settings_dict = {**other.settings_dict, "NAME": str(tmp_path / "old.sqlite3")}
        connections["default"] = other

        def make(room, name):
            loader = MigrationLoader(None, replace_migrations=False)
            state = loader.project_state([(room, name)])
            wanted = {key for key in state.models if key[0] == room}
            while more := {to for key in wanted for to in pointed_at(state, key)} - wanted:
                wanted |= more
            for key in set(state.models) - wanted:
                del state.models[key]
            with other.schema_editor() as editor:
                for model in state.apps.get_models():
                    editor.create_model(model)
            plan = loader.graph.forwards_plan(loader.graph.leaf_nodes(room)[-1])
            return state, [loader.graph.nodes[key] for key in plan if key[0] == room and key[1] > name]

        yield make
        other.close()
        connections["default"] = kept


def pointed_at(state, key):
    fields = [f for f in state.models[key].fields.values() if f.is_relation]
    return {resolve_relation(f.remote_field.model, *key) for f in fields}


def test_what_one_reviewer_decided_before_there_was_a_rule_is_kept_as_that_reviewers_answer(old_tables):
    state, later = old_tables("alignment", "0004_member_readings")
    now, model = timezone.now(), state.apps.get_model
    reviewer = model("parties", "User").objects.create(email="r@example.org", name="R")
    law = model("alignment", "Instrument").objects.create(slug="law", title="Law", party="KOR", language="en")
    rules = [
        model("alignment", "Provision").objects.create(instrument=law, ref=str(n), position=n, text="T", language="en")
        for n in range(4)
    ]
    for n, relation in enumerate(("narrower", "", None)):
        link = model("alignment", "CrosswalkLink").objects.create(
            name=f"l{n}", a=rules[n], b=rules[n + 1], suggested="related", maker="test/1", score=1.0
        )
        if relation is None:  # nobody decided on it
            continue
        act = model("record", "Act").objects.create(
            schema=1, type="confirm-link", entered_at=now, content={}, body=b"{}", body_sha256=str(n)
        )
        model("alignment", "LinkReview").objects.create(
            link=link,
            reviewer=reviewer,
            decision="confirmed" if relation else "rejected",
            relation=relation,
            decided_at=now,
            act=act,
        )
    assert [m.name for m in later] == ["0005_review_by_several", "0006_versions", "0007_what_runs_find"]
    for migration in later:
        with connections["default"].schema_editor(atomic=True) as editor:
            state = migration.apply(state, editor)
    kept = state.apps.get_model("alignment", "LinkAnswer").objects.order_by("link__name")
    assert list(kept.values_list("link__name", "reviewer", "answer", "first", "region")) == [
        ("l0", reviewer.pk, "narrower", "narrower", ""),
        ("l1", reviewer.pk, "none", "none", ""),
    ]
