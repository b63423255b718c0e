"""Areas are settings (core/kept.py)."""

from django.db import migrations

from lyhord.organisations.edition import trigger


class Migration(migrations.Migration):
    dependencies = [("places", "0003_sort_by_bytes"), ("organisations", "0004_edition")]

    operations = [trigger("places_area")]
