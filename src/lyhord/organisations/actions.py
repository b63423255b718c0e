"""Changes to organisations and their units."""

from collections.abc import Mapping
from typing import Any

from django.core.validators import slug_re
from django.db import transaction
from django.http.request import split_domain_port
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.core.actor import Actor
from lyhord.core.country import whereabouts
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope, require_organisation_id
from lyhord.organisations.models import Hostname, LogoPicture, Organisation, Unit
from lyhord.organisations.presets import Preset, PresetUnit
from lyhord.organisations.queries import forget_hosts
from lyhord.organisations.setup import set_ups

SLUG_LENGTH = 40


def create_organisation(
    *,
    slug: str,
    code: str,
    name: str,
    preset: Preset,
    hosts: list[str],
    by: Actor,
    lat: float,
    lon: float,
    country: str = "SE",
    time_zone: str = "",
) -> Organisation:
    """Make an organisation ready to use from a preset: units, and what every app adds in its `setup.py`.

    Raises Invalid when the slug or a host name is taken or cannot be one, and for a country without a file
    (core/countries) or a time zone that nobody knows; "" is the country's own. Of several host names the first is the
    one that messages lead to. `code` is the Swedish municipality's, "" elsewhere.
    """
    rules, zone = whereabouts(country, time_zone)
    preset = preset.suiting(code)
    names = [_host_name(host) for host in hosts]
    with transaction.atomic():
        _check_slug(slug)
        taken = Hostname.objects.filter(host__in=names).values_list("host", flat=True)
        if taken:
            raise Invalid({"hosts": _("Värdnamnet %(host)s är upptaget.") % {"host": ", ".join(taken)}})
        organisation = Organisation.objects.create(
            slug=slug,
            code=code,
            country=rules.code,
            time_zone=zone.key,
            name=name,
            service_name=preset.service_name or _("Dialog %(name)s") % {"name": name.removesuffix(" kommun")},
            colour=preset.colour,
            languages=list(rules.languages),
            phone=preset.phone,
            phone_hours=preset.phone_hours,
            settings={"phone_hours": preset.phone_hours_translated} if preset.phone_hours_translated else {},
            emergency_phone=preset.emergency_phone,
            lat=preset.centre[0] if preset.centre else lat,
            lon=preset.centre[1] if preset.centre else lon,
        )
        for index, host in enumerate(dict.fromkeys(names)):
            Hostname.objects.create(organisation=organisation, host=host, primary=index == 0)
        with organisation_scope(organisation.pk):
            for unit in preset.units:
                _add_unit(unit, None, rules.languages[0])
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
    transaction.on_commit(forget_hosts)
    return organisation


def _check_slug(slug: str) -> None:
    if len(slug) > SLUG_LENGTH or not slug_re.fullmatch(slug):
        raise Invalid({"slug": _("Skriv ett kort namn med a till z, siffror och bindestreck, till exempel motala.")})
    if Organisation.objects.filter(slug=slug).exists():
        raise Invalid({"slug": _("Det finns redan en organisation med namnet %(slug)s.") % {"slug": slug}})


def _host_name(host: str) -> str:
    """As the middleware will see it: small letters, no port, no full stop at the end."""
    name, _port = split_domain_port(host.strip())
    if not name or len(name) > 253:
        raise Invalid({"hosts": _("%(host)s är inget värdnamn.") % {"host": host[:80]}})
    return name


def _add_unit(planned: PresetUnit, parent: Unit | None, language: str) -> None:
    unit = Unit(
        parent=parent,
        code=planned.code,
        name=planned.names.get(language, planned.name),
        roles=list(planned.roles),
        confidential=planned.confidential or bool(parent and parent.confidential),
        fallback=planned.fallback,
    )
    unit.organisation_id = parent.organisation_id if parent else require_organisation_id()
    unit.save()
    for child in planned.units:
        _add_unit(child, unit, language)


@transaction.atomic
def change_organisation(*, organisation: Organisation, values: Mapping[str, Any], by: Actor) -> Organisation:
    """Change named settings of an organisation; the log keeps what they were. The caller has checked the values.

    Returns the organisation as it is now. The one given is left alone: requests share it, and must not see what may
    yet be rolled back.
    """
    changed = Organisation.objects.select_for_update().get(pk=organisation.pk)
    before = {name: getattr(changed, name) for name in values}
    for name, value in values.items():
        setattr(changed, name, value)
    changed.save(update_fields=list(values))
    record(
        verb="organisation.changed",
        subject_type="organisation",
        subject_id=changed.pk,
        by=by,
        data={"before": before, "after": dict(values)},
    )
    forget_hosts()
    transaction.on_commit(forget_hosts)  # another thread may have read the old values in between
    return changed


@transaction.atomic
def change_logo(*, organisation: Organisation, key: str, picture: bytes, by: Actor) -> None:
    """Show the logo that is stored under the key, "" for none; `picture` is the same, small (JPEG)."""
    change_organisation(organisation=organisation, values={"logo": key}, by=by)
    LogoPicture.objects.filter(organisation=organisation).delete()
    if key:
        LogoPicture.objects.create(organisation=organisation, key=key, picture=picture)
