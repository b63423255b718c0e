"""People's own words say which language they are in, where the page is in another (WCAG 2.2, 3.1.2)."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from lyhord.cases import actions
from lyhord.cases.actions import Registered
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.3")]
SAID = {"en": "The lamp by the school has been out for a week.", "sv": "Lampan vid skolan har varit släckt i en vecka."}
MORE = {"en": "It is still out.", "sv": "Den är fortfarande släckt."}
ANSWER = {"en": "It will be lit on Monday.", "sv": "Den lagas på måndag."}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def browser(language: str) -> Client:
    web = Client(headers={"host": "motala.localhost"})
    web.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return web


def told(cast: Cast, language: str) -> Registered:
    """A question that was answered, asked again about, noted, and is shown to others."""
    made = factories.make_case(cast.motala, SAID[language], type="fraga", language=language, publish=True)
    with organisation_scope(cast.motala.pk):
        case_id = made.case.pk
        actions.reply(case_id=case_id, text=ANSWER[language], by=cast.kim.actor)
        actions.resident_writes(case_id=case_id, text=MORE[language], by=Actor.resident(), channel="web")
        actions.note(case_id=case_id, text="Ring elbolaget.", by=cast.kim.actor)
        title, text = made.case.title, SAID[language]
        actions.publish(case_id=case_id, title=title, text=text, answer=ANSWER[language], by=cast.kim.actor)
    return made


def spoken(web: Client, url: str, words: str) -> set[str]:
    """The languages that a page says the words are in, wherever they stand in its body."""
    tree = BeautifulSoup(web.get(url).content, "html.parser")
    assert tree.main is not None
    found = [text for text in tree.main.find_all(string=lambda said: words in (said or "")) if text.parent]
    assert found, f"{words!r} is not on {url}"
    return {str(element["lang"]) for text in found if (element := text.find_parent(lang=True)) is not None}


@pytest.mark.parametrize("page", ["sv", "en"])
@pytest.mark.parametrize("words", ["sv", "en"])
def test_what_a_resident_wrote_says_its_language(cast: Cast, words: str, page: str) -> None:
    made = told(cast, words)
    code, number, pk = made.code, made.case.number, made.case.pk
    web, desk = browser(page), browser(page)
    desk.force_login(cast.kim, backend="lyhord.accounts.backend.Backend")
    own = {words}
    title = made.case.title
    for url in (f"/f/{code}/", f"/tack/{code}/", f"/arenden/{number}/", "/"):
        assert spoken(web, url, SAID[words]) == own, url
    for url in (f"/f/{code}/", f"/arenden/{number}/", "/arenden/", "/"):
        assert spoken(web, url, title) == own, url
    for url in (f"/desk/{pk}/", f"/desk/granska/{pk}/"):
        assert spoken(desk, url, SAID[words]) >= own, url
    assert spoken(web, f"/f/{code}/", MORE[words]) == own
    assert spoken(desk, f"/desk/{pk}/", MORE[words]) == own
    assert spoken(desk, "/desk/?vy=alla", title) == own
    assert spoken(desk, f"/desk/{pk}/", "Ring elbolaget.") == {"sv"}


@pytest.mark.parametrize("page", ["sv", "en"])
def test_an_answer_to_somebody_who_writes_swedish_is_swedish(cast: Cast, page: str) -> None:
    swedish, english = told(cast, "sv"), told(cast, "en")
    web = browser(page)
    for url in (f"/f/{swedish.code}/", f"/arenden/{swedish.case.number}/"):
        assert spoken(web, url, ANSWER["sv"]) == {"sv"}
    # to others we may have answered in either: nothing is said that may be wrong
    assert spoken(web, f"/f/{english.code}/", ANSWER["en"]) == {page}


def test_a_title_made_from_a_types_name_is_ours(cast: Cast) -> None:
    made = factories.make_case(cast.motala, SAID["en"], language="en")
    assert spoken(browser("en"), f"/f/{made.code}/", made.case.title) == {"sv"}
    assert spoken(browser("sv"), f"/f/{made.code}/", SAID["en"]) == {"en"}


def test_own_words_in_answers_to_questions_too(cast: Cast) -> None:
    with organisation_scope(cast.motala.pk):
        questions = [
            {"code": "mast", "label": {"sv": "Vad står på stolpen?"}, "datatype": "text"},
            {"code": "farligt", "label": {"sv": "Är det farligt?"}, "datatype": "yesno"},
        ]
        factories.make_type("stolpe", "felanmalan", "Stolpe", questions=questions)
    answers: Any = {"mast": "It says seventeen", "farligt": True}
    made = factories.make_case(cast.motala, SAID["en"], type="stolpe", language="en", answers=answers)
    desk = browser("sv")
    desk.force_login(cast.kim, backend="lyhord.accounts.backend.Backend")
    assert spoken(desk, f"/desk/{made.case.pk}/", "It says seventeen") == {"en"}
    assert spoken(desk, f"/desk/{made.case.pk}/", "Ja") == {"sv"}
