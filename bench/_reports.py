"""The reports of the measurements: what people and programs send, by each way in. Needs Django set up."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from bench import _product
from bench._client import Errand, fill_in, post
from bench._facts import LARGEST
from bench._words import Words
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import create_key
from lyhord.places.demo_streets import demo_streets

# Most people choose nothing, and the words decide.
TYPES = ("", "", "ren.skrap", "park.gras", "belysning.slackt", "gata.kantsten", "annat", "snohalka.sand")
WANT_AN_ANSWER = 0.6
PICTURE = "https://bilder.exempel.se/gropen.jpg"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Said:
    """One report: its words and place, and who sends it ("" for somebody who wants no answer)."""

    text: str
    place: str
    lat: str
    lon: str
    type_code: str
    name: str
    email: str
    sender: str
    """The network address it comes from: one of its own for each, as they would have."""


class Reports:
    """Makes reports, each of them once, somewhere in the largest municipality."""

    def __init__(self) -> None:
        self._dice = Random()
        self._words = Words(self._dice)
        self._streets = list(demo_streets(_product.organisation().code))
        by = Actor.system("bench")
        with organisation_scope(_product.organisation().pk):
            _key, self._reviewed = create_key(client="bench", by=by, hourly=1_000_000)
            _key, self._at_once = create_key(client="bench", by=by, throttled=False, publishes_at_once=True)

    def _said(self) -> Said:
        dice = self._dice
        street, chosen = dice.choice(self._streets), dice.choice(TYPES)
        text, _answer = self._words.report(chosen or "belysning.slackt", "Skräp", street.street)
        name, email = self._words.person() if dice.random() < WANT_AN_ANSWER else ("", "")
        return Said(
            text=text,
            place=f"{street.street} {street.number}, {street.locality}",
            lat=f"{street.lat + dice.gauss(0, 0.002):.6f}",
            lon=f"{street.lon + dice.gauss(0, 0.004):.6f}",
            type_code=chosen,
            name=name,
            email=email,
            sender=".".join(str(dice.randrange(1, 255)) for _ in range(4)),
        )

    def by_api(self, count: int) -> Iterator[Errand]:
        """By the REST API, as a resident's program sends them."""
        for _ in range(count):
            said = self._said()
            body: dict[str, object] = {
                "text": said.text,
                "place_text": said.place,
                "lat": float(said.lat),
                "lon": float(said.lon),
                "accuracy_m": 12,
                "case_type": said.type_code,
                "publish": True,
            }
            if said.email:
                body |= {"sender": {"name": said.name, "email": said.email}, "wants_feedback": True}
            headers = {"X-Forwarded-For": said.sender, "Idempotency-Key": self._id()}
            sent = json.dumps(body).encode()
            yield post("/api/v1/reports", sent, "application/json", status=201, host=_product.HOST, headers=headers)

    def by_form(self, count: int) -> Iterator[Errand]:
        """By the form, as a browser sends it."""
        for _ in range(count):
            said = self._said()
            form = {
                "submission_id": self._id(),
                "text": said.text,
                "place_text": said.place,
                "lat": said.lat,
                "lon": said.lon,
                "accuracy": "12",
                "position_source": "gps",
                "case_type": said.type_code,
                "asked": said.type_code,
                "sender_kind": "person",
                "publish": "on",
                "contact": "code",
            }
            if said.email:
                form |= {"contact": "email", "email": said.email, "name": said.name, "wants_feedback": "on"}
            yield fill_in("/beratta/felanmalan/", form, host=_product.HOST, sender=said.sender)

    def by_open311(self, count: int, *, at_once: bool = False, picture: bool = False) -> Iterator[Errand]:
        """By a GeoReport client with a key. `at_once` is a key whose reports are published unread."""
        for _ in range(count):
            said = self._said()
            form = {
                "api_key": self._at_once if at_once else self._reviewed,
                "jurisdiction_id": LARGEST,
                "service_code": said.type_code or "annat",
                "description": said.text,
                "address_string": said.place,
                "lat": said.lat,
                "long": said.lon,
            }
            if said.email:
                first, _blank, last = said.name.partition(" ")
                form |= {"email": said.email, "first_name": first, "last_name": last}
            if picture:
                form["media_url"] = PICTURE
            body = urlencode(form).encode()
            yield post("/open311/v2/requests.json", body, _FORM, status=200, host=_product.HOST, headers={})

    def _id(self) -> str:
        return str(uuid.UUID(int=self._dice.getrandbits(128), version=4))
