"""A decision on its way to the pocket, from the minutes to the screen; and a device whose address its browser changes.

As in test_app_push.py only the browser maker's own service is left out: the test listens in its place.
"""

import json
from secrets import randbelow

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.house import SmallHouse
from tests.browser.test_app_push import STUB, answer, arrives, deliver, device, say_yes, service
from tests.browser.walks import ADMIN, log_in, report
from tests.far_end import FarEnd
from tests.notifications.device import Device

__all__ = ["device", "service"]
pytestmark = pytest.mark.requirement("3.11", "3.14", "3.21")

HEAD = "---\norgan: {body}\ndatum: {day}\ntyp: protokoll\n---\n"
COMMITTEE = "§ 31 Dnr KS {number}\n{title}\n\nBeslut\nArbetsutskottet föreslår att kommunstyrelsen tillstyrker.\n"
COUNCIL = "§ 118 Dnr KS {number}\n{title}\n\nBeslut\nKommunfullmäktige beslutar att bifalla förslaget.\n"
CHANGED = """async (given) => {
  const event = new ExtendableEvent("pushsubscriptionchange");
  let done;
  event.newSubscription = given;
  event.waitUntil = (it) => { done = it; };  // which a browser allows for events of its own only
  dispatchEvent(event);
  await done;
}"""


@pytest.fixture
def title(unique: str) -> str:
    return f"Ny belysning {unique}"


def hand_in(visit: Visit, house: SmallHouse, body: str, day: str, text: str) -> None:
    """Somebody at the municipality hands in the minutes of a meeting."""
    desk = visit(size=DESKTOP)
    log_in(desk, house, ADMIN, to="/installningar/beslut/handling/")
    data = (HEAD.format(body=body, day=day) + text).encode()
    desk.locator("#id_file").set_input_files({"name": f"{body}.txt", "mimeType": "text/plain", "buffer": data})
    desk.locator("main form button[type=submit]").click()
    expect(desk.get_by_text("är inläst")).to_be_visible()
    desk.context.close()


def follow(page: Page, house: SmallHouse, title: str) -> int:
    """On the page of the matter, on this device, by day and night."""
    found = house.row("select id from matters_matter where title = %s", title)
    page.goto(house.url(f"/beslut/{found[0]}/"))
    page.get_by_role("button", name="Avisera mig på den här enheten").click()
    expect(page.get_by_role("button", name="Sluta avisera på den här enheten")).to_be_visible()
    house.do("update notifications_contact set quiet = false where sender = 'push'")
    return int(found[0])


def test_from_the_minutes_to_the_screen(
    house: SmallHouse, visit: Visit, service: FarEnd, device: Device, title: str
) -> None:
    number = f"2026/{1000 + randbelow(9000)}"
    hand_in(visit, house, "Arbetsutskottet", "2026-10-06", COMMITTEE.format(number=number, title=title))
    page = visit(permissions=["notifications"])
    page.add_init_script(STUB % json.dumps(device.subscription))
    matter = follow(page, house, title)
    hand_in(visit, house, "Kommunfullmäktige", "2026-11-16", COUNCIL.format(number=number, title=title))
    arrives(page, lambda: service.heard)
    [heard] = service.heard
    message = device.read(heard.body).decode()
    assert title not in message  # screens are looked at
    shown = deliver(page, house, message)
    assert [(one["title"], one["body"]) for one in shown] == [
        ("Dialog Motala", "Något har hänt i det du följer. Öppna för att läsa.")
    ]
    assert shown[0]["url"] == house.url(f"/beslut/{matter}/")
    page.goto(shown[0]["url"])
    expect(page.locator("main")).to_contain_text("Kommunfullmäktige beslutar att bifalla förslaget.")


def test_a_new_address_of_the_device_is_told_the_same(
    house: SmallHouse, visit: Visit, service: FarEnd, device: Device, title: str
) -> None:
    """Both of one's own case and of a matter, at the level that was chosen; and the device can still say no."""
    number = f"2026/{1000 + randbelow(9000)}"
    hand_in(visit, house, "Arbetsutskottet", "2026-10-06", COMMITTEE.format(number=number, title=title))
    case, code = report(house, f"Ett fel, {title}", case_type="belysning.slackt")
    page = visit(permissions=["notifications"])
    page.add_init_script(STUB % json.dumps(device.subscription))
    say_yes(page, house, code)
    matter = follow(page, house, title)
    renewed = Device(f"{service.url}/renewed/{device.endpoint[-8:]}")
    page.context.service_workers[0].evaluate(CHANGED, renewed.subscription)
    house.do("update notifications_contact set quiet = false where sender = 'push'")
    house.do("delete from notifications_pushsubscription where endpoint = %s", device.endpoint)  # their service says so
    answer(visit, house, case, f"Svaret: {title}")
    arrives(page, lambda: service.heard)
    hand_in(visit, house, "Kommunfullmäktige", "2026-11-16", COUNCIL.format(number=number, title=title))
    arrives(page, lambda: len(service.heard) > 1)
    told = [json.loads(renewed.read(heard.body))["tag"] for heard in service.heard]
    assert told == [f"case-{house.case(case, 'id')[0]}", f"matter-{matter}"]
    page.reload()
    page.get_by_role("button", name="Sluta avisera på den här enheten").click()
    expect(page.get_by_role("button", name="Avisera mig på den här enheten")).to_be_visible()
    follows = (
        "select f.id from following_follow f join notifications_contact c on c.id = f.contact_id"
        " join notifications_pushsubscription s on s.uid::text = c.address where s.endpoint = %s and subject_type = %s"
    )
    assert house.rows(follows, renewed.endpoint, "matter") == []
    assert len(house.rows(follows, renewed.endpoint, "case")) == 1
