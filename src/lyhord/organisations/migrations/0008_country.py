"""Where an organisation is. All that were here before are in Sweden."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_inlets")]

    operations = [
        migrations.AddField("organisation", "country", models.CharField(db_default="SE", default="SE", max_length=2)),
        migrations.AddField("organisation", "time_zone", models.CharField(db_default="Europe/Stockholm", default="Europe/Stockholm", max_length=60)),
    ]
