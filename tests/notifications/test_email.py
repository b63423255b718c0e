"""The e-mail sender: headers, and what cannot be smuggled into them."""

from contextlib import suppress

import pytest
from django.core import mail
from django.core.mail import mailers
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from lyhord.notifications.models import Notice
from lyhord.notifications.names import message_id, notice_of
from lyhord.notifications.sender import SENDERS, SenderError
from lyhord.organisations.models import Inlet, Organisation
from tests.notifications.post_office import PostOffice, text_of


def notice(organisation: Organisation, **values: str) -> Notice:
    """A notice that is not saved."""
    words = {"address": "anna@exempel.se", "language": "sv", "subject": "Nytt svar", "body": "Läs här: å ä ö 🙂"}
    return Notice(pk=42, organisation=organisation, **(words | values))


def send(letter: Notice) -> None:
    """By the e-mail sender."""
    SENDERS.get("email").send(letter)


@pytest.mark.requirement("0.22")
@pytest.mark.django_db
def test_headers_say_who_speaks_and_that_a_machine_wrote(
    motala: Organisation, post_office: PostOffice, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Någon annan <svara-inte@motala.example>"
    motala.service_name, motala.email = "Säg till, Motala", "kundcenter@motala.example"
    send(notice(motala, stop_link="https://motala.localhost/folj/1/sluta/"))
    [letter] = post_office.letters
    assert letter["From"].addresses[0].display_name == "Säg till, Motala"
    assert letter["From"].addresses[0].addr_spec == "svara-inte@motala.example"
    assert letter["To"] == "anna@exempel.se"
    assert letter["Reply-To"] == "kundcenter@motala.example"
    assert letter["Message-ID"] == message_id(42, "motala.localhost")
    assert post_office.senders == ["svara-inte@motala.example"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://motala.localhost/folj/1/sluta/>"
    assert letter["Content-Language"] == "sv"
    assert letter["Subject"] == "Nytt svar"
    assert letter.get_content_type() == "text/plain"
    assert text_of(letter).strip() == "Läs här: å ä ö 🙂"


@pytest.mark.requirement("0.17", "P24")
@pytest.mark.django_db
def test_where_answers_go_and_what_it_belongs_to(motala: Organisation, post_office: PostOffice) -> None:
    Inlet.objects.create(organisation=motala, channel="email", address="svar@motala.example", answers=True)
    motala.email = "kundcenter@motala.example"
    send(
        notice(motala, reply_to="svar+26-1-abc@motala.example", thread="<resident@exempel.se> <root@motala.localhost>")
    )
    send(notice(motala, thread="<root@motala.localhost>"))
    first, second = post_office.letters
    assert first["Reply-To"] == "svar+26-1-abc@motala.example"
    assert first["In-Reply-To"] == "<resident@exempel.se>"
    assert first["References"] == "<resident@exempel.se> <root@motala.localhost>"
    assert first["Auto-Submitted"] == "auto-replied"
    assert second["Reply-To"] == "kundcenter@motala.example"
    assert second["In-Reply-To"] == "<root@motala.localhost>"
    assert second["Auto-Submitted"] == "auto-generated"
    assert [notice_of(sender) for sender in post_office.senders] == [42, 42]
    assert str(first["From"]).endswith("<svara-inte@lyhord.localhost>")  # as before: only the envelope has another


@pytest.mark.django_db
def test_without_a_stop_link_or_a_mailbox_there_is_no_header_for_it(
    motala: Organisation, post_office: PostOffice
) -> None:
    send(notice(motala))
    [letter] = post_office.letters
    assert letter["List-Unsubscribe"] is None
    assert letter["Reply-To"] is None


@pytest.mark.django_db
def test_nothing_can_be_smuggled_into_the_headers(motala: Organisation, post_office: PostOffice) -> None:
    motala.service_name = "Dialog\r\nBcc: evil@exempel.se"
    send(notice(motala, subject="Nytt\nBcc: evil@exempel.se\r\n\r\nText", body="Hej\r\n.\r\nRCPT TO:<evil@exempel.se>"))
    [letter] = post_office.letters
    assert post_office.recipients == [["anna@exempel.se"]]
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Nytt Bcc: evil@exempel.se Text"
    assert "RCPT TO" in text_of(letter)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["", "anna", "a@b.se\nBcc: c@d.se", "a@b.se,c@d.se", "å@exempel.se", "a b@c.se", "a" * 250 + "@b.se"]
)
def test_an_impossible_address_is_refused_for_good(motala: Organisation, post_office: PostOffice, address: str) -> None:
    with pytest.raises(SenderError) as caught:
        send(notice(motala, address=address))
    assert caught.value.permanent
    assert post_office.letters == []


@given(address=st.text(max_size=60) | st.emails())
def test_whatever_is_written_there_is_an_address_on_one_line_or_a_refusal(address: str) -> None:
    with suppress(SenderError):
        SENDERS.get("email").check(address)
        assert "\n" not in address
        assert "@" in address


@pytest.mark.django_db
def test_a_swedish_domain_is_written_in_ascii(motala: Organisation, post_office: PostOffice) -> None:
    send(notice(motala, address="anna@mjölby.example"))
    assert post_office.recipients == [["anna@xn--mjlby-kua.example"]]


@pytest.mark.django_db
def test_a_refusal_at_the_greeting_is_not_the_letters_fault(motala: Organisation, settings: Settings) -> None:
    options = {"host": "127.0.0.1", "port": 1, "timeout": 5}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    with pytest.raises(SenderError) as caught:
        send(notice(motala))
    assert not caught.value.permanent


@pytest.mark.django_db
def test_the_demo_accepts_and_keeps_nothing(motala: Organisation, settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "lyhord.notifications.demo_mail.DemoBackend"}}
    send(notice(motala))
    assert mailers.default.send_messages([]) == 0
    assert mail.outbox == []
