"""The small project's one table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes it."""

    initial = True
    operations = [
        migrations.CreateModel(
            "Organisation", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]
        )
    ]
