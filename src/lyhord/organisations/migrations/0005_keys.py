"""Keys of tables, drawn before the rows are written, so that rows that hang together are written at once (core/rows.py).

The application's role has no right to the sequences: those of case numbers would tell how many cases others have. They
are not named as a table's are, so this function does not reach them.
"""

from django.db import migrations

KEYS = """
create function lyhord_keys(tables text[]) returns bigint[]
language sql volatile security definer set search_path = public, pg_temp as $$
    select array_agg(nextval(format('public.%I', name || '_id_seq')::regclass) order by place)
    from unnest(tables) with ordinality as wanted(name, place)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_edition")]

    operations = [migrations.RunSQL(KEYS, "drop function lyhord_keys(text[])")]
