"""Results can be held until the close; an analysis keeps the order of its participants and a digest of its input."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogue", "0003_draws_of_sheets")]

    operations = [
        migrations.AddField(
            model_name="dialogue",
            name="holds_until_close",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="analysis",
            name="order_salt",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="analysis",
            name="input_sha256",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
    ]
