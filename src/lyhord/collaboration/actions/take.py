"""One organisation takes another's case over: one transaction on both sides of the wall, one winner."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lyhord.cases.actions.changes import lock, log
from lyhord.cases.actions.messages import note
from lyhord.cases.actions.state import change_state
from lyhord.cases.facts import NewReporter
from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case, Photo, Reporter
from lyhord.cases.public_queries import type_by_code
from lyhord.cases.states import State
from lyhord.cases.ways import ways_of
from lyhord.collaboration.actions.offers import end_entries
from lyhord.collaboration.locks import together_in
from lyhord.collaboration.models import Offer, Outcome, Partner, PoolEntry
from lyhord.collaboration.notices import PoolTaken
from lyhord.collaboration.snapshot import hindrance
from lyhord.core.actor import Actor
from lyhord.core.errors import Conflict, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.files.actions import copy_photo
from lyhord.intake.channel import CHANNELS
from lyhord.intake.receive import find
from lyhord.intake.submission import MOST_PHOTOS, Receipt, Submission, SubmittedPhoto
from lyhord.notifications.actions import queue
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url
from lyhord.places.point import Point

CHANNEL = "collaboration"
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Taken:
    """The case as it is here now, and whose it was."""

    case: Case
    giver: Organisation


@dataclass(frozen=True, slots=True)
class _Given:
    """What comes over the wall with a case: nothing of the reporter unless they have agreed."""

    offer: Offer
    text: str
    reporter: NewReporter
    wants_feedback: bool
    publish: bool
    photos: tuple[Photo, ...]


@transaction.atomic
def take(*, entry_id: int, by: Actor) -> Taken:
    """Take a case out of the common queue: it becomes a case of the organisation in scope, at the desk that its rules
    choose, and ends where it was, with a message to its reporter about who has it now.

    Pressed twice it is one case. Raises NotFound; Conflict when somebody else was first or it is there no longer;
    Invalid when the organisation takes nothing of the sort.
    """
    entry = PoolEntry.objects.select_related("giver", "group").filter(pk=entry_id).first()
    if entry is None or not entry.group.joined:
        raise NotFound
    together_in(entry.group.uid)
    here = Organisation.objects.get(pk=entry.organisation_id)
    source = f"{CHANNEL}:{entry.giver_id}"
    with organisation_scope(entry.giver_id):
        given = _claim(entry, here)
    if given is None:
        known = find(organisation=here, source=source, external_id=str(entry.uid))
        if known is None:
            raise RuntimeError("taken here without a case")
        return Taken(known.case, entry.giver)
    receipt = _receive(here, entry, given, source)
    _note_origin(entry, receipt.case, by)
    with organisation_scope(entry.giver_id):
        _hand_over(given, here, receipt)
    return Taken(receipt.case, entry.giver)


def _claim(entry: PoolEntry, here: Organisation) -> _Given | None:
    """Lock the offer, in the giver's scope: whoever comes second waits here and then reads who was first.

    None when it is ours already.
    """
    # Without the taker's row, which would be the one from before the wait: none.
    found = Offer.objects.select_for_update(of=("self",)).filter(uid=entry.uid).first()
    if found is None or not Partner.objects.filter(group=found.group, member=here, joined=True).exists():
        raise NotFound  # what the giver's own list says decides, whatever stands in ours
    if found.state == Outcome.TAKEN and found.taker_id == here.pk:
        return None
    if found.state == Outcome.TAKEN:
        who = found.taker.name if found.taker else gettext("En annan kommun")
        raise Conflict(_("%(who)s hann före. Ärendet är deras nu.") % {"who": who})
    case = lock(found.case_id)
    reporter = Reporter.objects.filter(case=case).first()
    if found.state == Outcome.WITHDRAWN or hindrance(case, reporter):
        raise Conflict(_("%(who)s har tagit tillbaka frågan. Ärendet är kvar hos dem.") % {"who": entry.giver.name})
    photos = Photo.objects.filter(case=case, internal=False, published=True).select_related("file")
    agreed = found.contact and reporter is not None
    return _Given(
        offer=found,
        text=case.text if found.contact else entry.text,
        reporter=_as_new(reporter, case) if agreed and reporter else NewReporter(),
        wants_feedback=bool(agreed and case.wants_feedback),
        publish=case.publication_state == Case.Published.PUBLISHED,
        photos=tuple(photos.order_by("position", "pk")[:MOST_PHOTOS]),
    )


def _as_new(reporter: Reporter, case: Case) -> NewReporter:
    """Who they are, and the ways by which they want to hear of it."""
    return NewReporter(
        name=reporter.name,
        email=reporter.email,
        phone=reporter.phone,
        sender_kind=reporter.sender_kind,
        organisation_name=reporter.organisation_name,
        organisation_number=reporter.organisation_number,
        tell_by=tuple(way.sender for way in ways_of(case)),
    )


def _receive(here: Organisation, entry: PoolEntry, given: _Given, source: str) -> Receipt:
    """Take it in as everything is taken in. A sort that is not ours is left to our own words and rules."""
    same = type_by_code(entry.type_code)
    by = Actor.system(entry.giver.name)
    photos = tuple(
        SubmittedPhoto(copy_photo(file=photo.file, organisation_id=here.pk, by=by), photo.alt) for photo in given.photos
    )
    point = None
    if entry.lat is not None and entry.lon is not None:
        point = Point(entry.lat, entry.lon, accuracy_m=None, source="map")
    submission = Submission(
        source=source,
        external_id=str(entry.uid),
        channel=CHANNEL,
        text=given.text,
        kind=entry.kind,
        case_type=entry.type_code if same is not None and same.kind == entry.kind else None,
        point=point,
        place_text=entry.place_text,
        reporter=given.reporter,
        wants_feedback=given.wants_feedback,
        publish=given.publish,
        photos=photos,
        language=entry.language,
        longest=LONGEST,
        submitted_at=entry.registered_at,
    )
    return CHANNELS.get(CHANNEL).receive(organisation=here, submission=submission, by=by)


def _note_origin(entry: PoolEntry, case: Case, by: Actor) -> None:
    """Who took it and from whom, in the log and where the one who handles it reads."""
    log(case, "taken_from", by, giver=entry.giver.name, number=entry.number)
    said = gettext("Från %(giver)s, där det hade nummer %(number)s. De skrev: %(reason)s") % {
        "giver": entry.giver.name,
        "number": entry.number,
        "reason": entry.reason,
    }
    note(case_id=case.pk, text=said, by=by, external_id=f"{CHANNEL}-{entry.uid}")


def _hand_over(given: _Given, taker: Organisation, receipt: Receipt) -> None:
    """End it where it was, in the giver's scope: who has it, under which number, told to everybody it concerns."""
    found, system = given.offer, Actor.system(taker.name)
    case = lock(found.case_id)
    found.state, found.taker, found.taker_number = Outcome.TAKEN, taker, receipt.number
    found.save(update_fields=["state", "taker", "taker_number"])
    log(case, "taken_over", system, level=3, taker=taker.name, number=receipt.number, contact=found.contact)
    states = KINDS.get(case.kind).states
    with translation.override(case.language):
        change_state(
            case_id=case.pk,
            to=State.REFUSED if State.REFUSED in states else State.RESOLVED,
            reason=gettext("%(who)s har tagit över ärendet.") % {"who": taker.name},
            responsible=taker.name,
            message=_message(given, taker, receipt.number),
            by=system,
        )
    end_entries(found, Outcome.TAKEN, taker=taker)
    if case.unit.email:
        giver = Organisation.objects.get(pk=case.organisation_id)
        queue(PoolTaken(organisation=giver, case=case), address=case.unit.email)


def _message(given: _Given, taker: Organisation, number: str) -> str:
    """What the reporter reads: who has it now, the number there, and whether they know how to reach them."""
    words = {"who": taker.name, "number": number, "url": public_url(taker, "/"), "phone": taker.phone}
    first = gettext("%(who)s har tagit över ditt ärende. Hos dem har det nummer %(number)s.") % words
    if given.reporter.email or given.reporter.phone:
        if not Case.objects.filter(duplicate_of=given.offer.case_id).exists():
            return f"{first} " + gettext("De har fått dina kontaktuppgifter, som du sagt ja till, och svarar dig.")
        # The same message goes to those whose cases were merged into this one, and nobody has asked them.
        second = gettext("De har kontaktuppgifter bara till den som har sagt ja till det.")
    else:
        second = gettext("De vet inte vem du är.")
    third = gettext("Vill du veta hur det går, hör av dig till dem och säg numret.")
    where = gettext("%(url)s eller %(phone)s") if taker.phone else "%(url)s"
    return f"{first} {second} {third}\n\n{where % words}"
