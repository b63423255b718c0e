"""Keys for other systems."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0002_recent_senders'),
        ('organisations', '0003_sort_by_bytes'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client', models.CharField(max_length=120)),
                ('digest', models.BinaryField(max_length=32)),
                ('scopes', models.JSONField(default=list)),
                ('hourly', models.PositiveIntegerField(default=1000)),
                ('throttled', models.BooleanField(default=True)),
                ('publishes_at_once', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('last_used_on', models.DateField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'digest'), name='api_key_digest')],
            },
        ),
    ]
