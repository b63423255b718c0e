"""Text messages, by whichever gateway the organisation has; a few plain words and a link."""

from urllib.parse import quote, urlsplit, urlunsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.http import Limits, OutwardError, fetch
from lyhord.core.phone_number import phone_number, takes_sms
from lyhord.core.sms_text import fitted, parts_of
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.gateway import GATEWAYS, Gateway, Question, Text
from lyhord.notifications.models import Notice, Rhythm, TextGateway
from lyhord.notifications.sender import Sender, SenderError
from lyhord.notifications.text_actions import note_sent
from lyhord.notifications.texts import USER, credentials, key_of, parts_today, reaches, shown
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url

MOST_PARTS = 3
LIMITS = Limits(most_bytes=5000, cut=True, seconds=20)
SYSTEM = Actor.system("sms")


class Sms(Sender):
    """By the organisation's gateway (notifications/gateways/). Nothing secret: others read the same screen."""

    slug = "sms"
    label = gettext_lazy("Sms")
    order = 20
    brief = True
    quiet = True
    news_rhythm = Rhythm.NOW
    least_news_level = 3
    one_news_a_day = True
    proof = "code"
    address_label = gettext_lazy("Ditt mobilnummer")
    input_type = autocomplete = "tel"

    def check(self, address: str) -> None:
        """Refuse what is no whole number, and what is certain to be a fixed line."""
        try:
            whole = phone_number(address) == address
        except Invalid:
            whole = False
        if not whole or not takes_sms(address):
            raise SenderError("adressen är inget mobilnummer", permanent=True)

    def clean(self, written: str) -> str:
        """With its country; only of countries that the organisation writes to."""
        number = phone_number(written, field="address")
        if not takes_sms(number):
            raise Invalid({"address": _("Det numret kan inte ta emot sms. Skriv ett mobilnummer.")})
        if not reaches(number):
            raise Invalid({"address": _("Vi kan inte skicka sms till det landet. Välj mejl i stället.")})
        return number

    def shy(self, address: str) -> str:
        """The last two figures."""
        return f"…{address[-2:]}"

    def offered(self, organisation: Organisation) -> bool:
        """Where a gateway is set up and switched on."""
        return shown().active

    def send(self, notice: Notice) -> None:
        """Hand it to the gateway; what is more than a day may cost waits for the next."""
        self.check(notice.address)
        link = notice.link if notice.link and notice.body.endswith(notice.link) else ""  # some say nowhere to go
        words = fitted(notice.body.removesuffix(link), link, most=MOST_PARTS)
        with organisation_scope(notice.organisation_id):
            plugin, question = prepared(notice, words)
        if question is None:
            remote_id = ""
        else:
            try:
                answer = fetch(
                    question.url, limits=LIMITS, method="POST", headers=question.headers, content=question.content
                )
            except OutwardError as error:
                raise SenderError(error.code, permanent=error.permanent) from error
            remote_id = plugin.sent(answer)
        with organisation_scope(notice.organisation_id):
            note_sent(notice_id=notice.pk, remote_id=remote_id, parts=parts_of(words), by=SYSTEM)


def prepared(notice: Notice, words: str) -> tuple[Gateway, Question | None]:
    """The gateway and what to ask it, in the organisation of this scope; None where nobody needs to be called."""
    row = TextGateway.objects.first()
    plugin = GATEWAYS.find(row.gateway) if row else None
    if row is None or plugin is None:
        raise SenderError("sms är inte inställt", permanent=True)
    if parts_today() + parts_of(words) > row.most_a_day:
        raise SenderError("så många sms får inte skickas på en dag")
    text = Text(sender=row.sender, number=notice.address, words=words, report_url=report_url(notice, row))
    return plugin, plugin.question(text, credentials(row))


def report_url(notice: Notice, row: TextGateway) -> str:
    """Where the gateway says how it went, with the key that it says it with (RFC 3986, 3.2.1)."""
    url = urlsplit(public_url(notice.organisation, f"/in/sms/krok/?rapport={notice.pk}"))
    return urlunsplit(url._replace(netloc=f"{USER}:{quote(key_of(row), safe='')}@{url.netloc}"))
