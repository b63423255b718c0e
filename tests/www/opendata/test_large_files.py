"""Files too large to be made while somebody waits: a job makes them, and nothing that was taken back stays in them."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lyhord.cases import actions
from lyhord.cases.public_filter import PublicFilter
from lyhord.cases.states import State
from lyhord.core.clock import now
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.models import Job
from lyhord.opendata import prepared
from lyhord.opendata.models import PreparedFile
from lyhord.opendata.tasks import tidy_files
from lyhord.organisations.models import Organisation
from tests.far_end import work
from tests.www.opendata.conftest import Publish, content, multiply
from tests.www.opendata.test_files import NAMES, WALL, rows, tag_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """More than two cases are many."""
    monkeypatch.setattr(prepared, "AT_ONCE", 2)
    settings.MEDIA_ROOT = tmp_path / "files"


LARGE = "/oppna-data/arenden.gpkg"


@pytest.mark.requirement("0.19")
def test_a_large_geopackage_is_made_by_a_job(
    web: Client, motala: Organisation, publish: Publish, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    multiply(motala, publish().case.pk, 2)
    first = web.get(LARGE)
    assert (first.status_code, first["Retry-After"], first["Cache-Control"]) == (202, "60", "no-store")
    assert "Öppna samma adress igen" in first.content.decode()
    assert web.get(LARGE).status_code == 202
    assert Job.objects.filter(task__endswith=".make_file").count() == 1, "who asks again waits for the same"
    work()
    with django_assert_max_num_queries(WALL + NAMES + 6):
        answer = web.get(LARGE)
    assert answer.status_code == 200
    body = content(answer)
    assert answer["Content-Length"] == str(len(body))
    assert answer["Content-Disposition"] == 'attachment; filename="motala-arenden.gpkg"'
    (tmp_path / "a.gpkg").write_bytes(body)
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database:
        assert database.execute("select count(*) from arenden").fetchone() == (3,)
    assert web.get(LARGE, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert web.head(LARGE)["Content-Length"] == str(len(body))
    assert len(rows(web.get("/oppna-data/arenden.csv"))) == 3, "what can be sent as it is read needs no job"


def test_the_last_one_is_given_out_until_there_is_a_newer_one(
    web: Client, motala: Organisation, publish: Publish
) -> None:
    multiply(motala, publish().case.pk, 2)
    web.get(LARGE)
    work()
    old = tag_of(web.get(LARGE))
    publish("Ett till")
    assert tag_of(web.get(LARGE)) == old
    assert web.get(LARGE, headers={"if-none-match": old}).status_code == 304
    work()
    new = web.get(LARGE)
    assert b"Ett till" in content(new)
    assert new["ETag"] != old
    assert len(list(default_storage.listdir(f"exports/{motala.pk}")[1])) == 1
    with time_machine.travel(now() + timedelta(hours=27)):
        publish("Ännu ett")
        assert web.get(LARGE).status_code == 202, "nobody is given what is older than a day"


@pytest.mark.requirement("X2")
def test_what_was_taken_back_is_given_out_no_more(
    web: Client, motala: Organisation, publish: Publish, cast: Any
) -> None:
    multiply(motala, publish().case.pk, 2)
    gone, edited = publish("Borttaget"), publish("Skrivfel")
    web.get(LARGE)
    work()
    assert b"Borttaget" in content(web.get(LARGE))
    with organisation_scope(motala.pk):
        actions.withdraw(case_id=gone.case.pk, by=cast.sara.actor)
    assert web.get(LARGE).status_code == 202
    work()
    assert b"Borttaget" not in content(web.get(LARGE))
    with organisation_scope(motala.pk):
        given = {"title": "Rätt", "text": "Rätt.", "answer": "", "by": cast.sara.actor, "warned": True}
        actions.publish(case_id=edited.case.pk, **given)
    assert web.get(LARGE).status_code == 202
    work()
    assert b"Skrivfel" not in content(web.get(LARGE))


def test_only_so_many_choices_are_made_at_once(web: Client, motala: Organisation, publish: Publish) -> None:
    multiply(motala, publish().case.pk, 9)
    for year in range(prepared.MOST_WAITING):
        assert web.get(f"{LARGE}?fran=20{10 + year}-01-01").status_code == 202
    busy = web.get(f"{LARGE}?fran=2001-01-01")
    assert (busy.status_code, busy["Retry-After"]) == (503, "600")
    assert web.get(f"{LARGE}?fran=2010-01-01").status_code == 202
    work()
    assert web.get(f"{LARGE}?fran=2001-01-01").status_code == 202


def test_each_night_what_somebody_wants_is_made_anew_and_the_rest_forgotten(
    web: Client, motala: Organisation, publish: Publish
) -> None:
    multiply(motala, publish().case.pk, 2)
    for query in ("", "?fran=2010-01-01"):
        web.get(f"{LARGE}{query}")
    work()
    orphan = default_storage.save(f"exports/{motala.pk}/orphan.gpkg", ContentFile(b"x"))
    with time_machine.travel(now() + timedelta(days=10)):
        web.get(f"{LARGE}?fran=2010-01-01")
        publish("Nattens")
        tidy_files.func()
    work(days=10)
    with time_machine.travel(now() + timedelta(days=10)):
        assert b"Nattens" in content(web.get(f"{LARGE}?fran=2010-01-01"))
        assert b"Nattens" in content(web.get(LARGE))
    assert not default_storage.exists(orphan)
    with time_machine.travel(now() + timedelta(days=30)):
        tidy_files.func()
    with organisation_scope(motala.pk):
        assert not PreparedFile.objects.exists()
    assert default_storage.listdir(f"exports/{motala.pk}")[1] == []


def test_a_file_that_cannot_be_made_and_one_that_is_lost_are_begun_anew(
    web: Client, motala: Organisation, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    multiply(motala, publish().case.pk, 2)

    def broken(*_given: Any, **_named: Any) -> Any:
        raise OSError("full")

    with monkeypatch.context() as patch:
        patch.setattr(prepared, "geopackage", broken)
        web.get(LARGE)
        for day in range(4):
            work(day)
    assert web.get(LARGE).status_code == 202
    work()
    assert content(web.get(LARGE))
    (name,) = default_storage.listdir(f"exports/{motala.pk}")[1]
    default_storage.delete(f"exports/{motala.pk}/{name}")
    assert web.get(LARGE).status_code == 202
    assert web.get(LARGE).status_code == 202
    work()
    assert content(web.get(LARGE))


@pytest.mark.requirement("N4", "X1")
def test_each_organisation_has_its_own(web: Client, motala: Organisation, publish: Publish) -> None:
    multiply(motala, publish("Motalas").case.pk, 2)
    web.get(LARGE)
    work()
    other = Client(headers={"host": "mjolby.localhost"})
    assert b"Motalas" not in content(other.get(LARGE))


@given(
    st.builds(
        PublicFilter,
        words=st.text(max_size=20),
        category=st.text(max_size=5),
        states=st.frozensets(st.sampled_from(list(State))),
        year=st.none() | st.integers(2000, 2099),
        first=st.none() | st.dates(),
        last=st.none() | st.dates(),
    )
)
def test_a_choice_is_the_same_to_the_job(chosen: PublicFilter) -> None:
    assert PublicFilter.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen
