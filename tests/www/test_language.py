"""Languages: every text in every language, pages that keep to the one chosen, and a choice that only the asked-for
languages can be."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern

import lyhord
from lyhord.cases import actions
from lyhord.cases.actions import Registered
from lyhord.cases.models import CaseTypeVersion, Category
from lyhord.core.tenancy import organisation_scope
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation, Unit
from lyhord.www.desk import urls as desk
from lyhord.www.manage import urls as manage
from lyhord.www.management.commands.messages import KEYWORDS
from tests import factories
from tests.conftest import Cast
from tests.www.desk.conftest import browser
from tests.www.public.forms import send

PACKAGE = Path(lyhord.__file__).parent
LANGUAGES = [code for code, _label in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")
SWEDISH = re.compile(
    r"\b(och|att|det|inte|är|som|från|av|har|kan|ska|du|vi|din|ditt|ärende\w*|när|eller|på|välj|skriv)\b"
)
KINDS = ("felanmalan", "klagomal", "berom", "forslag", "fraga")
TEXT = "The lamp by the school is out."


# What is translated


@pytest.mark.requirement("2.3")
def test_every_language_has_every_text() -> None:
    call_command("messages", "--check")


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_what_is_filled_in_and_end_alike(language: str) -> None:
    for message in catalog(PACKAGE / "locale", language):
        texts, translations = forms(message.id), forms(message.string)
        assert len(texts) == len(translations), message.id
        for text, translation in zip(texts, filter(None, translations), strict=False):  # empty ones: the test above
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(translation)), text
            assert text.endswith("?") == translation.endswith("?"), text
            assert re.search("</?[a-z]+", text) or not re.search("</?[a-z]+", translation), text


def test_no_text_hides_behind_a_name_that_the_command_does_not_know() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                called = [name.asname or name.name for name in node.names if "gettext" in name.name]
                assert set(called) <= KEYWORDS.keys(), path


def test_what_we_say_for_the_libraries_they_still_say() -> None:
    """Our Swedish for Django's and allauth's own texts; a text that they have reworded must be reworded here too."""
    libraries = [Path(django.__file__).parent / folder / "locale" for folder in ("conf", "contrib/auth")]
    said = {
        (message.context, forms(message.id)[0])
        for folder in (*libraries, Path(allauth.__file__).parent / "locale")
        for message in catalog(folder, "sv")
    }
    ours = {(message.context, forms(message.id)[0]) for message in catalog(PACKAGE / "locale", "sv")}
    assert ours
    assert ours <= said


def catalog(folder: Path, language: str) -> Iterator[Any]:
    with (folder / language / "LC_MESSAGES/django.po").open("rb") as file:
        yield from (message for message in read_po(file, locale=language) if message.id)


def forms(text: Any) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [text]


# Pages


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def english(motala: Organisation) -> Client:
    """Somebody who has chosen English."""
    client = Client(headers={"host": "motala.localhost"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def told(cast: Cast) -> Registered:
    """A case in English that has been answered and is shown to others, and one that waits for review."""
    factories.make_case(cast.motala, TEXT, publish=True, place_text="")
    made = factories.make_case(cast.motala, TEXT, publish=True, email="anna@exempel.se", language="en", place_text="")
    with organisation_scope(cast.motala.pk):
        actions.reply(case_id=made.case.pk, text="It will be lit on Monday.", by=cast.sara.actor)
        actions.publish(case_id=made.case.pk, title="Lamp out", text=TEXT, by=cast.sara.actor)
    return made


@pytest.mark.django_db
@pytest.mark.requirement("2.3", "X7", "P31")
@pytest.mark.parametrize("language", LANGUAGES)
def test_residents_pages_are_in_the_language_chosen(
    english: Client, motala: Organisation, told: Registered, language: str
) -> None:
    code, number = told.code, told.case.number
    Organisation.objects.filter(slug="motala").update(languages=["sv", *LANGUAGES])
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    public = ["/", *(f"/beratta/{kind}/" for kind in KINDS), "/f/", f"/f/{code}/", f"/tack/{code}/"]
    public += [
        "/arenden/",
        "/arenden/?q=xyz",
        f"/arenden/{number}/",
        "/om/uppgifter/",
        "/om/tillganglighet/",
        "/finns/",
    ]
    public += ["/konto/login/", "/konto/signup/"]
    public += ["/konto/password/reset/"] if language in settings.STAFF_LANGUAGES else []
    answers = {url: english.get(url) for url in public}
    answers["empty"] = send(english, text="")
    answers["danger"] = send(english, text=TEXT, type="belysning.lampa", q_danger="yes")
    for url, answer in answers.items():
        assert answer.headers["Content-Language"] == language, url
        assert_translated(motala, url, answer, language)


@pytest.mark.django_db
def test_the_pages_of_those_who_work_here_too(english: Client, cast: Cast, told: Registered) -> None:
    pk, number = told.case.pk, 0
    english.force_login(cast.admin, backend="lyhord.accounts.backend.Backend")
    urls = [f"/desk/{pk}/", f"/desk/granska/{pk}/", "/desk/?lista=alla"]
    urls += [
        f"{folder}{path}" for folder, module in (("/desk/", desk), ("/installningar/", manage)) for path in flat(module)
    ]
    for url in urls:
        answer = english.get(url)
        if answer.status_code in {200, 403, 404} and answer.headers["Content-Type"].startswith("text/html"):
            assert_translated(cast.motala, url, answer)
            number += answer.status_code == 200
    assert number > 15
    switch = BeautifulSoup(english.get("/desk/utkorg/").content, "html.parser").select_one("header a[hreflang=sv]")
    assert switch is not None
    assert english.get(str(switch["href"])).headers["Location"] == "/desk/utkorg/"


def flat(module: Any) -> Iterator[str]:
    """The addresses of a part that need no number."""
    yield from (
        str(one.pattern) for one in module.urlpatterns if isinstance(one, URLPattern) and "<" not in str(one.pattern)
    )


def assert_translated(organisation: Organisation, url: str, answer: Any, language: str = "en") -> None:
    """Nothing Swedish but names, and what is marked as Swedish."""
    tree = BeautifulSoup(answer.content, "html.parser")
    assert tree.html is not None
    assert tree.html["lang"] == language, url
    for marked in tree.select("[lang=sv], script"):
        marked.decompose()
    attributes = [
        str(tag[name]) for tag in tree.find_all(True) for name in ("aria-label", "alt", "title") if tag.get(name)
    ]
    said = "\n".join([*tree.stripped_strings, *attributes])
    for name in sorted(names(organisation), key=len, reverse=True):
        said = said.replace(name, "")
    found = SWEDISH.search(said.lower())
    assert found is None, f"{url}: {said[max(0, found.start() - 80) : found.end() + 80]}"


def names(organisation: Organisation) -> set[str]:
    """What the organisation calls its units, categories and types, and what it has written in them."""
    with organisation_scope(organisation.pk):
        units = set(Unit.objects.values_list("name", flat=True))
        categories = {name for category in Category.objects.all() for name in category.names.values()}
        types = {text for version in CaseTypeVersion.objects.all() for text in strings(version.content)}
        reasons = {str(event.data["reason"]) for event in _registered()}
    return {name for name in units | categories | types | reasons if len(name) > 2}


def _registered() -> Iterator[Any]:
    from lyhord.audit.models import Event

    yield from Event.objects.filter(verb="case.registered")


def strings(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from strings(part)


# Choosing


@pytest.mark.django_db
@pytest.mark.requirement("2.3")
def test_the_switch_stands_on_the_page_and_leads_back_to_it(motala: Organisation) -> None:
    web = Client(headers={"host": "motala.localhost"})
    first = web.get("/arenden/?lage=klart")
    assert first.headers["Content-Language"] == "sv"
    switch = BeautifulSoup(first.content, "html.parser").select_one("a[hreflang=en]")
    assert switch is not None
    assert switch["lang"] == "en"
    assert switch.get_text() == "English"
    chosen = web.get(str(switch["href"]))
    assert chosen.headers["Location"] == "/arenden/?lage=klart"
    cookie = web.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("en", True, "Lax")
    assert web.get("/").headers["Content-Language"] == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["de", "", "en-GB", "../en", "sv,en"])
def test_no_cookie_for_a_language_that_is_not_offered(motala: Organisation, asked: str) -> None:
    web = Client(headers={"host": "motala.localhost"})
    assert web.get("/sprak/", {"sprak": asked, "till": "https://ont.example/"}).headers["Location"] == "/"
    assert not web.cookies


@pytest.mark.django_db
def test_an_organisation_with_one_language_has_no_switch_and_hears_no_cookie(english: Client) -> None:
    Organisation.objects.filter(slug="motala").update(languages=["sv"])
    answer = english.get("/")
    assert answer.headers["Content-Language"] == "sv"
    assert not BeautifulSoup(answer.content, "html.parser").select("[hreflang]")


@pytest.mark.django_db
@pytest.mark.requirement("2.3")
def test_the_switch_has_the_languages_that_the_page_is_in(cast: Cast) -> None:
    """The desk is not in Finnish, so nobody is led to think so."""
    Organisation.objects.filter(slug="motala").update(languages=["sv", "en", "fi"])
    web = browser(cast.sara)
    for url, languages in (("/arenden/", ["en", "fi"]), ("/desk/utkorg/", ["en"])):
        links = BeautifulSoup(web.get(url).content, "html.parser").select("a[hreflang]")
        assert [link["hreflang"] for link in links] == languages


@pytest.mark.django_db
def test_the_first_language_is_the_one_nobody_chose(motala: Organisation) -> None:
    Organisation.objects.filter(slug="motala").update(languages=["en", "sv"])
    web = Client(headers={"host": "motala.localhost", "accept-language": "sv"})
    assert web.get("/").headers["Content-Language"] == "en"


@pytest.mark.django_db
@pytest.mark.requirement("2.3")
def test_mail_is_in_the_language_the_reporter_wrote_in(motala: Organisation, told: Registered) -> None:
    with organisation_scope(motala.pk):
        mails = list(Notice.objects.filter(address="anna@exempel.se"))
    assert len(mails) > 1
    for mail in mails:
        assert mail.language == "en"
        assert not SWEDISH.search(f"{mail.subject}\n{mail.body}".lower()), mail.body
