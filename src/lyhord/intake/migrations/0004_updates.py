"""Whether a client sent a case is asked by the case; clients may speak FixMyStreet's dialect."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_api_key")]

    operations = [
        migrations.AddField("apikey", "fixmystreet", models.BooleanField(default=False)),
        migrations.AddIndex(
            "reception",
            models.Index(
                F("organisation"), F("case"), condition=Q(source__startswith="open311:"), name="reception_by_client"
            ),
        ),
    ]
