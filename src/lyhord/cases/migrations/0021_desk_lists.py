"""The desk's lists are read from an index in their order, and a search from the organisation's own part of its index.

The words of all organisations lie in one index. Beside them now lies whose they are, the organisation's and the unit's,
by stretches of 65,536 cases: so of a word that is frequent only the newest own cases are looked up.
"""

from django.db import migrations, models
from django.db.models import F, Q

# Lexemes that no text and no question can hold: the parser of either parts words at a colon.
MARKS = """
drop index case_search;
create index case_search on cases_case using gin ((search || array_to_tsvector(array[
    'o' || organisation_id || ':' || (id >> 16), 'u' || unit_id || ':' || (id >> 16)
])));
drop index publication_search;
create index publication_search on cases_publication
    using gin ((search || array_to_tsvector(array['o:' || organisation_id])));
drop index case_published_place;
create index case_published_place on cases_case
    using gin ((to_tsvector('swedish', place_text) || array_to_tsvector(array['o:' || organisation_id])))
    where publication_state = 'published';

create or replace function lyhord_search_cases(query text, most int, units bigint[], everywhere boolean)
returns setof bigint language plpgsql stable security definer set search_path = public, pg_temp
set plan_cache_mode = force_custom_plan as $$  -- one plan for all words would walk through all cases of a rare one
declare
    organisation bigint := nullif(current_setting('lyhord.organisation', true), '')::bigint;
    words tsquery := websearch_to_tsquery('swedish', query);
    marks text[] := case
        when everywhere then array['o' || organisation] else array(select 'u' || unit from unnest(units) unit)
    end;
    last bigint := coalesce((select max(id) from cases_case), 0) >> 16;
    first bigint := last;
    wide bigint := 1;
    stretches tsquery;
    found bigint[] := '{}';
begin
    if numnode(words) = 0 or organisation is null or cardinality(marks) = 0 then
        return;
    end if;
    -- The newest first, then twice as many, and so on: of a frequent word the older cases are not looked up at all.
    while last >= 0 and cardinality(found) < most loop
        stretches := (
            select string_agg(format('''%s:%s''', mark, n), ' | ')
            from unnest(marks) mark, generate_series(first, last) n
        );
        found := found || array(
            select id from cases_case
            where organisation_id = organisation
              and search || array_to_tsvector(array[
                'o' || organisation_id || ':' || (id >> 16), 'u' || unit_id || ':' || (id >> 16)
              ]) @@ (words && stretches)
              and (unit_id = any(units) or (everywhere and not confidential))
            order by id desc limit most - cardinality(found)
        );
        wide := 2 * wide;
        last := first - 1;
        first := greatest(last - wide + 1, 0);
    end loop;
    return query select unnest(found);
end $$;

create or replace function lyhord_search_published(query text, most int) returns setof bigint
language plpgsql stable security definer set search_path = public, pg_temp
set plan_cache_mode = force_custom_plan as $$  -- one plan for all words would walk through all cases of a rare one
declare
    organisation bigint := nullif(current_setting('lyhord.organisation', true), '')::bigint;
    words tsquery := websearch_to_tsquery('swedish', query);
    wanted tsquery := words && format('''o:%s''', organisation)::tsquery;
begin
    if numnode(words) = 0 or organisation is null then
        return;
    end if;
    return query
        (select case_id from cases_publication p
        where p.organisation_id = organisation
          and p.search || array_to_tsvector(array['o:' || p.organisation_id]) @@ wanted
        order by p.id desc limit most)
        union
        (select c.id from cases_case c
        where c.organisation_id = organisation and c.publication_state = 'published'
          and to_tsvector('swedish', c.place_text) || array_to_tsvector(array['o:' || c.organisation_id]) @@ wanted
        order by c.id desc limit most);
end $$;
"""
UNDO = """
drop index case_search;
create index case_search on cases_case using gin (search);
drop index publication_search;
create index publication_search on cases_publication using gin (search);
drop index case_published_place;
create index case_published_place on cases_case using gin (to_tsvector('swedish', place_text))
    where publication_state = 'published';

create or replace function lyhord_search_cases(query text, most int, units bigint[], everywhere boolean)
returns setof bigint language sql stable security definer set search_path = public, pg_temp as $$
    select id from cases_case
    where organisation_id = nullif(current_setting('lyhord.organisation', true), '')::bigint
      and search @@ websearch_to_tsquery('swedish', query)
      and (unit_id = any(units) or (everywhere and not confidential))
    order by id desc limit most
$$;

create or replace function lyhord_search_published(query text, most int) returns setof bigint
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


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_question")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_inbox"),
        migrations.RemoveIndex(model_name="case", name="case_waiting"),
        migrations.RemoveIndex(model_name="case", name="case_officer"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("organisation"), F("unit"), F("waiting_since"), F("id"), condition=Q(open=True), name="case_inbox"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("organisation"), F("waiting_since"), F("id"), F("unit"), condition=Q(open=True), name="case_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("organisation"),
                F("officer"),
                F("waiting_since"),
                F("id"),
                condition=Q(open=True, officer__isnull=False),
                name="case_officer",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("organisation"),
                F("waiting_since"),
                F("id"),
                F("unit"),
                condition=Q(open=True, officer__isnull=True),
                name="case_unassigned",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(F("organisation"), F("id"), condition=Q(open=False), name="case_closed"),
        ),
        migrations.RunSQL(MARKS, UNDO),
    ]
