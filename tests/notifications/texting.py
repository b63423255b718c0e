"""A gateway of text messages that answers as 46elks does, and a telephone that writes back."""

import json
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from django.test import Client

from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import TextGateway
from lyhord.notifications.text_actions import set_gateway
from lyhord.notifications.texts import key_of
from lyhord.organisations.models import Organisation
from tests.factories import TEST
from tests.far_end import FarEnd, Heard, Reply

NUMBER, ASTA = "+46766860000", "+46701740605"


class Texting:
    """The gateway at a far end, set up for an organisation."""

    def __init__(self, far_end: FarEnd, organisation: Organisation, **values: Any) -> None:
        self.far_end, self.organisation = far_end, organisation
        far_end.on_question = self._name
        self._name(None)
        given = {"gateway": "46elks", "username": "u", "secret": "zxhemligt", "sender": NUMBER, "countries": "46"}
        with organisation_scope(organisation.pk):
            row = set_gateway(
                **{**given, "url": f"{far_end.url}/a1/sms", "most_a_day": 100, "active": True, **values}, by=TEST
            )
            self.key = key_of(row)

    def _name(self, _heard: Heard | None) -> None:
        number = len(self.far_end.heard) + 1  # of the next
        said = {"id": f"s{number}", "status": "created"}
        self.far_end.usual = Reply(body=json.dumps(said).encode(), headers={"Content-Type": "application/json"})

    @property
    def sent(self) -> list[dict[str, str]]:
        """The forms that came to the gateway."""
        return [dict(parse_qsl(heard.body.decode())) for heard in self.far_end.heard]

    @property
    def words(self) -> list[str]:
        """What each said."""
        return [form["message"] for form in self.sent]

    def call(self, form: dict[str, str], *, query: str = "", key: str | None = None) -> Any:
        """The gateway calls us."""
        login = b64encode(f"lyhord:{self.key if key is None else key}".encode()).decode()
        client = Client(HTTP_HOST=f"{self.organisation.slug}.localhost", HTTP_AUTHORIZATION=f"Basic {login}")
        return client.post(f"/in/sms/krok/{query}", urlencode(form), content_type="application/x-www-form-urlencoded")

    def writes(self, words: str, *, sender: str = ASTA, name: str = "", key: str | None = None) -> Any:
        """Somebody sends a text message to the organisation's number."""
        self.count = getattr(self, "count", 0) + 1
        form = {"id": name or f"i{self.count}", "from": sender, "to": NUMBER, "message": words, "direction": "incoming"}
        return self.call(form, key=key)

    def reports(self, index: int, status: str) -> Any:
        """How one that was sent went, told at the address that came with it."""
        form = self.sent[index]
        url = urlsplit(form["whendelivered"])
        assert url.username == "lyhord"
        assert list(parse_qs(url.query)) == ["rapport"]
        return self.call({"id": f"s{index + 1}", "status": status}, query=f"?{url.query}", key=url.password or "")


def row_of(organisation: Organisation) -> TextGateway:
    """As it is stored."""
    with organisation_scope(organisation.pk):
        return TextGateway.objects.get()
