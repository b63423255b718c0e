"""What a contact is told about itself: news gathered, a question whether the address is right, a code."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lyhord.core.clock import local, now
from lyhord.core.text import clean_text
from lyhord.notifications.kind import NoticeKind, Words, rendered
from lyhord.notifications.models import Contact, Notice
from lyhord.notifications.proof import proof_of
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url

MOST_LINES = 20


def contact_url(contact: Contact, organisation: Organisation) -> str:
    """The whole address of the page where a contact's owner says what they want: for messages to that contact only."""
    return public_url(organisation, f"/kontakt/{contact.token}/")


class _AboutContact(NoticeKind):
    def __init__(self, *, organisation: Organisation, contact: Contact) -> None:
        super().__init__(organisation=organisation, language=contact.language)
        self.contact = contact

    @property
    def about(self) -> tuple[str, int]:
        return "contact", self.contact.pk

    @property
    def link(self) -> str:
        return contact_url(self.contact, self.organisation)

    @property
    def settings_link(self) -> str:
        return contact_url(self.contact, self.organisation)


class Summaries:
    """The words of summaries, worked out once for each language and set of news: many follow the same things.

    Where a reader's own words stand there are marks, which are replaced for each.
    """

    def __init__(self) -> None:
        self._mark = uuid4().hex
        self._known: dict[tuple[Any, ...], Words] = {}

    def said(self, kind: "Gathered", lines: Sequence[dict[str, Any]], left: int) -> Words:
        """To one reader."""
        reasons = [clean_text(line["reason"], one_line=True) for line in lines]
        own = [kind.link, kind.stop_link, kind.settings_link, *reasons]
        shown = [
            (line["subject"], line["link"], line["more"], bool(reason))
            for line, reason in zip(lines, reasons, strict=True)
        ]
        same = (kind.organisation.pk, kind.language, left, len(kind.held), *shown)
        if same not in self._known:
            self._known[same] = self._rendered(kind, lines, left)
        subject, body = self._known[same]
        for number, text in enumerate(own):
            body = body.replace(self._named(number), text)
        return Words(subject, body)

    def _named(self, number: int) -> str:
        return f"{self._mark}x{number}x"

    def _rendered(self, kind: "Gathered", lines: Sequence[dict[str, Any]], left: int) -> Words:
        marked = [{**line, "reason": line["reason"] and self._named(3 + at)} for at, line in enumerate(lines)]
        names = dict(zip(("link", "stop_link", "settings_link"), map(self._named, range(3)), strict=True))
        data = {"organisation": kind.organisation, "reply_to": kind.reply_to, **names}
        return rendered(kind.template, {**data, "lines": marked, "left": left, "count": len(kind.held)}, kind.language)


class Gathered(_AboutContact):
    """Several pieces of news in one message: a line for each thing they are about, the latest news of it first."""

    slug: ClassVar[str] = "gathered"
    label: ClassVar[str | Promise] = _("Sammanfattning")

    def __init__(
        self, *, organisation: Organisation, contact: Contact, held: Sequence[Notice], known: Summaries
    ) -> None:
        super().__init__(organisation=organisation, contact=contact)
        self.held = held
        self.known = known

    @property
    def dedupe_key(self) -> str:
        return f"gathered-{self.contact.pk}-{self.held[-1].pk}"

    @property
    def stop_link(self) -> str:
        return f"{contact_url(self.contact, self.organisation)}sluta/"

    @property
    def private(self) -> bool:
        return any(notice.private for notice in self.held)

    @cached_property
    def words(self) -> Words:
        """A line for each: {subject, link, reason, more: how many earlier pieces of news about the same}."""
        about: dict[tuple[str, int | None], list[Notice]] = {}
        for notice in reversed(self.held):
            about.setdefault((notice.subject_type, notice.subject_id), []).append(notice)
        lines = [
            {"subject": latest.subject, "link": latest.link, "reason": latest.reason, "more": len(earlier)}
            for latest, *earlier in about.values()
        ]
        return self.known.said(self, lines[:MOST_LINES], max(len(lines) - MOST_LINES, 0))


class AddressWorks(_AboutContact):
    """Does the address work again? Sent to a paused one when its owner asks, once a day at most."""

    slug: ClassVar[str] = "address_works"
    label: ClassVar[str | Promise] = _("Fråga om en adress fungerar igen")
    asks: ClassVar[bool] = True

    @property
    def dedupe_key(self) -> str:
        return f"works-{self.contact.pk}-{local(now()):%Y-%m-%d}"

    @property
    def link(self) -> str:
        return f"{contact_url(self.contact, self.organisation)}fungerar/{proof_of(self.contact)}/"

    @property
    def settings_link(self) -> str:
        return ""


class CodeNotice(_AboutContact):
    """Six digits. They stand in the body only, which nobody but the reader is shown and which is not kept."""

    slug: ClassVar[str] = "code"
    label: ClassVar[str | Promise] = _("Kod")
    asks: ClassVar[bool] = True

    def __init__(self, *, organisation: Organisation, contact: Contact, code: str, number: int) -> None:
        super().__init__(organisation=organisation, contact=contact)
        self.code = code
        self.number = number

    @property
    def dedupe_key(self) -> str:
        return f"code-{self.number}"

    @property
    def link(self) -> str:
        return ""

    @property
    def settings_link(self) -> str:
        return ""

    def context(self) -> dict[str, Any]:
        return {"code": self.code}

    def brief(self) -> str:
        with translation.override(self.language):
            words = {"code": self.code, "service": self.organisation.service_name}
            return gettext("%(code)s är din kod hos %(service)s. Den gäller i 15 minuter.") % words


class TextsStopped(_AboutContact):
    """To who answered STOPP: it is as they wish. Nothing else follows, so it says how to begin again."""

    slug: ClassVar[str] = "texts_stopped"
    label: ClassVar[str | Promise] = _("Kvitto på STOPP")
    asks: ClassVar[bool] = True
    despite_stop: ClassVar[bool] = True

    @property
    def dedupe_key(self) -> str:
        at = self.contact.stopped_at
        return f"stopped-{self.contact.pk}-{int(at.timestamp()) if at else 0}"

    @property
    def link(self) -> str:
        return ""

    @property
    def settings_link(self) -> str:
        return ""

    def brief(self) -> str:
        return self.body()


class TextsStarted(_AboutContact):
    """To who answered START: they can be reached again. What they heard of before has to be chosen anew."""

    slug: ClassVar[str] = "texts_started"
    label: ClassVar[str | Promise] = _("Kvitto på START")
    asks: ClassVar[bool] = True

    @property
    def dedupe_key(self) -> str:
        return f"started-{self.contact.pk}-{int(now().timestamp())}"

    @property
    def link(self) -> str:
        return ""

    @property
    def settings_link(self) -> str:
        return ""

    def brief(self) -> str:
        return self.body()


class TextTried(NoticeKind):
    """An administrator tries whether text messages leave."""

    slug: ClassVar[str] = "text_tried"
    label: ClassVar[str | Promise] = _("Prov av sms")
    asks: ClassVar[bool] = True

    @property
    def dedupe_key(self) -> str:
        return f"text-tried-{int(now().timestamp() * 1000)}"

    @property
    def about(self) -> tuple[str, int]:
        return "text_gateway", self.organisation.pk

    @property
    def link(self) -> str:
        return ""

    def brief(self) -> str:
        return self.body()
