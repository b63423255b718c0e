"""What residents are told about a case: that there is something new and where to read it."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.cases.models import Case
from lyhord.core.clock import local, now
from lyhord.following.models import Follow
from lyhord.notifications.kind import NoticeKind
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url


class _AboutCase(NoticeKind):
    """Something about a case; where the case is kept close, so is who hears of it."""

    def __init__(self, *, organisation: Organisation, case: Case, language: str, key: str) -> None:
        super().__init__(organisation=organisation, language=language)
        self.case = case
        self.key = key

    @property
    def about(self) -> tuple[str, int]:
        return "case", self.case.pk

    @property
    def private(self) -> bool:
        return self.case.protected or self.case.confidential

    def context(self) -> dict[str, Any]:
        """The number is all the words say of the case: no title, no text, no place, no unit."""
        return {"number": self.case.number}


class CaseNotice(_AboutCase):
    """To the reporter, in the case's language or another; `code` opens the case, `key` tells news apart."""

    def __init__(self, *, organisation: Organisation, case: Case, code: str, key: str, language: str = "") -> None:
        super().__init__(organisation=organisation, case=case, language=language or case.language, key=key)
        self.code = code

    @property
    def dedupe_key(self) -> str:
        return f"case-{self.case.pk}-{self.key}"

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/f/{self.code}/")

    @property
    def stop_link(self) -> str:
        return f"{self.link}#h-mail"

    @property
    def template(self) -> str:
        """A protected reporter's mailbox may be read by the one they are protected from: one wording for all news."""
        return "notices/quiet.txt" if self.case.protected else super().template


class CaseReceived(CaseNotice):
    """We have it, this is its number."""

    slug: ClassVar[str] = "case_received"
    label: ClassVar[str | Promise] = _("Vi har tagit emot")

    def __init__(
        self, *, organisation: Organisation, case: Case, code: str, key: str = "received", language: str = ""
    ) -> None:
        super().__init__(organisation=organisation, case=case, code=code, key=key, language=language)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "answer_by": local(self.case.answer_by) if self.case.answer_by else None}


class CaseAnswered(CaseNotice):
    """There is an answer."""

    slug: ClassVar[str] = "case_answered"
    label: ClassVar[str | Promise] = _("Nytt svar")


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

    def __init__(self, *, organisation: Organisation, case: Case, follow: Follow, key: str) -> None:
        super().__init__(organisation=organisation, case=case, language=follow.language, key=key)
        self.follow = follow

    @property
    def dedupe_key(self) -> str:
        return f"follow-{self.follow.pk}-{self.key}"

    @property
    def stop_link(self) -> str:
        return public_url(self.organisation, f"/folj/{self.follow.token}/sluta/")


class FollowedCaseChanged(_ToFollower):
    """There is something new in a case they follow."""

    slug: ClassVar[str] = "followed_case_changed"
    label: ClassVar[str | Promise] = _("Nytt i ett ärende som någon följer")

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/arenden/{self.case.number}/")


class FollowConfirm(_ToFollower):
    """Is it you who wants to follow? One question a day at most, however often the form is sent."""

    slug: ClassVar[str] = "follow_confirm"
    label: ClassVar[str | Promise] = _("Fråga om att följa")

    def __init__(self, *, organisation: Organisation, case: Case, follow: Follow) -> None:
        key = f"confirm-{local(now()):%Y-%m-%d}"
        super().__init__(organisation=organisation, case=case, follow=follow, key=key)

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/folj/{self.follow.token}/")
