"""E-mail: plain text, one message to one address."""

import re
import smtplib
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
from lyhord.organisations.models import Inlet
from lyhord.organisations.queries import answer_address, primary_host

_NOBODY_THERE = {550, 551, 553}  # RFC 5321, 4.2.3: no such mailbox, it is elsewhere, its name is none
_CLOSER = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")  # RFC 3463, where the server gives it
_GONE = ("5.1.", "5.2.1")  # the address is bad; the mailbox is closed. Not 5.7: that is about us


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
        try:
            message(notice).send()
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()), (450, b""))
            raise _refused(code, text, refuses_address=True) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise SenderError(type(error).__name__, permanent=True) from error
        except smtplib.SMTPResponseException as error:  # at the greeting or the log-in: not this message's fault
            raise _refused(error.smtp_code, error.smtp_error, permanent=False) from error
        except OSError as error:  # also smtplib's own, and time running out
            raise SenderError(f"{type(error).__name__}: {error.strerror or ''}") from error


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


def _refused(
    code: int, text: bytes | str, *, permanent: bool | None = None, refuses_address: bool = False
) -> SenderError:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    final = 500 <= code < 600 if permanent is None else permanent
    closer = _CLOSER.search(said)
    gone = closer[0].startswith(_GONE) if closer else code in _NOBODY_THERE
    return SenderError(f"{code} {said}", permanent=final, bounced=refuses_address and final and gone)
