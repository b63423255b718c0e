"""By the code on a bin to a number: on telephones and tablets, whichever way they are held."""

from uuid import uuid4

import pytest

from tests.browser.conftest import Visit
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import complaints
from tests.browser.walks import number_on, send

SIZES = {
    "telephone": (360, 740),
    "telephone on its side": (740, 360),
    "tablet": (768, 1024),
    "tablet on its side": (1024, 768),
}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.requirement("2.24", "2.14", "4.9", "P15")
@pytest.mark.parametrize("held", SIZES)
def test_from_a_bin_to_a_number(house: SmallHouse, visit: Visit, unique: str, held: str) -> None:
    """Place and sort are there already: a sentence and one press. Nothing is wider than the screen."""
    code = f"L-{uuid4().hex[:8]}"
    house.do(
        "insert into places_asset (organisation_id, code, name, type_code, lat, lon)"
        " select id, %s, 'Papperskorg vid bron', 'ren.papperskorg', 58.5402, 15.0391"
        " from organisations_organisation where slug = 'motala'",
        code,
    )
    page = visit(size=SIZES[held], has_touch=True)
    page.goto(house.url(f"/beratta/felanmalan/?asset={code}"))
    found = complaints(page)
    assert not page.evaluate(WIDER)
    page.locator("#id_text").fill(f"Det är fullt {unique}")
    send(page)
    number = number_on(page)
    assert not page.evaluate(WIDER)
    assert house.case(number, "place_text", "lat", "lon") == (f"Papperskorg vid bron ({code})", 58.5402, 15.0391)
    sort = "select t.code from cases_case c join cases_casetype t on t.id = c.case_type_id where c.number = %s"
    assert house.row(sort, number) == ("ren.papperskorg",)
    assert not found, "\n".join(found)
