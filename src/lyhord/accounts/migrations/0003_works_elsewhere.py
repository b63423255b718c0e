"""Where else somebody works, which no single organisation can see."""

from django.db import migrations

# Belongs to a role that the policies do not bind. It tells ids of organisations and nothing of what the person does
# there, and only about somebody who works in the organisation in scope.
WORKS_ELSEWHERE = """
create function lyhord_works_elsewhere(person bigint) returns bigint[]
language sql stable security definer set search_path = public, pg_temp as $$
    select array(
        select other.organisation_id from accounts_membership other
        where other.user_id = person and other.active and other.role <> 'resident'
          and other.organisation_id <> here.organisation_id
        order by other.organisation_id
    )
    from accounts_membership here
    where here.user_id = person and here.active
      and here.organisation_id = nullif(current_setting('lyhord.organisation', true), '')::bigint
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sort_by_bytes")]

    operations = [migrations.RunSQL(WORKS_ELSEWHERE, "drop function lyhord_works_elsewhere(bigint)")]
