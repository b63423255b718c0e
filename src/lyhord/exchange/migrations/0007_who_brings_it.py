from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_knocks")]

    operations = [
        migrations.AddField("link", "busy_by", models.BigIntegerField(default=0)),
        migrations.AddField("system", "proven_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "link",
            models.Index(fields=["organisation", "system"], condition=~Q(busy_until=None), name="link_busy"),
        ),
    ]
