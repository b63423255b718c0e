"""One command makes any municipality ready to use."""

import random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.validators import slug_re

from lyhord.audit.models import Event
from lyhord.cases.actions import register
from lyhord.cases.facts import NewCase
from lyhord.cases.kind import KINDS
from lyhord.cases.models import CaseType, Category, RuleSet
from lyhord.cases.presets import case_type_descriptions
from lyhord.core.actor import Actor
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.actions import SLUG_LENGTH, change_organisation, create_organisation
from lyhord.organisations.models import Hostname, Organisation, Unit
from lyhord.organisations.presets import NAMES, preset
from lyhord.organisations.queries import organisation_by_host
from lyhord.places.management.commands.create_organisation import slug_of
from lyhord.places.models import Address
from lyhord.places.municipalities import all_municipalities, municipality
from lyhord.places.point import Point
from lyhord.places.queries import inside_boundary
from tests.conftest import Cast
from tests.factories import TEST

pytestmark = pytest.mark.django_db

MOTALA = ["Bildning", "Kommunledning", "Plan- och miljö", "Social", "Tekniska"]
MJOLBY = [
    "Tekniska",
    "Miljö",
    "Byggnad",
    "Omsorg",
    "Utbildning",
    "Kultur och Fritid",
    "Räddningstjänsten",
    "Service och Entreprenad",
    "Kommunstyrelsens förvaltning",
]
# Three of the 290; always the same ones, so that all workers agree on the tests' names.
THREE = random.Random(20261123).sample([found.code for found in all_municipalities()], 3)


def command(code: str, *arguments: str) -> Organisation:
    call_command("create_organisation", code, *arguments)
    return Organisation.objects.latest("pk")


def make(**values: Any) -> Organisation:
    given: dict[str, Any] = {
        "slug": "motala",
        "code": "0583",
        "name": "Motala kommun",
        "preset": preset("motala"),
        "hosts": ["motala.localhost"],
        "by": TEST,
        "lat": 58.5,
        "lon": 15.0,
    }
    return create_organisation(**{**given, **values})


def departments() -> list[str]:
    return list(Unit.objects.filter(parent=None).order_by("pk").values_list("name", flat=True))


@pytest.mark.requirement("2.33", "4.2", "4.10", "2.10")
@pytest.mark.parametrize(("code", "name", "expected"), [("0583", "motala", MOTALA), ("0586", "mjolby", MJOLBY)])
def test_the_departments_have_exactly_their_names(code: str, name: str, expected: list[str]) -> None:
    organisation = command(code, "--template", name)
    with organisation_scope(organisation.pk):
        assert sorted(departments()) == sorted(expected)
        if name == "mjolby":
            below = Unit.objects.filter(parent__name="Kommunstyrelsens förvaltning")
            assert {unit.name for unit in below} == {"Medborgarservice", "Turism", "Näringsliv"}
            closed = Unit.objects.filter(name__in=["Omsorg", "Utbildning"])
            assert {unit.confidential for unit in closed} == {True}
            areas = Category.objects.filter(unit__in=closed)
            assert {area.publishable for area in areas} == {False}
        else:
            areas = Category.objects.filter(for_faults=False)
            assert sorted(str(area) for area in areas) == [
                "Barn och utbildning",
                "Bygga, bo och miljö",
                "Kommun och politik",
                "Näringsliv och arbete",
                "Omsorg och hjälp",
                "Trafik och infrastruktur",
                "Uppleva och göra",
            ]


@pytest.mark.requirement("0.20", "2.10")
@pytest.mark.parametrize(
    ("code", "name"), [("0583", "motala"), ("0586", "mjolby"), *((code, "standard") for code in THREE)]
)
def test_any_of_the_290_can_take_in_a_case_of_every_sort_at_once(code: str, name: str) -> None:
    found = municipality(code)
    organisation = command(code, "--template", name)
    assert (organisation.code, organisation.name) == (code, found.name)
    assert organisation.languages == ["sv", "en", "fi"]
    host = Hostname.objects.get(organisation=organisation)
    assert host.primary
    assert organisation_by_host(host.host) == organisation
    with organisation_scope(organisation.pk):
        assert organisation.lat is not None
        assert organisation.lon is not None
        assert inside_boundary(Point(organisation.lat, organisation.lon))
        assert Unit.objects.filter(fallback=True).count() == 1
        assert CaseType.objects.filter(current__isnull=False).count() == len(case_type_descriptions())
        assert not CaseType.objects.filter(current__isnull=True).exists()
        assert Address.objects.exists() is (code in {"0583", "0586"})
        for case_type in CaseType.objects.select_related("current", "category"):
            new = NewCase(case_type=case_type, text="Så här är det.", channel="web")
            case = register(organisation=organisation, new=new, by=Actor.resident()).case
            assert case.route_reason
        assert set(CaseType.objects.values_list("kind", flat=True)) == set(KINDS.slugs())
        assert Event.objects.get(verb="organisation.created").data == {"preset": name}
        assert set(RuleSet.objects.values_list("number", flat=True)) <= {1}


def test_all_of_them_have_a_usable_short_name_of_their_own() -> None:
    slugs = {slug_of(found): found.short_name for found in all_municipalities()}
    assert len(slugs) == 290
    assert all(len(slug) <= SLUG_LENGTH and slug_re.fullmatch(slug) for slug in slugs)
    assert (slugs["motala"], slugs["habo"], slugs["habo-0305"]) == ("Motala", "Habo", "Håbo")
    assert slugs["upplands-vasby"] == "Upplands Väsby"


@pytest.mark.requirement("0.20")
def test_eight_municipalities_live_side_by_side() -> None:
    codes = [found.code for found in all_municipalities() if found.county_code == "05"][:8]
    organisations = [command(code) for code in codes]
    assert len({organisation.pk for organisation in organisations}) == 8
    for organisation in organisations:
        with organisation_scope(organisation.pk):
            assert {unit.organisation_id for unit in Unit.objects.all()} == {organisation.pk}
            assert departments()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"slug": "motala"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"slug": "Motala kommun"}, "slug"),
        ({"slug": "å"}, "slug"),
        ({"slug": "x" * 41}, "slug"),
        ({"hosts": ["MOTALA.localhost"]}, "hosts"),
        ({"hosts": ["ny.localhost", "motala.localhost.:8000"]}, "hosts"),
        ({"hosts": ["inte ett namn"]}, "hosts"),
        ({"hosts": [""]}, "hosts"),
        ({"hosts": ["x" * 254]}, "hosts"),
    ],
)
def test_what_is_taken_or_no_name_is_refused_and_nothing_is_left(values: dict[str, Any], field: str) -> None:
    make()
    with pytest.raises(Invalid) as error:
        make(**{"slug": "ny", "hosts": ["ny.localhost"], **values})
    assert set(error.value.errors) == {field}
    assert Organisation.objects.count() == 1


def test_host_names_are_kept_as_requests_will_name_them() -> None:
    made = make(hosts=["Dialog.Motala.SE.", "dialog.motala.se:443", "motala.localhost"])
    assert list(made.hostnames.order_by("pk").values_list("host", "primary")) == [
        ("dialog.motala.se", True),
        ("motala.localhost", False),
    ]


def test_the_command_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="Ingen kommun har koden 9999"):
        command("9999")
    command("0583", "--template", "motala")
    with pytest.raises(CommandError, match="Det finns redan"):
        command("0583")
    with pytest.raises(CommandError, match="invalid choice"):
        command("0586", "--template", "stockholm")
    command("0586", "--slug", "annat-namn", "--host", "a.localhost", "--host", "b.localhost")
    assert set(NAMES) == {"standard", "motala", "mjolby"}


@pytest.mark.django_db(transaction=True)
def test_an_error_in_any_apps_part_leaves_no_organisation() -> None:
    broken = preset("motala").model_copy(update={"rules": ({"unit": ["not a code"]},)})
    with pytest.raises(ValueError, match="unit"):
        make(preset=broken)
    assert not Organisation.objects.exists()
    assert organisation_by_host("motala.localhost") is None
    make()
    assert organisation_by_host("motala.localhost")


@pytest.mark.requirement("4.1")
def test_a_change_is_logged_with_what_was_and_shows_at_once(cast: Cast) -> None:
    shown = organisation_by_host("motala.localhost")
    assert shown
    with organisation_scope(cast.motala.pk):
        values = {"service_name": "Dialog Motala 2", "colour": "#7a1f1f", "publishes": False}
        changed = change_organisation(organisation=shown, values=values, by=cast.admin.actor)
        event = Event.objects.get(verb="organisation.changed")
    assert event.data == {
        "before": {"service_name": "Dialog Motala", "colour": "#14527f", "publishes": True},
        "after": values,
    }
    assert changed.colour == "#7a1f1f"
    assert shown.colour == "#14527f"  # what other requests hold is not changed under them
    again = organisation_by_host("motala.localhost")
    assert again
    assert again.colour == "#7a1f1f"


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_was_never_seen() -> None:
    organisation = make()
    before = organisation_by_host("motala.localhost")
    with pytest.raises(ZeroDivisionError):
        change_and_fail(organisation)
    after = organisation_by_host("motala.localhost")
    assert before
    assert after
    assert before.colour == after.colour == organisation.colour == "#14527f"


def change_and_fail(organisation: Organisation) -> None:
    with organisation_scope(organisation.pk):
        change_organisation(organisation=organisation, values={"colour": "#000000"}, by=TEST)
        raise ZeroDivisionError
