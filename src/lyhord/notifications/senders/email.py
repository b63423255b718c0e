"""E-mail: plain text, one message to one address."""

from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from lyhord.core.mail_address import LONGEST, mail_address
from lyhord.core.text import clean_text
from lyhord.notifications.models import Notice
from lyhord.notifications.names import message_id, return_address
from lyhord.notifications.sender import Sender, SenderError
from lyhord.notifications.smtp import deliver
from lyhord.organisations.models import Inlet
from lyhord.organisations.queries import answer_address, primary_host


class Email(Sender):
    """By SMTP, or by whichever mail service the settings name."""

    slug = "email"
    label = _("Mejl")
    order = 10
    address_label = _("Din mejladress")
    input_type = autocomplete = "email"

    def check(self, address: str) -> None:
        """Refuse what is no address, and what is longer than SMTP carries (RFC 5321: 254 characters)."""
        try:
            validate_email(address)
        except ValidationError:
            address = ""
        if not 0 < len(address) <= LONGEST:
            raise SenderError("adressen är ingen mejladress", permanent=True)

    def clean(self, written: str) -> str:
        """In small letters, as everywhere."""
        return mail_address(written, field="address")

    def shy(self, address: str) -> str:
        """ "a…@example.se"."""
        name, _at, host = address.partition("@")
        return f"{name[:1]}…@{host}" if host else ""

    def send(self, notice: Notice) -> None:
        """Hand the mail to the server; a yes from it is a yes."""
        self.check(notice.address)
        deliver(message(notice))


def message(notice: Notice) -> EmailMessage:
    """The mail. The headers say who speaks, that a machine wrote it, and how to have no more of it."""
    organisation = notice.organisation
    name = clean_text(organisation.service_name, one_line=True)
    sender = str(Address(name, addr_spec=parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    headers = {
        "From": sender,
        "Message-ID": message_id(notice.pk, primary_host(organisation)),
        "Auto-Submitted": "auto-replied" if " " in notice.thread else "auto-generated",  # to a mail that somebody sent
        "X-Auto-Response-Suppress": "All",
        "Content-Language": notice.language,
    }
    if notice.stop_link:  # one press in the mail program ends it (RFC 8058): the address takes a POST without log-in
        headers["List-Unsubscribe"] = f"<{notice.stop_link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if notice.thread:
        headers |= {"In-Reply-To": notice.thread.split(" ")[0], "References": notice.thread}
    mailbox = answer_address(organisation.pk, Inlet.Channel.EMAIL)
    reply_to = notice.reply_to or organisation.email
    return EmailMessage(
        subject=clean_text(notice.subject, one_line=True),
        body=notice.body,
        from_email=return_address(notice.pk, mailbox) if mailbox else sender,  # the envelope's: bounces come there
        to=[notice.address],
        reply_to=[reply_to] if reply_to else None,
        headers=headers,
    )
