"""Who works here."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lyhord.accounts.models import Membership, User
from lyhord.audit.models import Event
from lyhord.cases.actions import assign
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.inline import run_waiting
from tests import factories
from tests.conftest import Cast
from tests.www.manage.conftest import CHOOSE, Answer, Browse, filled_in, text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
WHERE = "/installningar/personer/"


def member(cast: Cast, user: User) -> Membership:
    with organisation_scope(cast.motala.pk):
        return Membership.objects.get(user=user)


def units(membership: Membership) -> set[str]:
    with organisation_scope(membership.organisation_id):
        return set(membership.in_units.values_list("unit__code", flat=True))


@pytest.mark.requirement("4.8")
def test_adding_changing_and_ending(cast: Cast, admin: Client, browse: Browse) -> None:
    new = {"email": "Vera@motala.example", "full_name": "Vera Dahl", "role": "case_officer", "units": ["gata-park"]}
    assert "Vera Dahl är tillagd" in text_of(admin.post(f"{WHERE}ny/", new, follow=True))
    vera = User.objects.get(email="vera@motala.example")
    assert browse(vera).get("/desk/").status_code == 200
    where = f"{WHERE}{member(cast, vera).pk}/"
    admin.post(where, filled_in(admin.get(where), role=["unit_manager"], units=["tekniska", "kundcenter"]))
    assert member(cast, vera).role == "unit_manager"
    assert units(member(cast, vera)) == {"tekniska", "kundcenter"}
    assert "Vera Dahl kan inte logga in" in text_of(admin.post(f"{where}avsluta/", follow=True))
    assert browse(vera).get("/desk/").status_code == 403
    assert "Vera Dahl" not in text_of(admin.get(WHERE))
    assert "Vera Dahl" in text_of(admin.get(f"{WHERE}?visa=slutat"))
    with organisation_scope(cast.motala.pk):
        verbs = list(Event.objects.filter(subject_id=member(cast, vera).pk).values_list("verb", flat=True))
    assert verbs == ["member.added", "member.changed", "member.removed"]


def test_who_leaves_leaves_no_case_behind(cast: Cast, admin: Client) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        assign(case_id=case.pk, officer_id=cast.sara.pk, by=cast.sara.actor)
    where = f"{WHERE}{member(cast, cast.sara).pk}/"
    assert "1 öppet ärende går tillbaka till enheten" in text_of(admin.get(where))
    admin.post(f"{where}avsluta/")
    with organisation_scope(cast.motala.pk):
        run_waiting()
        assert Case.objects.get(pk=case.pk).officer is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "vera"}, "Skriv en mejladress"),
        ({"email": f"{'x' * 250}@motala.example"}, "254"),
        ({"full_name": ""}, "Skriv personens namn."),
        ({"role": "kung"}, CHOOSE),
        ({"role": "resident"}, CHOOSE),
        ({"units": ["mars"]}, CHOOSE),
    ],
)
def test_what_makes_no_sense_is_told_and_kept(
    cast: Cast, admin: Client, change: dict[str, object], sentence: str
) -> None:
    new = {"email": "vera@motala.example", "full_name": "Vera Dahl", "role": "case_officer", "units": ["gata-park"]}
    response = admin.post(f"{WHERE}ny/", {**new, **change})
    assert response.status_code == 422
    assert sentence in text_of(response)
    kept = soup(response).select_one("#id_full_name")
    assert kept is not None
    assert kept.get("value", "") == {**new, **change}["full_name"]
    assert not User.objects.filter(full_name="Vera Dahl").exists()


def test_somebody_is_always_left_who_can_let_others_in(cast: Cast, admin: Client) -> None:
    where = f"{WHERE}{member(cast, cast.admin).pk}/"
    response = admin.post(where, filled_in(admin.get(where), role=["case_officer"]))
    assert response.status_code == 422
    assert "den sista administratören" in text_of(response)
    assert "den sista administratören" in text_of(admin.post(f"{where}avsluta/", follow=True))
    factories.make_member(cast.motala, "admin2@motala.example", "Två Min", "administrator")
    admin.post(where, filled_in(admin.get(where), role=["case_officer"]))
    assert member(cast, cast.admin).role == "case_officer"


def file_of(text: str) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("personer.csv", text.encode())}


def upload(admin: Client, text: str) -> Answer:
    return admin.post(f"{WHERE}fran-fil/", file_of(text))


@pytest.mark.requirement("4.8")
def test_two_hundred_from_a_file_are_tried_first(cast: Cast, admin: Client) -> None:
    lines = [f"p{n}@motala.example;Person {n};Handläggare;gata-park kundcenter" for n in range(209)]
    text = "\n".join(["E-post;Namn;Roll;Enheter", *lines, "sara@motala.example;Sara Ek;unit_manager;tekniska"])
    shown = upload(admin, text)
    assert "209 nya och 1 som redan finns" in text_of(shown)
    assert not User.objects.filter(email="p1@motala.example").exists()
    with organisation_scope(cast.motala.pk):
        assert not Event.objects.filter(verb="member.added", actor_id=cast.admin.pk).exists()
    done = admin.post(f"{WHERE}fran-fil/las-in/", filled_in(shown), follow=True)
    assert "210 personer är tillagda" in text_of(done)
    assert units(member(cast, User.objects.get(email="p208@motala.example"))) == {"gata-park", "kundcenter"}
    assert member(cast, cast.sara).role == "unit_manager"
    assert "Sida 1 av 3" in text_of(admin.get(WHERE))
    assert "Person 7" in text_of(admin.get(f"{WHERE}?q=person+7"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("email;name;role\nx;y;z", "Kolumnen units saknas"),
        ("email;name;role;units\n", "inga rader"),
        ("email;name;role;units\nx;Xerxes;case_officer;\na@b.se;;case_officer;", "Rad 2: Skriv en mejladress"),
        ("email;name;role;units\na@b.se;A;kung;mars", "Rad 2: Rollen kung finns inte. Enheten mars finns inte."),
        ("email;name;role;units\na@b.se;A;case_officer;\nA@b.se;B;case_officer;", "står två gånger"),
        ("email;name;role;units\nadmin@motala.example;A;case_officer;", "den sista administratören"),
        ("\x00\x01\x02", "Filen går inte att läsa"),
        ('email;name;role;units\n"' + "x" * 200_000, "Filen går inte att läsa"),
    ],
)
def test_a_file_that_is_wrong_changes_nothing(cast: Cast, admin: Client, text: str, sentence: str) -> None:
    before = User.objects.count()
    response = upload(admin, text)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert User.objects.count() == before
    assert member(cast, cast.admin).role == "administrator"
