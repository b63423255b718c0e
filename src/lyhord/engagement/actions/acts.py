"""What residents do at an opening. Nothing of who they are is in the log."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.audit.actions import record
from lyhord.cases.facts import NewReporter
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.errors import Conflict, Invalid, NotAllowed, NotFound
from lyhord.core.mail_address import mail_address
from lyhord.core.rows import insert
from lyhord.core.tenancy import require_organisation_id
from lyhord.core.text import clean_text
from lyhord.engagement.actions.openings import SUBJECT
from lyhord.engagement.mechanism import MECHANISMS, Mechanism
from lyhord.engagement.models import Act, Opening, Support
from lyhord.engagement.queries import may_answer_formally
from lyhord.intake.receive import receive
from lyhord.intake.submission import Receipt, Submission
from lyhord.matters.actions import link_case
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point
from lyhord.places.queries import areas_at
from lyhord.residents.models import Account

ALREADY = "already"
"""The code of a Conflict: this device has had its say."""
SOURCE = "engagement"
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PLACE = 120, 254, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody sends. `key` says what is the same (sameness.py)."""

    key: bytes
    choice: str = ""
    text: str = ""
    name: str = ""
    address: str = ""
    place_text: str = ""
    point: Point | None = None
    language: str = "sv"


@transaction.atomic
def take_part(*, opening_id: int, said: Said, by: Actor, account: Account | None = None) -> Act:
    """Keep what somebody chose or wrote. The same form sent twice is one act.

    Raises NotFound; Conflict where one cannot any more or (ALREADY) has; NotAllowed where one must log in; Invalid.
    """
    opening, mechanism = open_now(opening_id)
    if opening.formal and not may_answer_formally(account):
        raise NotAllowed(_("Logga in för att svara här."))
    act = _act(opening, mechanism, said)
    act.account = account if opening.formal else None
    if not insert(act, unless_taken=("organisation_id", "opening_id", "key")):
        if mechanism.by_choice:
            raise Conflict(_("Du har redan svarat. Ett svar räknas från varje telefon eller dator."), code=ALREADY)
        return Act.objects.get(opening=opening, key=said.key)
    _record("matter.said", opening, by, act)
    return act


@transaction.atomic
def ask(*, opening_id: int, said: Said, external_id: str, by: Actor) -> Receipt:
    """A question becomes a case, tied to the matter; the same form twice is one case. Raises as `take_part`."""
    opening, mechanism = open_now(opening_id)
    if not mechanism.becomes_case:
        raise NotFound
    organisation = Organisation.objects.get(pk=require_organisation_id())
    act = _act(opening, mechanism, said)
    submission = Submission(
        source=SOURCE,
        external_id=f"{opening.pk} {external_id}",
        channel="web",
        text=act.text,
        kind="fraga",
        reporter=NewReporter(name=act.name, email=act.address),
        wants_feedback=bool(act.address),
        language=said.language,
        unit_code=opening.unit_code,
    )
    receipt = receive(organisation=organisation, submission=submission, by=by)
    act.case, act.name, act.address = receipt.case, "", ""  # the case has them
    if insert(act, unless_taken=("organisation_id", "opening_id", "key")):
        link_case(matter_id=opening.matter_id, case_id=receipt.case.pk, by=by)
        _record("matter.said", opening, by, act)
    return receipt


@transaction.atomic
def support(*, act_id: int, device: bytes, by: Actor) -> None:
    """Agree with what is shown. Raises NotFound; Conflict as `take_part`."""
    act = Act.objects.filter(pk=act_id, state=Act.State.SHOWN).first()
    if act is None:
        raise NotFound
    opening, mechanism = open_now(act.opening_id)
    if not mechanism.supported:
        raise NotFound
    row = Support(organisation_id=require_organisation_id(), act=act, key=device, at=now())
    if not insert(row, unless_taken=("organisation_id", "act_id", "key")):
        raise Conflict(_("Du stöder redan den här idén."), code=ALREADY)
    _record("matter.supported", opening, by, act)


def open_now(opening_id: int) -> tuple[Opening, Mechanism]:
    """The opening and its mechanism. NotFound for one that is not shown, Conflict for one that takes nothing now."""
    opening = Opening.objects.select_related("matter").filter(pk=opening_id).first()
    if opening is None or opening.state == Opening.State.DRAFT or opening.matter.hidden:
        raise NotFound
    mechanism = MECHANISMS.find(opening.mechanism)
    if mechanism is None:
        raise NotFound
    if not opening.takes(opening.matter, today()):
        raise Conflict(_("Det går inte att svara här längre."), code="closed")
    return opening, mechanism


def _act(opening: Opening, mechanism: Mechanism, said: Said) -> Act:
    """The row, not written yet. Raises Invalid."""
    text, name = clean_text(said.text), clean_text(said.name, one_line=True)
    address, place = clean_text(said.address, one_line=True), clean_text(said.place_text, one_line=True)
    errors = _problems(opening, mechanism, said.choice, text)
    if mechanism.asks_who:
        if not name:
            errors["name"] = _("Skriv ditt namn.")
        if not address:
            errors["address"] = _("Skriv din mejladress eller postadress.")
    elif address and mechanism.becomes_case:
        try:
            address = mail_address(address, field="address")
        except Invalid as invalid:
            errors |= {name: str(sentence) for name, sentence in invalid.errors.items()}
    if mechanism.asks_place and said.point is None and not place:
        errors["place_text"] = _("Säg var det är: en adress, en gata eller en punkt på kartan.")
    for field, value, most in (
        ("name", name, LONGEST_NAME),
        ("address", address, LONGEST_ADDRESS),
        ("place_text", place, LONGEST_PLACE),
    ):
        if len(value) > most:
            errors.setdefault(field, _("Det blev för långt. Högst %(most)s tecken.") % {"most": most})
    if errors:
        raise Invalid(errors)
    point = said.point if mechanism.asks_place else None
    areas = areas_at("district", point)
    return Act(
        organisation_id=require_organisation_id(),
        opening=opening,
        key=said.key,
        choice=said.choice if mechanism.by_choice else "",
        text="" if mechanism.by_choice else text,
        language=said.language[:10],
        name=name if mechanism.asks_who or mechanism.becomes_case else "",
        address=address if mechanism.asks_who or mechanism.becomes_case else "",
        place_text=place if mechanism.asks_place else "",
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        area=areas[0] if areas else None,
        stage=opening.matter.stage,
        state=Act.State.COUNTED if mechanism.by_choice else Act.State.WAITING,
        at=now(),
    )


def _problems(opening: Opening, mechanism: Mechanism, choice: str, text: str) -> dict[str, str]:
    if mechanism.by_choice:
        known = {one.code for one in mechanism.choices(opening.settings)}
        return {} if choice in known else {"choice": _("Välj ett av svaren.")}
    if not text:
        return {"text": _("Skriv något. En mening räcker.")}
    if len(text) > mechanism.most_letters:
        return {"text": _("Det blev för långt. Högst %(most)s tecken.") % {"most": mechanism.most_letters}}
    return {}


def _record(verb: str, opening: Opening, by: Actor, act: Act) -> None:
    data = {"opening": opening.pk, "mechanism": opening.mechanism, "act": act.pk}
    record(verb=verb, subject_type=SUBJECT, subject_id=opening.matter_id, by=by, data=data, level=1)
