"""Handing a mail to the server, and what its no means."""

import re
import smtplib

from django.core.mail import EmailMessage

from lyhord.notifications.sender import SenderError

_NOBODY_THERE = {550, 551, 553}  # RFC 5321, 4.2.3: no such mailbox, it is elsewhere, its name is none
_CLOSER = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")  # RFC 3463, where the server gives it
_GONE = ("5.1.", "5.2.1")  # the address is bad; the mailbox is closed. Not 5.7: that is about us


def deliver(message: EmailMessage) -> None:
    """A yes from the server is a yes. Raises SenderError."""
    try:
        message.send()
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


def _refused(
    code: int, text: bytes | str, *, permanent: bool | None = None, refuses_address: bool = False
) -> SenderError:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    final = 500 <= code < 600 if permanent is None else permanent
    closer = _CLOSER.search(said)
    gone = closer[0].startswith(_GONE) if closer else code in _NOBODY_THERE
    return SenderError(f"{code} {said}", permanent=final, bounced=refuses_address and final and gone)
