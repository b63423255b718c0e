"""Search in what was published: never in what was sent, which may say more than others should read."""

from django.db import migrations

SEARCH = """
alter table cases_publication add column search tsvector generated always as (
    setweight(to_tsvector('swedish', title), 'A') || to_tsvector('swedish', text || ' ' || answer)
) stored;
create index publication_search on cases_publication using gin (search);
create index case_published_place on cases_case using gin (to_tsvector('swedish', place_text))
    where publication_state = 'published';
create function lyhord_search_published(query text, most int) returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $$
    with organisation as (
        select nullif(current_setting('lyhord.organisation', true), '')::bigint as id
    ), wanted as (
        select websearch_to_tsquery('swedish', query) as words
    ), by_text as (
        select p.case_id from cases_publication p, organisation o, wanted w
        where p.organisation_id = o.id and p.search @@ w.words
        order by p.id desc limit most
    ), by_place as (
        select c.id from cases_case c, organisation o, wanted w
        where c.organisation_id = o.id and c.publication_state = 'published'
          and to_tsvector('swedish', c.place_text) @@ w.words
        order by c.id desc limit most
    )
    select case_id from by_text union select id from by_place
$$;
"""
UNDO = """
drop function lyhord_search_published(text, int);
drop index case_published_place;
alter table cases_publication drop column search;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_rules_and_roles")]

    operations = [migrations.RunSQL(SEARCH, UNDO)]
