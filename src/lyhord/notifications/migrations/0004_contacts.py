"""Contacts: one way to one person each; and what waits for them."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import lyhord.core.walled


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_push"), ("organisations", "0003_sort_by_bytes")]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='gathered_in',
            field=lyhord.core.walled.TenantForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gathered', to='notifications.notice'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='state',
            field=models.CharField(choices=[('queued', 'Queued'), ('held', 'Held'), ('sent', 'Sent'), ('gathered', 'Gathered'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sender', models.CharField(max_length=20)),
                ('address', models.CharField(max_length=254)),
                ('language', models.CharField(default='sv', max_length=10)),
                ('token', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('created_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(null=True)),
                ('paused_at', models.DateTimeField(null=True)),
                ('pause_reason', models.CharField(blank=True, max_length=200)),
                ('rhythm', models.CharField(choices=[('now', 'Now'), ('day', 'Day'), ('week', 'Week')], default='now', max_length=5)),
                ('quiet', models.BooleanField(default=False)),
                ('gathered_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddField(
            model_name='notice',
            name='contact',
            field=lyhord.core.walled.TenantForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='notifications.contact'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('contact__isnull', False)), fields=['organisation', 'contact'], name='notice_contact'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['organisation', 'contact'], name='notice_held'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(fields=('organisation', 'sender', 'address'), name='contact_once'),
        ),
    ]

