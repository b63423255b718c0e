"""How long it took to write what came in, where the sender's device has counted."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("intake", "0010_linked_to_message")]

    operations = [
        migrations.AddField("reception", "seconds", models.PositiveIntegerField(null=True)),
        migrations.AddIndex(
            "reception",
            models.Index(
                F("organisation"), F("received_at"), condition=Q(seconds__isnull=False), name="reception_time"
            ),
        ),
    ]
