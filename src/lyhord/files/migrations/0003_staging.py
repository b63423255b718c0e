"""Files wait in the database: for a storage that is another machine's, and between a preview and its yes."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

# Pictures are as small as they get: trying to make them smaller costs, and never helps.
PLAIN = """
alter table files_stagedobject alter column data set storage external;
alter table files_heldfile alter column data set storage external;
"""


def _organisation() -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="organisations.organisation",
    )


class Migration(migrations.Migration):
    dependencies = [("files", "0002_documents"), ("organisations", "0003_sort_by_bytes")]

    operations = [
        migrations.CreateModel(
            name="StagedObject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=20)),
                ("data", models.BinaryField(null=True)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("organisation", _organisation()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "key", "name"), name="staged_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("data", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("organisation", _organisation()),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "created_at"], name="held_file_age")],
            },
        ),
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
    ]
