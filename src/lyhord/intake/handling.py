"""From what came in to what it becomes: read, decide, clean the files, act. Safe to run again at any point.

No transaction is open while a mail is read and its files are cleaned. The last step locks the arrival and does all in
one transaction, so that it is done once, however many try.
"""

from django.db import transaction

from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.abuse import digest_of
from lyhord.intake.arrivals import mark_failed
from lyhord.intake.deciding import Decision, What, decide
from lyhord.intake.enclosures import Enclosures, keep_enclosures, keep_text
from lyhord.intake.mail.letter import Letter
from lyhord.intake.mail.reading import UnreadableMail, read_mail
from lyhord.intake.models import Arrival, ArrivalState, Original, Outcome
from lyhord.intake.rates import DAY, HOUR, Rate, wait_for
from lyhord.intake.taking import LONGEST, Coming, take
from lyhord.organisations.models import Inlet

SYSTEM = Actor.system("mail")
RATES = (Rate(15, HOUR), Rate(40, DAY))
"""How many new things one sender begins before somebody is asked: two machines that answer each other never stop."""


def handle_mail(*, organisation_id: int, arrival_id: int, by: Actor = SYSTEM) -> None:
    """Take in one kept mail. Raises what may pass by itself (storage away); the rest is settled here."""
    with organisation_scope(organisation_id):
        arrival = Arrival.objects.filter(pk=arrival_id, state=ArrivalState.RECEIVED).first()
        raw = Original.objects.filter(arrival_id=arrival_id).values_list("data", flat=True).first()
    if arrival is None:
        return
    try:
        letter = read_mail(bytes(raw or b""))
    except UnreadableMail as unreadable:
        if not unreadable.permanent:
            raise
        with organisation_scope(organisation_id):
            mark_failed(arrival_id=arrival_id, reason=unreadable.code, by=by)
        return
    with organisation_scope(organisation_id):
        decision = decide(letter, _inlet(arrival), arrival.recipients)
    files = Enclosures()
    if decision.what in {What.JOIN, What.CASE, What.DRAFT, What.PARTY}:
        files = keep_enclosures(organisation_id, letter.attachments, by)
        text = letter.own_words if decision.what in {What.JOIN, What.PARTY} else letter.text
        if len(text) + len(letter.subject) > LONGEST:
            keep_text(organisation_id, letter.text, files, by)
    with organisation_scope(organisation_id):
        settle(arrival_id=arrival_id, letter=letter, decision=decision, files=files, by=by)


def _inlet(arrival: Arrival) -> Inlet:
    """Where it came; as new, where that address has been removed since."""
    found = Inlet.objects.filter(channel=arrival.channel, address=arrival.inlet).first()
    return found or Inlet(channel=arrival.channel, address=arrival.inlet)


def _too_many(arrival: Arrival, letter: Letter, decision: Decision) -> bool:
    """Whether the sender has begun so much lately that somebody should look; what belongs to a case always comes in."""
    if decision.what not in {What.CASE, What.DRAFT} or arrival.reason == "let_through":
        return False
    sender = letter.from_address or "nobody"
    waits = [
        wait_for(rate, purpose=purpose, digest=digest_of(purpose, sender))
        for rate, purpose in zip(RATES, ("mail", "mail_day"), strict=True)
    ]
    return any(waits)


@transaction.atomic
def settle(*, arrival_id: int, letter: Letter, decision: Decision, files: Enclosures, by: Actor) -> Outcome | None:
    """Do what was decided, once; None when somebody else has, or when the sender sends too much to let it pass."""
    arrival = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival_id).first()
    if arrival is None or arrival.state != ArrivalState.RECEIVED:
        return None
    arrival.sender, arrival.subject = letter.from_address[:254], letter.subject
    if _too_many(arrival, letter, decision):
        arrival.state, arrival.reason, arrival.handled_at = ArrivalState.HELD, "many", now()
        arrival.save()
        return None
    outcome = take(Coming(arrival, letter, files, _inlet(arrival), by), decision)
    arrival.state, arrival.outcome, arrival.reason = ArrivalState.HANDLED, outcome, decision.reason[:30]
    arrival.attempts += 1
    arrival.handled_at = now()
    arrival.save()
    return outcome
