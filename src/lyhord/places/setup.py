"""What a new organisation gets of places: boundary, the preset's districts, and a street list where there is one."""

from lyhord.core.actor import Actor
from lyhord.organisations.models import Organisation
from lyhord.organisations.presets import Preset
from lyhord.places.actions import load_addresses
from lyhord.places.demo_streets import demo_streets
from lyhord.places.models import Area
from lyhord.places.municipalities import municipality


def set_up(organisation: Organisation, preset: Preset, by: Actor) -> None:
    """Load the coarse boundary by the municipality's code (an exact one can be imported later), and districts."""
    if organisation.code:
        found = municipality(organisation.code)
        Area.objects.create(kind="boundary", code=organisation.slug, name=organisation.name, geojson=found.boundary)
    for district in preset.districts:
        ring = [list(position) for position in district.ring]
        Area.objects.create(
            kind="district",
            code=district.code,
            name=district.name,
            geojson={"type": "Polygon", "coordinates": [ring]},
        )
    load_addresses(rows=demo_streets(organisation.code), by=by)
