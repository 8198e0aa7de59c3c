"""The tables are what the models say, and every migration can be taken back."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction


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
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    now = executor.loader.project_state().models
    lasts = [("record", "0005_payload_withheld"), ("parties", "0007_origins"), ("alignment", "0007_what_runs_find")]
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


@pytest.mark.django_db(transaction=True)
def test_what_one_reviewer_decided_before_there_was_a_rule_is_kept_as_that_reviewers_answer():
    from django.db.migrations.executor import MigrationExecutor
    from django.utils import timezone

    from comity.platform.alignment.models import LinkAnswer
    from comity.platform.parties.services import open_account
    from comity.platform.record.services import enter_act
    from support.links import make_links

    links = make_links("l1", "l2", "l3")
    reviewer = open_account(email="r@example.org", name="R", password="a long enough word 9", roles=("reviewer",))
    with transaction.atomic():
        acts = [
            enter_act(
                type="confirm-link",
                office="reviewer",
                authority="One",
                subject=f"alignment/links/{link.name}",
                payload={},
            )
            for link in links
        ]
    one_by_one(MigrationExecutor(connection)).migrate([("alignment", "0004_member_readings")])
    review = (
        one_by_one(MigrationExecutor(connection))
        .loader.project_state([("alignment", "0004_member_readings")])
        .apps.get_model("alignment", "LinkReview")
    )
    for link, act, relation in zip(links, acts, ("narrower", ""), strict=False):
        review.objects.create(
            link_id=link.pk,
            reviewer_id=reviewer.pk,
            decision="confirmed" if relation else "rejected",
            relation=relation,
            decided_at=timezone.now(),
            act_id=act.pk,
        )
    call_command("migrate", "alignment", verbosity=0)
    kept = LinkAnswer.objects.order_by("link__name").values_list("link__name", "reviewer", "answer", "first", "region")
    assert list(kept) == [("l1", reviewer.pk, "narrower", "narrower", ""), ("l2", reviewer.pk, "none", "none", "")]
