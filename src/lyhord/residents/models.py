"""Accounts of residents. Nobody needs one; who has one finds their cases on any device."""

from django.db import models

from lyhord.cases.models import Case
from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.walled import TenantForeignKey
from lyhord.notifications.models import Contact
from lyhord.organisations.models import TenantModel


class Protocol(models.TextChoices):
    """How somebody who vouches is spoken with."""

    OIDC = "oidc", "OpenID Connect"
    SAML = "saml", "SAML 2.0"


class Provider(TenantModel):
    """Somebody who vouches for residents: an e-legitimation, an eIDAS bridge, the municipality's own.

    What it says of itself and its keys are fetched by a task; only the code is exchanged while somebody waits (ADR 15).
    By SAML nothing is exchanged: the browser carries the answer (ADR 24).
    """

    protocol = models.CharField(max_length=10, choices=Protocol, default=Protocol.OIDC)

    label = models.CharField(max_length=60)  # what residents know it as: "BankID"
    issuer = models.CharField(max_length=300)  # SAML: its entityID
    client_id = models.CharField(max_length=300)  # SAML: our entityID
    secret = models.TextField(blank=True)  # sealed (core/sealed.py); SAML: our private key
    certificate = models.TextField(blank=True)  # SAML: that key's, PEM
    metadata_url = models.CharField(max_length=400, blank=True)  # SAML
    subject_attribute = models.CharField(max_length=200, blank=True)  # SAML: names the person; "": a persistent NameID
    levels = models.CharField(max_length=500, blank=True)  # acr values, any of which will do; "": whatever it has
    audience = models.CharField(max_length=300, blank=True)  # `aud` of tokens that programs come with; "": none may
    active = models.BooleanField(default=True)
    about = models.JSONField(default=dict)  # authorization_endpoint, token_endpoint, basic (how it knows us), or where
    keys = models.JSONField(default=list)  # as JWKS has them; SAML: certificates, PEM
    fetched_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when somebody last came with a key that was not here
    last_error = models.TextField(blank=True)

    objects = TenantQuerySet["Provider"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "issuer"], name="resident_provider_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def ready(self) -> bool:
        """Whether enough is known of it."""
        return bool(self.about and self.keys)


class Account(TenantModel):
    """Who has logged in. Known by who vouches for them and that one's name for them: never by a personal number.

    Name and address of nobody is kept here. Where `issuer` is "" we vouch ourselves, by a code sent to `contact`.
    """

    issuer = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=255)
    contact = TenantForeignKey(Contact, models.CASCADE, null=True, related_name="+")  # an address shown to be theirs
    created_at = models.DateTimeField()
    last_at = models.DateTimeField()  # when they last logged in

    objects = TenantQuerySet["Account"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "issuer", "subject"], name="resident_account_once")
        ]
        indexes = [models.Index(fields=["organisation", "contact"], name="resident_account_contact")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def by_address_alone(self) -> bool:
        """Whether reading somebody's mail is enough to be them."""
        return not self.issuer


class AccountCase(TenantModel):
    """A case that somebody who held its code put among their own."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="cases")
    case = TenantForeignKey(Case, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = TenantQuerySet["AccountCase"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "account", "case"], name="resident_account_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.case_id}"


class LogIn(TenantModel):
    """One browser where somebody is logged in; of its cookie only a digest is kept. Ends by itself."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="log_ins")
    digest = models.BinaryField(max_length=32)
    ends_at = models.DateTimeField()

    objects = TenantQuerySet["LogIn"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "digest"], name="resident_log_in_once")]
        indexes = [models.Index(fields=["organisation", "ends_at"], name="resident_log_in_ends")]

    def __str__(self) -> str:
        return str(self.account_id)
