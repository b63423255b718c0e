"""Queries worked out once say the same as Django's own, for every sort of parameter."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from lyhord.cases.models import Case, CaseType
from lyhord.core.clock import now, today
from lyhord.core.prepared import Prepared, PreparedCounts, PreparedRows
from lyhord.core.tenancy import NoOrganisation, organisation_scope
from lyhord.organisations.models import Hostname, Organisation
from tests import factories


@pytest.fixture
def two_cases(db: None) -> Organisation:
    """An organisation with two cases."""
    motala = factories.make_organisation()
    factories.make_case(motala, "Den första.")
    factories.make_case(motala, "Den andra.", category="trafik")
    return motala


PARAMETERS: list[tuple[type, Callable[[Any], Any], Callable[[Case], Any]]] = [
    (int, lambda value: Case.objects.filter(pk=value), lambda case: case.pk),
    (int, lambda value: Case.objects.filter(unit=value), lambda case: case.unit_id),
    (int, lambda value: Case.objects.filter(cell=value), lambda case: case.cell),
    (int, lambda value: Case.objects.filter(revision=value), lambda case: case.revision),
    (str, lambda value: Case.objects.filter(number=value), lambda case: case.number),
    (bytes, lambda value: Case.objects.filter(follow_digest=value), lambda case: bytes(case.follow_digest)),
    (type(uuid4()), lambda value: Case.objects.filter(uid=value), lambda case: case.uid),
    (type(now()), lambda value: Case.objects.filter(registered_at__lte=value), lambda case: now()),
    (type(today()), lambda value: Case.objects.exclude(state_until=value), lambda case: today()),
    (list, lambda value: Case.objects.filter(pk__any=value), lambda case: [case.pk, 0]),
    (list, lambda value: Case.objects.filter(unit_id__any=value), lambda case: [case.unit_id]),
    (list, lambda value: Case.objects.filter(state__any=value), lambda case: [case.state, "x"]),
    (list, lambda value: Case.objects.filter(case_type__code__any=value), lambda case: ["belysning.lampa"]),
]


@pytest.mark.parametrize(("kind", "build", "value_of"), PARAMETERS)
def test_it_finds_what_django_finds(
    two_cases: Organisation, kind: type, build: Callable[[Any], Any], value_of: Callable[[Case], Any]
) -> None:
    with organisation_scope(two_cases.pk):
        value = value_of(Case.objects.order_by("pk")[0])
        prepared: Prepared[Case] = Prepared(lambda value: build(value).order_by("pk"), value=kind)
        assert prepared(value=value) == list(build(value).order_by("pk")) != []
        assert prepared.first(value=value) == build(value).order_by("pk").first()
        assert prepared(value=value, most=1) == list(build(value).order_by("pk")[:1])


def test_objects_are_whole(two_cases: Organisation) -> None:
    with organisation_scope(two_cases.pk):
        whole = Prepared(
            lambda pk: (
                Case.objects.select_related("unit", "category", "officer", "case_type__current")
                .annotate(loud=Upper("title"))
                .filter(pk=pk)
            ),
            pk=int,
        )
        for plain in Case.objects.all():
            with CaptureQueriesContext(connection) as asked:
                case = whole.first(pk=plain.pk)
                assert case
                for field in Case._meta.concrete_fields:
                    assert getattr(case, field.attname) == getattr(plain, field.attname)
                assert case.unit.code
                assert case.officer is None
                assert case.case_type.current
                assert case.case_type.current.content["code"] == "belysning.lampa"
                assert case.loud == plain.title.upper()  # type: ignore[attr-defined]  # annotated
            assert len(asked) == 1
            case.title = "Nytt"
            case.save(update_fields=["title"])
            assert Case.objects.get(pk=plain.pk).title == "Nytt"


class _Row(NamedTuple):
    number: str
    answers: dict[str, Any]
    unit: str


def test_rows_are_made_of_columns(two_cases: Organisation) -> None:
    rows = PreparedRows(
        _Row, lambda pk: Case.objects.filter(pk=pk).values_list("number", "answers", "unit__name"), pk=int
    )
    with organisation_scope(two_cases.pk):
        case = Case.objects.select_related("unit").order_by("pk")[0]
        assert rows.first(pk=case.pk) == _Row(case.number, case.answers, case.unit.name)
        assert rows(pk=0) == []
        assert rows.first(pk=0) is None


def test_it_is_asked_anew_each_time(two_cases: Organisation) -> None:
    by_code = Prepared(lambda code: CaseType.objects.filter(code=code, active=True), code=str)
    with organisation_scope(two_cases.pk):
        case_type = by_code.first(code="belysning.lampa")
        assert case_type
        CaseType.objects.filter(pk=case_type.pk).update(active=False)
        assert by_code.first(code="belysning.lampa") is None


def test_walled_tables_need_a_scope_and_others_do_not(two_cases: Organisation) -> None:
    cases = Prepared(lambda pk: Case.objects.filter(pk=pk), pk=int)
    with organisation_scope(two_cases.pk):
        cases(pk=1)
    with pytest.raises(NoOrganisation):
        cases(pk=1)
    assert Prepared(lambda host: Hostname.objects.filter(host=host), host=str)(host="motala.localhost")


def test_another_organisations_rows_stay_behind_the_wall(two_cases: Organisation) -> None:
    other = factories.make_organisation("mjolby")
    cases = Prepared(lambda pks: Case.objects.filter(pk__any=pks), pks=list)
    with organisation_scope(two_cases.pk):
        pks = [case.pk for case in Case.objects.all()]
        assert len(cases(pks=pks)) == 2
    with organisation_scope(other.pk):
        assert cases(pks=pks) == []


def test_a_parameter_that_is_not_sent_as_given_is_a_mistake(two_cases: Organisation) -> None:
    with organisation_scope(two_cases.pk), pytest.raises(TypeError, match="word"):
        Prepared(lambda word: Case.objects.filter(title__contains=word), word=str)(word="x")
    with organisation_scope(two_cases.pk), pytest.raises(TypeError, match="moment"):
        Prepared(lambda pk: Case.objects.filter(pk=pk, registered_at__lte=now()), pk=int)(pk=1)
    with organisation_scope(two_cases.pk), pytest.raises(TypeError, match="PreparedRows"):
        Prepared(lambda pk: Case.objects.filter(pk=pk).values_list("number"), pk=int)(pk=1)  # type: ignore[type-var]  # on purpose


def test_several_counts_in_one_statement(two_cases: Organisation) -> None:
    counts = PreparedCounts(
        [
            lambda unit, number: Case.objects.filter(unit=unit),
            lambda unit, number: Case.objects.filter(number=number),
            lambda unit, number: Case.objects.exclude(number=number),
            lambda unit, number: Case.objects.all(),
        ],
        most=2,
        unit=int,
        number=str,
    )
    with organisation_scope(two_cases.pk):
        case = Case.objects.order_by("pk")[0]
        factories.make_case(two_cases, "Den tredje.")
        for unit, number in ((case.unit_id, case.number), (0, ""), (case.unit_id, "x")):
            whole = [
                Case.objects.filter(unit=unit).count(),
                Case.objects.filter(number=number).count(),
                Case.objects.exclude(number=number).count(),
                Case.objects.count(),
            ]
            with CaptureQueriesContext(connection) as captured:
                assert counts(unit=unit, number=number) == [min(number, 2) for number in whole]
            assert len(captured) == 1
    with pytest.raises(NoOrganisation):
        counts(unit=0, number="")


def test_a_parameter_that_no_count_sends_is_a_mistake(two_cases: Organisation) -> None:
    counts = PreparedCounts([lambda unit: Case.objects.all()], most=2, unit=int)
    with organisation_scope(two_cases.pk), pytest.raises(TypeError, match="unit"):
        counts(unit=1)
