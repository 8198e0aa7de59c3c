"""Codes that a convenor gave out, by their digests."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the table of codes."""

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
    ]
