"""How django-allauth behaves here: nobody signs up as staff by themselves; mail goes through the outbox."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by administrators (import_users, the people page)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
