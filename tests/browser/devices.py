"""What a phone does beside showing pages: keeps them, loses its network, and remembers what has not been sent."""

import http.client
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.house import House
from tests.files import make

FAULT = "/beratta/felanmalan/"
HOME = "/beratta/"
SPOT = (58.54893, 15.01622)
"""In Motala, where the pictures are taken."""


def picture(data: bytes = b"", name: str = "bild.jpg") -> dict[str, str | bytes]:
    """A file to choose."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": data or make.photo(SPOT)}


def choose(page: Page, *files: dict[str, str | bytes], field: str = "#id_photos") -> None:
    """Choose pictures, as many as there are."""
    page.locator(field).set_input_files(list(files))  # type: ignore[arg-type]  # playwright's FilePayload


def kept_by_worker(page: Page, house: House) -> None:
    """Wait until the service worker has what it needs, and looks after this page."""
    until(page, "navigator.serviceWorker.controller !== null")
    assert page.evaluate("navigator.serviceWorker.ready.then((it) => it.scope)") == house.url(HOME)


def until(page: Page, expression: str) -> None:
    """Wait until JavaScript says yes; playwright's own way of waiting would need the page's policy to allow eval."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {expression}")


def reports(page: Page) -> list[dict[str, Any]]:
    """What the device holds that has no number yet."""
    found: list[dict[str, Any]] = page.evaluate(
        "lyhord.all('reports').then((rows) => rows.map(({ id, kind, state, fields, photos, tried }) =>"
        " ({ id, kind, state, photos: photos.length, tried, text: Object.fromEntries(fields).text })))"
    )
    return found


def waits(page: Page, what: str, count: int = 1) -> None:
    """Until so many reports on the device are in that state."""
    for _ in range(400):
        if sum(row["state"] == what for row in reports(page)) == count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not {count} {what}: {reports(page)}")


def nothing_waits(page: Page) -> None:
    """Until all has got its number."""
    for _ in range(600):
        if not reports(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"still there: {reports(page)}")


def cases_with(house: House, text: str) -> list[tuple[Any, ...]]:
    """(id, number, channel, external id, seconds) of the cases with that text."""
    return house.rows(
        "select c.id, c.number, c.channel, r.external_id, r.seconds from cases_case c "
        "join intake_reception r on r.case_id = c.id where c.text = %s order by c.id",
        text,
    )


def only_case(page: Page, house: House, text: str) -> tuple[Any, ...]:
    """The one case there is with that text, once it has come; the page goes on meanwhile."""
    for _ in range(600):
        if found := cases_with(house, text):
            assert len(found) == 1, found
            return found[0]
        page.wait_for_timeout(50)
    raise AssertionError(f"no case {text}; on the device: {reports(page)}")


def queued(page: Page) -> None:
    """The page says that what was written is kept, and goes by itself."""
    expect(page.locator("[data-queued]")).to_be_visible()
    expect(page.locator("[data-queued] [data-when=queued]")).to_be_visible()


def sent(page: Page, number: str) -> None:
    """The page that said so says that it has arrived."""
    expect(page.locator("[data-queued] [data-when=sent]").first).to_be_visible()
    expect(page.locator("[data-queued] [data-number]")).to_have_text(number)


def forwarded(house: House, route: Route) -> str:
    """Hand a request to the server and keep the answer to ourselves; returns its status."""
    request = route.request
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    try:
        host, path = request.url.removeprefix("http://").split("/", 1)
        headers = {name: value for name, value in request.all_headers().items() if not name.startswith(":")}
        connection.request(request.method, f"/{path}", request.post_data_buffer, {**headers, "host": host})
        return str(connection.getresponse().status)
    finally:
        connection.close()
