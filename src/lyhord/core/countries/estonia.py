"""Estonia: pühade ja tähtpäevade seadus, § 2."""

from django.utils.translation import gettext_lazy as _

from lyhord.core.country import Country


class Estonia(Country):
    """Two hours before Greenwich, and summer time."""

    slug, label = "ee", _("Estland")
    time_zone = "Europe/Tallinn"
    latitudes, longitudes = (57.4, 59.9), (21.5, 28.3)
    mobile_example = "5123 4567"
    mobile_problem = _("Skriv ditt mobilnummer, till exempel 5123 4567.")
    organisation_number_example = "75014920"
    fixed = ((1, 1), (2, 24), (5, 1), (6, 23), (6, 24), (8, 20), (12, 24), (12, 25), (12, 26))
    from_easter = (-2, 0, 49)  # suur reede, ülestõusmispühade 1. püha, nelipühade 1. püha
