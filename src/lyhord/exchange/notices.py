"""What administrators are told about webhooks."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lyhord.accounts.models import Membership
from lyhord.exchange.models import Webhook
from lyhord.notifications.kind import NoticeKind
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import public_url


class WebhookPaused(NoticeKind):
    """Another system has not answered for a long time: we hold what waits for it."""

    slug: ClassVar[str] = "webhook_paused"
    label: ClassVar[str | Promise] = _("En webhook är pausad")

    def __init__(self, *, organisation: Organisation, webhook: Webhook, member: Membership) -> None:
        super().__init__(organisation=organisation, language=(organisation.languages or ["sv"])[0])
        self.webhook = webhook
        self.member = member

    @property
    def about(self) -> tuple[str, int]:
        return "webhook", self.webhook.pk

    @property
    def dedupe_key(self) -> str:
        assert self.webhook.paused_at  # noqa: S101  # told of when it is
        return f"webhook-{self.webhook.pk}-{self.webhook.paused_at:%Y%m%dT%H%M%S}-{self.member.pk}"

    @property
    def link(self) -> str:
        return public_url(self.organisation, f"/installningar/webhooks/{self.webhook.pk}/")

    def context(self) -> dict[str, Any]:
        return {"name": self.webhook.name}
