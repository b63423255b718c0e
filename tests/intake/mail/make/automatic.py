"""What machines send: answers while somebody is away, bounces, lists, our own mail come back."""

from collections.abc import Iterator

from tests.intake.mail.make import ANNA, BOUNCES, CONTACT, DATE, NOTICE, NUMBER, REPLY, THREAD, Made, crlf, mail, reply

AWAY = "Hej!\n\nJag är ledig till och med den 20 mars och läser inte mejl. Vid brådskande ärenden: ring växeln.\n\nAnna"
ABOUT = f"Nytt svar i ärende {NUMBER}"


def made() -> Iterator[Made]:
    """All of them."""
    yield from _away_from_the_reporter()
    yield from _away_without_a_case()
    yield from _automatic()
    yield from _lists()
    yield from _bounces()
    yield from _other_reports()
    yield from _loops()


def _away(name: str, subject: str, headers: str, to: str = REPLY, sender: str = f"Anna Ek <{ANNA}>") -> Made:
    raw = reply(AWAY, name=f"away-{name}", subject=subject, headers=headers, to=to, sender=sender)
    return Made(f"away-{name}", raw, "noted", sort="auto_reply")


def _away_from_the_reporter() -> Iterator[Made]:
    quiet = "X-Auto-Response-Suppress: All\n"
    yield _away("exchange-sv", f"Automatiskt svar: {ABOUT}", f"{quiet}Auto-Submitted: auto-generated")
    yield _away("exchange-old-sv", f"Autosvar: {ABOUT}", quiet)
    yield _away("frånvaro-sv", f"Frånvaro: {ABOUT}", "Auto-Submitted: auto-replied")
    yield _away("frånvaromeddelande-sv", f"Frånvaromeddelande: {ABOUT}", "X-Autoreply: yes")
    yield _away("gmail-sv", f"Re: {ABOUT}", "Precedence: bulk\nX-Autoreply: yes\nAuto-Submitted: auto-replied")
    yield _away("sieve", f"Auto: {ABOUT}", "Auto-Submitted: auto-replied (vacation)\nPrecedence: bulk")
    yield _away("exchange-en", f"Automatic reply: {ABOUT}", f"{quiet}Auto-Submitted: auto-generated")
    yield _away("exchange-fi", f"Automaattinen vastaus: {ABOUT}", f"{quiet}Auto-Submitted: auto-generated")
    yield _away("exchange-de", f"Automatische Antwort: {ABOUT}", f"{quiet}Auto-Submitted: auto-generated")
    yield _away("exchange-no", f"Automatisk svar: {ABOUT}", f"{quiet}Auto-Submitted: auto-generated")
    yield _away("precedence", f"Re: {ABOUT}", "Precedence: auto_reply")
    yield _away("to-the-envelope-sender", f"Autosvar: {ABOUT}", "Auto-Submitted: auto-replied", to=BOUNCES)
    yield _away("empty-return-path", "Semester!", "Return-Path: <>")
    yield _away("rules-agent", f"Re: {ABOUT}", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent")
    yield _away(
        "from-another-address", f"Autosvar: {ABOUT}", "Auto-Submitted: auto-replied", sender="anna.ek@jobbet.example"
    )
    for number, subject in enumerate(
        (f"Frånvaro: {ABOUT}", "Out of office", f"SV: Autosvar: {ABOUT}", "Semester: åter i april")
    ):
        raw = reply(AWAY, name=f"away-subject-{number}", subject=subject)
        yield Made(f"away-subject-{number}", raw, "noted", sort="person")


def _away_without_a_case() -> Iterator[Made]:
    raw = mail(AWAY, name="away-nothing", subject="Autosvar: Hej", headers="Auto-Submitted: auto-replied")
    yield Made("away-nothing", raw, "ignored:auto_reply", sort="auto_reply")
    raw = mail("Lisa är sjuk i dag.", name="absence-at-school", subject="Frånvaro i dag för Lisa i 3B")
    yield Made("absence-at-school", raw, "draft:automatic", sort="person")


def _automatic() -> Iterator[Made]:
    raw = mail(
        "Pump 17 har stannat.",
        name="machine-alarm",
        sender="Pump <pump@verket.example>",
        headers="Auto-Submitted: auto-generated",
    )
    yield Made("machine-alarm", raw, "draft:automatic", sort="automatic")
    raw = mail("Din beställning är på väg.", name="machine-no-reply", sender="Butiken <no-reply@butik.example>")
    yield Made("machine-no-reply", raw, "draft:no_reply", sort="person")
    raw = mail("Svara inte.", name="machine-svara-inte", sender="Region <svara-inte@region.example>")
    yield Made("machine-svara-inte", raw, "draft:no_reply", sort="person")
    raw = mail("Köp nu!!!", name="machine-spam", headers="X-Spam-Flag: YES")
    yield Made("machine-spam", raw, "draft:spam", sort="person")
    raw = mail("Köp nu!!!", name="machine-spam-status", headers="X-Spam-Status: Yes, score=12.1 required=5.0")
    yield Made("machine-spam-status", raw, "draft:spam", sort="person")
    raw = mail(
        "Hej, lampan är släckt.", name="machine-not-spam", headers="X-Spam-Status: No, score=-0.1\nAuto-Submitted: no"
    )
    yield Made("machine-not-spam", raw, "case", sort="person")
    raw = mail("Detta kom från formuläret.", name="machine-root", sender="root <mailer-daemon@webb.example>")
    yield Made("machine-root", raw, "draft:automatic", sort="automatic")


def _lists() -> Iterator[Made]:
    raw = mail(
        "Veckans nyheter.", name="list-newsletter", headers="List-Unsubscribe: <https://x.example/u>\nPrecedence: bulk"
    )
    yield Made("list-newsletter", raw, "draft:bulk", sort="bulk")
    raw = mail("Vad tycker ni?", name="list-id", headers="List-Id: Byalaget <byalaget.example>")
    yield Made("list-id", raw, "draft:bulk", sort="bulk")
    raw = reply(
        "Lampan.",
        name="list-reply",
        headers="List-Id: Byalaget <byalaget.example>",
        sender="Kalle <kalle@byalaget.example>",
    )
    yield Made("list-reply", raw, "draft:other_sender", sort="bulk")


def _dsn(name: str, action: str, status: str, said: str, *, to: str = BOUNCES, message_id: str = NOTICE) -> bytes:
    return crlf(
        f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.exempel.se>\nTo: {to}\nDate: {DATE}\n"
        f"Subject: Undelivered Mail Returned to Sender\nMessage-ID: <{name}@mx.exempel.se>\nAuto-Submitted: auto-replied\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n boundary="grans"\n\n'
        f"--grans\nContent-Type: text/plain; charset=utf-8\n\nMejlet kunde inte levereras.\n\n<{ANNA}>: {said}\n\n"
        "--grans\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.exempel.se\n\n"
        f"Final-Recipient: rfc822; {ANNA}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n\n"
        "--grans\nContent-Type: text/rfc822-headers\n\n"
        f"From: Dialog Motala <svara-inte@motala.example>\nTo: {ANNA}\nSubject: {ABOUT}\nMessage-ID: {message_id}\n\n"
        "--grans--\n"
    )


def _bounces() -> Iterator[Made]:
    dead = "550 5.1.1 <anna@exempel.se>: Recipient address rejected: User unknown"
    yield Made("bounce-dead", _dsn("bounce-dead", "failed", "5.1.1", dead), "bounced:paused", sort="bounce")
    yield Made(
        "bounce-full", _dsn("bounce-full", "failed", "5.2.2", "552 5.2.2 Mailbox full"), "bounced", sort="bounce"
    )
    spam = "550 5.7.1 Message rejected as spam"
    yield Made("bounce-unwanted", _dsn("bounce-unwanted", "failed", "5.7.1", spam), "bounced", sort="bounce")
    later = "451 4.4.1 Connection timed out"
    yield Made("bounce-delayed", _dsn("bounce-delayed", "delayed", "4.4.1", later), "ignored:delayed", sort="delayed")
    yield Made(
        "bounce-arrived", _dsn("bounce-arrived", "delivered", "2.0.0", "250 ok"), "ignored:delivered", sort="delivered"
    )
    raw = _dsn("bounce-by-message-id", "failed", "5.1.1", dead, to=CONTACT)
    yield Made("bounce-by-message-id", raw, "bounced:paused", sort="bounce")
    forged = "<notice-4711.dddddddddddddddddddd@motala.localhost>"
    raw = _dsn("bounce-forged", "failed", "5.1.1", dead, to=CONTACT, message_id=forged)
    yield Made("bounce-forged", raw, "ignored:bounce", sort="bounce")
    raw = _dsn("bounce-not-ours", "failed", "5.1.1", dead, to=CONTACT, message_id="<x@annan.example>")
    yield Made("bounce-not-ours", raw, "ignored:bounce", sort="bounce")
    sender = "Return-Path: <>"
    qmail = (
        "Hi. This is the qmail-send program at mx.exempel.se.\nI'm afraid I wasn't able to deliver your message.\n\n"
        f"<{ANNA}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        f"Message-ID: {NOTICE}\nSubject: {ABOUT}\n"
    )
    raw = mail(
        qmail, name="bounce-qmail", sender="MAILER-DAEMON@mx.exempel.se", subject="failure notice", headers=sender
    )
    yield Made("bounce-qmail", raw, "bounced:paused", sort="bounce")
    words = f"Mejlet till {ANNA} kunde inte levereras: mottagaren finns inte.\n\nMessage-ID: {NOTICE}\n"
    raw = mail(
        words,
        name="bounce-sv",
        sender="postmaster@exempel.se",
        subject="Olevererbart: Nytt svar",
        to=BOUNCES,
        headers=sender,
    )
    yield Made("bounce-sv", raw, "bounced:paused", sort="bounce")
    later = "Your mail has not yet been delivered. It will be retried. You do not need to resend it."
    raw = mail(later, name="bounce-tries-on", sender="postmaster@exempel.se", subject="Delivery delayed", to=BOUNCES)
    yield Made("bounce-tries-on", raw, "ignored:delayed", sort="delayed")
    words = "Undeliverable mail\n\nRecipient mailbox is over quota\n"
    raw = mail(
        words,
        name="bounce-words-only",
        sender="postmaster@exempel.se",
        subject="Undeliverable",
        to=BOUNCES,
        headers=sender,
    )
    yield Made("bounce-words-only", raw, "bounced", sort="bounce")


def _other_reports() -> Iterator[Made]:
    complaint = crlf(
        f"From: abuse@exempel.se\nTo: {CONTACT}\nDate: {DATE}\nSubject: Abuse report\nMessage-ID: <complaint@exempel.se>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="grans"\n\n'
        "--grans\nContent-Type: text/plain\n\nThis is an abuse report.\n\n--grans\nContent-Type: message/feedback-report\n\n"
        "Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\n\n--grans\nContent-Type: message/rfc822\n\n"
        f"From: svara-inte@motala.example\nTo: {ANNA}\nMessage-ID: {NOTICE}\nSubject: {ABOUT}\n\nHej\n\n--grans--\n"
    )
    yield Made("report-complaint", complaint, "bounced:paused", sort="complaint")
    receipt = crlf(
        f"From: {ANNA}\nTo: {REPLY}\nDate: {DATE}\nSubject: Läst: {ABOUT}\nMessage-ID: <receipt@exempel.se>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary="grans"\n\n'
        "--grans\nContent-Type: text/plain; charset=utf-8\n\nMeddelandet lästes.\n\n--grans\n"
        f"Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;{ANNA}\nOriginal-Message-ID: {NOTICE}\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n\n--grans--\n"
    )
    yield Made("report-receipt", receipt, "ignored:receipt", sort="receipt")


def _loops() -> Iterator[Made]:
    own = crlf(
        f"From: Dialog Motala <svara-inte@motala.example>\nTo: {CONTACT}\nReply-To: {REPLY}\nDate: {DATE}\nSubject: {ABOUT}\n"
        f"Message-ID: {NOTICE}\nReferences: {THREAD}\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nHej,\n\nDet finns ett nytt svar.\n"
    )
    yield Made("loop-our-own-mail", own, "ignored:own", sort="automatic")
    raw = mail("Hej", name="loop-our-own-address", sender=f"Kontakt <{CONTACT}>")
    yield Made("loop-our-own-address", raw, "draft:own_address", sort="person")
    hops = "\n".join(f"Received: from a{n}.example by b{n}.example; {DATE}" for n in range(60))
    raw = mail("Hej", name="loop-many-hops", headers=hops)
    yield Made("loop-many-hops", raw, "draft:loop", sort="person")
