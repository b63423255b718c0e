from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_dates_and_late_pictures")]

    operations = [
        migrations.AddField("system", "knocked_at", models.DateTimeField(null=True)),
        migrations.AddField("system", "knock_secret", models.TextField(blank=True, default="")),
        migrations.AlterField("system", "knock_secret", models.TextField(blank=True)),
        migrations.AddField("system", "knock_version", models.PositiveIntegerField(default=1)),
    ]
