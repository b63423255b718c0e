"""The desk's lists: pages that neither skip nor repeat, and counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lyhord.accounts.models import User
from lyhord.accounts.roles import ROLES
from lyhord.accounts.staff import Staff
from lyhord.cases import desk_queries
from lyhord.cases.actions import resident_writes
from lyhord.cases.desk_queries import (
    COUNT_TO,
    cases_in,
    first_rows,
    page_of,
    review_queue,
    rows_of,
    view_counts,
)
from lyhord.cases.desk_views import BY_SLUG, REVIEW, UNCOUNTED, VIEWS
from lyhord.cases.models import Case
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from tests.conftest import Cast
from tests.factories import make_case, make_staff

pytestmark = pytest.mark.django_db

EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def many(cast: Cast, count: int) -> list[int]:
    """The ids of that many cases, copied from one by the database."""
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk), connection.cursor() as cursor:
        fields = [field for field in Case._meta.concrete_fields if not field.primary_key and not field.generated]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        values = {
            "number": "'26-' || (n + 1000)",
            "follow_digest": "sha256(n::text::bytea)",
            "uid": "gen_random_uuid()",
        }
        chosen = ", ".join(values.get(str(field.column), f'"{field.column}"') for field in fields)
        cursor.execute(
            f"insert into cases_case ({columns}) select {chosen} from cases_case, generate_series(1, %s) n"
            " where id = %s",
            [count, case.pk],
        )
        return list(Case.objects.order_by("pk").values_list("pk", flat=True))


def walk(newest_first: bool = False) -> list[int]:
    """Every id on every page, in order."""
    seen: list[int] = []
    after = ""
    for _ in range(1000):
        page = page_of(Case.objects.all(), after, newest_first=newest_first)
        seen += [case.pk for case in page.cases]
        after = page.next
        if not after:
            return seen
    raise AssertionError("the pages never end")


waits = (
    st.none()
    | st.integers(0, 5).map(lambda micro: EARLY + timedelta(microseconds=micro))
    | st.datetimes(datetime(1999, 1, 1), datetime(2039, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
)


@pytest.mark.requirement("2.4")
def test_pages_never_skip_and_never_repeat(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the moments: many the same, none at all, a microsecond apart."""
    monkeypatch.setattr(desk_queries, "PAGE", 3)
    ids = many(cast, 13)

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(waits, min_size=len(ids), max_size=len(ids)))
    @example([None] * len(ids))
    @example([EARLY] * len(ids))
    @example([datetime(2026, 11, 23, 15, 42, 7, 123457 + n, tzinfo=UTC) for n in range(len(ids))])
    def check(moments: list[datetime | None]) -> None:
        with organisation_scope(cast.motala.pk):
            for pk, moment in zip(ids, moments, strict=True):
                Case.objects.filter(pk=pk).update(waiting_since=moment)
            seen = walk()
            assert sorted(seen) == ids
            end = datetime.max.replace(tzinfo=UTC)
            by_id = dict(zip(ids, moments, strict=True))
            assert seen == sorted(ids, key=lambda pk: (by_id[pk] is None, by_id[pk] or end, pk))
            assert walk(newest_first=True) == ids[::-1]

    check()


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "_",
        "-_",
        "-_x",
        "1_",
        "_1",
        "1_2_3",
        "-1_2",
        "٣_٤",
        "9" * 18 + "_1",
        "1_" + "9" * 18,
        "9" * 30,
        "1.5_2",
        "\x00",
    ],
)
def test_a_page_that_nobody_made_is_a_page_all_the_same(cast: Cast, after: str) -> None:
    make_case(cast.motala)
    with organisation_scope(cast.motala.pk):
        page = page_of(Case.objects.all(), after)
        assert len(page.cases) <= 1
        assert page.next == ""


@given(st.text(max_size=50))
def test_any_text_can_stand_for_a_page(after: str) -> None:
    moment, pk = desk_queries._read(after)
    assert 0 <= pk < 2**63
    assert moment is None or moment.tzinfo is UTC


def test_the_last_full_page_has_no_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_queries, "PAGE", 3)
    many(cast, 2)
    with organisation_scope(cast.motala.pk):
        page = page_of(Case.objects.all())
        assert (len(page.cases), page.next, page.beyond) == (3, "", None)


SCENES: list[tuple[str, dict[str, Any]]] = [
    ("new", {}),
    ("wrote", {"officer": "amir"}),
    ("mine", {"officer": "sara", "unread": False}),
    ("mine_quiet", {"officer": "sara", "unread": False, "waiting_since": None}),
    ("late", {"answer_by": EARLY, "unread": False}),
    ("late_quiet", {"answer_by": EARLY, "unread": False, "waiting_since": None}),
    ("planned", {"state": State.PLANNED, "unread": False, "officer": "amir"}),
    ("closed", {"state": State.RESOLVED, "waiting_since": None, "unread": False, "officer": "sara"}),
]
IN_VIEW = {
    "min-dag": {"mine"},
    "nya-svar": {"wrote"},
    "mina": {"mine", "mine_quiet"},
    "ofordelat": {"new", "late", "late_quiet"},
    "forsenat": {"late"},
    "vantar": {"planned"},
    "alla": {"new", "wrote", "mine", "mine_quiet", "late", "late_quiet", "planned"},
    "avslutade": {"closed"},
}


@pytest.mark.requirement("2.10")
def test_each_view_holds_what_it_says_and_counts_it(cast: Cast) -> None:
    names = {}
    for name, values in SCENES:
        pk = make_case(cast.motala).case.pk
        names[pk] = name
        officer = {"officer": getattr(cast, values["officer"])} if "officer" in values else {}
        with organisation_scope(cast.motala.pk):
            Case.objects.filter(pk=pk).update(**{"answer_by": now() + timedelta(days=1), **values, **officer})
            if name == "wrote":
                resident_writes(case_id=pk, text="Är ni där?", by=Actor.resident(), channel="web")
    make_case(cast.motala, type="fraga")  # at another unit
    with organisation_scope(cast.motala.pk):
        staff = make_staff(cast.motala, cast.sara)
        counts = view_counts(staff)
        assert set(IN_VIEW) == set(BY_SLUG)
        for slug, expected in IN_VIEW.items():
            found = {names[case.pk] for case in cases_in(staff, BY_SLUG[slug])}
            assert found == expected, slug
            assert counts.get(slug, len(expected)) == len(expected), slug


@pytest.mark.parametrize("who", ["sara", "kim", "maria", "nils"])
def test_the_first_page_of_a_view_is_the_same_by_the_query_that_is_worked_out_once(cast: Cast, who: str) -> None:
    """For somebody of one unit, of several, of all but the confidential ones."""
    for _name, values in SCENES:
        officer = {"officer": getattr(cast, values["officer"])} if "officer" in values else {}
        for pk in (make_case(cast.motala).case.pk, make_case(cast.motala, type="fraga").case.pk):
            with organisation_scope(cast.motala.pk):
                Case.objects.filter(pk=pk).update(**{**values, **officer})
    with organisation_scope(cast.motala.pk):
        staff = make_staff(cast.motala, getattr(cast, who))
        for view in VIEWS:
            expected = rows_of(cases_in(staff, view), newest_first=view.newest_first)
            assert first_rows(staff, view) == expected, view.slug
            assert len(expected.cases) == cases_in(staff, view).count()


def test_counts_stop(cast: Cast) -> None:
    many(cast, COUNT_TO + 20)
    with organisation_scope(cast.motala.pk):
        assert view_counts(make_staff(cast.motala, cast.sara))["alla"] == COUNT_TO


def test_somebody_without_any_unit_sees_an_empty_desk(cast: Cast) -> None:
    make_case(cast.motala)
    with organisation_scope(cast.motala.pk):
        staff = Staff(User(pk=1), "case_officer", ROLES["case_officer"].permissions, frozenset())
        assert set(view_counts(staff).values()) == {0}
        assert set(view_counts(staff)) == {view.slug for view in VIEWS} - UNCOUNTED | {REVIEW}
        assert page_of(cases_in(staff, VIEWS[0])).cases == []
        assert page_of(cases_in(staff, VIEWS[0], words="lampan")).cases == []


def test_one_unit_and_words_over_all_views(cast: Cast) -> None:
    lamp, question = make_case(cast.motala).case, make_case(cast.motala, "Vad kostar lampan?", type="fraga").case
    with organisation_scope(cast.motala.pk):
        Case.objects.filter(pk=lamp.pk).update(state=State.RESOLVED)
        kim = make_staff(cast.motala, cast.kim)
        assert set(cases_in(kim, BY_SLUG["alla"], words="lampan")) == {lamp, question}
        assert set(cases_in(kim, BY_SLUG["alla"], words="lampan", unit_ids=[lamp.unit_id])) == {lamp}
        assert set(cases_in(kim, BY_SLUG["alla"], unit_ids=[lamp.unit_id])) == set()
        assert set(cases_in(kim, BY_SLUG["alla"], unit_ids=[])) == set()
        assert set(cases_in(kim, BY_SLUG["alla"], words="   ")) == {question}
        assert view_counts(kim, [lamp.unit_id])["alla"] == 0
        assert view_counts(kim, [question.unit_id])["alla"] == 1


@pytest.mark.requirement("2.11")
def test_a_search_goes_from_the_newest_stretch_of_cases_to_the_oldest(cast: Cast) -> None:
    """Where ids are far apart, as in an installation of many municipalities: all is found, once, newest first."""
    ids = many(cast, 30)
    far = [pk + n * 70_000 for n, pk in enumerate(ids)]
    with organisation_scope(cast.motala.pk), connection.cursor() as cursor:
        cursor.executemany("update cases_case set id = %s where id = %s", list(zip(far[1:], ids[1:], strict=True)))
        for who, everywhere in ((cast.sara, False), (cast.kim, True)):
            staff = make_staff(cast.motala, who)
            for most in (1, 2, 5, 29, 500):
                values = ["lampan", most, sorted(staff.unit_ids), everywhere]
                cursor.execute("select lyhord_search_cases(%s, %s, %s, %s)", values)
                assert [row[0] for row in cursor.fetchall()] == far[::-1][:most]
            assert set(cases_in(staff, VIEWS[0], words="lampan").values_list("pk", flat=True)) == set(far)
            assert not cases_in(
                staff, VIEWS[0], words="o1 u1 OR 'o1:0'"
            ).exists()  # what lies beside the words is no word


@pytest.mark.requirement("4.11", "X2")
def test_the_review_queue_is_what_one_may_see_and_waits(cast: Cast) -> None:
    waiting = [make_case(cast.motala, publish=True).case for _ in range(2)]
    make_case(cast.motala)
    make_case(cast.motala, type="klagomal", category="barn", publish=True)
    with organisation_scope(cast.motala.pk):
        assert list(review_queue(make_staff(cast.motala, cast.kim))) == waiting
        assert list(review_queue(make_staff(cast.motala, cast.nils))) == []


@pytest.mark.requirement("2.4")
def test_a_page_and_the_counts_are_few_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    many(cast, 60)
    with organisation_scope(cast.motala.pk):
        staff = make_staff(cast.motala, cast.sara)
        with django_assert_num_queries(1):
            page = page_of(cases_in(staff, BY_SLUG["alla"]))
            assert all(case.unit.name and case.category and case.area and not case.officer for case in page.cases)
        with django_assert_num_queries(1):
            view_counts(staff)
