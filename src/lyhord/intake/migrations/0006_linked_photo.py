"""Pictures that came as addresses, until they have been fetched."""


import django.db.models.deletion
import lyhord.core.walled
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_resident_wrote'),
        ('intake', '0005_alarms'),
        ('organisations', '0003_sort_by_bytes'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkedPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2000)),
                ('show', models.BooleanField(default=False)),
                ('label', models.CharField(blank=True, max_length=120)),
                ('last_error', models.CharField(blank=True, max_length=20)),
                ('created_at', models.DateTimeField()),
                ('case', lyhord.core.walled.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='linked_photos', to='cases.case')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'case'], name='linked_photo_case')],
            },
        ),
    ]
