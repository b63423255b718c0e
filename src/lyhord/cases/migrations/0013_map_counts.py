"""Counts of published cases for maps, kept by a trigger: whatever changes a case, by whichever action, is counted."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

# The levels and the states are those of map_counts.py and states.py; a test compares the counts with the cases.
TRIGGER = """
create function lyhord_count_on_map(kept cases_case, step int) returns void
language sql set search_path = public, pg_temp as $$
    insert into cases_mapcount
        (organisation_id, depth, prefix, case_type_pk, category_pk, year, going, planned, closed)
    select kept.organisation_id, depth, kept.cell >> (2 * (31 - depth)), kept.case_type_id, coalesce(kept.category_id, 0),
        extract(year from kept.registered_at at time zone 'Europe/Stockholm'),
        case when kept.state in ('received', 'assigned', 'in_progress', 'waiting') then step else 0 end,
        case when kept.state = 'planned' then step else 0 end,
        case when kept.state in ('resolved', 'not_resolved', 'refused', 'duplicate') then step else 0 end
    from unnest(array[11, 14, 17, 20]) as depth
    where kept.publication_state = 'published' and kept.cell is not null
$$;
create function lyhord_case_on_map() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    if tg_op <> 'INSERT' then perform lyhord_count_on_map(old, -1); end if;
    if tg_op <> 'DELETE' then perform lyhord_count_on_map(new, 1); end if;
    return null;
end
$$;
create trigger case_on_map_begun after insert on cases_case for each row
    when (new.publication_state = 'published') execute function lyhord_case_on_map();
create trigger case_on_map_gone after delete on cases_case for each row
    when (old.publication_state = 'published') execute function lyhord_case_on_map();
create trigger case_on_map_changed
    after update of publication_state, state, cell, case_type_id, category_id, registered_at on cases_case for each row
    when (
        (old.publication_state = 'published' or new.publication_state = 'published')
        and (old.publication_state, old.state, old.cell, old.case_type_id, old.category_id, old.registered_at)
            is distinct from
            (new.publication_state, new.state, new.cell, new.case_type_id, new.category_id, new.registered_at)
    )
    execute function lyhord_case_on_map();
do $$
declare organisation bigint;
begin
    for organisation in select id from organisations_organisation loop
        perform set_config('lyhord.organisation', organisation::text, true);
        perform lyhord_count_on_map(c, 1) from cases_case c
            where c.organisation_id = organisation and c.publication_state = 'published';
    end loop;
    perform set_config('lyhord.organisation', '', true);
end
$$;
"""
UNDO = """
drop trigger case_on_map_begun on cases_case;
drop trigger case_on_map_gone on cases_case;
drop trigger case_on_map_changed on cases_case;
drop function lyhord_case_on_map();
drop function lyhord_count_on_map(cases_case, int);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_changed"), ("organisations", "0003_sort_by_bytes")]

    operations = [
        migrations.CreateModel(
            name="MapCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.SmallIntegerField()),
                ("prefix", models.BigIntegerField()),
                ("case_type_pk", models.BigIntegerField()),
                ("category_pk", models.BigIntegerField()),
                ("year", models.SmallIntegerField()),
                ("going", models.IntegerField(default=0)),
                ("planned", models.IntegerField(default=0)),
                ("closed", models.IntegerField(default=0)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(F("organisation"), F("depth"), F("prefix"), name="map_count_cells")],
            },
        ),
        migrations.RunSQL(TRIGGER, UNDO),
    ]
