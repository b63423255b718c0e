"""A list of staff as a spreadsheet saves it: email;name;role;units."""

from django.utils.translation import gettext as _

from lyhord.accounts.actions import Person
from lyhord.accounts.roles import ROLES
from lyhord.core.errors import Invalid
from lyhord.core.tables import read_table

COLUMNS = {
    "email": ("e-post", "epost", "mejl", "mail", "e-mail"),
    "name": ("namn", "full_name"),
    "role": ("roll",),
    "units": ("enheter", "enhet", "unit"),
}
MOST = 5_000


def read_people(data: bytes) -> list[Person]:
    """The people in a file; units are codes with a blank between. A role may stand as its code or its Swedish word.

    Raises Invalid with one sentence when the file cannot be used; what each row says is checked by import_members.
    """
    words = {str(role.label).casefold(): slug for slug, role in ROLES.items()}
    people = []
    for line in read_table(data, COLUMNS, most_rows=MOST):
        role = line.values["role"]
        units = line.values["units"].replace(",", " ").split()
        people.append(
            Person(
                line.values["email"], line.values["name"], words.get(role.casefold(), role), tuple(units), line.number
            )
        )
    seen: set[str] = set()
    for person in people:
        if person.email.casefold() in seen:
            raise Invalid(_("%(email)s står två gånger i filen.") % {"email": person.email})
        seen.add(person.email.casefold())
    return people
