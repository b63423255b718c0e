from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('residents', '0003_saml'),
    ]

    operations = [
        migrations.AddField(
            model_name='provider',
            name='audience',
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
