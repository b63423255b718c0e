"""The product as it is measured: who asks for what, drawn from the largest municipality. Needs Django set up."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench._client import Errand, get
from bench._facts import LARGEST
from bench._rows import CODE_EVERY
from lyhord.accounts.models import User
from lyhord.accounts.sessions import SessionStore
from lyhord.cases import follow_code
from lyhord.cases.models import Case
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.places.morton import AXIS_BITS, centre, tile_of

MOST_ON_TILE = 1000
HOST = f"{LARGEST}.localhost"
OFFICER = f"gata-park-0@{LARGEST}.example"
A_CASE = (4, 6)
OPEN311, ENDINGS = "/open311/v2", ("json", "xml")
A_PAGE, A_LIST = 1000, (56.0, 2)
CONTACT_CENTRE = f"kundcenter@{LARGEST}.example"


@dataclass(frozen=True, slots=True)
class Pages:
    """A sort of page: where it is found (many of the sort), and who asks.

    `beside`: (CPU milliseconds, queries) for what the page holds besides what it is measured for. `encoding`: what
    it may be packed by.
    """

    name: str
    paths: list[str]
    cookie: str = ""
    beside: tuple[float, int] = (0, 0)
    encoding: str = ""

    def errands(self, count: int) -> Iterable[Errand]:
        """So many visits, taking turns."""
        return (
            get(self.paths[turn % len(self.paths)], host=HOST, cookie=self.cookie, encoding=self.encoding)
            for turn in range(count)
        )

    def queries(self) -> int:
        """The most statements that any of a few visits sends, the walls' own among them."""
        return max(statements(path, self.cookie) for path in self.paths[:5])


def statements(path: str, cookie: str) -> int:
    """How many statements one visit sends; what begins and ends transactions is not counted."""
    client = Client(headers={"host": HOST, "x-forwarded-proto": "https", "x-forwarded-for": "10.0.0.1"})
    if cookie:
        name, _sign, value = cookie.partition("=")
        client.cookies[name] = value
    client.get(path)  # what each process keeps is there already, as it is for nearly every visitor
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for query in captured)


def logged_in(email: str) -> str:
    """The cookie of a session."""
    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def organisation() -> Organisation:
    """The largest."""
    return Organisation.objects.get(slug=LARGEST)


def _some[T](rows: Iterable[T], count: int = 300) -> list[T]:
    found = list(rows)
    Random(1).shuffle(found)
    return found[:count]


def public_cases() -> Pages:
    """Published cases of all ages."""
    with organisation_scope(organisation().pk):
        numbers = Case.objects.published().filter(pk__gt=0).values_list("number", flat=True)[:20_000]
        return Pages("published case", [f"/arenden/{number}/" for number in _some(numbers)])


def public_lists() -> list[Pages]:
    """The list of published cases in the ways that people narrow it."""
    asked = {
        "open": [""],
        "all": ["?lage=alla"],
        "open, of a category": ["?kategori=belysning", "?kategori=trafik"],
        "all, of a category": ["?lage=alla&kategori=belysning", "?lage=alla&kategori=trafik"],
        "search": [f"?q={word}" for word in ("trottoaren", "plogat", "lekplats")],
    }
    return [Pages(name, [f"/arenden/{query}" for query in queries]) for name, queries in asked.items()]


def followed_cases() -> Pages:
    """Cases opened by their code."""
    key = settings.SECRET_KEY.encode()
    with organisation_scope(organisation().pk):
        last = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
        wanted = range(CODE_EVERY, min(last, 400_000), CODE_EVERY)
        uids = Case.objects.filter(pk__in=wanted).values_list("uid", flat=True)
        return Pages("follow page", [f"/f/{follow_code.code_for(key, uid, 1)}/" for uid in _some(uids)])


def open311() -> list[Pages]:
    """What others' programs read: a request, a whole page of them both ways, what has changed, and the services."""
    with organisation_scope(organisation().pk):
        published = Case.objects.published().filter(pk__gt=0)
        numbers = _some(published.values_list("number", flat=True)[:20_000])
        changed = published.order_by("-changed_at").values_list("changed_at", flat=True)[A_PAGE]
    found = [Pages(f"request, {ending}", [f"{OPEN311}/requests/{n}.{ending}" for n in numbers]) for ending in ENDINGS]
    since = f"updated_after={changed:%Y-%m-%dT%H:%M:%SZ}"
    for ending in ENDINGS:
        found.append(Pages(f"1,000 requests, {ending}", [f"{OPEN311}/requests.{ending}?{since}"], beside=A_LIST))
        found.append(Pages(f"the last 90 days, {ending}", [f"{OPEN311}/requests.{ending}"], beside=A_LIST))
    found.append(Pages("services", [f"{OPEN311}/services.xml"], beside=(4, 0)))  # all that can be sent, a hundred or so
    return found


def desk_cases() -> Pages:
    """Cases of a unit as one of its officers opens them: the case beside the list, so a list's budget and a case's."""
    officer = User.objects.get(email=OFFICER)
    with organisation_scope(organisation().pk):
        mine = Case.objects.open().filter(officer=officer, unread=False).values_list("pk", flat=True)[:1000]
        return Pages("desk case", [f"/desk/{pk}/?vy=mina" for pk in _some(mine)], logged_in(OFFICER), A_CASE)


def desk_lists() -> list[Pages]:
    """The views of somebody who sees everything, and of an officer who sees one unit."""
    found = []
    for who, email in (("all units", CONTACT_CENTRE), ("one unit", OFFICER)):
        cookie = logged_in(email)
        for view in ("min-dag", "ofordelat", "forsenat", "alla", "avslutade"):
            found.append(Pages(f"{view}, {who}", [f"/desk/?vy={view}"], cookie))
        found.append(
            Pages(f"search, {who}", [f"/desk/?q={word}" for word in ("trottoaren", "plogat", "lekplats")], cookie)
        )
    return found


def tiles() -> list[Pages]:
    """Map tiles with 400 to 1,000 cases, and crowded ones that show heaps."""
    found = []
    for name, least, most in (("tile", 400, MOST_ON_TILE), ("tile of heaps", MOST_ON_TILE + 1, 10_000_000)):
        paths = [path for zoom in (17, 16, 15, 14, 13, 12, 11, 10) for path in _tiles(zoom, least, most)]
        if paths:
            found.append(Pages(name, _some(paths, 40), encoding="gzip"))  # as browsers take them
    return found


def _tiles(zoom: int, least: int, most: int) -> list[str]:
    with organisation_scope(organisation().pk), connection.cursor() as cursor:
        cursor.execute(
            "select cell >> %s as key from cases_case where publication_state = 'published' and cell is not null"
            " group by key having count(*) between %s and %s order by key limit 20",
            [2 * (AXIS_BITS - zoom), least, most],
        )
        keys = [int(key) for (key,) in cursor.fetchall()]
    paths = []
    for key in keys:
        x, y = tile_of(*centre(key, zoom), zoom)
        paths.append(f"/karta/{zoom}/{x}/{y}.json?lage=alla")
    return paths
