"""allauth's forms that anybody may send, with their text plain."""

from allauth.account import forms

from lyhord.core.forms import Plain


class LoginForm(Plain, forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Named by ACCOUNT_FORMS."""


class ResetPasswordForm(Plain, forms.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Named by ACCOUNT_FORMS."""


class AddEmailForm(Plain, forms.AddEmailForm):  # type: ignore[misc]  # allauth has no types
    """Named by ACCOUNT_FORMS."""
