"""Every page comes out the same, letter by letter, with folded templates as with Django's own; inputs too."""

import copy
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.forms.renderers import DjangoTemplates
from time_machine import TimeMachineFixture

from lyhord.accounts.models import User
from lyhord.www.widgets import Renderer
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.every_address import addresses, body, post, values_for
from tests.www.plant import Planted

pytestmark = pytest.mark.django_db
WHO: dict[str, Callable[[Cast], User | None]] = {"a resident": lambda cast: None, "staff": lambda cast: cast.admin}
# what is drawn by lot for each page
_DRAWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|set-cookie: \S+|[0-9A-Za-z]{64}"
    r"|(?<=&)(state|nonce|code_challenge)=[\w-]+"
)


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def pages(user: User | None, planted: Planted) -> dict[str, str]:
    """Every page that somebody gets, and some that come back with something wrong. Nothing that they do is kept."""
    with transaction.atomic():
        shown = _pages(user, planted)
        transaction.set_rollback(True)
    return shown


def _pages(user: User | None, planted: Planted) -> dict[str, str]:
    client = browser(user)
    shown = {}
    for language in ("sv", "en"):
        client.cookies["lyhord_language"] = language
        for address in addresses():
            for values in values_for(address, planted.ids, all_ways=language == "sv"):
                url = address.url(values)
                if url.startswith(("/api/", "/open311/", "/konto/logout")):
                    continue
                response = client.get(url)
                if response.headers.get("Content-Type", "").startswith("text/html"):
                    shown[f"{language} {url}"] = _DRAWN.sub("", body(response))
    for url in ("/beratta/felanmalan/", "/installningar/enheter/", f"/desk/{planted.ids['case_id']}/svara/"):
        shown[f"sent {url}"] = _DRAWN.sub("", body(post(client, url, {"text": ""})))
    return shown


@pytest.mark.sample(1)
@pytest.mark.parametrize("who", list(WHO))
def test_every_page_is_the_same(
    cast: Cast, motala_things: Planted, settings: Any, time_machine: TimeMachineFixture, who: str
) -> None:
    time_machine.move_to(datetime.now(UTC), tick=False)
    user = WHO[who](cast)
    folded = pages(user, motala_things)
    templates = copy.deepcopy(settings.TEMPLATES)
    inside = templates[0]["OPTIONS"]["loaders"][0][1]
    templates[0]["OPTIONS"]["loaders"] = [("django.template.loaders.cached.Loader", inside)]
    settings.TEMPLATES = templates
    plain = pages(user, motala_things)
    assert folded.keys() == plain.keys()
    assert len(folded) > 50
    for name, page in folded.items():
        assert page == plain[name], name


class Everything(forms.Form):
    """A field with each widget that we write ourselves, in its states."""

    text = forms.CharField(widget=forms.TextInput(attrs={"data-x": '"<&', "required": True, "disabled": False}))
    number = forms.IntegerField()
    email = forms.EmailField()
    url = forms.URLField(assume_scheme="https")
    password = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    day = forms.DateField(widget=forms.DateInput({"type": "date"}))
    file = forms.FileField(widget=forms.FileInput(attrs={"accept": "image/*"}))
    yes = forms.BooleanField()
    several = forms.MultipleChoiceField(choices=[("<", "a&b"), ("2", "två")], widget=forms.CheckboxSelectMultiple)
    one = forms.ChoiceField(choices=[("<", "a&b"), ("2", "två")], widget=forms.RadioSelect)
    long = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), label="Ö")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {
            "initial": {
                "text": "<a&'\">",
                "number": 3,
                "day": date(2026, 11, 23),
                "yes": True,
                "several": ["2"],
                "long": "",
            }
        },
        {"initial": {"one": "<", "long": "</textarea>\n&", "hidden": 0, "email": None}},
        {"data": {"text": "<", "one": "2", "several": ["<", "2"], "yes": "on", "number": "x", "long": "\r\nx"}},
    ],
)
def test_inputs_are_written_as_django_writes_them(given: dict[str, Any]) -> None:
    ours, djangos = (Everything(**given, renderer=renderer()) for renderer in (Renderer, DjangoTemplates))
    for name in Everything.base_fields:
        assert str(ours[name]).strip() == str(djangos[name]).strip(), name
        for one, other in zip(ours[name].subwidgets, djangos[name].subwidgets, strict=True):
            assert str(one).split() == str(other).split(), name
