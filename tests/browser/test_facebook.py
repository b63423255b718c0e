"""Where Facebook leads, in the reader of its own app."""

import pytest

from tests.browser.conftest import Visit
from tests.browser.house import SmallHouse
from tests.browser.test_accessibility import complaints
from tests.browser.walks import code_on, number_on, send

IN_APP = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/141.0.0.0"
    " Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/487.0.0.70.81;]"
)


@pytest.mark.requirement("2.23")
def test_from_facebook_s_own_reader_to_a_number(house: SmallHouse, visit: Visit, unique: str) -> None:
    """A good page, and three presses to a receipt; the case says where it came from."""
    page = visit(user_agent=IN_APP)
    page.goto(house.url("/facebook/?fbclid=IwAR0"))
    found = complaints(page)
    page.get_by_role("link", name="Klagomål").click()
    page.locator("#id_text").fill(f"Bussen kom aldrig {unique}")
    send(page)
    assert house.case(number_on(page), "channel") == ("facebook",)
    assert code_on(page)
    assert not found, "\n".join(found)
