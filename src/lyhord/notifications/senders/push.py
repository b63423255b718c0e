"""Web Push: a few words on a phone or a computer, and where to read the rest."""

import json
from hashlib import sha256
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lyhord.core.actor import Actor
from lyhord.core.http import Limits, OutwardError, fetch
from lyhord.core.tenancy import organisation_scope
from lyhord.core.text import clean_text
from lyhord.notifications import webpush
from lyhord.notifications.kind import kinds
from lyhord.notifications.models import Notice, PushSubscription, Rhythm
from lyhord.notifications.push import forget
from lyhord.notifications.sender import AddressGone, Sender, SenderError
from lyhord.organisations.queries import public_url

KEPT_SECONDS = 3 * 24 * 3600  # by the browser's service, while the device is switched off
LIMITS = Limits(most_bytes=2000, cut=True, seconds=15)
GONE = {404, 410}  # RFC 8030 §7.3: "the subscription is no longer"
LATER = {408, 425, 429}
SYSTEM = Actor.system("push")


class Push(Sender):
    """By the service of the browser that asked. The words never say what a case is about: screens are looked at."""

    slug = "push"
    label = gettext_lazy("Avisering")
    order = 30
    brief = True
    quiet = True
    news_rhythm = Rhythm.NOW
    proof = "none"
    written = False

    def check(self, address: str) -> None:
        """Refuse what is no name of a subscription."""
        try:
            UUID(address)
        except ValueError:
            raise SenderError("adressen är ingen enhet", permanent=True) from None

    def shy(self, address: str) -> str:
        """Nothing that tells a person anything."""
        return ""

    def send(self, notice: Notice) -> None:
        """Hand it to the service; a device that is gone for good is forgotten."""
        self.check(notice.address)
        uid = UUID(notice.address)
        with organisation_scope(notice.organisation_id):
            found = PushSubscription.objects.filter(uid=uid).first()
        if found is None:
            raise AddressGone("enheten vill inte längre ha aviseringar")
        try:
            answer = fetch(
                found.endpoint,
                limits=LIMITS,
                method="POST",
                headers=headers(notice, found),
                content=body(notice, found),
            )
        except OutwardError as error:
            raise SenderError(error.code, permanent=error.permanent) from error
        if answer.status in GONE:
            with organisation_scope(notice.organisation_id):
                forget(uid=uid, by=SYSTEM)
            raise AddressGone(f"{answer.status}: enheten finns inte längre")
        if not answer.fine:
            reason = clean_text(answer.body.decode("utf-8", "replace"), one_line=True)[:100]
            passing = answer.status >= 500 or answer.status in LATER
            raise SenderError(f"{answer.status} {reason}", permanent=not passing)


def headers(notice: Notice, found: PushSubscription) -> dict[str, str]:
    """How the service is to treat it: keep it for some days, and hold the same notice once only."""
    email = notice.organisation.email
    contact = f"mailto:{email}" if email else public_url(notice.organisation, "/")
    return {
        "Authorization": webpush.authorization(found.endpoint, contact),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(KEPT_SECONDS),
        "Urgency": "normal",
        "Topic": sha256(f"lyhord {notice.organisation_id} {notice.pk}".encode()).hexdigest()[:32],
    }


def body(notice: Notice, found: PushSubscription) -> bytes:
    """What is said, locked for that browser."""
    message = json.dumps(said(notice), ensure_ascii=False).encode()
    return webpush.lock(message, browser_key=bytes(found.key), browser_secret=bytes(found.secret))


def said(notice: Notice) -> dict[str, str]:
    """What the service worker reads: title, body, url, tag and lang."""
    kind = kinds.get(notice.kind)
    with translation.override(notice.language):
        if kind is not None and kind.news:
            words = _("Något har hänt i det du följer. Öppna för att läsa.")
        elif notice.subject_type in {"case", "contact"}:
            words = _("Nytt meddelande i ditt ärende. Öppna för att läsa.")
        else:
            words = _("Vi har en fråga om något du följer. Öppna för att svara.")
    return {
        "title": notice.organisation.service_name,
        "body": words,
        "url": notice.link,
        "tag": f"{notice.subject_type}-{notice.subject_id}",  # more news of one case is one line on the screen
        "lang": notice.language,
    }
