"""Codes that a convenor gave out, by their digests; the chance of each showing, and of statements not shown yet."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the tables of codes and of chances."""

    dependencies: ClassVar = [("dialogue", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="GivenCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("given_at", models.DateTimeField()),
                (
                    "dialogue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="dialogue.dialogue"
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddConstraint(
            model_name="givencode",
            constraint=models.UniqueConstraint(fields=("dialogue", "sha256"), name="dialogue_codes_differ"),
        ),
        migrations.CreateModel(
            name="Waited",
            fields=[
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="waited",
                        serialize=False,
                        to="dialogue.participant",
                    ),
                ),
                ("chances", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="exposure", name="chance", field=models.FloatField(default=1.0), preserve_default=False
        ),
        migrations.RunSQL("UPDATE dialogue_exposure SET chance = probability", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.CheckConstraint(
                condition=models.Q(("chance__gt", 0), ("chance__lte", models.F("probability"))),
                name="dialogue_no_chance_above_its_draw",
            ),
        ),
    ]
