"""The word index of provisions, in the form of each database."""

from django.db import migrations

from comity.platform.alignment import index


def make(apps, schema_editor):
    for statement in index.create(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    for statement in index.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("alignment", "0001_initial")]
    operations = [migrations.RunPython(make, remove)]
