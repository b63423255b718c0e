"""Whether there are webhooks is a setting (core/kept.py); how their deliveries go is none."""

from django.db import migrations

from lyhord.organisations.edition import trigger


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("organisations", "0004_edition")]

    operations = [trigger("exchange_webhook", update_of="active")]
