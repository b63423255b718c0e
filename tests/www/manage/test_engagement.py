"""How staff open mechanisms on a matter, plan by a method, and say what it led to."""

from typing import Any

import pytest
from django.test import Client

from lyhord.core.clock import today
from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions
from lyhord.engagement.actions import Said
from lyhord.engagement.models import Evaluation, Opening, Step
from lyhord.matters.models import Matter
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.dropping import dropped
from tests.www.manage.conftest import filled_in, text_of
from tests.www.soup import soup

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.22", "3.23", "P30")]
WHERE = "/installningar/beslut/arenden/"


@pytest.fixture
def made(admin: Client, cast: Cast) -> Matter:
    """A matter by hand."""
    Organisation.objects.filter(pk=cast.motala.pk).update(features={"engagement": True})
    sent = filled_in(admin.get(f"{WHERE}nytt/"), title="En ny park", text="Vid ån.")
    assert admin.post(f"{WHERE}nytt/", {**sent, "title": ""}).status_code == 422
    admin.post(f"{WHERE}nytt/", sent)
    with organisation_scope(cast.motala.pk):
        return Matter.objects.get()


def opening(cast: Cast) -> Opening:
    with organisation_scope(cast.motala.pk):
        return Opening.objects.get()


def test_from_a_draft_to_the_outcome(admin: Client, made: Matter, cast: Cast) -> None:
    new = f"{WHERE}{made.pk}/delta/ny/poll/"
    form = filled_in(admin.get(new), question="Vad ska parken ha?", options="Lekplats")
    wrong = admin.post(new, form)
    assert wrong.status_code == 422
    assert "från två till tio svar" in text_of(wrong)
    assert filled_in(wrong)["question"] == "Vad ska parken ha?"
    admin.post(new, {**form, "options": "Lekplats\nUtegym"})
    row = opening(cast)
    assert row.state == "draft"
    here = f"{WHERE}{made.pk}/delta/{row.pk}/"
    assert "Öppen. De som följer" in text_of(admin.post(f"{here}lage/", follow=True))
    with organisation_scope(cast.motala.pk):
        for number in range(3):
            said = Said(key=number.to_bytes(16), choice="1")
            actions.take_part(opening_id=row.pk, said=said, by=factories.TEST)
    assert "3 svar" in text_of(admin.get(here))
    assert admin.post(here, {"question": "Ny?", "options": "Utegym\nLekplats"}).status_code == 422
    assert admin.post(f"{here}blev/", {"outcome": ""}).status_code == 422
    admin.post(f"{here}blev/", {"outcome": "En lekplats.", "influence": "changed"})
    assert (opening(cast).outcome, opening(cast).state) == ("En lekplats.", "closed")
    assert "Stängd" in text_of(admin.get(f"{WHERE}{made.pk}/delta/"))


@pytest.mark.parametrize("slug", ["reaction", "comment", "question", "pin", "idea", "consultation"])
def test_each_can_be_opened_alone(admin: Client, made: Matter, cast: Cast, slug: str) -> None:
    new = f"{WHERE}{made.pk}/delta/ny/{slug}/"
    admin.post(new, filled_in(admin.get(new), question="Vad tycker du?"))
    row = opening(cast)
    assert (row.mechanism, row.state) == (slug, "draft")
    assert admin.get(f"{WHERE}{made.pk}/delta/{row.pk}/").status_code == 200
    assert admin.get(f"{WHERE}{made.pk}/delta/ny/finns-inte/").status_code == 404
    assert admin.get(f"{WHERE}{made.pk + 1}/delta/{row.pk}/").status_code == 404


def test_one_that_is_a_new_file_is_on_the_page_and_works(admin: Client, made: Matter, cast: Cast) -> None:
    with dropped("mechanisms"):
        new = f"{WHERE}{made.pk}/delta/ny/dropped/"
        assert f'href="{new}"' in admin.get(f"{WHERE}{made.pk}/delta/").text
        admin.post(new, filled_in(admin.get(new), question="Vad tycker du?"))
        row = opening(cast)
        admin.post(f"{WHERE}{made.pk}/delta/{row.pk}/lage/")
        resident = Client(headers={"host": "motala.localhost"})
        resident.post(f"/delta/{made.pk}/{row.pk}/", {"text": "Så här."})
        assert "1 svar" in text_of(admin.get(f"{WHERE}{made.pk}/delta/"))
    assert admin.get(f"{WHERE}{made.pk}/delta/").status_code == 200  # it was taken away, and what it opened is there
    assert resident.get(f"/delta/{made.pk}/{row.pk}/").status_code == 404


def test_the_document_and_its_handing_over(admin: Client, made: Matter, cast: Cast) -> None:
    new = f"{WHERE}{made.pk}/delta/ny/consultation/"
    admin.post(new, filled_in(admin.get(new), question="Lämna synpunkter"))
    row = opening(cast)
    here = f"{WHERE}{made.pk}/delta/{row.pk}/"
    admin.post(f"{here}lage/")
    with organisation_scope(cast.motala.pk):
        said = Said(key=b"x" * 16, text="Spara ekarna.", name="Anna Ek", address="Storgatan 1")
        actions.take_part(opening_id=row.pk, said=said, by=factories.TEST)
    document = admin.get(f"{here}handling/")
    for words in ("Spara ekarna.", "Anna Ek", "Storgatan 1", "En ny park"):
        assert words in text_of(document)
    assert opening(cast).handed_over_at is None
    admin.post(f"{here}handling/")
    assert opening(cast).handed_over_at is not None


@pytest.mark.requirement("3.24")
def test_a_method_is_picked_and_its_steps_are_planned(admin: Client, made: Matter, cast: Cast) -> None:
    here = f"{WHERE}{made.pk}/delta/"
    library = text_of(admin.get(here))
    for name in ("Information", "Konsultation", "Dialog", "Delaktighet", "Medbestämmande"):
        assert name in library
    sent: dict[str, Any] = {"method": "involvement", "starts_on": today().isoformat()}
    assert "Skriv en dag" in text_of(admin.post(f"{WHERE}{made.pk}/plan/", {**sent, "starts_on": "i dag"}, follow=True))
    admin.post(f"{WHERE}{made.pk}/plan/", sent)
    page = soup(admin.get(here))
    titles = [heading.text for heading in page.select("#plan li h3")]
    assert "Öppna för idéer" in titles
    assert page.select_one(f"#plan a[href='{here}ny/idea/']")
    with organisation_scope(cast.motala.pk):
        step = Step.objects.order_by("due_on", "pk")[0]
    admin.post(f"{WHERE}{made.pk}/plan/{step.pk}/", {"due_on": "2026-12-24", "done": "on"})
    with organisation_scope(cast.motala.pk):
        step.refresh_from_db()
    assert (str(step.due_on), step.done_at is not None) == ("2026-12-24", True)
    template = f"{WHERE}{made.pk}/utvardering/involvement/"
    form = filled_in(admin.get(template))
    assert {"reached", "learnt", "influence", "told", "cost", "shaped"} <= set(form)
    assert admin.post(template, form).status_code == 422
    admin.post(template, {**form, "shaped": "Lekplatsen."})
    with organisation_scope(cast.motala.pk):
        assert Evaluation.objects.get().answers == {"shaped": "Lekplatsen."}
    admin.post(f"{WHERE}{made.pk}/plan/", {"method": "involvement", "bort": "1"})
    with organisation_scope(cast.motala.pk):
        assert Step.objects.count() == 1
