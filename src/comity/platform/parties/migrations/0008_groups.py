
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0007_origins'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='groups',
            field=models.JSONField(blank=True, default=list),
        ),
    ]
