"""Addresses in small letters, as they are taken in from now on: a search for one finds all of its cases."""

from django.db import migrations

SMALL = "update cases_reporter set email = lower(email) where email <> lower(email)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_resident_wrote")]

    operations = [migrations.RunSQL(SMALL, migrations.RunSQL.noop)]
