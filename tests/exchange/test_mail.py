"""Mail as the last resort: the case goes as a mail, and what they answer comes back into it."""

import re
from collections.abc import Callable
from email.message import EmailMessage as Written
from typing import Any

import pytest
from django.core import mail

from lyhord.cases.actions import add_documents, note, reply
from lyhord.cases.models import Case, Message, Photo, Side
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.exchange import system_actions as actions
from lyhord.exchange.models import ChangeState, Link, Outgoing, System
from lyhord.files.actions import keep_document, keep_photo
from lyhord.intake.arrivals import keep_mail
from lyhord.intake.handling import handle_mail
from lyhord.intake.models import Arrival
from lyhord.organisations.models import Inlet, Organisation
from lyhord.organisations.queries import forget_hosts
from tests import factories
from tests.far_end import work
from tests.files.make import photo as picture

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "0.7", "0.22", "N9")]
THEIRS, OURS = "drift@vagforening.example", "svar@motala.example"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
type Answer = Callable[..., Arrival]


@pytest.fixture
def town(motala_alone: Organisation, settings: Any, tmp_path: Any) -> Organisation:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend", "OPTIONS": {}}}
    Inlet.objects.create(organisation=motala_alone, channel="email", address=OURS, answers=True)
    forget_hosts()
    return motala_alone


def set_up(town: Organisation, address: str = THEIRS) -> System:
    with organisation_scope(town.pk):
        system = actions.save_system(
            name="Vägföreningen", adapter="mail", settings={"email": address},
            mapping={"types": {"*": "Enskild väg"}}, by=factories.TEST,
        )  # fmt: skip
        return actions.switch_system(system_id=system.pk, active=True, by=factories.TEST)


@pytest.fixture
def case(town: Organisation) -> Case:
    """One with a picture, that has gone to the road association."""
    set_up(town)
    with organisation_scope(town.pk):
        photo = keep_photo(organisation_id=town.pk, data=picture(), by=Actor.resident())
    made = factories.make_case(town, "Hålet på Åbyvägen.", email="elin@example.se", photos=(photo,)).case
    work()
    return made


def to_them() -> list[mail.EmailMessage]:
    return [one for one in mail.outbox if one.to == [THEIRS]]


@pytest.fixture
def answer(town: Organisation) -> Answer:
    """They answer the last mail that we sent them."""

    def write(text: str, *, sender: str = THEIRS, to: str = "", pdf: bytes = b"", **headers: str) -> Arrival:
        last, written = to_them()[-1], Written()
        written["From"], written["To"] = sender, to or last.reply_to[0]
        written["Subject"], written["Message-ID"] = f"SV: {last.subject}", f"<{factories.unique()}@vagforening.example>"
        written["In-Reply-To"] = str(last.extra_headers["Message-ID"])
        for name, value in headers.items():
            del written[name.replace("_", "-")]
            written[name.replace("_", "-")] = value
        written.set_content(text)
        if pdf:
            written.add_attachment(pdf, maintype="application", subtype="pdf", filename="protokoll åäö.pdf")
        with organisation_scope(town.pk):
            inlet = Inlet.objects.get(address=OURS)
            arrival = keep_mail(inlet=inlet, raw=written.as_bytes(), recipients=[written["To"]], by=factories.TEST)
        handle_mail(organisation_id=town.pk, arrival_id=arrival.pk)
        work()
        with organisation_scope(town.pk):
            arrival.refresh_from_db()
        return arrival

    return write


def said(town: Organisation, side: Side) -> list[str]:
    with organisation_scope(town.pk):
        return list(Message.objects.filter(side=side).order_by("pk").values_list("text", flat=True))


def state(town: Organisation) -> str:
    with organisation_scope(town.pk):
        return str(Case.objects.get().state)


def test_the_case_goes_as_a_mail_that_a_person_and_a_program_can_read(town: Organisation, case: Case) -> None:
    [sent] = to_them()
    lines = str(sent.body).split("\n")
    assert lines[0] == f"Ärende: {case.number} {case.title}"
    assert lines[1] == "Sort: Enskild väg"
    assert lines[2] == f"Plats: {case.lat:.6f}, {case.lon:.6f}"
    assert "Hålet på Åbyvägen." in str(sent.body)
    assert "elin" not in str(sent.message())
    with organisation_scope(town.pk):
        key = Photo.objects.select_related("file").get().file.key
    [attached] = sent.attachments
    assert (attached[0], attached[2], bool(key)) == ("bild-1.jpg", "image/jpeg", True)
    with organisation_scope(town.pk):
        note(case_id=case.pk, text="zxintern: ring elverket.", by=factories.TEST)
        message = reply(case_id=case.pk, text="Vi har bett vägföreningen titta.", by=factories.TEST)
        file = keep_document(organisation_id=town.pk, data=PDF, name="karta åäö.pdf", by=factories.TEST)
        add_documents(case_id=case.pk, files=[file], message_id=message.pk, by=factories.TEST)
    work()
    first, second = to_them()
    assert not any("zxintern" in str(one.message()) for one in mail.outbox)
    assert second.extra_headers["References"] == first.extra_headers["References"]
    assert second.extra_headers["Message-ID"] != first.extra_headers["Message-ID"]
    assert [(one[0], one[1]) for one in second.attachments] == [("karta åäö.pdf", PDF)]


def test_the_first_word_says_what_an_answer_does(town: Organisation, case: Case, answer: Answer) -> None:
    answer("Vi undrar vem som äger muren.")
    assert said(town, Side.OFFICE) == []
    assert said(town, Side.INTERNAL) == ["Vi undrar vem som äger muren."]
    answer("Svar: Vi åker dit i morgon. Å ä ö.")
    assert said(town, Side.OFFICE) == ["Vi åker dit i morgon. Å ä ö."]
    answer("PÅBÖRJAT")
    assert state(town) == State.IN_PROGRESS
    arrival = answer("KLART. Hålet är lagat.\n\nHälsningar\nDrift", pdf=PDF)
    assert state(town) == State.RESOLVED
    assert said(town, Side.OFFICE)[1].startswith("Hålet är lagat.")
    assert len(said(town, Side.OFFICE)) == 2
    handle_mail(organisation_id=town.pk, arrival_id=arrival.pk)  # once more
    work(days=1)
    assert len(said(town, Side.OFFICE)) == 2
    assert len(to_them()) == 1  # nothing of theirs is sent back
    told = [one for one in mail.outbox if one.to == ["elin@example.se"]]
    assert 3 <= len(told) <= 5


def test_nobody_else_answers_for_them(town: Organisation, case: Case, answer: Answer) -> None:
    answer("KLART. Allt är bra.", sender="nagon@annan.example")
    forged = re.sub(r"(.)@", lambda found: "y@" if found[1] == "x" else "x@", to_them()[-1].reply_to[0])
    answer("KLART. Allt är bra.", to=forged, In_Reply_To="<x@y.example>")
    answer("KLART. Jag är på semester.", Auto_Submitted="auto-replied")
    assert said(town, Side.OFFICE) == []
    assert [text.partition(":")[0] for text in said(town, Side.INTERNAL)] == ["Autosvar från Vägföreningen"]
    assert state(town) == State.RECEIVED
    with organisation_scope(town.pk):
        assert Arrival.objects.filter(outcome="draft").count() == 2


def test_an_address_of_ours_is_refused_and_without_a_way_back_nothing_goes(town: Organisation) -> None:
    for wrong in ("", "ingen adress", OURS):
        with pytest.raises(Invalid) as refused:
            set_up(town, wrong)
        assert set(refused.value.errors) == {"email"}
    set_up(town)
    Inlet.objects.all().delete()
    forget_hosts()
    factories.make_case(town)
    work()
    with organisation_scope(town.pk):
        failed = Outgoing.objects.get()
        assert (failed.state, failed.error[:8]) == (ChangeState.FAILED, "settings")
        assert Link.objects.get().remote_id == ""
    assert to_them() == []
