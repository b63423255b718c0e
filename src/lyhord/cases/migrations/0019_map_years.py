"""The years of the map's counts begin when they begin where the organisation is, and are counted anew if it moves."""

from django.db import migrations

COUNT = """
create or replace function lyhord_count_on_map(kept cases_case, step int) returns void
language sql set search_path = public, pg_temp as $$
    insert into cases_mapcount
        (organisation_id, depth, prefix, case_type_pk, category_pk, year, going, planned, closed)
    select kept.organisation_id, depth, kept.cell >> (2 * (31 - depth)), kept.case_type_id, coalesce(kept.category_id, 0),
        extract(year from kept.registered_at at time zone {zone}),
        case when kept.state in ('received', 'assigned', 'in_progress', 'waiting') then step else 0 end,
        case when kept.state = 'planned' then step else 0 end,
        case when kept.state in ('resolved', 'not_resolved', 'refused', 'duplicate') then step else 0 end
    from unnest(array[11, 14, 17, 20]) as depth{source}
    where kept.publication_state = 'published' and kept.cell is not null{condition}
$$;
"""
THERE = COUNT.format(
    zone="there.time_zone", source=", organisations_organisation there", condition=" and there.id = kept.organisation_id"
)
MOVED = """
create function lyhord_map_moved() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    delete from cases_mapcount where organisation_id = new.id;
    perform lyhord_count_on_map(c, 1) from cases_case c
        where c.organisation_id = new.id and c.publication_state = 'published';
    return null;
end
$$;
create trigger map_moved after update of time_zone on organisations_organisation for each row
    when (old.time_zone is distinct from new.time_zone) execute function lyhord_map_moved();
"""
UNDO = """
drop trigger map_moved on organisations_organisation;
drop function lyhord_map_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_organisation_name"), ("organisations", "0008_country")]

    operations = [
        migrations.RunSQL(THERE, COUNT.format(zone="'Europe/Stockholm'", source="", condition="")),
        migrations.RunSQL(MOVED, UNDO),
    ]
