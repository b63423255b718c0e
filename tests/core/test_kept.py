"""Settings are read once for each edition, and never older than the scope that asks."""

from collections.abc import Callable
from itertools import count
from threading import Thread

import pytest
from django.db import connection, transaction

from lyhord.cases.models import CaseType, Category, RuleSet
from lyhord.core import kept as module
from lyhord.core.clock import now
from lyhord.core.kept import kept
from lyhord.core.tenancy import NoOrganisation, organisation_scope, require_scope
from lyhord.exchange.models import Webhook
from lyhord.intake.models import ApiKey
from lyhord.organisations.models import Organisation, Unit
from lyhord.places.models import Area
from tests import factories

SQUARE = {"type": "Polygon", "coordinates": [[[15.0, 58.5], [15.1, 58.5], [15.1, 58.6], [15.0, 58.5]]]}

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("N4", "X1")]


def counted() -> Callable[[], int]:
    """Says a new number each time it is asked."""
    numbers = count()
    return lambda: next(numbers)


def names() -> list[str]:
    return kept("names", lambda: list(Unit.objects.order_by("name").values_list("name", flat=True)))


@pytest.fixture
def motala() -> Organisation:
    return factories.make_organisation("motala")


def test_read_once_while_nothing_changes(motala: Organisation) -> None:
    read = counted()
    for _ in range(3):
        with organisation_scope(motala.pk):
            assert kept("a", read) == kept("a", read) == 0


def test_each_organisation_has_its_own(motala: Organisation) -> None:
    other = factories.make_organisation("mjolby")
    with organisation_scope(motala.pk):
        assert kept("whose", lambda: "motala") == "motala"
        with organisation_scope(other.pk):
            assert kept("whose", lambda: "mjolby") == "mjolby"
        assert kept("whose", lambda: "nobody's") == "motala"
    with organisation_scope(other.pk):
        assert kept("whose", lambda: "nobody's") == "mjolby"


def test_outside_an_organisation_nothing_is_kept() -> None:
    with pytest.raises(NoOrganisation):
        kept("a", lambda: 1)


def test_nothing_is_read_again_each_time(motala: Organisation) -> None:
    asked: list[int] = []
    with organisation_scope(motala.pk):
        for _ in range(2):
            assert kept("no such code", lambda: asked.append(1)) is None
    assert asked == [1, 1]


def change_unit() -> None:
    Unit.objects.order_by("pk").update(email="x@motala.example")


def delete_unit() -> None:
    Unit.objects.filter(code="borta").delete()


def add_rules() -> None:
    RuleSet.objects.create(number=7, rules=[], created_at=now(), published_at=now())


def by_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("update cases_casetype set active = false")


CHANGES: list[Callable[[], object]] = [
    change_unit,
    delete_unit,
    add_rules,
    by_hand,
    lambda: factories.make_unit("ny", "Ny"),
    lambda: CaseType.objects.update(position=1),
    lambda: Category.objects.update(position=1),
    lambda: Area.objects.update(name="Annat"),
    lambda: Webhook.objects.update(active=False),
    lambda: ApiKey.objects.update(revoked_at=now()),
]


@pytest.fixture
def furnished(motala: Organisation) -> Organisation:
    """One row at least of every table of settings."""
    with organisation_scope(motala.pk):
        factories.make_unit("borta", "Borta")
        Area.objects.create(kind="district", code="a", name="A", geojson=SQUARE)
        Webhook.objects.create(name="a", url="https://a.example/", started_at=now(), created_at=now())
        ApiKey.objects.create(client="a", digest=b"x", created_at=now())
    return motala


@pytest.mark.parametrize("change", CHANGES)
def test_every_way_of_changing_is_noticed(furnished: Organisation, change: Callable[[], object]) -> None:
    read = counted()
    with organisation_scope(furnished.pk):
        assert kept("a", read) == 0
        change()
        assert [kept("a", read), kept("a", read)] == [1, 2], "whoever has changed something reads it as it is"
        with organisation_scope(furnished.pk):
            assert kept("a", read) == 3
            assert kept("a", read) == 3
    with organisation_scope(furnished.pk):
        assert kept("a", read) == 3


def test_what_is_no_setting_changes_no_edition(furnished: Organisation) -> None:
    read = counted()
    with organisation_scope(furnished.pk):
        assert kept("a", read) == 0
        ApiKey.objects.update(last_used_on=now().date())
        Webhook.objects.update(failures=3)
        factories.make_case(furnished)
        assert kept("a", read) == 0


def test_the_scopes_around_a_change_know_of_it(motala: Organisation) -> None:
    other = factories.make_organisation("mjolby")
    read = counted()
    with organisation_scope(motala.pk):
        assert kept("a", read) == 0
        with organisation_scope(other.pk), organisation_scope(motala.pk):
            change_unit()
        assert [kept("a", read), kept("a", read)] == [1, 2]


def test_what_was_taken_back_is_forgotten(motala: Organisation) -> None:
    def undone(code: str) -> None:
        with transaction.atomic(), organisation_scope(motala.pk):
            factories.make_unit(code, f"ö {code}")
            with organisation_scope(motala.pk):
                assert f"ö {code}" in names()
            transaction.set_rollback(True)

    with organisation_scope(motala.pk):
        before = names()
    for code in ("ena", "andra"):
        undone(code)
        with organisation_scope(motala.pk):
            assert names() == before


@pytest.mark.django_db(transaction=True)
def test_another_thread_sees_a_change_once_it_is_committed(motala: Organisation) -> None:
    seen: list[list[str]] = []

    def look() -> None:
        with organisation_scope(motala.pk):
            seen.append(names())
        connection.close()

    def in_a_thread() -> None:
        thread = Thread(target=look)
        thread.start()
        thread.join()

    in_a_thread()
    with organisation_scope(motala.pk):
        factories.make_unit("ny", "Ny enhet")
        in_a_thread()
    in_a_thread()
    assert seen[0] == seen[1]
    assert sorted(seen[2]) == sorted([*seen[0], "Ny enhet"])


def test_reading_that_changes_is_not_kept(motala: Organisation) -> None:
    def read() -> int:
        change_unit()
        return 1

    with organisation_scope(motala.pk):
        kept("a", read)
    with organisation_scope(motala.pk):
        assert kept("a", lambda: 2) == 2


def test_the_memory_has_an_end(motala: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NAMES", 3)
    with organisation_scope(motala.pk):
        assert require_scope().edition is not None
        for name in range(10):
            assert kept(name, lambda name=name: name + 1) == name + 1  # type: ignore[misc]  # bound as it is now
        assert len(module._memory[motala.pk].values) <= 3
