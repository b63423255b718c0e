"""Agendas and minutes that are mailed in: from whom they count, what becomes of them, and of all else."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.arrivals import KEPT, keep_mail
from lyhord.intake.handling import handle_mail
from lyhord.intake.mail.reading import MOST_BYTES
from lyhord.intake.management.commands.receive_mail import receive
from lyhord.intake.models import Arrival, DraftCase, Original, Outcome
from lyhord.matters import tasks
from lyhord.matters.actions import sources
from lyhord.matters.actions.mailed import forget_letters
from lyhord.matters.mailbox import addresses_of, box_of
from lyhord.matters.models import Document, MailedLetter, MailedPaper, Matter, Source
from lyhord.matters.polite import Web
from lyhord.notifications.models import Notice
from lyhord.notifications.names import message_id
from lyhord.organisations.models import Inlet, Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.far_end import FarEnd, Reply, listening
from tests.intake.mail.conftest import open_inlets
from tests.matters.papers import COUNCIL, EXECUTIVE
from tests.matters.pdf import pdf
from tests.planted import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.3", "N5")]
NINA = "nina@namnd.example"
VOUCHED = f"mx.motala.example; dmarc=pass header.from={NINA.partition('@')[2]}"
MINUTES = pdf(["Kommunstyrelsen", "Protokoll 2026-10-06", *[line for line in EXECUTIVE.splitlines() if line]])


@pytest.fixture
def town(db: None) -> Organisation:
    """Motala, which takes in mail, by a server that says what it calls itself."""
    made = factories.make_organisation("motala")
    Organisation.objects.filter(pk=made.pk).update(settings={"mail_server": "mx.motala.example"})
    open_inlets(made)
    return Organisation.objects.get(pk=made.pk)


@pytest.fixture
def source(town: Organisation) -> Source:
    return add(town)


@pytest.fixture
def there(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FarEnd]:
    """A web site; nobody waits between questions in tests."""
    monkeypatch.setattr(tasks, "Web", lambda: Web(pause=0))
    with listening(settings) as end:
        end.usual = Reply(status=404, body=b"")
        yield end


def add(town: Organisation, name: str = "Nämndsekreteraren", **config: str) -> Source:
    given = {"senders": f"{NINA}, @lista.example", **config}
    with organisation_scope(town.pk):
        return sources.save_source(kind="mail_in", name=name, config=given, interval_minutes=60, by=factories.TEST)


def address(source: Source, *, secret: bool = False) -> str:
    with organisation_scope(source.organisation_id):
        return addresses_of(source)[secret]


def letter(to: str, *, sender: str = NINA, text: str = "Protokollet bifogas.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {"From": sender, "To": to, "Subject": "Protokoll", "Date": "Tue, 06 Oct 2026 16:00:00 +0200", **headers}
    for name, value in given.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def with_file(made: EmailMessage, data: bytes = MINUTES, name: str = "KS protokoll.pdf") -> EmailMessage:
    made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made


def send(town: Organisation, mail: EmailMessage, to: str, *, results: str = VOUCHED) -> Arrival:
    """As the mail server hands it over, which writes its line on top; and read."""
    raw = (f"Authentication-Results: {results}\n" if results else "").encode() + mail.as_bytes()
    with organisation_scope(town.pk):
        inlet = Inlet.objects.get(organisation=town, answers=True)
        arrival = keep_mail(inlet=inlet, raw=raw, recipients=[to], by=factories.TEST)
    handle_mail(organisation_id=town.pk, arrival_id=arrival.pk)
    with organisation_scope(town.pk):
        arrival.refresh_from_db()
    return arrival


def visit(source: Source) -> Source:
    tasks.visit.func(organisation_id=source.organisation_id, source_id=source.pk)
    with organisation_scope(source.organisation_id):
        return Source.objects.get(pk=source.pk)


def letters(town: Organisation) -> list[tuple[str, int]]:
    with organisation_scope(town.pk):
        return list(MailedLetter.objects.order_by("pk").values_list("refused", "papers"))


@pytest.mark.requirement("3.14")
def test_a_file_becomes_a_matter_once(town: Organisation, source: Source) -> None:
    to = address(source)
    assert re.fullmatch(rf"svar\+handling{source.pk}-[a-z0-9]{{20}}@motala\.example", to)
    arrival = send(town, with_file(letter(to, Message_ID="<ett@namnd.example>")), to)
    assert (arrival.outcome, arrival.reason) == (Outcome.PAPER, "")
    assert visit(source).last_error == ""
    with organisation_scope(town.pk):
        document = Document.objects.get()
        assert (document.kind, document.title) == ("minutes", "KS protokoll")
        assert Matter.objects.get().stage == "executive"
        assert not MailedPaper.objects.exists()
        events = Event.objects.count()
    again = send(town, with_file(letter(to, Message_ID="<ett@namnd.example>")), to)  # the very same mail
    assert again.pk == arrival.pk
    send(
        town, with_file(letter(to, Message_ID="<nummer2@namnd.example>"), name="Kopia.pdf"), to
    )  # the same file in another
    visit(source)
    with organisation_scope(town.pk):
        assert Document.objects.count() == 1
        assert Event.objects.exclude(subject_type="source").count() <= events
    assert letters(town) == [("", 1), ("", 1)]
    with organisation_scope(town.pk):
        assert not Case.objects.exists()
        assert not DraftCase.objects.exists()


@pytest.mark.parametrize(
    ("reason", "written"),
    [
        ("sender", ("mallory@annan.example", "mx.motala.example; dmarc=pass header.from=annan.example", {})),
        ("unproven", (NINA, "", {})),
        ("unproven", (NINA, "mx.motala.example; dmarc=fail header.from=namnd.example", {})),
        ("unproven", (NINA, "mx.annan.example; dmarc=pass header.from=namnd.example", {})),
        ("sender", (f"{NINA}, mallory@annan.example", VOUCHED, {})),
        ("sender", ("", VOUCHED, {})),
        ("automatic", (NINA, VOUCHED, {"Auto_Submitted": "auto-replied"})),
        ("spam", (NINA, VOUCHED, {"X_Spam_Flag": "YES"})),
    ],
)
def test_what_does_not_count_is_kept_and_says_why(
    town: Organisation, source: Source, reason: str, written: tuple[str, str, dict[str, str]]
) -> None:
    to, (sender, results, headers) = address(source), written
    arrival = send(town, with_file(letter(to, sender=sender, **headers)), to, results=results)
    assert (arrival.outcome, arrival.reason) == (Outcome.REFUSED, reason)
    visit(source)
    assert letters(town) == [(reason, 0)]
    with organisation_scope(town.pk):
        assert not Document.objects.exists()
        assert Original.objects.filter(arrival=arrival).exists()
        assert Event.objects.filter(verb="source.letter_refused", data__reason=reason).count() == 1
        assert not Case.objects.exists()


def test_a_line_that_the_sender_wrote_counts_for_nothing(town: Organisation, source: Source) -> None:
    """The server's own stands on top of it, or there is none of the server's and the name is another's."""
    to = address(source)
    forged = with_file(letter(to, Authentication_Results=VOUCHED))
    assert (
        send(town, forged, to, results="mx.motala.example; dmarc=fail header.from=namnd.example").reason == "unproven"
    )
    Organisation.objects.filter(pk=town.pk).update(settings={})
    other = with_file(letter(to, Message_ID="<x@namnd.example>"))
    assert send(town, other, to).reason == "unproven"  # nobody has said whose word counts


def test_the_secret_address_needs_no_servers_word_but_a_listed_sender(town: Organisation, source: Source) -> None:
    to = address(source, secret=True)
    assert to != address(source)
    assert send(town, with_file(letter(to)), to, results="").outcome == Outcome.PAPER
    stranger = with_file(letter(to, sender="mallory@annan.example"))
    assert send(town, stranger, to, results="").reason == "sender"
    everybody = with_file(letter(to, sender="vem-som-helst@lista.example"))
    assert send(town, everybody, to, results="").outcome == Outcome.PAPER


def test_an_address_that_has_been_changed_is_refused_and_others_are_no_address(
    town: Organisation, source: Source
) -> None:
    old = address(source, secret=True)
    with organisation_scope(town.pk):
        config = {**source.config, "word": "nytt"}
        sources.save_source(
            kind="mail_in", name=source.name, config=config, interval_minutes=60, by=factories.TEST, source_id=source.pk
        )
        changed = Source.objects.get(pk=source.pk)
    assert address(changed, secret=True) != old
    assert send(town, with_file(letter(old)), old).reason == "address"
    feed = factories_source(town)
    mjolby = factories.make_organisation("mjolby")
    open_inlets(mjolby)
    foreign = address(add(mjolby), secret=True).replace("mjolby", "motala")
    with organisation_scope(town.pk):
        for name in (old.replace(f"handling{source.pk}", f"handling{feed.pk}"), "svar@motala.example", "", foreign):
            found = box_of(name)
            assert found is None or not found.genuine


def factories_source(town: Organisation) -> Source:
    with organisation_scope(town.pk):
        return sources.save_source(
            kind="feed", name="Flöde", config={"url": "https://x.example/"}, interval_minutes=60, by=factories.TEST
        )


def test_links_to_files_are_fetched_and_no_others(town: Organisation, source: Source, there: FarEnd) -> None:
    """What a link without a file's name does is not known: it may end a subscription."""
    to = address(source)
    text = (
        f"Kallelsen: {there.url}/kallelse%20KS.html. Protokollet: <{there.url}/download/18.abc/1/p>\n"
        f"Avsluta: {there.url}/avsluta?id=7 Vår sida: {there.url}/ Filen igen: {there.url}/kallelse%20KS.html\n"
    )
    assert send(town, letter(to, text=text), to).outcome == Outcome.PAPER
    visit(source)
    asked = [heard.path for heard in there.heard if heard.path != "/robots.txt"]
    assert asked == ["/kallelse%20KS.html", "/download/18.abc/1/p"]
    with organisation_scope(town.pk):
        kept = MailedLetter.objects.get()
        assert (kept.papers, kept.left) == (2, [f"{there.url}/avsluta?id=7", f"{there.url}/"])
        assert set(Document.objects.values_list("quality", flat=True)) == {"unreadable"}  # shown as such


def test_what_is_no_paper_is_named(town: Organisation, source: Source) -> None:
    to = address(source)
    made = with_file(with_file(letter(to)), b"PK\x03\x04", "Bilaga.docx")
    send(town, made, to)
    with organisation_scope(town.pk):
        kept = MailedLetter.objects.get()
        assert (kept.papers, kept.left) == (1, ["Bilaga.docx"])
    empty = with_file(letter(to, Message_ID="<tom@namnd.example>"), b"PK\x03\x04", "Bilaga.docx")
    assert send(town, empty, to).reason == "empty"


def test_what_is_too_large_is_said_to_the_sender_or_on_the_page(
    town: Organisation, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = address(source)
    status, said = receive(b"From: x@y.se\n\n" + b"x" * MOST_BYTES, [to])
    assert (status, "för stort" in said) == (65, True)
    many = letter(to)
    for number in range(32):
        with_file(many, COUNCIL.encode() + str(number).encode(), f"Protokoll {number}.txt")
    assert send(town, many, to).outcome == Outcome.PAPER
    with organisation_scope(town.pk):
        kept = MailedLetter.objects.get()
        assert kept.papers == 30
        assert kept.left == ["Fler eller större filer än vi tar emot"]
    visit(source)
    with organisation_scope(town.pk):
        assert (Document.objects.count(), MailedPaper.objects.count()) == (20, 10)
        assert Source.objects.get(pk=source.pk).next_at <= now()
    visit(source)
    with organisation_scope(town.pk):
        assert (Document.objects.count(), MailedPaper.objects.count()) == (30, 0)


def test_our_own_news_that_come_round_are_let_be(town: Organisation, source: Source) -> None:
    to = address(source, secret=True)
    case = factories.make_case(town, email="anna@exempel.se")
    with organisation_scope(town.pk):
        name = message_id(Notice.objects.latest("pk").pk, "motala.localhost")
    arrival = send(town, with_file(letter(to, Message_ID=name)), to)
    assert (arrival.outcome, arrival.reason) == (Outcome.IGNORED, "own")
    looped = letter(to, Message_ID="<runt@namnd.example>")
    for _server in range(60):
        looped["Received"] = "from a by b; Tue, 06 Oct 2026 16:00:00 +0200"
    assert send(town, with_file(looped), to).reason == "loop"
    assert case.case.pk


def test_a_source_that_rests_keeps_what_comes(town: Organisation, source: Source) -> None:
    to = address(source)
    with organisation_scope(town.pk):
        sources.switch_source(source_id=source.pk, active=False, by=factories.TEST)
    assert send(town, with_file(letter(to)), to).outcome == Outcome.PAPER
    visit(source)
    with organisation_scope(town.pk):
        assert (Document.objects.count(), MailedPaper.objects.count()) == (0, 1)
        sources.switch_source(source_id=source.pk, active=True, by=factories.TEST)
    visit(source)
    with organisation_scope(town.pk):
        assert Document.objects.count() == 1
        MailedLetter.objects.update(received_at=now() - KEPT * 2)
        forget_letters()
        assert not MailedLetter.objects.exists()
        assert Document.objects.count() == 1


@pytest.mark.requirement("N3")
def test_its_page_says_where_to_mail_and_what_came(cast: Cast) -> None:
    town = cast.motala
    open_inlets(town)
    made = add(town)
    client = Client(headers={"host": "motala.localhost"})
    client.force_login(cast.admin, backend="lyhord.accounts.backend.Backend")
    url = f"/installningar/beslut/kallor/{made.pk}/"
    page = client.get(url).content.decode()
    assert address(made) in page
    assert address(made, secret=True) in page
    assert "säg först vad mejlservern kallar sig" in page
    saved = client.post("/installningar/mejl/server/", {"mail_server": "MX.motala.example"})
    assert saved.status_code == 302
    assert client.post("/installningar/mejl/server/", {"mail_server": "två ord"}).status_code == 422
    forget_hosts()
    to = address(made)
    send(town, with_file(letter(to)), to, results="")
    send(town, with_file(letter(to, Message_ID="<b@namnd.example>"), name="<b>.pdf"), to)
    page = client.get(url).content.decode()
    assert "mx.motala.example" in page
    assert "har inte intygat" in page
    assert "En handling." in page
