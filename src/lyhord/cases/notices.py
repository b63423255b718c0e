"""What residents are told about a case: that there is something new and where to read it."""

from typing import Any, ClassVar

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lyhord.cases.models import Case
from lyhord.cases.reply_address import reply_address, thread_root
from lyhord.core.clock import local, now
from lyhord.following.models import Follow
from lyhord.notifications.kind import NoticeKind
from lyhord.notifications.notices import contact_url
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url


class _AboutCase(NoticeKind):
    """Something about a case; where the case is kept close, so is who hears of it."""

    def __init__(
        self, *, organisation: Organisation, case: Case, language: str, key: str, follow: Follow | None
    ) -> None:
        super().__init__(organisation=organisation, language=language)
        self.case = case
        self.key = key
        self.follow = follow

    @property
    def about(self) -> tuple[str, int]:
        return "case", self.case.pk

    @property
    def private(self) -> bool:
        return self.case.protected or self.case.confidential

    @property
    def stop_link(self) -> str:
        return public_url(self.organisation, f"/folj/{self.follow.token}/sluta/") if self.follow else ""

    @property
    def settings_link(self) -> str:
        return contact_url(self.follow.contact, self.organisation) if self.follow else ""

    def context(self) -> dict[str, Any]:
        """The number is all the words say of the case: no title, no text, no place, no unit."""
        return {"number": self.case.number}


class CaseNotice(_AboutCase):
    """To the reporter, in their language as the contact has it, by one of the ways they chose.

    `code` opens the case, `key` tells one piece of news from another.
    """

    def __init__(
        self, *, organisation: Organisation, case: Case, code: str, key: str, follow: Follow | None = None
    ) -> None:
        language = follow.contact.language if follow else case.language
        super().__init__(organisation=organisation, case=case, language=language, key=key, follow=follow)
        self.code = code

    @property
    def dedupe_key(self) -> str:
        way = f"-by-{self.follow.pk}" if self.follow else ""
        return f"case-{self.case.pk}-{self.key}{way}"

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/f/{self.code}/")

    @property
    def reply_to(self) -> str:
        return reply_address(self.case)

    @property
    def thread(self) -> tuple[str, ...]:
        return (thread_root(self.organisation, self.case),)

    @property
    def template(self) -> str:
        """A protected reporter's mailbox may be read by the one they are protected from: one wording for all news."""
        return "notices/quiet.txt" if self.case.protected else super().template

    def brief(self) -> str:
        """Others look at the telephone: to somebody protected it says neither where nor what, and opens nothing."""
        return self.subject() if self.case.protected else super().brief()


class CaseReceived(CaseNotice):
    """We have it, this is its number."""

    slug: ClassVar[str] = "case_received"
    label: ClassVar[str | Promise] = _("Vi har tagit emot")
    at_once: ClassVar[bool] = True

    def __init__(
        self,
        *,
        organisation: Organisation,
        case: Case,
        code: str,
        key: str = "received",
        follow: Follow | None = None,
        message_id: str = "",
    ) -> None:
        """With the Message-ID of the mail by which it came, if it came by one."""
        super().__init__(organisation=organisation, case=case, code=code, key=key, follow=follow)
        self.message_id = message_id

    @property
    def thread(self) -> tuple[str, ...]:
        fits = 0 < len(self.message_id) <= 300 and self.message_id.isascii() and " " not in self.message_id
        return (f"<{self.message_id}>", *super().thread) if fits else super().thread

    def context(self) -> dict[str, Any]:
        return {**super().context(), "answer_by": local(self.case.answer_by) if self.case.answer_by else None}


class CaseAnswered(CaseNotice):
    """There is an answer."""

    slug: ClassVar[str] = "case_answered"
    label: ClassVar[str | Promise] = _("Nytt svar")


class CaseAsked(CaseNotice):
    """We have asked something, and wait for the answer."""

    slug: ClassVar[str] = "case_asked"
    label: ClassVar[str | Promise] = _("Fråga till dig")


class CaseReminded(CaseNotice):
    """We still wait for an answer."""

    slug: ClassVar[str] = "case_reminded"
    label: ClassVar[str | Promise] = _("Påminnelse om en fråga")

    def context(self) -> dict[str, Any]:
        return {**super().context(), "last_day": self.case.state_until}


class CasePlanned(CaseNotice):
    """There is a date: it is planned, or waits for something."""

    slug: ClassVar[str] = "case_planned"
    label: ClassVar[str | Promise] = _("Ny tidsplan")


class CaseClosed(CaseNotice):
    """We have ended it, and how."""

    slug: ClassVar[str] = "case_closed"
    label: ClassVar[str | Promise] = _("Ärendet är avslutat")


class _ToFollower(_AboutCase):
    """To somebody who follows a published case."""

    follow: Follow

    def __init__(self, *, organisation: Organisation, case: Case, follow: Follow, key: str) -> None:
        language = follow.contact.language
        super().__init__(organisation=organisation, case=case, language=language, key=key, follow=follow)

    @property
    def dedupe_key(self) -> str:
        return f"follow-{self.follow.pk}-{self.key}"


class FollowedCaseChanged(_ToFollower):
    """There is something new in a case they follow."""

    slug: ClassVar[str] = "followed_case_changed"
    label: ClassVar[str | Promise] = _("Nytt i ett ärende som någon följer")

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/arenden/{self.case.number}/")


class _Question(_AboutCase):
    """Is the address yours, and do you want this? One question a day at most, however often the form is sent."""

    asks: ClassVar[bool] = True
    follow: Follow

    def __init__(self, *, organisation: Organisation, case: Case, follow: Follow) -> None:
        key = f"confirm-{local(now()):%Y-%m-%d}"
        language = follow.contact.language
        super().__init__(organisation=organisation, case=case, language=language, key=key, follow=follow)

    @property
    def dedupe_key(self) -> str:
        return f"follow-{self.follow.pk}-{self.key}"

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/folj/{self.follow.token}/")

    @property
    def settings_link(self) -> str:
        return ""  # nobody has said yet that the address is theirs


class FollowConfirm(_Question):
    """Is it you who wants to follow?"""

    slug: ClassVar[str] = "follow_confirm"
    label: ClassVar[str | Promise] = _("Fråga om att följa")


class ReporterConfirm(_Question):
    """Is it you who wants news of your case to this address?"""

    slug: ClassVar[str] = "reporter_confirm"
    label: ClassVar[str | Promise] = _("Fråga om en adress stämmer")

    @property
    def template(self) -> str:
        """Of somebody protected not even the number is said."""
        return "notices/quiet_confirm.txt" if self.case.protected else super().template

    def brief(self) -> str:
        """As a text message, which can be answered."""
        words = {"service": self.organisation.service_name, "number": self.case.number, "link": self.link}
        with translation.override(self.language):
            if self.case.protected:
                return gettext("Vill du få sms när du har ett nytt meddelande? Svara JA.")
            return (
                gettext("%(service)s: vill du få sms om ärende %(number)s? Svara JA, eller tryck här: %(link)s") % words
            )


class FollowEnds(_Question):
    """Do you want to go on following? Without an answer it ends."""

    slug: ClassVar[str] = "follow_ends"
    label: ClassVar[str | Promise] = _("Fråga om att fortsätta följa")
    asks: ClassVar[bool] = False  # nothing that an address could be tested with

    @property
    def dedupe_key(self) -> str:
        return f"follow-{self.follow.pk}-ends-{self.follow.expires_at:%Y-%m-%d}"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "last_day": local(self.follow.expires_at) if self.follow.expires_at else None}
