"""Those who follow are contacts: an address may be told by other ways than mail, and be paused."""

import django.db.models.deletion
from django.db import migrations, models

import lyhord.core.walled

CONTACTS = """
insert into notifications_contact
    (organisation_id, sender, address, language, token, created_at, verified_at, pause_reason, rhythm, quiet)
select organisation_id, 'email', lower(email), (array_agg(language order by id))[1], gen_random_uuid(),
    min(created_at), min(confirmed_at), '', 'now', false
from following_follow where email <> '' group by organisation_id, lower(email)
on conflict (organisation_id, sender, address) do nothing
"""
BROWSERS = """
insert into notifications_contact
    (organisation_id, sender, address, language, token, created_at, verified_at, pause_reason, rhythm, quiet)
select follow.organisation_id, 'push', device.uid::text, (array_agg(follow.language order by follow.id))[1],
    gen_random_uuid(), min(device.created_at), min(device.created_at), '', 'now', true
from following_follow follow join notifications_pushsubscription device
    on device.organisation_id = follow.organisation_id and device.id = follow.push_id
group by follow.organisation_id, device.uid
"""
TIED = """
update following_follow follow set contact_id = contact.id from notifications_contact contact
where contact.organisation_id = follow.organisation_id and contact.sender = 'email'
    and contact.address = lower(follow.email)
"""
TIED_BROWSERS = """
update following_follow follow set contact_id = contact.id
from notifications_pushsubscription device, notifications_contact contact
where device.organisation_id = follow.organisation_id and device.id = follow.push_id
    and contact.organisation_id = follow.organisation_id and contact.sender = 'push'
    and contact.address = device.uid::text
"""
REPORTERS = "update following_follow set role = 'reporter', subject_type = 'case' where subject_type = 'own_case'"


class Migration(migrations.Migration):
    dependencies = [
        ("following", "0003_push"),
        ("notifications", "0004_contacts"),
    ]

    operations = [
        migrations.AddField(
            "follow",
            "contact",
            lyhord.core.walled.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follows",
                to="notifications.contact",
            ),
        ),
        migrations.RunSQL([CONTACTS, BROWSERS, TIED, TIED_BROWSERS], migrations.RunSQL.noop),
        migrations.AlterField(
            "follow",
            "contact",
            lyhord.core.walled.TenantForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follows",
                to="notifications.contact",
            ),
        ),
        migrations.RemoveConstraint("follow", "follow_once"),
        migrations.RemoveConstraint("follow", "follow_once_by_push"),
        migrations.RemoveConstraint("follow", "follow_one_address"),
        migrations.RemoveIndex("follow", "follow_email"),
        migrations.RemoveIndex("follow", "follow_push"),
        migrations.RemoveField("follow", "email"),
        migrations.RemoveField("follow", "push"),
        migrations.RemoveField("follow", "language"),
        migrations.AddField(
            "follow",
            "role",
            models.CharField(
                choices=[("reporter", "Reporter"), ("follower", "Follower")], default="follower", max_length=10
            ),
        ),
        migrations.RunSQL(REPORTERS, migrations.RunSQL.noop),
        migrations.AddField("follow", "expires_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "follow",
            models.UniqueConstraint(
                fields=("organisation", "subject_type", "subject_id", "contact"), name="follow_once_each"
            ),
        ),
        migrations.AddIndex("follow", models.Index(fields=["organisation", "contact"], name="follow_contact")),
    ]
