"""Webhooks and what they were told."""

import django.db.models.deletion
import lyhord.core.walled
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisations', '0003_sort_by_bytes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4)),
                ('name', models.CharField(max_length=80)),
                ('url', models.CharField(max_length=500)),
                ('events', models.JSONField(default=list)),
                ('shares', models.JSONField(default=list)),
                ('active', models.BooleanField(default=True)),
                ('started_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('secret_version', models.PositiveIntegerField(default=1)),
                ('old_secret_until', models.DateTimeField(null=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('rest_until', models.DateTimeField(null=True)),
                ('paused_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4)),
                ('type', models.CharField(max_length=40)),
                ('event_id', models.BigIntegerField(null=True)),
                ('case_id', models.BigIntegerField(null=True)),
                ('number', models.CharField(blank=True, max_length=20)),
                ('happened_at', models.DateTimeField()),
                ('change', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('body', models.TextField(blank=True)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('answer', models.CharField(blank=True, max_length=500)),
                ('error', models.CharField(blank=True, max_length=20)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('webhook', lyhord.core.walled.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='exchange.webhook')),
            ],
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.UniqueConstraint(fields=('organisation', 'uid'), name='webhook_uid'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('organisation'), models.F('webhook'), models.OrderBy(models.F('id'), descending=True), name='delivery_newest'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('organisation'), models.F('webhook'), models.F('case_id'), models.F('id'), condition=models.Q(('state', 'waiting')), name='delivery_lane'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('organisation'), models.F('webhook'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('state', 'failed')), name='delivery_failed'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(models.F('organisation'), models.F('created_at'), name='delivery_age'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('organisation', 'webhook', 'event_id'), name='delivery_once'),
        ),
    ]
