"""Which cases somebody has taken along on a round."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lyhord.core.walled


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0023_public_list"),
        ("organisations", "0008_country"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Shortlisted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "case",
                    lyhord.core.walled.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shortlisted",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "user"], name="shortlisted_by")],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "case", "user"), name="shortlisted_once")
                ],
            },
        ),
    ]
