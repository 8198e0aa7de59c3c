"""How the statements of a batch of sheets were drawn."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the seed of a draw and what was drawn from."""

    dependencies: ClassVar = [("dialogue", "0002_codes_given_out")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="sheetbatch", name="drawn_from", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="sheetbatch", name="seed", field=models.CharField(blank=True, default="", max_length=32)
        ),
    ]
