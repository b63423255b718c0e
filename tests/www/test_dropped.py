"""A plug-in that is one new file stands on every page that lists its like, and works there: nothing else is edited."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lyhord.cases.kind import KINDS
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.channel import CHANNELS
from lyhord.notifications.models import Notice
from tests import factories
from tests.conftest import Cast
from tests.dropping import dropped
from tests.www.desk.conftest import browser
from tests.www.desk.test_register import enter
from tests.www.public.forms import send as report
from tests.www.soup import soup
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N1")]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def kind() -> Iterator[None]:
    with dropped("kinds"):
        yield


def options(client: Client, url: str, name: str) -> list[str]:
    """The values that a form offers for a field."""
    return [str(one.get("value")) for one in soup(client.get(url)).select(f"[name={name}], select[name={name}] option")]


def test_a_kind_is_a_beginning_for_residents(cast: Cast, kind: None) -> None:
    web = Client(headers={"host": "motala.localhost"})
    with organisation_scope(cast.motala.pk):
        factories.make_type("dropped", "dropped", "Släppt sort")
    links = [str(link["href"]) for link in page(web.get("/")).select("main a.kind, main a[href^='/beratta/']")]
    assert "/beratta/dropped/" in links
    assert report(web, "/beratta/dropped/", text="Något har släppts.").status_code == 303
    with organisation_scope(cast.motala.pk):
        case = Case.objects.get()
        assert (case.kind, case.case_type.code) == ("dropped", "dropped")
    shown = page(browser(cast.kim).get(f"/desk/{case.pk}/"))
    assert "Släppt" in shown.text


def test_a_kind_can_be_chosen_in_settings_and_at_the_desk(cast: Cast, kind: None) -> None:
    admin, kim = browser(cast.admin), browser(cast.kim)
    chips = [str(link.get("href")) for link in soup(admin.get("/installningar/arendetyper/")).select(".chips a")]
    assert "/installningar/arendetyper/?sort=dropped" in chips
    assert "dropped" in options(admin, "/installningar/arendetyper/ny/", "kind")
    assert "dropped" in options(admin, "/installningar/regler/ny/", "kinds")
    assert options(kim, "/desk/nytt/", "kind") == KINDS.slugs()


def test_a_channel_can_be_chosen_by_staff_and_is_named_in_the_case(cast: Cast) -> None:
    kim = browser(cast.kim)
    with dropped("channels"):
        assert options(kim, "/desk/nytt/", "channel") == [one.slug for one in CHANNELS if one.by_staff]
        assert enter(kim, text="Det ringde.", channel="dropped").status_code == 302
        with organisation_scope(cast.motala.pk):
            case = Case.objects.get()
        assert case.channel == "dropped"
        url = f"/desk/{case.pk}/"
        header = soup(kim.get(url)).select_one(".msg header")
        assert header is not None
        assert "Släppt" in header.text
    assert "dropped" in soup(kim.get(url)).select(".msg header")[0].text  # gone again: its cases are still read


def test_a_sender_is_named_in_the_outbox(cast: Cast) -> None:
    factories.make_case(cast.motala, email="elin@example.se")
    with organisation_scope(cast.motala.pk):
        Notice.objects.update(sender="dropped")
    kim = browser(cast.kim)
    with dropped("senders"):
        assert "Släppt" in soup(kim.get("/desk/utkorg/")).select("tbody tr")[0].text
    assert "dropped" in soup(kim.get("/desk/utkorg/")).select("tbody tr")[0].text
