"""Who does how much, counted by step and connection; a crash may forget it, so nobody waits for the disk."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0007_api"), ("organisations", "0003_sort_by_bytes")]

    operations = [
        migrations.DeleteModel(name="RecentSender"),
        migrations.CreateModel(
            name="RecentUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=10)),
                ("digest", models.BinaryField(max_length=16)),
                ("began", models.DateTimeField()),
                ("connection", models.IntegerField()),
                ("count", models.IntegerField()),
                ("until", models.DateTimeField()),
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
                "indexes": [models.Index(fields=["organisation", "until"], name="recent_use_until")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "purpose", "digest", "began", "connection"), name="recent_use_once"
                    )
                ],
            },
        ),
        migrations.RunSQL("alter table intake_recentuse set unlogged", migrations.RunSQL.noop),
    ]
