from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_case_systems")]

    operations = [
        migrations.AddField("system", "sent_at", models.DateTimeField(null=True)),
        migrations.AddField("system", "heard_at", models.DateTimeField(null=True)),
        migrations.AddField("system", "checked_at", models.DateTimeField(null=True)),
        migrations.AddField("system", "check_error", models.CharField(blank=True, default="", max_length=500)),
        migrations.AlterField("system", "check_error", models.CharField(blank=True, max_length=500)),
    ]
