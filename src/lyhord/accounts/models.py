"""Accounts and what they are in an organisation."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from lyhord.accounts.permissions import Permission
from lyhord.accounts.roles import ROLES
from lyhord.core.actor import Actor
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.text import sort_key
from lyhord.core.walled import TenantForeignKey
from lyhord.organisations.models import TenantModel, Unit


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the e-mail address is the log-in name, compared without case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **values: Any) -> "User":
        """An account; without a password nobody can log in until one is set."""
        user = self.model(email=self.normalize_email(email).lower(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. May belong to several organisations; what they may do is in Membership."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="sv")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def first_name(self) -> str:
        """What residents see of an officer."""
        return self.full_name.split(" ")[0]

    @property
    def actor(self) -> Actor:
        """This person as the one who acts."""
        return Actor("person", self.pk, self.full_name)


class Membership(TenantModel):
    """A person's role in an organisation, and the units they work in (with everything below those)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=[(slug, role.label) for slug, role in ROLES.items()])
    sort_key = models.CharField(max_length=160, editable=False, default="", db_collation="C")
    active = models.BooleanField(default=True)

    objects = TenantQuerySet["Membership"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"

    def save(self, *args: Any, **options: Any) -> None:
        self.sort_key = sort_key(self.user.full_name)
        super().save(*args, **options)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the role allows; nothing, when this version of the code has no such role."""
        role = ROLES.get(self.role)
        return role.permissions if role else frozenset()


class MembershipUnit(TenantModel):
    """One unit a member works in."""

    membership = TenantForeignKey(Membership, models.CASCADE, related_name="in_units")
    unit = TenantForeignKey(Unit, models.CASCADE, related_name="members")

    objects = TenantQuerySet["MembershipUnit"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "membership", "unit"], name="member_unit_once")]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.unit_id}"


class SentForm(TenantModel):
    """A form that somebody who works here has sent and that was done (`once.py`); kept for a day, or some weeks.

    No word of the form itself: its digest tells whether the same one comes again.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    location = models.TextField(blank=True)  # where it led
    said = models.JSONField(default=list)  # [[level, sentence]] that the next page told
    keyed = models.BooleanField(db_default=False)  # by a key of the device's own: kept longer

    objects = TenantQuerySet["SentForm"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user", "digest"], name="sent_form_once")]
        indexes = [models.Index(fields=["organisation", "at"], name="sent_form_age")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"


class KeptForm(TenantModel):
    """A form that came when its writer's session had ended: kept a week, for them to send when they are back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    path = models.TextField()  # where it was sent, with the query string
    fields = models.JSONField()  # [[name, value]] in the form's order
    at = models.DateTimeField()

    objects = TenantQuerySet["KeptForm"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "user"], name="kept_form_of"),
            models.Index(fields=["organisation", "at"], name="kept_form_age"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.path}"


class TokenIssuer(TenantModel):
    """Somebody whose tokens (OAuth 2, OpenID Connect) let people in by the API.

    Its public keys are fetched by a task and kept here, since nothing is fetched within a request. Set by whoever runs
    the installation, or by an administrator: what an issuer says about who somebody is, is believed.
    """

    issuer = models.CharField(max_length=300)  # exactly as in the tokens
    audience = models.CharField(max_length=300)  # what its tokens call this service
    trusts_email = models.BooleanField(default=False)  # addresses count without "email_verified"
    active = models.BooleanField(default=True)
    keys = models.JSONField(default=list)  # as JWKS has them
    fetched_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when a token last named a key that was not here
    last_error = models.TextField(blank=True)

    objects = TenantQuerySet["TokenIssuer"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "issuer"], name="token_issuer_once")]

    def __str__(self) -> str:
        return self.issuer

    @property
    def host(self) -> str:
        """As people know it: the address without what surrounds it."""
        return urlsplit(self.issuer).hostname or self.issuer


class TokenSubject(TenantModel):
    """Which member an issuer means by its own name for somebody ("sub"); goes before the mail address."""

    issuer = TenantForeignKey(TokenIssuer, models.CASCADE, related_name="subjects")
    subject = models.CharField(max_length=255)
    membership = TenantForeignKey(Membership, models.CASCADE, related_name="+")

    objects = TenantQuerySet["TokenSubject"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "issuer", "subject"], name="token_subject_once")]

    def __str__(self) -> str:
        return self.subject
