"""What those who follow are told, and what they are asked."""

from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.following.models import News, Profile
from lyhord.notifications.kind import NoticeKind, Words, rendered
from lyhord.notifications.models import Contact
from lyhord.notifications.notices import contact_url
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url


class Phrases:
    """The words of one piece of news, worked out once for each language however many are told."""

    def __init__(self, organisation: Organisation, news: News) -> None:
        self.organisation = organisation
        self.news = news
        self._marks = {name: f"{name}{uuid4().hex}" for name in ("reason", "change", "stop", "settings")}
        self._known: dict[str, Words] = {}

    def said(self, language: str, *, reason: str, change: str, stop: str, settings: str) -> Words:
        """To one reader: why, and their own links."""
        if language not in self._known:
            self._known[language] = self._rendered(language)
        subject, body = self._known[language]
        for mark, text in zip(self._marks.values(), (reason, change, stop, settings), strict=True):
            body = body.replace(mark, text)
        return Words(subject, body)

    def _rendered(self, language: str) -> Words:
        marks = self._marks
        data = {
            "organisation": self.organisation,
            "title": self.news.title,
            "what": self.news.what,
            "link": public_url(self.organisation, self.news.path),
            "reason": marks["reason"],
            "change_link": marks["change"],
            "stop_link": marks["stop"],
            "settings_link": marks["settings"],
        }
        return rendered(f"notices/{NewsNotice.slug}.txt", data, language)


class NewsNotice(NoticeKind):
    """Something has happened that its reader asked for, and why they are told."""

    slug: ClassVar[str] = "news"
    label: ClassVar[str | Promise] = _("Nytt i en bevakning")
    news: ClassVar[bool] = True

    def __init__(self, *, phrases: Phrases, contact: Contact, reason: str, own_path: str) -> None:
        """`own_path` is the page of the reader's wish to be told, which changes it; its stop link is below it."""
        super().__init__(organisation=phrases.organisation, language=contact.language)
        self.phrases = phrases
        self.told = phrases.news
        self.contact = contact
        self.why = reason
        self.own_path = own_path

    @property
    def dedupe_key(self) -> str:
        return f"news-{self.told.pk}-{self.contact.pk}"

    @property
    def about(self) -> tuple[str, int]:
        return self.told.subject_type, self.told.subject_id

    @property
    def link(self) -> str:
        return public_url(self.organisation, self.told.path)

    @property
    def stop_link(self) -> str:
        return public_url(self.organisation, f"{self.own_path}sluta/")

    @property
    def settings_link(self) -> str:
        return contact_url(self.contact, self.organisation)

    @property
    def reason(self) -> str:
        return self.why

    @property
    def private(self) -> bool:
        """What somebody follows is nobody's business, least of all the municipality's."""
        return True

    @cached_property
    def words(self) -> Words:
        return self.phrases.said(
            self.language,
            reason=self.why,
            change=public_url(self.organisation, self.own_path),
            stop=self.stop_link,
            settings=self.settings_link,
        )


class ProfileConfirm(NoticeKind):
    """Does the address's owner want to hear of what the profile asks for?"""

    slug: ClassVar[str] = "profile_confirm"
    label: ClassVar[str | Promise] = _("Fråga om en ny bevakning")
    asks: ClassVar[bool] = True

    def __init__(self, *, organisation: Organisation, profile: Profile) -> None:
        super().__init__(organisation=organisation, language=profile.contact.language)
        self.profile = profile

    @property
    def dedupe_key(self) -> str:
        return f"profile-{self.profile.pk}-confirm"

    @property
    def about(self) -> tuple[str, int]:
        return "profile", self.profile.pk

    @property
    def private(self) -> bool:
        return True

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/bevakningar/{self.profile.token}/ja/")

    @property
    def stop_link(self) -> str:
        return public_url(self.organisation, f"/bevakningar/{self.profile.token}/sluta/")


class ProfileEnds(ProfileConfirm):
    """Its time is nearly up: shall it go on?"""

    slug: ClassVar[str] = "profile_ends"
    label: ClassVar[str | Promise] = _("Fråga om en bevakning ska fortsätta")
    asks: ClassVar[bool] = False

    @property
    def dedupe_key(self) -> str:
        return f"profile-{self.profile.pk}-ends-{self.profile.expires_at:%Y-%m-%d}"

    def context(self) -> dict[str, Any]:
        return {"name": self.profile.name}
