from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who log in. The label keeps clear of allauth's `account`."""

    name = "lyhord.accounts"
    label = "accounts"
