"""What several queries find by one statement is what each of them finds alone."""

from datetime import date
from typing import Any

import pytest
from django.db import models

from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.core.prepared import Prepared, PreparedRows
from lyhord.core.tenancy import NoOrganisation, organisation_scope
from lyhord.core.together import Together
from lyhord.organisations.models import Organisation
from tests import factories

CASES = Prepared(
    lambda unit: Case.objects.filter(unit=unit).select_related("unit", "category").order_by("-pk"), unit=int
)
EVENTS = Prepared(lambda: Event.objects.order_by("pk"))
NONE = Prepared(lambda number: Case.objects.filter(number=number), number=str)
TITLES: PreparedRows[str] = PreparedRows(
    lambda title, _pk: title,
    lambda unit: Case.objects.filter(unit=unit).order_by("pk").values_list("title", "pk"),
    unit=int,
)


@pytest.fixture
def motala(db: None) -> Organisation:
    """An organisation with two cases in one unit, with something in every sort of field."""
    found = factories.make_organisation()
    answers = {"lamps": 2, "text": 'å "1" \\ \n\u2028 😀', "list": [1.5, None, True]}
    first = factories.make_case(found, 'Den "första"\\ \n\u2028 😀 å', answers=answers).case
    factories.make_case(found, "Den andra.")
    with organisation_scope(found.pk):
        Case.objects.filter(pk=first.pk).update(state_until=date(2026, 2, 28), accuracy_m=7.0)
    return found


def fields(found: models.Model) -> dict[str, Any]:
    """All that it holds, with the objects that came with it."""
    held = {field.attname: getattr(found, field.attname) for field in found._meta.concrete_fields}
    related = found._state.fields_cache
    return {
        **{name: bytes(value) if isinstance(value, memoryview) else value for name, value in held.items()},
        **{name: fields(other) for name, other in related.items() if isinstance(other, models.Model)},
    }


def test_each_part_is_what_it_is_alone(motala: Organisation, django_assert_num_queries: Any) -> None:
    with organisation_scope(motala.pk):
        unit = Case.objects.values_list("unit_id", flat=True)[0]
        together = Together(CASES, EVENTS, NONE, TITLES)
        together(unit=unit, number="-")
        with django_assert_num_queries(1):
            cases, events, none, titles = together(unit=unit, number="-")
        assert none == []
        assert titles == TITLES(unit=unit)
        assert len(titles) == 2
        for found, alone in ((cases, CASES(unit=unit)), (events, EVENTS())):
            assert [fields(one) for one in found] == [fields(one) for one in alone]
            assert len(found) >= 2
        for name, value in fields(cases[-1]).items():
            assert type(value) is type(fields(CASES(unit=unit)[-1])[name]), name


def test_it_stands_behind_the_wall(motala: Organisation) -> None:
    together = Together(CASES, NONE)
    with pytest.raises(NoOrganisation):
        together(unit=1, number="-")
    with organisation_scope(motala.pk):
        unit = Case.objects.values_list("unit_id", flat=True)[0]
    with organisation_scope(factories.make_organisation("ydre").pk):
        assert together(unit=unit, number="-") == [[], []]


def test_what_only_django_can_read_is_refused(motala: Organisation) -> None:
    converted = Prepared(
        lambda: Case.objects.annotate(far=models.ExpressionWrapper(models.F("lat"), models.DecimalField()))
    )
    with organisation_scope(motala.pk), pytest.raises(TypeError, match="apart"):
        Together(converted)()
