"""Changes of what is published are read in their order, by an index."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_became_good")]

    operations = [
        migrations.AddIndex(
            "case",
            models.Index(
                F("organisation"),
                F("changed_at"),
                F("id"),
                condition=Q(publication_state="published"),
                name="case_changed",
            ),
        ),
    ]
