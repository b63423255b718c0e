"""Answers to a notice, as each mail program writes them in each language."""

from collections.abc import Iterator
from html import escape

from tests.intake.mail.make import ANNA, NUMBER, REPLY, Made, reply

OWN = "Hej!\n\nDet är den andra stolpen, den vid bron.\n\nAnna"
NOTICE_TEXT = (
    f"Hej,\n\nDet finns ett nytt svar i ditt ärende {NUMBER}. Läs det här:\n"
    "https://motala.localhost/f/AAAA/\n\n--\nDialog Motala, Motala kommun"
)
QUOTED = "\n".join(f"> {line}".rstrip() for line in NOTICE_TEXT.split("\n"))
WHO = f"Dialog Motala <{REPLY}>"

ATTRIBUTIONS = {
    "gmail-sv": f"Den tis 3 mars 2026 kl 10:14 skrev {WHO}:",
    "gmail-sv-two-lines": f"Den tis 3 mars 2026 kl 10:14 skrev Dialog Motala <\n{REPLY}>:",
    "gmail-en": f"On Tue, Mar 3, 2026 at 10:14 AM {WHO} wrote:",
    "gmail-en-two-lines": f"On Tue, Mar 3, 2026 at 10:14 AM Dialog Motala <{REPLY}>\nwrote:",
    "gmail-fi": f"ti 3. maalisk. 2026 klo 10.14 {WHO} kirjoitti:",
    "gmail-de": f"Am Di., 3. März 2026 um 10:14 Uhr schrieb {WHO}:",
    "gmail-no": f"tir. 3. mar. 2026 kl. 10:14 skrev {WHO}:",
    "gmail-da": f"Den tirs. 3. mar. 2026 kl. 10.14 skrev {WHO}:",
    "apple-sv": f"3 mars 2026 kl. 10:14 skrev {WHO}:",
    "apple-en": f"On 3 Mar 2026, at 10:14, {WHO} wrote:",
    "apple-fi": f"Dialog Motala <{REPLY}> kirjoitti 3.3.2026 kello 10.14:",
    "apple-de": f"Am 03.03.2026 um 10:14 schrieb {WHO}:",
    "thunderbird-sv": "Den 2026-03-03 kl. 10:14, skrev Dialog Motala:",
    "thunderbird-en": "On 03/03/2026 10:14, Dialog Motala wrote:",
    "thunderbird-fi": "Dialog Motala kirjoitti 3.3.2026 klo 10.14:",
    "kmail-sv": "tisdag 3 mars 2026 kl. 10:14:00 CET skrev Dialog Motala:",
    "proton-sv": f"tisdag 3 mars 2026 kl. 10:14 skrev {WHO}:",
}

HEADER_BLOCKS = {
    "outlook-sv": "Från: {who}\nSkickat: den 3 mars 2026 10:14\nTill: Anna Ek <{anna}>\nÄmne: Nytt svar i ärende {no}",
    "outlook-en": "From: {who}\nSent: Tuesday, March 3, 2026 10:14 AM\nTo: Anna Ek <{anna}>\nSubject: Nytt svar i ärende {no}",
    "outlook-fi": "Lähettäjä: {who}\nLähetetty: tiistai 3. maaliskuuta 2026 10.14\nVastaanottaja: Anna Ek\nAihe: Nytt svar {no}",
    "outlook-de": "Von: {who}\nGesendet: Dienstag, 3. März 2026 10:14\nAn: Anna Ek <{anna}>\nBetreff: Nytt svar i ärende {no}",
    "outlook-no": "Fra: {who}\nSendt: tirsdag 3. mars 2026 10:14\nTil: Anna Ek <{anna}>\nEmne: Nytt svar i ärende {no}",
    "outlook-web-sv": "________________________________\nFrån: {who}\nSkickat: den 3 mars 2026 10:14\nTill: Anna Ek <{anna}>\n"
    "Ämne: Nytt svar i ärende {no}",
    "outlook-bold-sv": "*Från:* {who}\n*Datum:* tisdag 3 mars 2026\n*Till:* Anna Ek\n*Ämne:* Nytt svar i ärende {no}",
    "old-outlook-sv": "-----Ursprungligt meddelande-----\nFrån: {who}\nSkickat: den 3 mars 2026 10:14\nTill: Anna\nÄmne: Nytt",
    "old-outlook-en": "-----Original Message-----\nFrom: {who}\nSent: den 3 mars 2026 10:14\nTo: Anna\nSubject: Nytt",
    "old-outlook-fi": "-----Alkuperäinen viesti-----\nLähettäjä: {who}\nLähetetty: 3. maaliskuuta 2026\nAihe: Nytt",
    "samsung-sv": "-------- Originalmeddelande --------\nFrån: {who} \nDatum: 2026-03-03  10:14  (GMT+01:00) \nTill: {anna} \n"
    "Ämne: Nytt svar i ärende {no} ",
}

TELEPHONES = {
    "iphone-sv": "Skickat från min iPhone",
    "iphone-en": "Sent from my iPhone",
    "iphone-fi": "Lähetetty iPhonesta",
    "outlook-ios-sv": "Skickat från Outlook för iOS<https://aka.ms/o0ukef>",
    "outlook-android-sv": "Hämta Outlook för Android<https://aka.ms/AAb9ysg>",
    "samsung-sv": "Skickat från min Galaxy",
    "mail-windows-sv": "Skickades från E-post för Windows",
}


def made() -> Iterator[Made]:
    """All of them."""
    yield from _plain()
    yield from _html()
    yield from _between()
    yield from _not_quotes()


def _joined(name: str, body: str, says: str = OWN, *, html: bool = False) -> Made:
    return Made(f"reply-{name}", reply(body, name=f"reply-{name}", html=html), "joined", says=says)


def _plain() -> Iterator[Made]:
    for name, line in ATTRIBUTIONS.items():
        yield _joined(name, f"{OWN}\n\n{line}\n\n{QUOTED}")
    for name, block in HEADER_BLOCKS.items():
        said = block.format(who=WHO, anna=ANNA, no=NUMBER)
        yield _joined(name, f"{OWN}\n\n{said}\n\n{NOTICE_TEXT}")
    for name, line in TELEPHONES.items():
        yield _joined(f"telephone-{name}", f"{OWN}\n\n{line}\n\n{ATTRIBUTIONS['apple-sv']}\n\n{QUOTED}")
    yield _joined(
        "signature", f"{OWN}\n\n-- \nAnna Ek\nVintergatan 12\n070-123 45 67\n\n{ATTRIBUTIONS['gmail-sv']}\n{QUOTED}"
    )
    yield _joined("nothing-quoted", OWN)
    yield _joined("quoted-without-a-line", f"{OWN}\n\n{QUOTED}")
    yield _joined("flowed", "Det är den andra\nstolpen.", says="Det är den andra\nstolpen.")


def _html() -> Iterator[Made]:
    own = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in OWN.split("\n"))
    quoted = escape(NOTICE_TEXT).replace("\n", "<br>\n")
    who = escape(WHO)
    yield _joined(
        "html-gmail",
        f'<div dir="ltr">{own}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Den tis 3 mars 2026 kl '
        f'10:14 skrev {who}:<br></div><blockquote class="gmail_quote" style="margin:0">{quoted}</blockquote></div>',
        html=True,
    )
    yield _joined(
        "html-outlook",
        f'<html><head><style>p.x {{color: red}}</style></head><body><div class="WordSection1">{own}<div style="border:none;'
        f'border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>Från:</b> {who}<br><b>Skickat:</b> den 3 mars '
        f"2026 10:14<br><b>Till:</b> Anna Ek<br><b>Ämne:</b> Nytt svar</p></div><p>{quoted}</p></div></body></html>",
        html=True,
    )
    yield _joined(
        "html-outlook-web",
        f'<body dir="ltr"><div class="elementToProof">{own}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">'
        f"<font><b>Från:</b> {who}<br><b>Skickat:</b> den 3 mars 2026 10:14</font></div><div>{quoted}</div></body>",
        html=True,
    )
    yield _joined(
        "html-outlook-mobile",
        f'<body><div>{own}</div><div id="ms-outlook-mobile-signature">Skickat från <a href="https://aka.ms/o0ukef">Outlook '
        f'för iOS</a></div><div id="mail-editor-reference-message-container"><b>Från:</b> {who}<br>{quoted}</div></body>',
        html=True,
    )
    yield _joined(
        "html-apple",
        f'<html><body>{own}<br><div><br><blockquote type="cite"><div>3 mars 2026 kl. 10:14 skrev {who}:</div><br>'
        f"<div>{quoted}</div></blockquote></div></body></html>",
        html=True,
    )
    yield _joined(
        "html-thunderbird",
        f'<html><body>{own}<div class="moz-cite-prefix">Den 2026-03-03 kl. 10:14, skrev Dialog Motala:<br></div>'
        f'<blockquote type="cite">{quoted}</blockquote><div class="moz-signature">-- <br>Anna Ek</div></body></html>',
        html=True,
    )
    yield _joined(
        "html-yahoo",
        f'<html><body><div class="yahoo-style-wrap">{own}</div><div id="ydp1" class="yahoo_quoted"><div>Den tisdag 3 mars '
        f"2026 10:14:00 CET skrev Dialog Motala:</div>{quoted}</div></body></html>",
        html=True,
    )
    yield _joined(
        "html-signature",
        f'<div>{own}</div><div class="gmail_signature" data-smartmail="gmail_signature"><div>Anna Ek</div><div>Ordförande'
        f'</div></div><div class="gmail_quote"><blockquote class="gmail_quote">{quoted}</blockquote></div>',
        html=True,
    )


def _between() -> Iterator[Made]:
    lines = "\n".join(QUOTED.split("\n")[:3])
    yield _joined("below", f"{ATTRIBUTIONS['thunderbird-sv']}\n{QUOTED}\n\n{OWN}")
    yield _joined(
        "between",
        f"{ATTRIBUTIONS['thunderbird-sv']}\n{lines}\n\nJag vet.\n\n> Läs det här:\n\nJag har läst det.\n\n> --\n> Dialog",
        says=f"{lines}\n\nJag vet.\n\n> Läs det här:\n\nJag har läst det.",
    )
    yield _joined(
        "above-and-below",
        f"Hej!\n\n{ATTRIBUTIONS['gmail-sv']}\n{QUOTED}\n\nDen andra stolpen.",
        says="Hej!\n\nDen andra stolpen.",
    )


def _not_quotes() -> Iterator[Made]:
    tells = "Den 3 mars skrev jag till er om detta:\nLampan är släckt.\nNu är den tänd."
    yield _joined("tells-what-was-written", tells, says=tells)
    header = "Från: mig\nAlla lampor är släckta.\nTill er som läser: tack."
    yield _joined("a-line-that-begins-with-from", header, says=header)
    forward = (
        "Se här vad elbolaget skrev.\n\n---------- Vidarebefordrat meddelande ---------\nFrån: Elbolaget <el@bolag.example>\n"
        "Skickat: den 2 mars 2026 09:00\nTill: Anna Ek\nÄmne: Lampan\n\nVi har lagat den."
    )
    yield _joined("forwards-another", forward, says=forward)
    yield _joined("only-quoted", QUOTED, says=QUOTED)
    yield _joined("yes", "Ja.", says="Ja.")
