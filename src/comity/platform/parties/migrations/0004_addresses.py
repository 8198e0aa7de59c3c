"""Give every account that was opened before its verified address, as sign-in asks for it now."""

from django.db import migrations


def add_addresses(apps, schema_editor):
    User = apps.get_model("parties", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    for user in User.objects.filter(is_active=True):
        if not EmailAddress.objects.filter(user_id=user.pk).exists():
            EmailAddress.objects.create(user_id=user.pk, email=user.email, verified=True, primary=True)


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_mail_headers"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunPython(add_addresses, migrations.RunPython.noop)]
