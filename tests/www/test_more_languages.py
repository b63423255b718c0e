"""Finnish for residents, the organisation's own words in Northern Sami and Meänkieli, Swedish for the rest."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.conftest import Cast
from tests.www.public.forms import fields, send
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("X7", "P31")]
SAMI = "Bures boahtin. Don sáhtát čállit midjiide davvisámegillii."


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def resident(language: str) -> Client:
    web = Client(headers={"host": "motala.localhost"})
    web.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return web


def staff(user: Any, language: str = "sv") -> Client:
    web = resident(language)
    web.force_login(user, backend="lyhord.accounts.backend.Backend")
    return web


def test_a_report_in_finnish_is_answered_in_finnish(cast: Cast) -> None:
    Organisation.objects.filter(slug="motala").update(languages=["sv", "en", "fi"])
    send(resident("fi"), text="Lamppu on pimeänä koulun luona.", contact="email", email="aino@esimerkki.fi")
    with organisation_scope(cast.motala.pk):
        case = Case.objects.get()
        assert case.language == "fi"
        actions.reply(case_id=case.pk, text="Korjaamme sen maanantaina.", by=cast.sara.actor)
        subjects = [notice.subject for notice in Notice.objects.filter(address="aino@esimerkki.fi").order_by("pk")]
    assert f"Uusi vastaus asiassa {case.number}" in subjects
    assert "finska" in soup(staff(cast.kim).get(f"/desk/{case.pk}/")).get_text()


def test_the_desk_stays_in_a_language_that_it_is_translated_to(cast: Cast) -> None:
    Organisation.objects.filter(slug="motala").update(languages=["fi", "en"])
    finnish = staff(cast.admin, "fi")
    assert finnish.get("/").headers["Content-Language"] == "fi"
    for url in ("/desk/", "/installningar/utseende/"):
        assert finnish.get(url).headers["Content-Language"] == "en"
    Organisation.objects.filter(slug="motala").update(languages=["fi"])
    forget_hosts()
    assert finnish.get("/desk/").headers["Content-Language"] == "sv"


def test_own_words_make_a_language_that_residents_can_choose(cast: Cast) -> None:
    admin, web = staff(cast.admin), resident("sv")
    assert not soup(web.get("/")).select("a[hreflang=se]")
    assert admin.post("/installningar/sprak/", {"se": SAMI, "fit": ""}).status_code == 302
    switch = soup(web.get("/")).select_one("a[hreflang=se]")
    assert switch is not None
    assert switch.get_text() == "Davvisámegiella"
    web.get(str(switch["href"]))
    for url in ("/", "/beratta/felanmalan/"):
        answer = web.get(url)
        tree = soup(answer)
        assert answer.headers["Content-Language"] == "sv"
        assert tree.html is not None
        assert tree.html["lang"] == "sv"
        said = tree.select_one("[lang=se].note")
        assert said is not None
        assert said.get_text(strip=True) == SAMI
        assert not tree.select("a[hreflang=se]")
        assert tree.select("a[hreflang=sv]")
    send(web, text="Lámpá lea jaskan.", contact="email", email="ante@exempel.se")
    with organisation_scope(cast.motala.pk):
        case = Case.objects.get()
    assert case.language == "se"
    assert "nordsamiska" in soup(admin.get(f"/desk/{case.pk}/")).get_text()


def test_words_taken_back_take_the_choice_back(cast: Cast) -> None:
    admin = staff(cast.admin)
    admin.post("/installningar/sprak/", {"se": SAMI, "fit": "Tervetuloa."})
    assert Organisation.objects.get(slug="motala").languages[-2:] == ["se", "fit"]
    admin.post("/installningar/sprak/", {"se": "  ", "fit": "Tervetuloa."})
    changed = Organisation.objects.get(slug="motala")
    assert changed.languages[-1] == "fit"
    assert "se" not in changed.languages
    assert resident("se").get("/").headers["Content-Language"] == "sv"


def test_too_long_words_are_kept_in_the_form_and_nothing_is_changed(cast: Cast) -> None:
    answer = staff(cast.admin).post("/installningar/sprak/", {"se": "a" * 2001, "fit": "Tervetuloa."})
    assert answer.status_code == 422
    assert "högst 2000 tecken" in soup(answer).get_text().replace("\xa0", " ")
    assert "Tervetuloa." in answer.content.decode()
    assert Organisation.objects.get(slug="motala").own_words == {}


def test_other_settings_keep_the_own_languages(cast: Cast) -> None:
    admin = staff(cast.admin)
    admin.post("/installningar/sprak/", {"se": SAMI})
    sent = fields(admin.get("/installningar/utseende/"), "form:has([name=languages])")
    admin.post("/installningar/utseende/", {**sent, "languages": ["sv"]})
    assert Organisation.objects.get(slug="motala").languages == ["sv", "se"]


def test_only_those_who_may_change_the_organisation_write_them(cast: Cast) -> None:
    assert staff(cast.sara).get("/installningar/sprak/").status_code == 403
