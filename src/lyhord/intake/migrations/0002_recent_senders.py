"""When the sender pressed the button, and the hour-long memory of who sends much."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("organisations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="reception",
            name="submitted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="RecentSender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=10)),
                ("digest", models.BinaryField(max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "purpose", "digest", "at"], name="recent_sender"),
                    models.Index(fields=["organisation", "at"], name="recent_sender_age"),
                ],
            },
        ),
    ]
