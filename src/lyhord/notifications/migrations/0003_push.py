"""Browsers that are told of news."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0002_stop_link_and_private'),
        ('organisations', '0003_sort_by_bytes'),
    ]

    operations = [
        migrations.CreateModel(
            name='PushSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4)),
                ('endpoint', models.CharField(max_length=2000)),
                ('digest', models.BinaryField(max_length=32)),
                ('key', models.BinaryField(max_length=65)),
                ('secret', models.BinaryField(max_length=16)),
                ('created_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'digest'), name='push_subscription_once'), models.UniqueConstraint(fields=('organisation', 'uid'), name='push_subscription_uid')],
            },
        ),
    ]
