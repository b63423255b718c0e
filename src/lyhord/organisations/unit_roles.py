"""What a unit can be for. Case types that come with Lyhörd route to these, so that one set fits every organisation.

A role that no unit carries is no mistake: its cases fall to the unit that takes what nobody else has.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNIT_ROLES: dict[str, str | Promise] = {
    "gata_park": _("Gator, parker, belysning, lekplatser och vinterväghållning"),
    "va": _("Vatten och avlopp"),
    "renhallning": _("Avfall och återvinning"),
    "fastighet": _("Kommunens byggnader, toaletter och skolgårdar"),
    "miljo": _("Miljö och hälsa"),
    "bygg": _("Bygga och planera"),
    "kultur_fritid": _("Kultur, idrott och fritid"),
    "forskola": _("Förskola"),
    "skola": _("Skola"),
    "omsorg": _("Äldreomsorg och funktionshinder"),
    "socialtjanst": _("Socialtjänst"),
    "kommunledning": _("Kommunledning, webbplats och demokrati"),
    "naringsliv": _("Näringsliv och turism"),
    "kundcenter": _("Kundcenter"),
    "raddning": _("Räddningstjänst"),
}
