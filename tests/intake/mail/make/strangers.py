"""Who must not get into a case: strangers who quote its number, forged and borrowed reply addresses."""

from collections.abc import Iterator

from tests.intake.mail.make import (
    ANNA,
    CONTACT,
    DATE,
    FOREIGN,
    FORGED,
    NOTICE,
    NUMBER,
    REPLY,
    THREAD,
    Made,
    crlf,
    mail,
    reply,
)

EVIL = "Evert <evert@annan.example>"


def made() -> Iterator[Made]:
    """All of them."""
    yield from _by_number()
    yield from _by_address()
    yield from _by_thread()
    yield from _who_may()


def _by_number() -> Iterator[Made]:
    subjects = {
        "number": NUMBER,
        "number-in-words": f"Angående ärende {NUMBER}",
        "number-re": f"Re: Nytt svar i ärende {NUMBER}",
        "number-brackets": f"[{NUMBER}] Hej",
        "number-dash": f"Ärende {NUMBER.replace('-', '\N{EN DASH}')}",
        "number-encoded": "=?utf-8?q?=C3=84rende_26-4817?=",
    }
    for name, subject in subjects.items():
        raw = mail("Visa mig vad som står i ärendet.", name=f"stranger-{name}", subject=subject, sender=EVIL)
        yield Made(f"stranger-{name}", raw, "draft:number")
    raw = mail(f"Hej, det gäller {NUMBER}.", name="stranger-number-in-text", sender=EVIL)
    yield Made("stranger-number-in-text", raw, "draft:number")
    raw = mail("Hej igen.", name="reporter-number", subject=f"Mer om {NUMBER}")
    yield Made("reporter-number", raw, "draft:number")
    raw = mail("Vintern 26-4711 var kall, ring 070-26 48 17.", name="stranger-no-such-number", sender=EVIL)
    yield Made("stranger-no-such-number", raw, "case")


def _by_address() -> Iterator[Made]:
    yield Made("stranger-token", reply("Ja.", name="stranger-token", sender=EVIL), "draft:other_sender")
    yield Made("stranger-forged", reply("Ja.", name="stranger-forged", sender=EVIL, to=FORGED), "draft:other_sender")
    raw = mail("Ja.", name="stranger-forged-alone", sender=EVIL, to=FORGED)
    yield Made("stranger-forged-alone", raw, "draft:forged")
    raw = mail("Ja.", name="reporter-forged-alone", to=FORGED)
    yield Made("reporter-forged-alone", raw, "draft:forged")
    raw = mail("Ja.", name="reporter-foreign", to=FOREIGN)
    yield Made("reporter-foreign", raw, "draft:forged")
    raw = mail("Jag svarar alla.", name="stranger-reply-all", sender=EVIL, headers=f"Cc: {REPLY}")
    yield Made("stranger-reply-all", raw, "draft:other_sender")
    raw = mail("Ja.", name="stranger-name-is-an-address", sender=f'"{ANNA}" <evert@annan.example>', to=REPLY)
    yield Made("stranger-name-is-an-address", raw, "draft:other_sender")
    raw = mail(
        "Ja.",
        name="stranger-encoded-name",
        sender="=?utf-8?q?=3Canna=40exempel=2Ese=3E?= <evert@annan.example>",
        to=REPLY,
    )
    yield Made("stranger-encoded-name", raw, "draft:other_sender")
    raw = mail("Ja.", name="stranger-two-senders", sender=f"{ANNA}, evert@annan.example", to=REPLY)
    yield Made("stranger-two-senders", raw, "draft:other_sender")
    raw = crlf(
        f"From: evert@annan.example\nFrom: {ANNA}\nTo: {REPLY}\nDate: {DATE}\nSubject: Sv\n"
        "Message-ID: <stranger-two-froms@exempel.se>\n\nJa.\n"
    )
    yield Made("stranger-two-froms", raw, "draft:other_sender")
    raw = mail("Ja.", name="stranger-sender-header", sender=EVIL, to=REPLY, headers=f"Sender: {ANNA}\nReply-To: {ANNA}")
    yield Made("stranger-sender-header", raw, "draft:other_sender")
    raw = mail("Ja.", name="stranger-comment", sender=f"evert@annan.example ({ANNA})", to=REPLY)
    yield Made("stranger-comment", raw, "draft:other_sender")


def _by_thread() -> Iterator[Made]:
    refers = f"In-Reply-To: {NOTICE}\nReferences: {THREAD} {NOTICE}"
    raw = mail("Ja.", name="stranger-thread", sender=EVIL, headers=refers)
    yield Made("stranger-thread", raw, "draft:other_sender")
    guessed = "In-Reply-To: <notice-4711@motala.localhost>"
    raw = mail("Ja.", name="reporter-guessed-thread", headers=guessed)
    yield Made("reporter-guessed-thread", raw, "case")
    raw = mail("Ja.", name="reporter-thread", headers=refers)
    yield Made("reporter-thread", raw, "joined", says="Ja.")
    raw = mail("Ja.", name="reporter-thread-root", headers=f"References: {THREAD}")
    yield Made("reporter-thread-root", raw, "joined", says="Ja.")


def _who_may() -> Iterator[Made]:
    raw = mail("Ja.", name="reporter-large-letters", sender="ANNA EK <Anna@Exempel.SE>", to=REPLY.upper())
    yield Made("reporter-large-letters", raw, "joined", says="Ja.")
    raw = mail("Ja.", name="reporter-without-thread", to=REPLY, subject="Något annat")
    yield Made("reporter-without-thread", raw, "joined", says="Ja.")
    raw = mail("Ja.", name="reporter-copy", headers=f"Cc: Dialog Motala <{REPLY}>")
    yield Made("reporter-copy", raw, "joined", says="Ja.")
    raw = mail("Ja.", name="reporter-delivered-to", headers=f"Delivered-To: {REPLY}", to=CONTACT)
    yield Made("reporter-delivered-to", raw, "joined", says="Ja.")
    raw = mail("Ja.", name="reporter-other-reply-to", headers="Reply-To: anna.hemma@exempel.se", to=REPLY)
    yield Made("reporter-other-reply-to", raw, "joined", says="Ja.")
