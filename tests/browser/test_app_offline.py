"""On a pavement in bad coverage: what is written is kept, goes by itself, and is one case whatever happens."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.devices import (
    FAULT,
    HOME,
    cases_with,
    choose,
    forwarded,
    kept_by_worker,
    nothing_waits,
    only_case,
    picture,
    queued,
    reports,
    sent,
    waits,
)
from tests.browser.house import SmallHouse
from tests.browser.walks import number_on, send

pytestmark = pytest.mark.requirement("0.1")


def begin(visit: Visit, house: SmallHouse, **options: object) -> Page:
    """A phone that has been here once."""
    page = visit(**options)
    page.goto(house.url(FAULT))
    kept_by_worker(page, house)
    return page


@pytest.mark.requirement("0.2")
def test_without_a_network_from_the_first_word_to_the_number(house: SmallHouse, visit: Visit, unique: str) -> None:
    """The form opens without a network, holds words and a picture, and sends them when there is one."""
    page = begin(visit, house)
    page.context.set_offline(True)
    page.goto(house.url(HOME))
    page.get_by_role("link", name="Något är trasigt").click()
    text = f"Lampan är släckt {unique}"
    page.locator("#id_text").fill(text)
    choose(page, picture())
    expect(page.get_by_text("Bilden kom inte fram.")).to_be_visible()
    client_id = page.locator("[name=submission_id]").input_value()
    send(page)
    queued(page)
    expect(page.get_by_text("Köad: det skickas av sig självt när nätet är tillbaka.")).to_be_visible()
    [row] = reports(page)
    assert (row["id"], row["state"], row["photos"]) == (client_id, "queued", 1)
    assert cases_with(house, text) == []
    page.context.set_offline(False)
    case_id, number, channel, external_id, seconds = only_case(page, house, text)
    sent(page, number)
    assert (channel, external_id.split(".")[0]) == ("web", client_id)
    assert 0 <= seconds < 600
    assert len(house.rows("select id from cases_photo where case_id = %s", case_id)) == 1
    assert house.case(number, "position_source") == ("exif",)
    page.get_by_role("link", name="Visa kvittot").click()
    assert number_on(page) == number
    page.goto(house.url(HOME))
    expect(page.locator("[data-list=cases]")).to_contain_text(number)


def cut_answers(page: Page, house: SmallHouse, times: int) -> list[str]:
    """The server gets what is sent; its answer never comes back, so many times."""
    cut: list[str] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST" or len(cut) >= times:
            return route.continue_()
        cut.append(forwarded(house, route))
        return route.abort()

    page.route("**/beratta/felanmalan/*", handle)
    page.route("**/beratta/felanmalan/", handle)
    return cut


NO_SYNC = "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined })"
"""As in Safari and Firefox: nothing is sent but by a page."""


def test_an_answer_that_was_lost_is_one_case(house: SmallHouse, visit: Visit, unique: str) -> None:
    """The server took it, the line broke before it could say so, twice: sent again it is the same case."""
    page = visit()
    page.add_init_script(NO_SYNC)
    page.goto(house.url(FAULT))
    kept_by_worker(page, house)
    cut = cut_answers(page, house, 2)
    text = f"Avbrutet svar {unique}"
    page.locator("#id_text").fill(text)
    choose(page, picture())
    expect(page.get_by_text("Vi hittade platsen i din bild:")).to_be_visible()
    client_id = page.locator("[name=submission_id]").input_value()
    send(page)
    queued(page)
    assert cut == ["201"]
    _id, number, _channel, external_id, _seconds = only_case(page, house, text)
    page.evaluate("dispatchEvent(new Event('online'))")
    while len(cut) < 2:
        page.wait_for_timeout(50)
    waits(page, "queued")
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(page, number)
    assert cut == ["201", "200"]
    assert len(cases_with(house, text)) == 1
    assert external_id.split(".")[0] == client_id


def test_where_the_browser_helps_it_is_sent_again_at_once(house: SmallHouse, visit: Visit, unique: str) -> None:
    """The answer is lost; the service worker asks again by itself, and the page shows the number it got."""
    page = begin(visit, house)
    cut = cut_answers(page, house, 100)
    text = f"Avbrutet svar {unique}"
    page.locator("#id_text").fill(text)
    send(page)
    _id, number, *_rest = only_case(page, house, text)
    sent(page, number)
    assert cut == ["201"]
    assert len(cases_with(house, text)) == 1


def test_closed_and_opened_again_later_it_is_sent(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Where the browser does nothing for closed pages: any page of ours sends what waits."""
    page = begin(visit, house)
    page.context.set_offline(True)
    text = f"Stängd sida {unique}"
    page.locator("#id_text").fill(text)
    send(page)
    queued(page)
    page.close()
    again = page.context.new_page()
    again.context.set_offline(False)
    again.goto(house.url("/om/uppgifter/"))
    _id, number, *_rest = only_case(again, house, text)
    again.goto(house.url(HOME))
    row = again.locator("[data-list=cases] li", has_text=number)
    expect(row).to_contain_text("Skickad, nummer")
    row.get_by_role("link").click()
    expect(again.locator(".thread")).to_contain_text(text)


def test_the_browser_sends_it_when_no_page_is_open(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Background sync, where there is such a thing: the service worker sends alone."""
    page = begin(visit, house)
    page.context.set_offline(True)
    text = f"I bakgrunden {unique}"
    page.locator("#id_text").fill(text)
    choose(page, picture())
    send(page)
    queued(page)
    assert page.evaluate(f"navigator.serviceWorker.getRegistration('{HOME}').then((it) => it.sync.getTags())") == [
        "lyhord"
    ]
    keeper = page.context.new_page()  # so that the browser lives on; it has nothing of ours
    session = keeper.context.new_cdp_session(keeper)
    versions: list[dict[str, object]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: versions.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    while not versions:
        keeper.wait_for_timeout(50)
    page.close()
    keeper.context.set_offline(False)
    for _ in range(360):
        session.send(
            "ServiceWorker.dispatchSyncEvent",
            {
                "origin": house.url("").removesuffix("/"),
                "registrationId": versions[0]["registrationId"],
                "tag": "lyhord",
                "lastChance": False,
            },
        )
        keeper.wait_for_timeout(500)
        if cases_with(house, text):
            break
    case_id, *_rest = only_case(keeper, house, text)
    assert len(house.rows("select id from cases_photo where case_id = %s", case_id)) == 1


def test_two_drafts_and_each_goes_by_itself(house: SmallHouse, visit: Visit, unique: str) -> None:
    """One is put aside, another is begun; the first is found again, and both arrive as they were."""
    page = begin(visit, house)
    page.locator("#id_text").fill(f"Första {unique}")
    waits(page, "draft")
    page.reload()
    expect(page.locator("#id_text")).to_have_value(f"Första {unique}")
    page.get_by_role("link", name="Spara det och börja på ett nytt").click()
    expect(page.locator("#id_text")).to_have_value("")
    page.locator("#id_text").fill(f"Andra {unique}")
    choose(page, picture())
    waits(page, "draft", 2)
    page.goto(house.url(HOME))
    rows = page.locator("[data-list=reports] li")
    expect(rows).to_have_count(2)
    page.context.set_offline(True)
    rows.filter(has_text=f"Första {unique}").get_by_role("link", name="Fortsätt").click()
    expect(page.locator("#id_text")).to_have_value(f"Första {unique}")
    send(page)
    queued(page)
    page.get_by_role("link", name="Se allt som är på väg").click()
    expect(page.locator("[data-list=reports] li[data-state=queued]")).to_have_count(1)
    rows.filter(has_text=f"Andra {unique}").get_by_role("link", name="Fortsätt").click()
    expect(page.locator("[data-photos] img")).to_have_count(1)
    send(page)
    queued(page)
    page.goto(house.url(HOME))
    expect(page.locator("[data-list=reports] li[data-state=queued]")).to_have_count(2)
    page.context.set_offline(False)
    nothing_waits(page)
    for text, photos in ((f"Första {unique}", 0), (f"Andra {unique}", 1)):
        case_id, *_rest = only_case(page, house, text)
        assert len(house.rows("select id from cases_photo where case_id = %s", case_id)) == photos
    expect(page.locator("[data-list=cases] li")).to_have_count(2)


def test_several_tabs_send_it_once(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Each tab wants to send what waits; one does, and all learn of it."""
    page = begin(visit, house)
    page.context.set_offline(True)
    text = f"Flera flikar {unique}"
    page.locator("#id_text").fill(text)
    send(page)
    queued(page)
    others = [page.context.new_page() for _ in range(3)]
    for other in others:
        other.goto(house.url(HOME))
        expect(other.locator("[data-list=reports] li[data-state=queued]")).to_have_count(1)
    asked: list[str] = []
    page.context.on(
        "request",
        lambda request: asked.append(request.url) if request.method == "POST" and "felanmalan" in request.url else None,
    )
    page.context.set_offline(False)
    _id, number, *_rest = only_case(page, house, text)
    sent(page, number)
    for other in others:
        expect(other.locator("[data-list=cases] li")).to_contain_text(number)
        expect(other.locator("[data-list=reports] li")).to_have_count(0)
    assert len(asked) == 1
    assert len(cases_with(house, text)) == 1


def test_what_cannot_be_taken_in_waits_for_its_writer(house: SmallHouse, visit: Visit, unique: str) -> None:
    """No network when it was pressed, and a mail address that is none: it is not lost, and says what to put right."""
    page = begin(visit, house)
    page.context.set_offline(True)
    text = f"Fel adress {unique}"
    page.locator("#id_text").fill(text)
    page.locator("label", has=page.locator("#id_contact_0")).click()
    page.locator("#id_email").fill("asta(at)example")
    send(page)
    queued(page)
    page.context.set_offline(False)
    expect(page.locator("[data-queued] [data-when=wrong]")).to_be_visible()
    page.goto(house.url(HOME))
    page.locator("[data-list=reports] li[data-state=wrong]").get_by_role("link", name="Fortsätt").click()
    expect(page.locator("[data-wrong]")).to_contain_text("mejladress")
    expect(page.locator("#id_text")).to_have_value(text)
    page.locator("#id_email").fill(f"{unique}@example.se")
    send(page)
    number = number_on(page)
    assert only_case(page, house, text)[1] == number
    assert page.evaluate("lyhord.all('reports')") == []


def test_a_server_that_is_away_is_waited_for(house: SmallHouse, visit: Visit, unique: str) -> None:
    """Errors of the server, and some café's own page in place of ours, are no answer."""
    page = visit()
    page.add_init_script(NO_SYNC)
    page.goto(house.url(FAULT))
    answers = [(429, "text/html", "<p>Strax tillbaka"), (200, "text/html", "<p>Logga in på vårt nät")]

    def handle(route: Route) -> None:
        if route.request.method != "POST" or not answers:
            return route.continue_()
        status, kind, body = answers.pop(0)
        return route.fulfill(status=status, content_type=kind, body=body)

    page.route(re.compile(r"/beratta/felanmalan/$"), handle)
    text = f"Servern är borta {unique}"
    page.locator("#id_text").fill(text)
    send(page)
    queued(page)
    while answers:
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(200)
    waits(page, "queued")
    page.evaluate("dispatchEvent(new Event('online'))")
    _id, number, *_rest = only_case(page, house, text)
    sent(page, number)


def test_clearing_leaves_nothing(house: SmallHouse, visit: Visit, unique: str) -> None:
    """One press, one question, and the device knows nothing of anybody."""
    page = begin(visit, house)
    page.context.set_offline(True)
    page.locator("#id_text").fill(f"Rensa {unique}")
    choose(page, picture())
    send(page)
    queued(page)
    page.context.set_offline(False)
    nothing_waits(page)
    page.goto(house.url(HOME))
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Rensa enheten").click()
    expect(page.locator("[data-mine]")).to_be_hidden()
    stores = "Promise.all(['reports', 'photos', 'cases', 'pushes'].map(lyhord.all))"
    assert page.evaluate(stores) == [[], [], [], []]
    everything = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((it) => it.keys()))))"
        ".then((found) => found.flat().map(({ url }) => new URL(url).pathname))"
    )
    assert not [path for path in everything if path.startswith(("/f/", "/tack/", "/desk/", "/konto/", "/arenden/"))]
