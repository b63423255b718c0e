"""Changes to organisations and their units."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope, require_organisation_id
from lyhord.organisations.models import Hostname, Organisation, Unit
from lyhord.organisations.presets import Preset, PresetUnit
from lyhord.organisations.queries import forget_hosts
from lyhord.organisations.setup import set_ups


def create_organisation(
    *, slug: str, code: str, name: str, preset: Preset, hosts: list[str], by: Actor, lat: float, lon: float
) -> Organisation:
    """Make an organisation ready to use from a preset: units, and what every app adds in its `setup.py`.

    Raises Invalid when the slug or a host name is taken.
    """
    preset = preset.suiting(code)
    with transaction.atomic():
        if Organisation.objects.filter(slug=slug).exists():
            raise Invalid({"slug": _("Det finns redan en organisation med namnet %(slug)s.") % {"slug": slug}})
        taken = Hostname.objects.filter(host__in=hosts).values_list("host", flat=True)
        if taken:
            raise Invalid({"hosts": _("Värdnamnet %(host)s är upptaget.") % {"host": ", ".join(taken)}})
        organisation = Organisation.objects.create(
            slug=slug,
            code=code,
            name=name,
            service_name=preset.service_name or _("Dialog %(name)s") % {"name": name.removesuffix(" kommun")},
            colour=preset.colour,
            languages=["sv", "en"],
            phone=preset.phone,
            phone_hours=preset.phone_hours,
            emergency_phone=preset.emergency_phone,
            lat=preset.centre[0] if preset.centre else lat,
            lon=preset.centre[1] if preset.centre else lon,
        )
        for index, host in enumerate(hosts):
            Hostname.objects.create(organisation=organisation, host=host.lower(), primary=index == 0)
        with organisation_scope(organisation.pk):
            for unit in preset.units:
                _add_unit(unit, None)
            for set_up in set_ups():
                set_up(organisation, preset, by)
            record(
                verb="organisation.created",
                subject_type="organisation",
                subject_id=organisation.pk,
                by=by,
                data={"preset": preset.name},
            )
    forget_hosts()
    return organisation


def _add_unit(planned: PresetUnit, parent: Unit | None) -> None:
    unit = Unit(
        parent=parent,
        code=planned.code,
        name=planned.name,
        roles=list(planned.roles),
        confidential=planned.confidential or bool(parent and parent.confidential),
        fallback=planned.fallback,
    )
    unit.organisation_id = parent.organisation_id if parent else require_organisation_id()
    unit.save()
    for child in planned.units:
        _add_unit(child, unit)


@transaction.atomic
def change_organisation(*, organisation: Organisation, values: Mapping[str, Any], by: Actor) -> Organisation:
    """Change named settings of an organisation; the log keeps what they were. The caller has checked the values."""
    before = {name: getattr(organisation, name) for name in values}
    for name, value in values.items():
        setattr(organisation, name, value)
    organisation.save(update_fields=list(values))
    record(
        verb="organisation.changed",
        subject_type="organisation",
        subject_id=organisation.pk,
        by=by,
        data={"before": before, "after": dict(values)},
    )
    forget_hosts()
    return organisation
