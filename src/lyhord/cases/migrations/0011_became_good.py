"""Whether it became good, by the reporter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_small_letters_in_addresses")]

    operations = [
        migrations.AddField(model_name="case", name="became_good", field=models.BooleanField(null=True)),
    ]
