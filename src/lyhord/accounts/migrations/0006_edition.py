"""Who works where, as what and by which name is a setting (core/kept.py)."""

from django.db import migrations

from lyhord.organisations.edition import trigger

# An account belongs to no organisation: its name and whether it may be used concern each one where the person works.
OF_PERSON = """
create function lyhord_new_edition_of_person() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into organisations_edition
        select organisation_id, nextval('organisations_edition_number')
        from accounts_membership where user_id = new.id order by organisation_id
        on conflict (organisation_id) do update set number = excluded.number;
    raise notice 'the settings of an organisation have changed' using errcode = 'LY001';
    return null;
end
$$;
create trigger new_edition after update of full_name, is_active on accounts_user for each row
    when ((old.full_name, old.is_active) is distinct from (new.full_name, new.is_active))
    execute function lyhord_new_edition_of_person();
"""
UNDO = """
drop trigger new_edition on accounts_user;
drop function lyhord_new_edition_of_person();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_forms_on_the_way"), ("organisations", "0004_edition")]

    operations = [
        trigger("accounts_membership"),
        trigger("accounts_membershipunit"),
        migrations.RunSQL(OF_PERSON, UNDO),
    ]
