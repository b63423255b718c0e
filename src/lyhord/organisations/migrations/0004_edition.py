"""The edition of an organisation's settings: a number that every change of them replaces, whoever makes it (core/kept.py).

Numbers come from a sequence, so that one is never given twice, not even after a rollback. The notice tells the process
that made the change, which may not rely any longer on what it has kept. Each app puts the trigger on its
tables of settings.
"""

from django.db import migrations

from lyhord.organisations.edition import trigger

EDITION = """
create sequence organisations_edition_number;
create table organisations_edition (organisation_id bigint primary key, number bigint not null);
create function lyhord_new_edition() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into organisations_edition
        values (case when tg_op = 'DELETE' then old.organisation_id else new.organisation_id end,
            nextval('organisations_edition_number'))
        on conflict (organisation_id) do update set number = excluded.number;
    raise notice 'the settings of an organisation have changed' using errcode = 'LY001';
    return null;
end
$$;
"""
UNDO = """
drop function lyhord_new_edition();
drop table organisations_edition;
drop sequence organisations_edition_number;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_sort_by_bytes")]

    operations = [migrations.RunSQL(EDITION, UNDO), trigger("organisations_unit")]
