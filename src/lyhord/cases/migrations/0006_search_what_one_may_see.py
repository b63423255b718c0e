"""The search knows what the searcher may see, so that its cap counts their cases and not everybody's."""

from django.db import migrations

OLD = """
create function lyhord_search_cases(query text, most int) returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select id from cases_case
    where organisation_id = nullif(current_setting('lyhord.organisation', true), '')::bigint
      and search @@ websearch_to_tsquery('swedish', query)
    order by id desc limit most
$$;
"""
NEW = """
create function lyhord_search_cases(query text, most int, units bigint[], everywhere boolean) returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select id from cases_case
    where organisation_id = nullif(current_setting('lyhord.organisation', true), '')::bigint
      and search @@ websearch_to_tsquery('swedish', query)
      and (unit_id = any(units) or (everywhere and not confidential))
    order by id desc limit most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_codes_with_dots")]

    operations = [
        migrations.RunSQL(
            "drop function lyhord_search_cases(text, int);" + NEW,
            "drop function lyhord_search_cases(text, int, bigint[], boolean);" + OLD,
        )
    ]
