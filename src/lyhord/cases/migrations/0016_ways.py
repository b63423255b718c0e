"""The reporters who are told by mail follow their own case: whom we reach and how is kept in one place."""

from django.db import migrations

CONTACTS = """
insert into notifications_contact
    (organisation_id, sender, address, language, token, created_at, pause_reason, rhythm, quiet)
select reporter.organisation_id, 'email', lower(reporter.email), (array_agg(c.language order by c.id desc))[1],
    gen_random_uuid(), min(c.registered_at), '', 'now', false
from cases_reporter reporter
join cases_case c on c.organisation_id = reporter.organisation_id and c.id = reporter.case_id
where reporter.email <> '' and c.wants_feedback
group by reporter.organisation_id, lower(reporter.email)
on conflict (organisation_id, sender, address) do nothing
"""
FOLLOWS = """
insert into following_follow
    (organisation_id, subject_type, subject_id, contact_id, role, token, created_at, confirmed_at)
select reporter.organisation_id, 'case', c.id, contact.id, 'reporter', gen_random_uuid(),
    c.registered_at, c.registered_at
from cases_reporter reporter
join cases_case c on c.organisation_id = reporter.organisation_id and c.id = reporter.case_id
join notifications_contact contact on contact.organisation_id = reporter.organisation_id
    and contact.sender = 'email' and contact.address = lower(reporter.email)
where reporter.email <> '' and c.wants_feedback
on conflict (organisation_id, subject_type, subject_id, contact_id) do nothing
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_edition"), ("following", "0004_contacts")]

    operations = [migrations.RunSQL([CONTACTS, FOLLOWS], migrations.RunSQL.noop)]
