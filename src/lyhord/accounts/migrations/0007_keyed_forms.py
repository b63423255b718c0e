"""What a device sends by a key of its own is remembered longer than what a page sends."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_edition")]

    operations = [migrations.AddField("sentform", "keyed", models.BooleanField(db_default=False))]
