"""The public list is narrowed within its index, and searched from the newest stretch of cases to the oldest."""

from django.db import migrations, models
from django.db.models import F, Q

# As migration "desk lists" does for the desk. `+ 0` keeps the index of whole organisations out of it: the words' own
# index holds the organisation already, and reading a hundred thousand rows of the other to agree takes longest.
SEARCH = """
drop index publication_search;
create index publication_search on cases_publication
    using gin ((search || array_to_tsvector(array['o' || organisation_id || ':' || (case_id >> 16)])));

create or replace function lyhord_search_published(query text, most int) returns setof bigint
language plpgsql stable security definer set search_path = public, pg_temp
set plan_cache_mode = force_custom_plan as $$
declare
    organisation bigint := nullif(current_setting('lyhord.organisation', true), '')::bigint;
    words tsquery := websearch_to_tsquery('swedish', query);
    last bigint := coalesce((select max(id) from cases_case), 0) >> 16;
    first bigint := last;
    wide bigint := 1;
    stretches tsquery;
    found bigint[] := '{}';
begin
    if numnode(words) = 0 or organisation is null then
        return;
    end if;
    while last >= 0 and cardinality(found) < most loop
        stretches := (
            select string_agg(format('''o%s:%s''', organisation, n), ' | ') from generate_series(first, last) n
        );
        found := found || array(
            select p.case_id from cases_publication p
            where p.organisation_id + 0 = organisation
              and p.search || array_to_tsvector(array['o' || p.organisation_id || ':' || (p.case_id >> 16)])
                @@ (words && stretches)
            order by p.case_id desc limit most - cardinality(found)
        );
        wide := 2 * wide;
        last := first - 1;
        first := greatest(last - wide + 1, 0);
    end loop;
    return query
        (select unnest(found))
        union
        (select c.id from cases_case c
        where c.organisation_id = organisation and c.publication_state = 'published'
          and to_tsvector('swedish', c.place_text) || array_to_tsvector(array['o:' || c.organisation_id])
            @@ (words && format('''o:%s''', organisation)::tsquery)
        order by c.id desc limit most);
end $$;
"""
UNDO = """
drop index publication_search;
create index publication_search on cases_publication
    using gin ((search || array_to_tsvector(array['o:' || organisation_id])));

create or replace function lyhord_search_published(query text, most int) returns setof bigint
language plpgsql stable security definer set search_path = public, pg_temp
set plan_cache_mode = force_custom_plan as $$
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
_NARROWED = ("open", "state", "kind", "category", "case_type", "area", "registered_at")


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_map_totals")]

    operations = [
        migrations.RemoveIndex(model_name="case", name="case_published"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("organisation"),
                F("id").desc(),
                condition=Q(publication_state="published"),
                include=_NARROWED,
                name="case_published",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                F("organisation"),
                F("id").desc(),
                condition=Q(publication_state="published", open=True),
                include=_NARROWED,
                name="case_published_open",
            ),
        ),
        migrations.RunSQL(SEARCH, UNDO),
    ]
