"""Organisations (tenants), their host names and units."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from lyhord.core.tenancy import TenantQuerySet
from lyhord.core.text import sort_key
from lyhord.core.walled import TenantForeignKey, Walled
from lyhord.organisations.features import on_by_default


class Organisation(models.Model):
    """A municipality or the like. Not walled itself: the host name must find it before anything is known."""

    slug = models.SlugField(max_length=40, unique=True)
    code = models.CharField(max_length=10, blank=True)  # Swedish municipality code, "0583"; text, never a number
    country = models.CharField(
        max_length=2, default="SE", db_default="SE"
    )  # ISO 3166-1; its rules are in core/countries
    time_zone = models.CharField(
        max_length=60, default="Europe/Stockholm", db_default="Europe/Stockholm"
    )  # IANA's name
    name = models.CharField(max_length=120)  # "Motala kommun"
    service_name = models.CharField(max_length=120)  # "Dialog Motala"
    colour = models.CharField(max_length=7, default="#14527f")
    logo = models.CharField(max_length=200, blank=True)  # key in the file storage
    languages = models.JSONField(default=list)  # ["sv", "en"], the first is the organisation's own
    phone = models.CharField(max_length=40, blank=True)
    phone_hours = models.CharField(max_length=120, blank=True)  # in its own language; others: settings["phone_hours"]
    emergency_phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    publishes = models.BooleanField(default=True)
    features = models.JSONField(default=dict)  # {"following": false}: switches that stand otherwise than by default
    settings = models.JSONField(default=dict)  # what else differs, by documented key
    closed_days = models.JSONField(default=list)  # extra free days, ISO dates
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def free_days(self) -> frozenset[date]:
        """The organisation's extra free days."""
        return frozenset(date.fromisoformat(day) for day in self.closed_days)

    @property
    def own_language(self) -> str:
        """The first of its languages: what pages are in when nobody chose."""
        return str(self.languages[0]) if self.languages else settings.LANGUAGE_CODE

    def phone_hours_in(self, language: str) -> tuple[str, str]:
        """When the telephone is answered, and the language that it is said in: the organisation's where no other is."""
        said = str(self.settings.get("phone_hours", {}).get(language, "")) if language != self.own_language else ""
        return (said, language) if said else (self.phone_hours, self.own_language)

    @property
    def own_words(self) -> dict[str, str]:
        """What it says to residents in languages that the pages are not in, by code (settings.OWN_WORDS_LANGUAGES)."""
        return dict(self.settings.get("own_words", {}))

    @property
    def mail_server(self) -> str:
        """What its mail server calls itself in Authentication-Results; "" while nobody has said."""
        return str(self.settings.get("mail_server", ""))

    @property
    def phone_hours_said(self) -> str:
        """The same in the language that is active, for what is plain text."""
        return self.phone_hours_in(get_language() or self.own_language)[0]

    def has(self, feature: str) -> bool:
        """Whether a feature switch (features.py) is on."""
        return bool(self.features.get(feature, on_by_default(feature)))


class Hostname(models.Model):
    """A host name that shows one organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="hostnames")
    host = models.CharField(max_length=253, unique=True)  # lower case, no port
    primary = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.host


class Inlet(models.Model):
    """An address of an organisation's where people write to it: of mail, or a telephone number for SMS.

    Not walled: the address must find the organisation before anything is known, as a host name does.
    """

    class Channel(models.TextChoices):
        """What comes there."""

        EMAIL = "email"
        SMS = "sms"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="inlets")
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.CharField(max_length=254)  # in small letters; a number as +46701234567
    kind = models.CharField(max_length=20, blank=True)  # what mostly comes: slug of a kind of case; "": all sorts
    unit_code = models.CharField(max_length=60, blank=True)  # whose it is; "": the rules say who gets what comes
    review = models.BooleanField(default=False)  # somebody looks at all that comes before it is a case
    answers = models.BooleanField(default=False)  # notices say that answers go here
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "address"], name="inlet_once"),
            models.UniqueConstraint(
                fields=["organisation", "channel"], condition=models.Q(answers=True), name="inlet_one_for_answers"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class TenantModel(Walled):
    """Base of the tables that belong to one organisation: refuses queries outside a scope, walled by the database."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True


class LogoPicture(TenantModel):
    """The organisation's logo, small, at hand: what the app's icons are drawn from, wherever files lie."""

    key = models.CharField(max_length=200)  # the logo that it is of: Organisation.logo
    picture = models.BinaryField()  # JPEG, 512 pixels at most

    objects = TenantQuerySet["LogoPicture"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="logo_picture_once")]

    def __str__(self) -> str:
        return self.key


class UnitQuerySet(TenantQuerySet["Unit"]):
    """Reads of the unit tree."""

    def by_code(self, code: str) -> "Unit | None":
        """The unit with that code, or None."""
        return self.filter(code=code).first()

    def tree_ids(self, unit_ids: set[int]) -> set[int]:
        """The units and everything below them."""
        children: dict[int | None, list[int]] = {}
        for pk, parent_id in self.values_list("pk", "parent_id"):
            children.setdefault(parent_id, []).append(pk)
        found, todo = set(unit_ids), list(unit_ids)
        while todo:
            for child in children.get(todo.pop(), []):
                if child not in found:
                    found.add(child)
                    todo.append(child)
        return found


class Unit(TenantModel):
    """A department (förvaltning) or a unit within one."""

    parent = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    roles = models.JSONField(
        default=list, blank=True
    )  # what it is for (["gata_park"]), so that presets can route to it
    email = models.EmailField(blank=True)
    confidential = models.BooleanField(default=False)  # care and school: seen by its own staff only, never published
    fallback = models.BooleanField(default=False)  # gets what no rule places
    active_from = models.DateField(null=True, blank=True)
    sort_key = models.CharField(max_length=160, editable=False, db_collation="C")

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="unit_code"),
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(fallback=True), name="unit_one_fallback"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **options)
