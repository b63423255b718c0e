"""What has happened to cases after they came in is read in its order by other systems."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_log_page")]

    operations = [
        migrations.AddIndex(
            "event",
            models.Index(
                F("organisation_id"),
                F("at"),
                F("id"),
                condition=Q(subject_type="case") & ~Q(verb="case.registered"),
                name="event_case_news",
            ),
        ),
    ]
