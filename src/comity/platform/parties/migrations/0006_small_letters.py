"""Keep every address in small letters, as sign-in looks for it; two addresses of one account that become one are one."""

from django.db import migrations
from django.db.models.functions import Lower


def write_small(apps, schema_editor):
    EmailAddress = apps.get_model("account", "EmailAddress")
    for address in EmailAddress.objects.order_by("-primary", "-verified", "pk"):
        small = address.email.lower()
        if small == address.email:
            continue
        if EmailAddress.objects.filter(email=small, user_id=address.user_id).exclude(pk=address.pk).exists():
            address.delete()
        else:
            EmailAddress.objects.filter(pk=address.pk).update(email=small)
    # One account an address, whatever its case, is held by a constraint of this table.
    apps.get_model("parties", "User").objects.update(email=Lower("email"))
    apps.get_model("parties", "Invitation").objects.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_submission_versions"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunPython(write_small, migrations.RunPython.noop)]
