"""A case begins: number, desk, deadline, publicity and acknowledgement, in one transaction."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection

from lyhord.audit.models import Event
from lyhord.cases import follow_code
from lyhord.cases.actions import Registered, register
from lyhord.cases.answers import Answers
from lyhord.cases.facts import NewCase, NewReporter
from lyhord.cases.models import Case, CaseType, Category, Photo, Reporter, RuleSet
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import now, pretend
from lyhord.core.tenancy import organisation_scope
from lyhord.files.models import StoredFile
from lyhord.jobs.models import Job
from lyhord.notifications.models import Notice
from lyhord.organisations.actions import create_organisation
from lyhord.organisations.models import Organisation, Unit
from lyhord.organisations.presets import preset
from lyhord.places.point import Point
from tests import factories
from tests.conftest import Cast
from tests.factories import MOTALA, at, make_case

pytestmark = pytest.mark.django_db

CENTRUM, VARAMON, BORENSBERG, NEW_YORK = (58.537, 15.036), (58.555, 15.0), (58.56, 15.28), (40.7, -74.0)
TUESDAY, EVENING, SATURDAY = "2026-11-24 10:00", "2026-11-24 19:42", "2026-11-21 12:00"
EPIPHANY, SUMMER = "2026-01-06 10:00", "2026-07-01 10:00"
NEW_YEARS_MORNING = "2027-01-02 03:00"  # a Saturday; the window began on New Year's Day

RULES: list[dict[str, Any]] = [
    {
        "unit": "raddningstjanst",
        "name": "Läckor efter kontorstid",
        "types": ["va.lacka"],
        "answers": [{"question": "pagar", "values": ["yes"]}],
        "hours": [
            {"days": ["mon", "tue", "wed", "thu", "fri"], "start": "17:00", "end": "07:00"},
            {"days": ["sat", "sun"]},
        ],
    },
    {"unit": "avfall", "name": "Varamons skötsel", "categories": ["ren"], "areas": ["varamon"]},
    {
        "unit": "kultur-fritid",
        "types": ["park"],
        "areas": ["borensberg"],
        "season": {"first": "05-01", "last": "09-30"},
    },
    {"unit": "bygg", "kinds": ["forslag"], "areas": ["centrum"]},
    {"unit": "nedlagd", "types": ["gata.hal"]},
    {"unit": "miljo", "types": ["park.djur"], "answers": [{"question": "lever", "values": ["no"]}]},
]

# type, area of feedback, point, answers, when, the unit, how it was chosen, a piece of the reason
TABLE: list[tuple[str, str, tuple[float, float] | None, Answers, str, str, str, str]] = [
    ("gata.hal", "", CENTRUM, {}, TUESDAY, "gata-park", "category", "som har hand om"),  # its rule's unit is gone
    ("gata.hal", "", None, {}, TUESDAY, "gata-park", "category", "Gata och park"),
    ("gata.gc", "", VARAMON, {}, TUESDAY, "gata-park", "category", ""),
    ("gata.skylt", "", NEW_YORK, {}, TUESDAY, "gata-park", "category", ""),
    ("belysning.slackt", "", VARAMON, {"antal": "en"}, TUESDAY, "gata-park", "category", ""),
    ("belysning.dag", "", BORENSBERG, {}, SATURDAY, "gata-park", "category", ""),
    ("snohalka.snorojning", "", CENTRUM, {}, EPIPHANY, "gata-park", "category", ""),
    ("park.lekplats", "", BORENSBERG, {}, SUMMER, "kultur-fritid", "rule", "den 1 juli"),
    ("park.lekplats", "", BORENSBERG, {}, TUESDAY, "gata-park", "category", ""),  # out of season
    ("park.lekplats", "", CENTRUM, {}, SUMMER, "gata-park", "category", ""),
    ("park.djur", "", BORENSBERG, {"lever": False}, SUMMER, "kultur-fritid", "rule", "regel 3"),  # the first holds
    ("park.djur", "", CENTRUM, {"lever": False}, TUESDAY, "miljo", "rule", "svaret på ”lever” är nej"),
    ("park.djur", "", CENTRUM, {"lever": True}, TUESDAY, "gata-park", "category", ""),
    ("park.djur", "", CENTRUM, {}, TUESDAY, "gata-park", "category", ""),
    ("ren.papperskorg", "", VARAMON, {}, TUESDAY, "avfall", "rule", "i Varamon"),
    ("ren.papperskorg", "", CENTRUM, {}, TUESDAY, "gata-park", "category", ""),
    ("ren.dump", "", CENTRUM, {}, TUESDAY, "miljo", "category", ""),  # the type's own role
    ("ren.dump", "", VARAMON, {}, TUESDAY, "avfall", "rule", "Varamons skötsel"),
    ("ren.atervinning", "", CENTRUM, {}, TUESDAY, "avfall", "category", ""),
    ("ren.klotter", "", None, {}, TUESDAY, "gata-park", "category", ""),
    ("va.lacka", "", CENTRUM, {"pagar": True}, TUESDAY, "va", "category", ""),
    ("va.lacka", "", CENTRUM, {"pagar": True}, EVENING, "raddningstjanst", "rule", "en tisdag klockan 19.42"),
    ("va.lacka", "", CENTRUM, {"pagar": True}, SATURDAY, "raddningstjanst", "rule", "en lördag"),
    ("va.lacka", "", CENTRUM, {"pagar": True}, EPIPHANY, "raddningstjanst", "rule", "en helgdag klockan 10.00"),
    ("va.lacka", "", CENTRUM, {"pagar": True}, NEW_YEARS_MORNING, "raddningstjanst", "rule", ""),
    ("va.lacka", "", CENTRUM, {"pagar": False}, EVENING, "va", "category", ""),
    ("va.lacka", "", None, {}, EVENING, "va", "category", ""),
    ("va.stopp", "", NEW_YORK, {}, SATURDAY, "va", "category", ""),
    ("avfall.utebliven", "", CENTRUM, {}, TUESDAY, "avfall", "category", ""),
    ("fastighet.skola", "", CENTRUM, {}, TUESDAY, "fastighet", "category", ""),
    ("trygghet.otrygg", "", CENTRUM, {}, TUESDAY, "kommunledning", "category", ""),
    ("trygghet.trafik", "", CENTRUM, {}, TUESDAY, "gata-park", "category", ""),
    ("annan.elskap", "", CENTRUM, {}, TUESDAY, "kundcenter", "category", ""),
    ("annat", "", CENTRUM, {}, TUESDAY, "kundcenter", "category", ""),
    ("klagomal", "barn-utbildning", None, {}, TUESDAY, "bildning", "category", "Barn och utbildning"),
    ("klagomal", "omsorg-hjalp", None, {}, TUESDAY, "social", "category", "Omsorg och hjälp"),
    ("berom", "uppleva-gora", None, {}, TUESDAY, "kultur-fritid", "category", "Uppleva och göra"),
    ("fraga", "kommun-politik", None, {}, TUESDAY, "kommunledning", "category", ""),
    ("forslag", "trafik-infrastruktur", CENTRUM, {}, TUESDAY, "bygg", "rule", "i Centrum"),
    ("forslag", "trafik-infrastruktur", VARAMON, {}, TUESDAY, "tekniska", "category", ""),
    ("forslag", "", None, {}, TUESDAY, "kundcenter", "fallback", "Ingen regel passar"),
    ("klagomal", "", NEW_YORK, {}, TUESDAY, "kundcenter", "fallback", "som skickar det vidare"),
]


def from_preset() -> Organisation:
    return create_organisation(
        slug="motala",
        code="0583",
        name="Motala kommun",
        preset=preset("motala"),
        hosts=["motala.localhost"],
        by=factories.TEST,
        lat=MOTALA[0],
        lon=MOTALA[1],
    )


def new_case(code: str, **values: Any) -> NewCase:
    case_type = CaseType.objects.select_related("current", "category").get(code=code)
    return NewCase(**{"case_type": case_type, "text": "Så här är det.", "channel": "web", **values})


@pytest.mark.requirement("0.7", "P10", "4.10", "4.28")
def test_every_sort_of_errand_reaches_the_right_unit_with_the_reason_kept() -> None:
    organisation = from_preset()
    wrong = []
    with organisation_scope(organisation.pk):
        RuleSet.objects.create(number=101, rules=RULES, created_at=now(), published_at=now())
        RuleSet.objects.create(number=102, rules=[{"unit": "skola"}], created_at=now())  # a draft, not in force
        for code, area, place, answers, when, unit, kind, piece in TABLE:
            new = new_case(
                code,
                answers=answers,
                category=Category.objects.get(code=area) if area else None,
                point=Point(place[0], place[1], 10, "gps") if place else None,
            )
            with pretend(at(when)):
                case = register(organisation=organisation, new=new, by=Actor.resident()).case
            stored = Case.objects.select_related("unit").get(pk=case.pk)
            found = (stored.unit.code, stored.route_kind)
            name = stored.unit.name
            if found != (unit, kind) or piece not in stored.route_reason or name not in stored.route_reason:
                wrong.append((code, area, when, unit, kind, found, stored.route_reason))
    assert not wrong
    assert len(TABLE) >= 30


@pytest.mark.requirement("0.7")
def test_a_unit_takes_cases_from_its_first_day_on_a_swedish_calendar() -> None:
    organisation = from_preset()
    with organisation_scope(organisation.pk):
        Unit.objects.filter(code="va").update(active_from="2026-07-01")
        for moment, unit in (("2026-06-30 23:59", "kundcenter"), ("2026-07-01 00:30", "va")):
            with pretend(at(moment)):
                case = register(organisation=organisation, new=new_case("va.stopp"), by=Actor.resident()).case
            # the category's own unit is the same one, so until then it falls to those who take everything
            assert case.unit.code == unit, moment


@pytest.mark.requirement("0.7")
def test_without_a_fallback_the_first_unit_takes_it() -> None:
    organisation = from_preset()
    with organisation_scope(organisation.pk):
        Unit.objects.update(fallback=False)
        case = register(organisation=organisation, new=new_case("forslag"), by=Actor.resident()).case
        assert case.unit == Unit.objects.order_by("pk").first()


@pytest.mark.requirement("X3")
def test_number_date_sender_and_matter_are_there_at_once(motala: Organisation) -> None:
    with pretend(at("2026-11-23 16:42")):
        done = make_case(motala, email="asta@example.se", answers={"lamps": 2, "danger": False})
    with organisation_scope(motala.pk):
        case = Case.objects.get()
        assert case.number == done.case.number == "26-1"
        assert case.registered_at == at("2026-11-23 16:42") == case.waiting_since == case.changed_at
        assert case.title == "Släckt gatubelysning, Vintergatan 12"
        assert (case.state, case.unread, case.open, case.revision) == (State.RECEIVED, True, True, 1)
        assert case.answers == {"lamps": 2, "danger": False}
        assert case.area
        assert (case.area.code, case.lat, case.lon) == ("varamon", *MOTALA)
        assert Reporter.objects.get().email == "asta@example.se"
        assert Event.objects.get(verb="case.registered").subject_id == case.pk
        assert Notice.objects.get().kind == "case_received"


@pytest.mark.requirement("X3", "X11")
def test_the_series_begins_anew_at_the_swedish_new_year(motala: Organisation, cast: Cast) -> None:
    numbers = []
    for moment in ("2026-12-31 23:58", "2026-12-31 23:59", "2027-01-01 00:01", "2027-01-01 00:02"):
        with pretend(at(moment)):
            numbers.append(make_case(motala).case.number)
    assert numbers == ["26-1", "26-2", "27-1", "27-2"]
    with pretend(at("2026-12-31 23:59")):
        assert make_case(cast.mjolby).case.number == "26-1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("X3")
def test_a_number_is_never_given_twice_and_a_rollback_leaves_a_gap() -> None:
    motala = factories.make_organisation()
    assert make_case(motala).case.number.endswith("-1")
    with pytest.raises(ZeroDivisionError):
        register_and_fail(motala)
    assert make_case(motala).case.number.endswith("-3")
    start = Barrier(8, timeout=60)

    def one(_: int) -> str:
        start.wait()
        try:
            return make_case(motala).case.number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(one, range(8)))
    assert len(set(numbers)) == 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("X3")
def test_the_years_first_cases_at_the_same_moment_share_one_series() -> None:
    """The series is made by whoever comes first; the others wait for it and get the next numbers."""
    motala = factories.make_organisation()
    start = Barrier(6, timeout=60)

    def one(_: int) -> str:
        start.wait()
        try:
            return make_case(motala).case.number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        numbers = sorted(int(number.partition("-")[2]) for number in threads.map(one, range(6)))
    assert numbers == [1, 2, 3, 4, 5, 6]


def register_and_fail(organisation: Organisation) -> None:
    with organisation_scope(organisation.pk):
        make_case(organisation)
        raise ZeroDivisionError


@pytest.mark.requirement("4.28")
def test_a_visitor_without_place_or_name_is_as_welcome(motala: Organisation) -> None:
    far = make_case(motala, at=NEW_YORK, place_text="")
    nowhere = make_case(motala, at=None, place_text="", reporter=NewReporter())
    with organisation_scope(motala.pk):
        assert Case.objects.get(pk=far.case.pk).area is None
        case = Case.objects.get(pk=nowhere.case.pk)
        assert (case.lat, case.cell, case.area, case.position_source) == (None, None, None, "")
        assert case.title == "Släckt gatubelysning"
        assert not Reporter.objects.exists()
        assert not Notice.objects.exists()


@pytest.mark.requirement("X2", "4.11")
@pytest.mark.parametrize(
    ("publish", "change", "expected"),
    [
        (False, {}, "closed"),
        (True, {}, "review"),
        (True, {"organisation": False}, "closed"),
        (True, {"type": False}, "closed"),
        (True, {"category": False}, "closed"),
        (True, {"unit": True}, "closed"),
        (True, {"protected": True}, "closed"),
        (True, {"confidential": True}, "closed"),
    ],
)
def test_a_case_may_be_read_by_others_only_when_all_allow_it(
    motala: Organisation, publish: bool, change: dict[str, bool], expected: str
) -> None:
    with organisation_scope(motala.pk):
        category = factories.make_category("gator", "Gator", publishable=change.get("category", True))
        Unit.objects.filter(code="gata-park").update(confidential=change.get("unit", False))
        factories.make_type(
            "gata.hal",
            "felanmalan",
            "Hål",
            category=category,
            routing={"unit": "gata-park"},
            confidential=change.get("confidential", False),
            publication={"allowed": change.get("type", not change.get("confidential", False))},
        )
        if "organisation" in change:
            motala.publishes = False
            motala.save()
        reporter = NewReporter(protected=change.get("protected", False))
        case = make_case(motala, type="gata.hal", publish=publish, reporter=reporter).case
        assert case.publication_state == expected


@pytest.mark.requirement("X2", "2.33")
def test_care_and_school_are_confidential_by_default() -> None:
    organisation = from_preset()
    with organisation_scope(organisation.pk):
        area = Category.objects.get(code="omsorg-hjalp")
        new = new_case("klagomal", category=area, publish=True)
        case = register(organisation=organisation, new=new, by=Actor.resident()).case
        assert (case.confidential, case.publication_state) == (True, Case.Published.CLOSED)


@pytest.mark.requirement("X2")
def test_a_protected_reporter_leaves_no_place_in_the_title_and_only_a_quiet_notice(motala: Organisation) -> None:
    reporter = NewReporter(name="Hemlig Person", email="hemlig@example.se", protected=True)
    done = make_case(motala, "Jag bor på Storgatan 3.", reporter=reporter, wants_feedback=True, type="klagomal")
    fault = make_case(motala, reporter=reporter, place_text="Storgatan 3")
    with organisation_scope(motala.pk):
        assert done.case.title == "Klagomål"
        assert fault.case.title == "Släckt gatubelysning"
        assert done.case.protected
        notice = Notice.objects.get(subject_id=done.case.pk)
        assert notice.private
        assert "Storgatan" not in notice.subject + notice.body


@pytest.mark.requirement("X12")
def test_the_log_says_nothing_of_who_said_what(motala: Organisation) -> None:
    reporter = NewReporter(name="Asta Hemlig", email="asta@example.se", phone="070-1234567")
    text = "Min granne Kalle Kula har parkerat på gräset."
    done = make_case(motala, text, reporter=reporter, wants_feedback=True, place_text="Hemliga gatan 7")
    with organisation_scope(motala.pk):
        for event in Event.objects.filter(subject_type="case"):
            said = f"{event.data} {event.actor_label}"
            for trace in ("Asta", "asta@", "070-", "Kalle", "granne", "Hemliga", done.code, str(MOTALA[0])):
                assert trace not in said
            assert event.actor_id is None
            assert event.actor_kind == "resident"


@pytest.mark.requirement("X12")
def test_no_column_of_any_table_is_for_an_address_or_a_browser() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'public'"
            " and (data_type in ('inet', 'cidr') or column_name ~ '(^|_)(ip|ip_address|remote_addr|user_agent)$')"
        )
        assert cursor.fetchall() == []


def test_the_code_is_stored_nowhere_but_as_a_digest(motala: Organisation) -> None:
    done = make_case(motala)
    with organisation_scope(motala.pk):
        case = Case.objects.get()
        assert bytes(case.follow_digest) == follow_code.digest(done.code)
        with connection.cursor() as cursor:
            cursor.execute("select to_jsonb(c)::text from cases_case c")
            assert done.code not in cursor.fetchone()[0]


def test_a_type_without_a_published_version_is_a_bug_not_a_case(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        empty = CaseType.objects.create(code="tom", kind="felanmalan")
        with pytest.raises(ValueError, match="no published version"):
            register(organisation=motala, new=NewCase(case_type=empty, text="x", channel="web"), by=Actor.resident())


FAULTS = {
    "cases_case": "the case itself",
    "cases_reporter": "who said it",
    "cases_photo": "a picture",
    "audit_event": "the log",
    "notifications_notice": "the acknowledgement",
    "jobs_job": "the job that sends it",
}


@pytest.mark.requirement("X3", "2.4")
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("table", FAULTS)
def test_a_fault_at_any_step_leaves_nothing_behind(table: str) -> None:
    """The database itself refuses one of the writes, as it would when its disk is full."""
    from django.db import connections

    motala = factories.make_organisation()
    with connections["owner"].cursor() as owner:
        owner.execute(
            "create function break_it() returns trigger language plpgsql as $$ begin raise 'disk full'; end $$;"
            f"create trigger break_it before insert on {table} for each row execute function break_it()"
        )
    try:
        with pytest.raises(DatabaseError, match="disk full"):
            with_everything(motala)
    finally:
        with connections["owner"].cursor() as owner:
            owner.execute(f"drop trigger break_it on {table}; drop function break_it()")
        connections["owner"].close()
    with organisation_scope(motala.pk):
        for model in (Case, Reporter, Photo, Event, Notice):
            assert not model._default_manager.exists(), model
        assert not Job.objects.exists()
        assert not StoredFile.objects.filter(used=True).exists()
    assert with_everything(motala).case.number


def with_everything(organisation: Organisation) -> Registered:
    with organisation_scope(organisation.pk):
        file = factories.make_file()
        return make_case(organisation, email="asta@example.se", photos=(file,))


@pytest.mark.requirement("4.4", "X11")
@pytest.mark.parametrize(
    ("promise", "came", "acknowledge", "answer"),
    [
        ({}, "2026-11-23 16:42", "2026-11-25 17:00", "2026-11-30 17:00"),
        ({"answer_days": 0}, "2026-11-23 10:00", "2026-11-23 17:00", "2026-11-23 17:00"),
    ],
)
def test_the_promise_is_kept_with_the_case(
    motala: Organisation, promise: dict[str, Any], came: str, acknowledge: str, answer: str
) -> None:
    with organisation_scope(motala.pk):
        factories.make_type("gata.hal", "felanmalan", "Hål", deadline=promise)
    with pretend(at(came)):
        case = make_case(motala, type="gata.hal").case
    assert (case.acknowledge_by, case.answer_by) == (at(acknowledge), at(answer))


def test_the_organisations_own_free_days_count(motala: Organisation) -> None:
    motala.closed_days = ["2026-11-30"]
    with pretend(at("2026-11-23 16:42")):
        case = make_case(motala).case
    assert case.answer_by == datetime.fromisoformat("2026-12-01T16:00:00+00:00")
