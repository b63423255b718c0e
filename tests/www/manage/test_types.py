"""Case types: drafted, tried on old cases, published, taken back; and what residents meet at once."""

import json
from typing import Any

import pytest
from django.test import Client

from lyhord.accounts.models import User
from lyhord.audit.models import Event
from lyhord.cases.actions.case_types import create_version, publish_version
from lyhord.cases.models import CaseType, CaseTypeVersion, Category
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from tests import factories
from tests.conftest import Cast
from tests.www.manage.conftest import CHOOSE, filled_in, text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
WHERE = "/installningar/arendetyper/"


def case_type(cast: Cast, code: str = "belysning.lampa") -> CaseType:
    with organisation_scope(cast.motala.pk):
        return CaseType.objects.select_related("current", "category").get(code=code)


def newest(cast: Cast, code: str = "belysning.lampa") -> CaseTypeVersion:
    with organisation_scope(cast.motala.pk):
        return CaseTypeVersion.objects.filter(case_type__code=code).order_by("-number")[0]


def draft(cast: Cast, **changes: Any) -> CaseTypeVersion:
    with organisation_scope(cast.motala.pk):
        content = {**newest(cast).content, **changes}
        return create_version(case_type_id=case_type(cast).pk, content=content, by=cast.admin.actor)


def verbs(cast: Cast, by: User) -> list[str]:
    with organisation_scope(cast.motala.pk):
        return list(Event.objects.filter(actor_id=by.pk).order_by("id").values_list("verb", flat=True))


@pytest.mark.requirement("0.24", "N1")
def test_a_new_sort_of_errand_from_nothing_and_back(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk):
        centre = Unit.objects.get(code="kundcenter")
    admin.post(f"{WHERE}kategorier/ny/", {"used_for": "faults", "name_sv": "Badplatser", "position": "5"})
    new = {"kind": "felanmalan", "name_sv": "Trasig brygga", "name_en": "Broken jetty", "category": "badplatser"}
    edit = admin.post(f"{WHERE}ny/", new, follow=True)
    made = case_type(cast, "badplatser.trasig_brygga")
    assert made.current is None
    admin.post(edit.request["PATH_INFO"], filled_in(edit, unit=centre.code, answer_days="3", words="brygga, badstege"))
    question = {
        "label_sv": "Vilken brygga?",
        "datatype": "singlechoice",
        "options": "Den långa | The long one\nDen korta",
        "required": "on",
    }
    asked = f"{WHERE}{made.pk}/ny-fraga/"
    admin.post(asked, filled_in(admin.get(asked), **question))
    form = Client(headers={"host": "motala.localhost"})
    assert "Trasig brygga" not in text_of(form.get("/beratta/felanmalan/"))
    admin.post(f"{WHERE}{made.pk}/version/1/publicera/")
    assert "Trasig brygga" in text_of(form.get("/beratta/felanmalan/"))
    chosen = text_of(form.get(f"/typ/?slag=felanmalan&typ={made.code}&text=x"))
    assert "Vilken brygga?" in chosen
    assert "Den korta" in chosen
    case = factories.make_case(cast.motala, type=made.code, answers={"vilken_brygga": "den_korta"}).case
    assert case.unit_id == centre.pk
    assert {"category.added", "case_type.added", "case_type.drafted", "case_type.published"} <= set(
        verbs(cast, cast.admin)
    )

    where = f"{WHERE}{made.pk}/andra/"
    admin.post(where, filled_in(admin.get(where), name_sv="Brygga eller stege", note="Stegar också"))
    admin.post(f"{WHERE}{made.pk}/version/2/publicera/")
    assert "Brygga eller stege" in text_of(form.get("/beratta/felanmalan/"))
    admin.post(f"{WHERE}{made.pk}/version/1/tillbaka/")
    assert "Trasig brygga" in text_of(form.get("/beratta/felanmalan/"))
    assert newest(cast, made.code).number == 3
    history = text_of(admin.get(f"{WHERE}{made.pk}/"))
    assert "Stegar också" in history
    assert "Som version 1" in history
    assert "Ada Min" in history


@pytest.mark.requirement("N1")
def test_an_old_case_keeps_its_own_version(cast: Cast, admin: Client) -> None:
    case = factories.make_case(cast.motala).case
    version = draft(cast, name={"sv": "Mörk gata"})
    admin.post(f"{WHERE}{case_type(cast).pk}/version/{version.number}/publicera/")
    with organisation_scope(cast.motala.pk):
        case.refresh_from_db()
        assert case.version.description.title("sv") == "Släckt gatubelysning"
        assert factories.make_case(cast.motala).case.version_id == version.pk


def test_a_published_version_cannot_be_published_again(cast: Cast, admin: Client) -> None:
    draft(cast, name={"sv": "Mörk gata"})
    where = f"{WHERE}{case_type(cast).pk}"
    admin.post(f"{where}/version/2/publicera/")
    response = admin.post(f"{where}/version/1/publicera/", follow=True)
    assert "Gå tillbaka till den i stället" in text_of(response)
    assert newest(cast).number == 2


@pytest.mark.requirement("N2")
def test_a_draft_is_tried_on_old_cases(cast: Cast, admin: Client) -> None:
    seen = factories.make_case(cast.motala, "Lampan vid torget")
    with organisation_scope(cast.motala.pk):
        hidden = factories.make_case(cast.motala, "Lampan vid förskolan").case
        hidden.confidential = True
        hidden.unit = Unit.objects.get(code="forskola")
        hidden.save()
    version = draft(cast, routing={"unit": "kundcenter"}, deadline={"answer_days": 1}, publication={"allowed": False})
    where = f"{WHERE}{case_type(cast).pk}/version/{version.number}/"
    page = admin.get(f"{where}prova/")
    text = text_of(page)
    figures = [figure.get_text(strip=True) for figure in soup(page).select(".fig")]
    assert figures == ["2", "2", "2"]
    assert seen.case.number in text
    assert seen.case.title in text
    assert "förskolan" not in text
    assert "Gata och park → Kundcenter" in text
    assert newest(cast).published_at is None
    same = admin.get(f"{WHERE}{case_type(cast).pk}/version/1/prova/")
    assert "Inget hade blivit annorlunda" in text_of(same)


def test_the_description_in_plain_words(cast: Cast, admin: Client) -> None:
    text = text_of(admin.get(f"{WHERE}{case_type(cast).pk}/"))
    for words in (
        "Är någon i fara just nu? (ja eller nej)",
        "Svaret ja på ”Är någon i fara just nu?”: ”Ring i stället.”",
        "Går till Gata och park",
        "Svar inom",
        "Öppna ärenden inom 30 meter",
        "Tills vidare.",
    ):
        assert words in text


def test_the_difference_is_told(cast: Cast, admin: Client) -> None:
    version = draft(cast, deadline={"answer_days": 2})
    page = soup(admin.get(f"{WHERE}{case_type(cast).pk}/version/{version.number}/"))
    [change] = page.select(".change")
    assert "Svar inom 2 arbetsdagar." in change.get_text()
    assert change.select_one(".gone") is not None


@pytest.mark.requirement("N9")
@pytest.mark.parametrize("how", ["realtime", "batch", "blackbox"])
def test_how_other_systems_learn_the_number(cast: Cast, admin: Client, how: str) -> None:
    where = f"{WHERE}{case_type(cast).pk}/andra/"
    assert admin.post(where, filled_in(admin.get(where), open311=how)).status_code == 302
    assert newest(cast).description.open311 == how
    [chosen] = soup(admin.get(where)).select("#id_open311 [selected]")
    assert chosen["value"] == how


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name_sv": ""}, "Skriv ett namn på svenska"),
        ({"answer_days": "snart"}, "heltal"),
        ({"answer_days": "-1"}, "0"),
        ({"duplicate_radius_m": "99999"}, "2000"),
        ({"words": "x"}, "går inte att använda"),
        ({"unit": "mars"}, CHOOSE),
        ({"confidential": "on", "publication": "on"}, "sekretess kan inte publiceras"),
        ({"open_from": "2026-05-02", "open_until": "2026-05-01"}, "Sista dagen ligger före"),
    ],
)
def test_what_makes_no_sense_is_told_and_kept(
    cast: Cast, admin: Client, change: dict[str, object], sentence: str
) -> None:
    where = f"{WHERE}{case_type(cast).pk}/andra/"
    response = admin.post(where, filled_in(admin.get(where), **{"name_en": "Kept as it was", **change}))
    assert response.status_code == 422
    assert sentence.casefold() in text_of(response).casefold()
    assert soup(response).select_one("#id_name_en")["value"] == "Kept as it was"
    assert newest(cast).number == 1


def test_two_who_change_the_same_type(cast: Cast, admin: Client) -> None:
    where = f"{WHERE}{case_type(cast).pk}/andra/"
    mine = filled_in(admin.get(where), name_sv="Mitt namn")
    draft(cast, name={"sv": "Ditt namn"})
    response = admin.post(where, mine)
    assert response.status_code == 422
    assert "Någon annan har sparat en ny version" in text_of(response)
    assert soup(response).select_one("#id_name_sv")["value"] == "Mitt namn"
    assert newest(cast).content["name"] == {"sv": "Ditt namn"}


@pytest.mark.requirement("N1")
def test_the_whole_description_as_json(cast: Cast, admin: Client) -> None:
    where = f"{WHERE}{case_type(cast).pk}/avancerat/"
    form = filled_in(admin.get(where))
    content = json.loads(str(form["json"]))
    content["automatic_answer"] = "information"
    admin.post(where, {**form, "json": json.dumps(content), "note": "Svar direkt"})
    assert newest(cast).content["automatic_answer"] == "information"
    assert (newest(cast).number, newest(cast).note, newest(cast).published_at) == (2, "Svar direkt", None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "berom"}, "kind: Det här går inte att ändra"),
        ({"code": "annan.kod"}, "code: Det här går inte att ändra"),
        ({"category": "mars"}, "category: Kategorin mars finns inte"),
        ({"questions": [{"code": "a", "label": {"sv": "A"}, "datatype": "x"}]}, "questions.0.datatype: Välj ett av"),
        ({"hittepå": 1}, "hittepå: Det här namnet känner vi inte till"),
        ({"name": {"en": "Only English"}}, "name: Texten på svenska saknas"),
        ({"routing": {"rules": [{"unit": "mars"}]}}, "routing.rules.0.unit: Enheten mars finns inte"),
        ({"deadline": {"answer_days": 1e400}}, "JSON"),
    ],
)
def test_faults_in_the_json_are_named_by_their_path(
    cast: Cast, admin: Client, change: dict[str, object], sentence: str
) -> None:
    where = f"{WHERE}{case_type(cast).pk}/avancerat/"
    form = filled_in(admin.get(where))
    sent = json.dumps({**json.loads(str(form["json"])), **change}, ensure_ascii=False)
    response = admin.post(where, {**form, "json": sent})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert soup(response).select_one("#id_json").get_text().removeprefix("\n") == sent
    assert newest(cast).number == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"name": NaN}', "[" * 50_000, '{"\\u0000": 1}', '"\ud800"'])
def test_what_is_no_json_is_told(cast: Cast, admin: Client, text: str) -> None:
    where = f"{WHERE}{case_type(cast).pk}/avancerat/"
    sent = {**filled_in(admin.get(where)), "json": text.encode("utf-8", "replace").decode()}
    assert admin.post(where, sent).status_code == 422
    assert newest(cast).number == 1


def test_on_and_off(cast: Cast, admin: Client) -> None:
    where = f"{WHERE}{case_type(cast).pk}/valjbar/"
    form = Client(headers={"host": "motala.localhost"})
    admin.post(where, {"off": "1"})
    assert "Släckt gatubelysning" not in text_of(form.get("/beratta/felanmalan/"))
    only = f"{WHERE}{case_type(cast, 'ovrigt').pk}/valjbar/"
    assert "den enda ärendetypen" in text_of(admin.post(only, {"off": "1"}, follow=True))
    admin.post(where, {"on": "1"})
    assert "Släckt gatubelysning" in text_of(form.get("/beratta/felanmalan/"))


def test_a_draft_can_be_thrown_away(cast: Cast, admin: Client) -> None:
    draft(cast, name={"sv": "Mörk gata"})
    admin.post(f"{WHERE}{case_type(cast).pk}/kasta/")
    assert newest(cast).number == 1
    admin.post(f"{WHERE}ny/", {"kind": "fraga", "name_sv": "En fråga till"})
    made = case_type(cast, "fraga.en_fraga_till")
    response = admin.post(f"{WHERE}{made.pk}/kasta/", follow=True)
    assert "Utkastet är borta" in text_of(response)
    with organisation_scope(cast.motala.pk):
        assert not CaseType.objects.filter(pk=made.pk).exists()


@pytest.mark.requirement("1.24")
def test_questions_without_json(cast: Cast, admin: Client) -> None:
    where = f"{WHERE}{case_type(cast).pk}/"
    new = {"label_sv": "Hur högt sitter lampan?", "datatype": "number", "show_if": ["danger=no"]}
    admin.post(f"{where}ny-fraga/", filled_in(admin.get(f"{where}ny-fraga/"), **new))
    page = text_of(admin.get(f"{where}fragor/"))
    assert "Hur högt sitter lampan?" in page
    assert "Frågas ibland" in page
    base = newest_base(admin, where)
    admin.post(f"{where}fragor/lamps/flytta/", {"base": base, "down": "1"})
    codes = [question["code"] for question in newest(cast).content["questions"]]
    assert codes == ["danger", "hur_hogt_sitter_lampan", "lamps"]
    gone = admin.post(f"{where}fragor/danger/flytta/", {"base": newest_base(admin, where), "remove": "1"}, follow=True)
    assert "finns inte längre upp i formuläret" in text_of(gone)
    stale = admin.post(f"{where}fragor/lamps/flytta/", {"base": base, "remove": "1"}, follow=True)
    assert "Någon annan har sparat en ny version" in text_of(stale)
    admin.post(f"{where}fragor/lamps/flytta/", {"base": newest_base(admin, where), "remove": "1"})
    assert [question["code"] for question in newest(cast).content["questions"]] == codes[:2]
    assert newest(cast).number == 2
    assert newest(cast).content["acute"] == case_type(cast).current.content["acute"]  # type: ignore[union-attr]  # there is one


def newest_base(admin: Client, where: str) -> str:
    """What the list of questions carries so that two people never mix theirs."""
    field = soup(admin.get(f"{where}fragor/")).select_one("input[name=base]")
    return str(field["value"]) if field else ""


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"label_sv": "", "datatype": "text"}, "Skriv frågan på svenska."),
        ({"label_sv": "Vad?", "datatype": "singlechoice", "options": "Bara ett"}, "minst två svar"),
        ({"label_sv": "Vad?", "datatype": "singlechoice", "options": "a = Ett\na = Två"}, "samma kod"),
        ({"label_sv": "Vad?", "datatype": "singlechoice", "options": "å = Ett\nb = Två"}, "Tecknen passar inte"),
        ({"label_sv": "Vad?", "datatype": "info", "required": "on"}, "har inget svar"),
        ({"label_sv": "Vad?", "datatype": "trolleri"}, CHOOSE),
    ],
)
def test_a_question_that_makes_no_sense(cast: Cast, admin: Client, given: dict[str, Any], sentence: str) -> None:
    where = f"{WHERE}{case_type(cast).pk}/ny-fraga/"
    response = admin.post(where, filled_in(admin.get(where), hint_sv="Behålls", **given))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert soup(response).select_one("#id_hint_sv")["value"] == "Behålls"
    assert newest(cast).number == 1


def test_changing_a_question_keeps_its_codes(cast: Cast, admin: Client) -> None:
    asked = f"{WHERE}{case_type(cast).pk}/ny-fraga/"
    options = "stor = Stor | Big\nliten = Liten | Small"
    given = {"label_sv": "Hur stor?", "datatype": "singlechoice", "options": options}
    admin.post(asked, filled_in(admin.get(asked), **given))
    where = f"{WHERE}{case_type(cast).pk}/fragor/hur_stor/"
    form = filled_in(admin.get(where))
    assert form["options"] == options
    admin.post(
        where, {**form, "options": "stor = Jättestor | Huge\nliten = Liten | Small\nMellan", "label_sv": "Storlek?"}
    )
    question = newest(cast).content["questions"][-1]
    assert question["code"] == "hur_stor"
    assert [option["code"] for option in question["options"]] == ["stor", "liten", "mellan"]


def test_categories(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk):
        trafik, preschool = Category.objects.get(code="trafik"), Unit.objects.get(code="forskola")
    where = f"{WHERE}kategorier/{trafik.pk}/"
    response = admin.post(where, filled_in(admin.get(where), name_sv="", position="många"))
    assert response.status_code == 422
    assert soup(response).select_one("#id_position")["value"] == "många"
    admin.post(where, filled_in(admin.get(where), name_sv="Resor", name_en="Travel", unit=str(preschool.pk)))
    with organisation_scope(cast.motala.pk):
        trafik.refresh_from_db()
    assert (trafik.names, trafik.unit_id, trafik.publishable) == ({"sv": "Resor", "en": "Travel"}, preschool.pk, False)


def test_a_type_that_no_unit_has_is_pointed_out(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk):
        version = draft(cast, routing={"role": "raddning"})
        publish_version(case_type_id=case_type(cast).pk, number=version.number, by=cast.admin.actor)
    text = text_of(admin.get(f"{WHERE}?sort=felanmalan"))
    assert "har ingen egen enhet" in text or "ärendetyper har ingen egen enhet" in text
    assert "Kundcenter" in text


@pytest.mark.requirement("0.24", "2.25")
def test_what_new_organisations_begin_with_is_added_to_an_older_one(cast: Cast, admin: Client) -> None:
    """The statement of accessibility then leads to a type of its own."""
    page = soup(admin.get(WHERE))
    offered = {str(box["value"]) for box in page.select("[name=kod]")}
    assert "tillganglighet" in offered
    assert "belysning.lampa" not in offered  # it is there, changed or not
    assert "typ=tillganglighet" not in Client(headers={"host": "motala.localhost"}).get("/om/tillganglighet/").text
    for _twice in range(2):
        admin.post(f"{WHERE}fran-mallen/", {"kod": ["tillganglighet", "belysning.lampa", "finns-inte", "\x00"]})
    made = case_type(cast, "tillganglighet")
    assert made.active
    assert made.current is not None
    assert verbs(cast, cast.admin) == ["case_type.added", "case_type.published"]
    assert "typ=tillganglighet" in Client(headers={"host": "motala.localhost"}).get("/om/tillganglighet/").text
    assert "tillganglighet" not in {str(box["value"]) for box in soup(admin.get(WHERE)).select("[name=kod]")}
    assert "Välj minst en ärendetyp" in admin.post(f"{WHERE}fran-mallen/", follow=True).text
