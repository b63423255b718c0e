"""Keys of other systems are settings (core/kept.py); on which day they were last used is none."""

from django.db import migrations

from lyhord.organisations.edition import trigger

SAYS = "client, digest, scopes, hourly, throttled, publishes_at_once, fixmystreet, revoked_at, member_id"


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_recent_use"), ("organisations", "0004_edition")]

    operations = [trigger("intake_apikey", update_of=SAYS)]
