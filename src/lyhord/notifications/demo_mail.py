"""The demo's way out: a wall. The outbox page shows what would have left."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class DemoBackend(BaseEmailBackend):
    """Accepts every message and keeps nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Say yes to all."""
        return len(email_messages)
