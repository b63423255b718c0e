"""What comes from a case system: done here once, in their order, by the same actions as a person's.

When both sides have changed the state, the later change stands, and ours when they are equal (ADR 16). Both are kept.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lyhord.accounts.models import User
from lyhord.audit.models import Event
from lyhord.cases.actions import add_documents, assign, change_state, note, reply
from lyhord.cases.models import Case
from lyhord.cases.states import CLOSED, NEEDS_DATE, NEEDS_REASON, NEEDS_RESPONSIBLE, State
from lyhord.core.actor import Actor
from lyhord.core.clock import now, today
from lyhord.core.errors import LyhordError
from lyhord.exchange import lanes, outbox, systems
from lyhord.exchange.adapter import ADAPTERS, News
from lyhord.exchange.lanes import Turn
from lyhord.exchange.models import ChangeKind, ChangeState, Incoming, Link, Outgoing
from lyhord.files.actions import keep_document, keep_photo
from lyhord.files.documents import RefusedDocument
from lyhord.files.images import RefusedFile
from lyhord.files.models import StoredDocument, StoredFile

Outcome = Incoming.Outcome


class Busy(Exception):
    """A change of ours is on its way to that very errand: their news must wait, so that we know who was last."""


def wanted(system_id: int, news: News) -> bool:
    """Whether it is about a case of ours, and new. Raises Busy."""
    link = Link.objects.filter(system_id=system_id, remote_id=news.remote_id).first()
    if link is None or Incoming.objects.filter(link=link, key=news.key).exists():
        return False
    if link.busy_until and link.busy_until > now():
        raise Busy
    return True


def take(system_id: int, news: News) -> list[Turn]:
    """Do here what was done there; what does not go is noted for staff. Raises Busy."""
    links = Link.objects.select_for_update(of=("self",)).select_related("system", "case__case_type", "case__version")
    link = links.filter(system_id=system_id, remote_id=news.remote_id).first()
    if link is None or not wanted(system_id, news):
        return []
    by = Actor.system(link.system.name)
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=link.case_id)  # nobody acts in between
    before = last_event(link)
    try:
        with transaction.atomic():
            outcome, reason = _do(link, case, news, by)
    except LyhordError as error:
        outcome, reason = Outcome.REFUSED, str(error.message)
        said = _("%(system)s ändrade något som inte går att göra här (%(what)s). %(why)s")
        told = said % {"system": by.label, "what": news.value or news.kind, "why": reason}
        note(case_id=link.case_id, text=told, by=by)
    echo(link, before, by)
    systems.note_time(system_id, "heard_at")
    _record(link, news, outcome, reason)
    return lanes.next_turn(link)


def echo(link: Link, after: int, by: Actor) -> None:
    """What we have just done to the case came from there, and is not sent back; what others did is."""
    done = Event.objects.about("case", link.case_id).filter(pk__gt=after, verb__in=outbox.VERBS)
    for event in done.filter(actor_kind=by.kind, actor_label=by.label):
        kind = ChangeKind.STATE if event.data.get("after") else ChangeKind.INTERNAL
        Outgoing.objects.create(link=link, event_id=event.pk, kind=kind, happened_at=event.at, state=ChangeState.ECHO)


def refuse(system_id: int, news: News, reason: str) -> None:
    """What the other system will not give us: noted once, so that the news behind it is read all the same."""
    link = (
        Link.objects.select_for_update(of=("self",))
        .select_related("system")
        .get(system_id=system_id, remote_id=news.remote_id)
    )
    if Incoming.objects.filter(link=link, key=news.key).exists():
        return
    _record(link, news, Outcome.REFUSED, reason)
    by, before = Actor.system(link.system.name), last_event(link)
    said = _("Något i %(system)s gick inte att hämta. %(why)s")
    note(case_id=link.case_id, text=said % {"system": by.label, "why": reason}, by=by)
    echo(link, before, by)


def last_event(link: Link) -> int:
    """The newest of the case's events."""
    return Event.objects.about("case", link.case_id).order_by("-pk").values_list("pk", flat=True).first() or 0


def _record(link: Link, news: News, outcome: Outcome, reason: str) -> None:
    Incoming.objects.create(
        link=link, key=news.key, kind=news.kind, value=news.value[:200], until=news.until, happened_at=news.at,
        received_at=now(), outcome=outcome, reason=reason[:500],
    )  # fmt: skip


def _do(link: Link, case: Case, news: News, by: Actor) -> tuple[Outcome, str]:
    if news.kind is ChangeKind.STATE:
        return _state(link, case, news, by)
    if news.kind is ChangeKind.OWNER:
        return _owner(link, case, news, by)
    return _said(link, news, by)


def _said(link: Link, news: News, by: Actor) -> tuple[Outcome, str]:
    photos, documents, lost = _keep(link.organisation_id, news, by)
    text = news.text or (_("Bifogade filer.") if news.files else "")
    if lost:
        told = _("Filer från %(system)s som vi inte kan ta emot: %(names)s. De ligger kvar där.")
        note(case_id=link.case_id, text=told % {"system": by.label, "names": ", ".join(lost)}, by=by)
    if not text.strip() or (lost and not news.text and not photos and not documents):
        return Outcome.NOTHING, ""
    say = reply if news.kind is ChangeKind.PUBLIC else note
    name = f"system-{link.system_id}-{news.key}"
    message = say(case_id=link.case_id, text=text, by=by, photos=photos, external_id=name)
    add_documents(case_id=link.case_id, files=documents, message_id=message.pk, by=by)
    return Outcome.APPLIED, ""


def _keep(
    organisation_id: int, news: News, by: Actor
) -> tuple[tuple[StoredFile, ...], list[StoredDocument], list[str]]:
    """Pictures are cleaned as all are; other files stay byte for byte. The names of those that cannot be kept."""
    photos, documents, lost = list[StoredFile](), list[StoredDocument](), list[str]()
    for file in news.files:
        try:
            if file.content_type.startswith("image/"):
                photos.append(keep_photo(organisation_id=organisation_id, data=file.data, by=by))
            else:
                documents.append(keep_document(organisation_id=organisation_id, data=file.data, name=file.name, by=by))
        except (RefusedFile, RefusedDocument):
            lost.append(file.name[:100])
    return tuple(photos), documents, lost


def _owner(link: Link, case: Case, news: News, by: Actor) -> tuple[Outcome, str]:
    email = systems.email_of(link.system, news.value)
    officer = User.objects.filter(email=email).first() if email else None
    if officer is None or officer.pk == case.officer_id:
        return Outcome.NOTHING, ""
    assign(case_id=case.pk, officer_id=officer.pk, by=by)
    return Outcome.APPLIED, ""


def _state(link: Link, case: Case, news: News, by: Actor) -> tuple[Outcome, str]:
    system = link.system
    outbox.catch_up(link)
    ours = outbox.moment(link)
    if ours is not None and ours >= news.at:
        _agree(link, case, news)
        return Outcome.OVERTAKEN, ""
    if _changed_later(link, news):
        return Outcome.OVERTAKEN, ""  # they have changed it once more, and that came first
    try:
        to = systems.state_of(system, news.value)
    except KeyError:
        return Outcome.NOTHING, _("Vi vet inte vad läget heter här.")
    overtaken = Outgoing.objects.filter(link=link, kind=ChangeKind.STATE, state=ChangeState.WAITING)
    crossed = overtaken.filter(attempts__gt=0).exists()
    overtaken.update(state=ChangeState.OVERTAKEN, next_try_at=None)
    until = None if to in CLOSED else news.until
    if until is not None:
        if until < today():
            return Outcome.NOTHING, _("Datumet har passerat.")
        to = State(case.state) if case.state in NEEDS_DATE else State.PLANNED
        same = case.state == to and case.state_until == until
    else:
        same = to is None or systems.word_for(system, case.state) == news.value
    if to is None or same:
        return Outcome.NOTHING, ""
    _change(case, to, until, by)
    case.refresh_from_db(fields=["state"])
    if crossed:
        _agree(link, case, news)
    else:
        _agree_if_later(link, case, news)
    return Outcome.APPLIED, ""


def _changed_later(link: Link, news: News) -> bool:
    """Whether a later word of theirs has come already; one that changes nothing here is none, in whatever order."""
    later = Incoming.objects.filter(link=link, kind=ChangeKind.STATE, happened_at__gt=news.at)
    return any(
        until is not None or systems.means_something(link.system, word)
        for word, until in later.values_list("value", "until")
    )


def _agree_if_later(link: Link, case: Case, news: News) -> None:
    """Ours came there after theirs: say once more what stands."""
    if Outgoing.objects.filter(link=link, kind=ChangeKind.STATE, sent_at__gte=news.at).exists():
        _agree(link, case, news)


def _agree(link: Link, case: Case, news: News) -> None:
    """Say our state once more, unless it waits to be said: both sides end in the one that stands."""
    if ChangeKind.STATE not in ADAPTERS.get(link.system.adapter).takes:
        return
    waiting = Outgoing.objects.filter(link=link, kind=ChangeKind.STATE, state=ChangeState.WAITING)
    if not waiting.exists():
        Outgoing.objects.create(
            link=link, kind=ChangeKind.STATE, value=case.state, until=case.state_until, happened_at=news.at
        )


def _change(case: Case, to: State, until: date | None, by: Actor) -> None:
    """To the state, with the words that it needs where the other system has none."""
    reason = _("Så har de som arbetar med ärendet beslutat.") if to in NEEDS_REASON else ""
    if case.state == to:  # another day for the same
        reason = case.state_reason
    responsible = by.label if to in NEEDS_RESPONSIBLE else ""
    answered = case.answered_at is not None and case.waiting_since is None
    message = _("Ärendet är avslutat.") if to in CLOSED and case.wants_feedback and not answered else ""
    change_state(case_id=case.pk, to=to, by=by, reason=reason, until=until, responsible=responsible, message=message)
