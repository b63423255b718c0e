"""Who works in the demo municipalities."""

from lyhord.accounts.actions import Person

PASSWORD = "lyhord-demo"  # noqa: S105  # printed at start; the demo is for trying things out

PEOPLE = {
    "motala": (
        Person("sara@motala.example", "Sara Ek", "case_officer", ("gata-park",)),
        Person("amir@motala.example", "Amir Holm", "case_officer", ("gata-park",)),
        Person("maria@motala.example", "Maria Lund", "unit_manager", ("tekniska",)),
        Person("nils@motala.example", "Nils Ask", "case_officer", ("forskola", "skola")),
        Person("vera@motala.example", "Vera Dahl", "case_officer", ("va", "avfall")),
        Person("lena@motala.example", "Lena Frid", "case_officer", ("kultur-fritid",)),
        Person("kim@motala.example", "Kim Berg", "contact_centre", ("kundcenter",)),
        Person("admin@motala.example", "Ada Min", "administrator", ("kommunledning",)),
        Person("granskare@motala.example", "Rut Wall", "auditor", ()),
    ),
    "mjolby": (
        Person("olle@mjolby.example", "Olle Rask", "case_officer", ("tekniska",)),
        Person("kim@motala.example", "Kim Berg", "contact_centre", ("medborgarservice",)),  # answers for both
        Person("eva@mjolby.example", "Eva Ström", "contact_centre", ("medborgarservice",)),
        Person("admin@mjolby.example", "Åsa Berg", "administrator", ("kommunstyrelsen",)),
    ),
}

REPORTERS = ("Elin", "Johan", "Fatima", "Birgitta", "Ahmed", "Lars", "Maja", "Ingrid", "Erik", "Anna-Karin", "Sven")
