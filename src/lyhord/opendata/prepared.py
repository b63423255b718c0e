"""Large files of published cases: asked for by anybody, made by a job, kept while somebody wants them.

A GeoPackage is a database, which cannot be sent before it is whole. A small one is made while the one who asks waits;
for a large one that would be too long. So a job makes it, and what was made last is given out until there is a newer
one. Nothing here is a change to anybody's data, so no event is recorded: the files hold what everybody may read.
"""

from datetime import timedelta
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from lyhord.cases.export import Names, export_batches, export_version, published_until
from lyhord.cases.public_filter import PublicFilter
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.opendata.geopackage import geopackage
from lyhord.opendata.models import PreparedFile
from lyhord.opendata.versions import version_of
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url

AT_ONCE = 10_000
"""Cases in a file that is made while one waits: less than half a second's work."""
FRESH = timedelta(hours=24)
"""How old a file may be that is given out although something has changed since: a job makes the next one meanwhile."""
_A_NIGHT = timedelta(hours=2)  # in which all are made anew
KEPT = timedelta(days=14)
"""How long a file is kept, and made anew each night, after somebody asked for it."""
MOST_WAITING = 5
"""So many choices of an organisation wait to be made at once; who asks for one more is asked to come back."""


class TooMany(Exception):
    """Others wait already."""


def known_size(ending: str, selection: str) -> int:
    """How many bytes the file that is given out of a choice has; 0 where none is kept."""
    sizes = (
        PreparedFile.objects.filter(format=ending, selection=selection).exclude(key="").values_list("size", flat=True)
    )
    return int(sizes.first() or 0)


@transaction.atomic
def wanted(
    *, ending: str, selection: str, chosen: PublicFilter, language: str, version: str
) -> tuple[PreparedFile, bool]:
    """The file of a choice, and whether a job should make it (anew). It can be given out if it `is_fresh`.

    Raises TooMany.
    """
    row = PreparedFile.objects.select_for_update().filter(format=ending, selection=selection).first()
    begin = row is None or (not row.waiting and row.version != version)
    if begin and PreparedFile.objects.filter(waiting=True).count() >= MOST_WAITING:
        if row is None or not is_fresh(row):
            raise TooMany
        begin = False
    if row is None:
        row, _created = PreparedFile.objects.get_or_create(
            format=ending,
            selection=selection,
            defaults={"filter": chosen.to_json(), "language": language, "asked_at": now(), "waiting": True},
        )
        return row, True
    row.asked_at, row.waiting = now(), row.waiting or begin
    row.save(update_fields=["asked_at", "waiting"])
    return row, begin


def is_fresh(row: PreparedFile) -> bool:
    """Whether there is a file that can be given out: young enough, and nothing in it has been taken back since."""
    if not row.key or row.begun_at is None or now() - row.begun_at > FRESH + _A_NIGHT:
        return False
    return published_until(PublicFilter.from_json(row.filter), row.begun_at) == row.cases


def open_prepared(row: PreparedFile) -> "File[bytes] | None":
    """The file, open for reading; None when the storage has lost it."""
    try:
        return default_storage.open(row.key)
    except FileNotFoundError:
        PreparedFile.objects.filter(pk=row.pk, key=row.key).update(key="", version="")  # who asks next has it made
        return None


def make(*, organisation_id: int, file_id: int) -> bool:
    """Make the file and put it in the last one's place; False when nobody wants it any more.

    Outside any scope: the cases are read a thousand at a time, and no transaction is open while the storage writes.
    """
    with organisation_scope(organisation_id):
        row = PreparedFile.objects.filter(pk=file_id).first()
        if row is None:
            return False
        organisation = Organisation.objects.get(pk=organisation_id)
        chosen = PublicFilter.from_json(row.filter)
        with override(row.language):
            names = Names.read(row.language)
            begun_at = now()
            cases = published_until(chosen, begun_at)
            version = version_of(row.format, export_version(chosen), names, row.selection)
            title, said = words(organisation)
    prefix = public_url(organisation, reverse("public:list"))
    batches = export_batches(organisation_id, chosen, names)
    with geopackage(batches, lambda number: f"{prefix}{number}/", title=title, description=said) as made:
        size = made.seek(0, 2)
        made.seek(0)
        key = default_storage.save(f"exports/{organisation_id}/{uuid4()}.{row.format}", File(made))
    with organisation_scope(organisation_id):
        old = PreparedFile.objects.filter(pk=file_id).values_list("key", flat=True).first()
        found = PreparedFile.objects.filter(pk=file_id).update(
            key=key, version=version, size=size, cases=cases, begun_at=begun_at, made_at=now(), waiting=False
        )
    for gone in [old] if found else [key]:
        if gone:
            default_storage.delete(gone)
    return bool(found)


def give_up(*, organisation_id: int, file_id: int) -> None:
    """It could not be made: who asks again begins anew."""
    with organisation_scope(organisation_id):
        PreparedFile.objects.filter(pk=file_id).update(waiting=False)


def words(organisation: Organisation) -> tuple[str, str]:
    """The title and the description of a file, in the language that is active."""
    title = _("Publicerade ärenden, %(name)s") % {"name": organisation.name}
    return title, _("Det som invånare har berättat och som har granskats och publicerats.")


def tidy(*, organisation_id: int) -> list[int]:
    """Remove what nobody has asked for in a long time; the ids of those to be made anew tonight."""
    with organisation_scope(organisation_id):
        old = PreparedFile.objects.filter(asked_at__lt=now() - KEPT)
        gone = [(pk, key) for pk, key in old.values_list("pk", "key")]
        PreparedFile.objects.filter(pk__in=[pk for pk, _key in gone]).delete()
        kept = list(PreparedFile.objects.order_by("pk").values_list("pk", flat=True))
        PreparedFile.objects.filter(pk__in=kept).update(waiting=True)
        named = set(PreparedFile.objects.values_list("key", flat=True))
    for key in {key for _pk, key in gone if key} | _nameless(organisation_id, named):
        default_storage.delete(key)
    return kept


def _nameless(organisation_id: int, named: set[str]) -> set[str]:
    """What a process left there that ended before it had written the row."""
    folder = f"exports/{organisation_id}"
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return set()
    found = {f"{folder}/{name}" for name in files} - named
    return {key for key in found if default_storage.get_modified_time(key) < now() - FRESH}
