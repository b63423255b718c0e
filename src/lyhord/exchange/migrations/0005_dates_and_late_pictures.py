from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0004_how_systems_are")]

    operations = [
        migrations.AddField("incoming", "until", models.DateField(null=True)),
        migrations.AddField("outgoing", "until", models.DateField(null=True)),
        migrations.AddField("outgoing", "photo_id", models.BigIntegerField(null=True)),
    ]
