"""Alarms of machines."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import lyhord.core.walled


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("intake", "0004_updates"), ("organisations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40)),
                ("external_id", models.CharField(max_length=150)),
                ("thing", models.CharField(blank=True, max_length=150)),
                ("count", models.PositiveIntegerField(default=1)),
                ("round", models.PositiveIntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                (
                    "case",
                    lyhord.core.walled.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarms",
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
            ],
            options={
                "indexes": [
                    models.Index(F("organisation"), F("source"), F("thing"), condition=~Q(thing=""), name="alarm_thing"),
                    models.Index(F("organisation"), F("case"), name="alarm_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["organisation", "source", "external_id"], name="alarm_once")
                ],
            },
        ),
    ]
