"""The map's counts have a row for the whole of each cell beside those of each sort of case in it."""

from django.db import migrations, models
from django.db.models import F, Q

COUNT = """
create or replace function lyhord_count_on_map(kept cases_case, step int) returns void
language sql set search_path = public, pg_temp as $$
    insert into cases_mapcount
        (organisation_id, depth, prefix, case_type_pk, category_pk, year, going, planned, closed)
    select kept.organisation_id, depth, kept.cell >> (2 * (31 - depth)){kept},
        case when kept.state in ('received', 'assigned', 'in_progress', 'waiting') then step else 0 end,
        case when kept.state = 'planned' then step else 0 end,
        case when kept.state in ('resolved', 'not_resolved', 'refused', 'duplicate') then step else 0 end
    from unnest(array[11, 14, 17, 20]) as depth, organisations_organisation there{source}
    where kept.publication_state = 'published' and kept.cell is not null and there.id = kept.organisation_id
$$;
"""
_SORT = """, kept.case_type_id, coalesce(kept.category_id, 0), extract(year from kept.registered_at at time zone there.time_zone)"""
BY_SORT = COUNT.format(kept=_SORT, source="")
WITH_TOTALS = COUNT.format(
    kept=""",
        case when whole then 0 else kept.case_type_id end,
        case when whole then 0 else coalesce(kept.category_id, 0) end,
        case when whole then 0 else extract(year from kept.registered_at at time zone there.time_zone) end""",
    source=", unnest(array[false, true]) as whole",
)
FILL = """
insert into cases_mapcount (organisation_id, depth, prefix, case_type_pk, category_pk, year, going, planned, closed)
select organisation_id, depth, prefix, 0, 0, 0, sum(going), sum(planned), sum(closed) from cases_mapcount
group by 1, 2, 3 having sum(going) <> 0 or sum(planned) <> 0 or sum(closed) <> 0;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_desk_lists")]

    operations = [
        migrations.RemoveIndex(model_name="mapcount", name="map_count_cells"),
        migrations.AddIndex(
            model_name="mapcount",
            index=models.Index(
                F("organisation"), F("depth"), F("prefix"), condition=Q(year__gt=0), name="map_count_cells"
            ),
        ),
        migrations.AddIndex(
            model_name="mapcount",
            index=models.Index(
                F("organisation"),
                F("depth"),
                F("prefix"),
                condition=Q(year=0),
                include=("going", "planned", "closed"),
                name="map_count_totals",
            ),
        ),
        migrations.RemoveConstraint(model_name="publication", name="publication_once"),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=["organisation", "case"], include=["title"], name="publication_once"
            ),
        ),
        migrations.RunSQL(WITH_TOTALS + FILL, BY_SORT + "delete from cases_mapcount where year = 0;"),
    ]
