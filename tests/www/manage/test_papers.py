"""Sources, papers handed in, and matters put right, by an administrator."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lyhord.core.tenancy import organisation_scope
from lyhord.matters import actions, tasks
from lyhord.matters.models import Document, Item, Matter, Source
from lyhord.notifications.contact_actions import contact_for
from tests import factories
from tests.conftest import Cast
from tests.matters.papers import EXECUTIVE, TEST, read, three_boards
from tests.matters.pdf import pdf
from tests.www.manage.conftest import filled_in, text_of
from tests.www.soup import soup

pytestmark = pytest.mark.django_db
HOME = "/installningar/beslut/"


@pytest.mark.requirement("3.7")
def test_a_source_is_added_tried_out_and_rests(cast: Cast, admin: Client, settings: Any, tmp_path: Path) -> None:
    settings.MATTERS_FOLDER = tmp_path
    folder = tmp_path / "motala" / "protokoll"
    folder.mkdir(parents=True)
    (folder / "Kommunstyrelsen protokoll 2026-10-06.txt").write_text(EXECUTIVE, encoding="utf-8")
    sent = {"name": "Mappen", "interval_minutes": "60", "folder": "protokoll"}
    answer = admin.post(f"{HOME}kallor/ny/file_drop/", sent)
    assert answer.status_code == 302
    where = answer["Location"]
    with organisation_scope(cast.motala.pk):
        source = Source.objects.get()
    assert admin.post(f"{where}testa/").status_code == 302
    assert "Provas." in text_of(admin.get(where))
    tasks.try_out.func(organisation_id=cast.motala.pk, source_id=source.pk)
    shown = text_of(admin.get(where))
    assert "§ 36 Utbyte av gatubelysning" in shown
    assert "Kommunstyrelsen · 2026-10-06 · läst" in shown
    with organisation_scope(cast.motala.pk):
        assert not Document.objects.exists()
    admin.post(f"{where}vila/")
    assert "Vilar" in text_of(admin.get(HOME))


@pytest.mark.requirement("3.7")
def test_a_source_that_does_not_work_says_why(cast: Cast, admin: Client, settings: Any, tmp_path: Path) -> None:
    settings.MATTERS_FOLDER = tmp_path
    where = admin.post(f"{HOME}kallor/ny/file_drop/", {"name": "Mappen", "interval_minutes": "60", "folder": "saknas"})[
        "Location"
    ]
    with organisation_scope(cast.motala.pk):
        pk = Source.objects.get().pk
    tasks.try_out.func(organisation_id=cast.motala.pk, source_id=pk)
    assert "Mappen finns inte på servern." in text_of(admin.get(where))
    wrong = admin.post(f"{HOME}kallor/ny/feed/", {"name": "", "interval_minutes": "1"})
    assert wrong.status_code == 422
    assert admin.get(f"{HOME}kallor/ny/finnsinte/").status_code == 404


@pytest.mark.requirement("3.14")
def test_a_paper_is_handed_in(cast: Cast, admin: Client) -> None:
    lines = [line for line in EXECUTIVE.splitlines() if line]
    for _twice in range(2):
        file = SimpleUploadedFile("Protokoll.pdf", pdf(lines))
        answer = admin.post(f"{HOME}handling/", {"file": file, "body": "Kommunstyrelsen", "held_on": "2026-10-06"})
        assert answer.status_code == 302
    assert "fanns redan" in text_of(admin.get(HOME))
    with organisation_scope(cast.motala.pk):
        assert Document.objects.get().kind == "minutes"
        assert Matter.objects.get().stage == "executive"


@pytest.mark.requirement("3.1", "3.29")
def test_a_matter_is_put_right_and_tied_to_a_case(cast: Cast, admin: Client) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        three_boards()
        matter = Matter.objects.get()
    assert soup(admin.get(f"{HOME}arenden/?q=gatubelysning")).select_one(f'a[href="{HOME}arenden/{matter.pk}/"]')
    where = f"{HOME}arenden/{matter.pk}/"
    sent = filled_in(admin.get(where), plain_title="Nya lampor", topics=["parks"], hidden="on")
    assert admin.post(where, sent).status_code == 302
    admin.post(f"{where}koppla/", {"number": case.number})
    assert "Sparat." in text_of(admin.get(where))
    refused = admin.post(f"{where}koppla/", {"number": "26-99999"})
    assert refused.status_code == 422
    assert "Det finns inget ärende med det numret." in text_of(refused)
    wrong = {"stage": "appealed", "occurred_on": "2026-12-24", "answer_until": "2026-12-30"}
    assert admin.post(f"{where}steg/", wrong).status_code == 422
    assert admin.post(f"{where}steg/", {**wrong, "answer_until": ""}).status_code == 302
    with organisation_scope(cast.motala.pk):
        matter.refresh_from_db()
        assert (matter.plain_title, matter.hidden, matter.stage) == ("Nya lampor", True, "appealed")
        assert list(matter.topics.filter(denied=False).values_list("topic", flat=True)) == ["parks"]
        assert matter.case_links.get().case_id == case.pk
    admin.post(f"{where}koppla/", {"number": case.number, "bort": "1"})
    with organisation_scope(cast.motala.pk):
        assert not matter.case_links.exists()


@pytest.mark.requirement("3.1", "3.2")
def test_matters_are_put_together_and_taken_apart_on_their_page(cast: Cast, admin: Client) -> None:
    with organisation_scope(cast.motala.pk):
        three_boards()
        read("Tekniska nämnden", "2026-08-20", "§ 7 Dnr TN 2026/5\nLampor\n\nBeslut\nNämnden beviljar medel.")
        one, other = Matter.objects.order_by("pk")
        contact = contact_for(sender="email", address="anna@exempel.se", language="sv")
        actions.follow_matter_as_owner(matter_id=other.pk, contact=contact, level=1, by=TEST)
    where = f"{HOME}arenden/{other.pk}/"
    assert "En person följer det" in text_of(admin.get(where))
    assert "anna@" not in admin.get(where).text
    for wrong in ("KS 1999/1", f"https://motala.localhost/beslut/{other.pk}/", ""):
        assert admin.post(f"{where}slaihop/", {"other": wrong}).status_code == 422
    asked = admin.post(f"{where}slaihop/", {"other": "KS 2026/412"})
    assert f"Ska Lampor bli en del av {one.title}" in text_of(asked)
    done = admin.post(f"{where}slaihop/", {"other": "KS 2026/412", "sure": "1"})
    where = f"{HOME}arenden/{one.pk}/"
    assert done["Location"] == where
    assert "En person följer det" in text_of(admin.get(where))
    assert admin.post(f"{where}dela/", {}).status_code == 422
    with organisation_scope(cast.motala.pk):
        council = Item.objects.get(document__body__name="Kommunfullmäktige")
    made = admin.post(f"{where}dela/", {"items": [str(council.pk)]})["Location"]
    assert made != where
    assert "En person följer det" in text_of(admin.get(made))


@pytest.mark.requirement("3.29")
def test_the_desk_shows_what_a_case_has_led_to(cast: Cast, admin: Client) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        three_boards()
        matter = Matter.objects.get()
        actions.link_case(matter_id=matter.pk, case_id=case.pk, by=TEST)
    link = soup(admin.get(f"/desk/{case.pk}/")).select_one(f'aside a[href="/beslut/{matter.pk}/"]')
    assert link is not None
    assert link.text == matter.shown_title
