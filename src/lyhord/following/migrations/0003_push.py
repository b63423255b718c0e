"""What somebody follows may be told to a browser instead of a mail address."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import lyhord.core.walled


class Migration(migrations.Migration):
    dependencies = [
        ("following", "0002_email_index"),
        ("notifications", "0003_push"),
    ]

    operations = [
        migrations.RemoveConstraint("follow", "follow_once"),
        migrations.AddField(
            "follow",
            "push",
            lyhord.core.walled.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follows",
                to="notifications.pushsubscription",
            ),
        ),
        migrations.AlterField("follow", "email", models.EmailField(blank=True, max_length=254)),
        migrations.AddIndex(
            "follow",
            models.Index(condition=Q(push__isnull=False), fields=["organisation", "push"], name="follow_push"),
        ),
        migrations.AddConstraint(
            "follow",
            models.UniqueConstraint(
                condition=~Q(email=""),
                fields=("organisation", "subject_type", "subject_id", "email"),
                name="follow_once",
            ),
        ),
        migrations.AddConstraint(
            "follow",
            models.UniqueConstraint(
                fields=("organisation", "subject_type", "subject_id", "push"), name="follow_once_by_push"
            ),
        ),
        migrations.AddConstraint(
            "follow",
            models.CheckConstraint(condition=Q(email="") ^ Q(push__isnull=True), name="follow_one_address"),
        ),
    ]
