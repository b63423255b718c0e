"""Small builders of what tests need; each takes only what the test is about."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from lyhord.accounts.actions import Person, add_member
from lyhord.accounts.models import User
from lyhord.accounts.staff import Staff, staff_of
from lyhord.cases import actions as case_actions
from lyhord.cases.actions import Registered
from lyhord.cases.description import parse_description
from lyhord.cases.facts import NewCase, NewReporter
from lyhord.cases.models import CaseType, CaseTypeVersion, Category
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.files.models import StoredFile
from lyhord.organisations.models import Hostname, Organisation, Unit
from lyhord.places.models import Area, Asset
from lyhord.places.point import Point

TEST = Actor.system("test")
PASSWORD = "en lång hemlig mening"
MOTALA = (58.5371, 15.0365)


def make_organisation(slug: str = "motala", **values: Any) -> Organisation:
    """An organisation at <slug>.localhost with three units: Gata och park, Förskola (confidential), Kundcenter."""
    name = values.pop("name", f"{slug.title()} kommun")
    organisation = Organisation.objects.create(
        slug=slug,
        name=name,
        service_name=values.pop("service_name", f"Dialog {slug.title()}"),
        languages=["sv", "en"],
        phone="0141-00 00 00",
        emergency_phone="0141-00 00 01",
        lat=MOTALA[0],
        lon=MOTALA[1],
        **values,
    )
    Hostname.objects.create(organisation=organisation, host=f"{slug}.localhost", primary=True)
    with organisation_scope(organisation.pk):
        technical = make_unit("tekniska", "Tekniska")
        make_unit("gata-park", "Gata och park", parent=technical, roles=["gata_park"])
        make_unit("forskola", "Förskola", confidential=True, roles=["forskola"])
        make_unit("kundcenter", "Kundcenter", fallback=True, roles=["kundcenter"])
        square = [[15.0, 58.5], [15.1, 58.5], [15.1, 58.6], [15.0, 58.6], [15.0, 58.5]]
        for kind, code, area_name in (("boundary", slug, name), ("district", "varamon", "Varamon")):
            make_area(kind, code, area_name, square)
        make_types()
    return organisation


def make_unit(code: str, name: str, **values: Any) -> Unit:
    """A unit of the organisation in scope."""
    return Unit.objects.create(**{"code": code, "name": name, **values})


def make_area(kind: str, code: str, name: str, ring: list[list[float]]) -> Area:
    """An area with one ring of [lon, lat]."""
    return Area.objects.create(kind=kind, code=code, name=name, geojson={"type": "Polygon", "coordinates": [ring]})


def make_asset(code: str, name: str, type_code: str = "") -> Asset:
    """Something in Varamon with a sign."""
    return Asset.objects.create(code=code, name=name, type_code=type_code, lat=58.55, lon=15.05)


def make_types() -> None:
    """A few case types: a lamp and "other" for faults, one for each other kind; two categories."""
    lighting = make_category("belysning", "Belysning", for_faults=True)
    make_category("trafik", "Trafik och infrastruktur", unit=Unit.objects.by_code("gata-park"))
    make_category("barn", "Barn och utbildning", unit=Unit.objects.by_code("forskola"), publishable=False)
    make_type(
        "belysning.lampa",
        "felanmalan",
        "Släckt gatubelysning",
        category=lighting,
        routing={"role": "gata_park"},
        duplicate_radius_m=30,
        words=["lampa", "lyse", "gatlykta", "släckt", "mörkt"],
        questions=[
            {"code": "danger", "label": {"sv": "Är någon i fara just nu?"}, "datatype": "yesno"},
            {"code": "lamps", "label": {"sv": "Hur många lampor?"}, "datatype": "number"},
        ],
        acute=[
            {"question": "danger", "value": "yes", "message": {"sv": "Ring i stället."}, "phone": "emergency"},
        ],
    )
    make_type("ovrigt", "felanmalan", "Något annat", category=lighting)
    for kind, name in (("klagomal", "Klagomål"), ("berom", "Beröm"), ("forslag", "Förslag"), ("fraga", "Fråga")):
        make_type(kind, kind, name)


def make_category(code: str, name: str, **values: Any) -> Category:
    """A category of the organisation in scope."""
    return Category.objects.create(**{"code": code, "names": {"sv": name}, **values})


def make_type(code: str, kind: str, name: str, *, category: Category | None = None, **description: Any) -> CaseType:
    """A case type with one published version."""
    content = {"code": code, "kind": kind, "name": {"sv": name, "en": f"{name} (en)"}, **description}
    if category:
        content["category"] = category.code
    case_type = CaseType.objects.create(code=code, kind=kind, category=category)
    version = CaseTypeVersion.objects.create(
        case_type=case_type,
        number=1,
        content=parse_description(content).to_json(),
        created_at=now(),
        published_at=now(),
    )
    case_type.point_to(version)
    case_type.save()
    return case_type


def make_member(organisation: Organisation, email: str, name: str, role: str = "case_officer", *units: str) -> User:
    """Somebody who works in the organisation, with the password PASSWORD."""
    with organisation_scope(organisation.pk):
        return add_member(person=Person(email, name, role, units), by=TEST, password=PASSWORD).user


def make_case(organisation: Organisation, text: str = "Lampan är släckt.", **values: Any) -> Registered:
    """A registered case of type "belysning.lampa" in Motala; `email` makes its reporter want answers."""
    with organisation_scope(organisation.pk):
        code = values.pop("type", "belysning.lampa")
        case_type = CaseType.objects.select_related("current", "category").get(code=code)
        email = values.pop("email", "")
        category = values.pop("category", None)
        position = values.pop("at", MOTALA)
        new = NewCase(
            case_type=case_type,
            text=text,
            channel=values.pop("channel", "web"),
            category=Category.objects.get(code=category) if category else None,
            point=Point(position[0], position[1], 10, "map") if position else None,
            place_text=values.pop("place_text", "Vintergatan 12"),
            reporter=values.pop("reporter", NewReporter(email=email)),
            wants_feedback=values.pop("wants_feedback", bool(email)),
            publish=values.pop("publish", False),
            **values,
        )
        return case_actions.register(organisation=organisation, new=new, by=Actor.resident())


def make_file() -> StoredFile:
    """A picture of the organisation in scope, cleaned and kept, as far as the tables know."""
    return StoredFile.objects.create(
        key=f"test/{unique()}", sha256=b"x" * 32, kind="jpeg", width=4, height=3, size=100, created_at=now()
    )


def make_staff(organisation: Organisation, user: User) -> Staff:
    """What the person is in the organisation; not for those who do not work there."""
    with organisation_scope(organisation.pk):
        staff = staff_of(user)
    assert staff is not None
    return staff


def unique() -> str:
    """A string never seen before."""
    return uuid4().hex


def at(text: str) -> datetime:
    """ "2026-11-23 16:42" on a Swedish clock."""
    from lyhord.core.clock import SWEDEN

    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN)
