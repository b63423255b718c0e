"""What those who follow are told, and what they are asked."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.following.models import Profile
from lyhord.notifications.kind import NoticeKind
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url


class NewsNotice(NoticeKind):
    """Something has happened that its reader asked for, and why they are told: always one of many (spreading.py)."""

    slug: ClassVar[str] = "news"
    label: ClassVar[str | Promise] = _("Nytt i en bevakning")
    news: ClassVar[bool] = True


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
