"""What those who want to follow a matter are asked."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.core.clock import local, now
from lyhord.following.models import Follow
from lyhord.matters.models import Matter
from lyhord.notifications.kind import NoticeKind
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url


class MatterFollowConfirm(NoticeKind):
    """Is it you who wants to follow? One question a day at most, however often the form is sent."""

    slug: ClassVar[str] = "matter_follow_confirm"
    label: ClassVar[str | Promise] = _("Fråga om att följa ett beslut")
    asks: ClassVar[bool] = True

    def __init__(self, *, organisation: Organisation, matter: Matter, follow: Follow) -> None:
        super().__init__(organisation=organisation, language=follow.contact.language)
        self.matter = matter
        self.follow = follow

    @property
    def dedupe_key(self) -> str:
        return f"follow-{self.follow.pk}-confirm-{local(now()):%Y-%m-%d}"

    @property
    def about(self) -> tuple[str, int]:
        return "matter", self.matter.pk

    @property
    def private(self) -> bool:
        """What somebody follows is nobody's business."""
        return True

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/folj/{self.follow.token}/")

    @property
    def stop_link(self) -> str:
        return public_url(self.organisation, f"/folj/{self.follow.token}/sluta/")

    def context(self) -> dict[str, Any]:
        return {"title": self.matter.shown_title}


class MatterFollowEnds(MatterFollowConfirm):
    """Its time is nearly up: shall it go on?"""

    slug: ClassVar[str] = "matter_follow_ends"
    label: ClassVar[str | Promise] = _("Fråga om att fortsätta följa ett beslut")
    asks: ClassVar[bool] = False  # nothing that an address could be tested with

    @property
    def dedupe_key(self) -> str:
        return f"follow-{self.follow.pk}-ends-{self.follow.expires_at:%Y-%m-%d}"

    def context(self) -> dict[str, Any]:
        last_day = local(self.follow.expires_at) if self.follow.expires_at else None
        return {**super().context(), "last_day": last_day}
