"""News on the device, from the officer's answer to the screen; only the browser maker's own service is left out.

Chromium cannot reach its maker's service here, so `subscribe` is given the test's own keys and an address that the test
listens at; what arrives there is unlocked by the test and handed to the service worker, as the browser would.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Visit
from tests.browser.devices import HOME, until
from tests.browser.house import SmallHouse
from tests.browser.walks import SARA, log_in, open_case, report
from tests.far_end import FarEnd, Reply
from tests.notifications.device import Device

pytestmark = pytest.mark.requirement("0.11", "0.17", "0.22")

STUB = """
const given = %s;
Notification.requestPermission = async () => "granted";
PushManager.prototype.subscribe = async (wanted) => {
  globalThis.wanted = [...wanted.applicationServerKey];
  return { toJSON: () => given, unsubscribe: async () => { globalThis.unsubscribed = true; return true; } };
};
PushManager.prototype.getSubscription = async () => ({ unsubscribe: async () => { globalThis.unsubscribed = true; } });
"""


@pytest.fixture
def service(house: SmallHouse) -> Iterator[FarEnd]:
    """The push service of the browser's maker."""
    there = FarEnd(house.other_port)
    there.usual = Reply(201, b"")
    yield there
    there.close()


@pytest.fixture
def device(service: FarEnd, unique: str) -> Device:
    return Device(f"{service.url}/send/{unique}")


def arrives(page: Page, answer: Callable[[], object]) -> None:
    """Wait without stopping the page."""
    for _ in range(600):
        if answer():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came")


def say_yes(page: Page, house: SmallHouse, code: str) -> None:
    """On the page of one's case, on this device."""
    page.goto(house.url(f"/f/{code}/"))
    page.get_by_role("button", name="Avisera mig på den här enheten").click()
    expect(page.get_by_text("Klart. Du får en avisering när det finns ett svar.")).to_be_visible()
    house.do(
        "update notifications_contact set quiet = false where sender = 'push'"
    )  # told at night, when tests run too


def answer(visit: Visit, house: SmallHouse, number: str, words: str) -> None:
    """An officer answers."""
    desk = visit(size=DESKTOP)
    log_in(desk, house, SARA)
    open_case(desk, house, number)
    desk.locator("#id_reply").fill(words)
    desk.get_by_role("button", name="Skicka svar").click()
    expect(desk.get_by_text(f"Svaret på {number} är skickat.")).to_be_visible()
    desk.context.close()


def test_from_the_answer_to_the_screen(
    house: SmallHouse, visit: Visit, service: FarEnd, device: Device, unique: str
) -> None:
    number, code = report(house, f"Hemligt fel {unique}", case_type="belysning.slackt")
    page = visit(permissions=["notifications"])
    page.add_init_script(STUB % json.dumps(device.subscription))
    say_yes(page, house, code)
    expect(page.get_by_role("button", name="Sluta avisera på den här enheten")).to_be_visible()
    assert len(page.evaluate("wanted")) == 65  # the installation's key
    answer(visit, house, number, f"Svaret är {unique}")
    arrives(page, lambda: service.heard)
    [heard] = service.heard
    assert unique.encode() not in heard.body
    message = device.read(heard.body).decode()
    news = json.loads(message)
    assert unique not in news["body"] + news["title"] + news["tag"]
    shown = deliver(page, house, message)
    assert [(one["title"], one["body"]) for one in shown] == [
        ("Dialog Motala", "Nytt meddelande i ditt ärende. Öppna för att läsa.")
    ]
    page.goto(shown[0]["url"])
    expect(page.locator(".thread")).to_contain_text(f"Svaret är {unique}")
    assert house.rows(
        "select n.state from notifications_notice n join notifications_pushsubscription s on s.uid::text = n.address"
        " where s.endpoint = %s",
        device.endpoint,
    ) == [("sent",)]


def deliver(page: Page, house: SmallHouse, message: str) -> list[dict[str, Any]]:
    """Hand a message to the service worker as the browser does, and see what it shows."""
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    arrives(page, lambda: found)
    origin = house.url("").rstrip("/")
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[-1]["registrationId"], "data": message},
    )
    ask = (
        f"navigator.serviceWorker.getRegistration('{HOME}').then((it) => it.getNotifications())"
        ".then((all) => all.map(({ title, body, data }) => ({ title, body, url: data.url })))"
    )
    until(page, f"{ask}.then((all) => all.length > 0)")
    shown: list[dict[str, Any]] = page.evaluate(ask)
    return shown


def test_switched_off_nothing_comes(
    house: SmallHouse, visit: Visit, service: FarEnd, device: Device, unique: str
) -> None:
    number, code = report(house, f"Inga fler {unique}", case_type="belysning.slackt")
    page = visit(permissions=["notifications"])
    page.add_init_script(STUB % json.dumps(device.subscription))
    say_yes(page, house, code)
    page.get_by_role("button", name="Sluta avisera på den här enheten").click()
    expect(page.get_by_text("Du får inga aviseringar om det här ärendet")).to_be_visible()
    expect(page.get_by_role("button", name="Avisera mig på den här enheten")).to_be_visible()
    assert page.evaluate("globalThis.unsubscribed") is True
    assert house.rows("select id from notifications_pushsubscription where endpoint = %s", device.endpoint) == []
    answer(visit, house, number, f"Ett svar {unique}")
    page.wait_for_timeout(1500)
    assert service.heard == []


def test_a_device_that_is_gone_is_forgotten(
    house: SmallHouse, visit: Visit, service: FarEnd, device: Device, unique: str
) -> None:
    service.usual = Reply(410)
    number, code = report(house, f"Ny telefon {unique}", case_type="belysning.slackt")
    page = visit(permissions=["notifications"])
    page.add_init_script(STUB % json.dumps(device.subscription))
    say_yes(page, house, code)
    answer(visit, house, number, f"Ett svar {unique}")
    gone = "select id from notifications_pushsubscription where endpoint = %s"
    arrives(page, lambda: not house.rows(gone, device.endpoint))
    assert len(service.heard) == 1


def test_a_browser_that_never_answers_is_given_up(house: SmallHouse, visit: Visit, unique: str) -> None:
    """It cannot reach its maker's service: said after a while, and mail is still there."""
    _number, code = report(house, f"Inget svar {unique}")
    page = visit(permissions=["notifications"])
    page.add_init_script(
        "Notification.requestPermission = async () => 'granted';"
        "PushManager.prototype.subscribe = () => new Promise(() => {});"
        "const wait = setTimeout; globalThis.setTimeout = (action, time, ...more) => wait(action, time / 50, ...more);"
    )
    page.goto(house.url(f"/f/{code}/"))
    page.get_by_role("button", name="Avisera mig på den här enheten").click()
    expect(page.get_by_text("Det gick inte just nu.")).to_be_visible()
    expect(page.get_by_role("button", name="Avisera mig på den här enheten")).to_be_enabled()


def test_a_no_is_a_no(house: SmallHouse, visit: Visit, unique: str) -> None:
    _number, code = report(house, f"Nej tack {unique}")
    page = visit()
    page.add_init_script("Notification.requestPermission = async () => 'denied'")
    page.goto(house.url(f"/f/{code}/"))
    page.get_by_role("button", name="Avisera mig på den här enheten").click()
    expect(page.get_by_text("Enheten tillåter inga aviseringar från oss.")).to_be_visible()


def test_where_there_is_no_push_nothing_is_offered(house: SmallHouse, visit: Visit, unique: str) -> None:
    """An older browser; and without scripts."""
    _number, code = report(house, f"Gammal telefon {unique}")
    for js in (True, False):
        page = visit(js=js)
        if js:
            page.add_init_script("delete globalThis.PushManager")
        page.goto(house.url(f"/f/{code}/"))
        expect(page.get_by_role("heading", name="Så får du veta när något händer")).to_be_visible()
        expect(page.get_by_role("button", name="Avisera mig på den här enheten")).to_have_count(0)
