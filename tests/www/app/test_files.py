"""What a browser asks for when it installs the app, on each organisation's own host."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from lyhord.cases.kind import KINDS
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from lyhord.www.app.drawing import EAR, points
from lyhord.www.app.icons import brand_colour, icon_of, icon_version
from lyhord.www.app.manifest import short_name
from lyhord.www.manage.logo import set_logo
from tests import factories
from tests.files import make
from tests.www.public.forms import fields
from tests.www.public.test_photos import upload
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.2", "2.24")]
STATIC = Path(__file__).parents[3] / "src/lyhord/static"


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def motala(db: None) -> Organisation:
    return factories.make_organisation("motala", colour="#2b7444")


@pytest.fixture
def web(motala: Organisation) -> Client:
    return Client(headers={"host": "motala.localhost"})


def picture(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


class TestManifest:
    """The organisation's own name, colour and icons."""

    def test_what_browsers_demand_before_they_install(self, web: Client, motala: Organisation) -> None:
        response = web.get("/app.webmanifest")
        assert response.headers["Content-Type"] == "application/manifest+json"
        said = response.json()
        assert (said["name"], said["short_name"]) == ("Dialog Motala", "Motala")
        assert said["display"] == "standalone"
        assert said["start_url"].startswith(said["id"])
        assert said["start_url"].startswith(said["scope"])
        assert said["theme_color"] == brand_colour(motala)
        assert said["prefer_related_applications"] is False
        sizes = {(icon["sizes"], icon["purpose"]) for icon in said["icons"]}
        assert {("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable")} <= sizes
        for icon in said["icons"]:
            answer = web.get(icon["src"])
            assert answer.headers["Content-Type"] == icon["type"]
            assert "immutable" in answer.headers["Cache-Control"]
            assert "x".join(map(str, picture(answer.content).size)) == icon["sizes"]
        for address in [said["start_url"], *(shortcut["url"] for shortcut in said["shortcuts"])]:
            assert web.get(address).status_code == 200
        assert len(said["shortcuts"]) == 4

    def test_each_page_for_residents_leads_to_it(self, web: Client, motala: Organisation) -> None:
        for path in ("/", "/beratta/", "/beratta/felanmalan/", "/f/"):
            head = page(web.get(path))
            link = head.select_one("link[rel=manifest]")
            assert link is not None
            assert link["href"] == "/app.webmanifest"
            touch = head.select_one("link[rel=apple-touch-icon]")
            assert touch is not None
            assert picture(web.get(str(touch["href"])).content).size == (180, 180)
            colours = [str(meta["content"]) for meta in head.select("meta[name=theme-color]")]
            assert len(colours) == 2
            assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in colours)

    def test_each_organisation_has_its_own(self, web: Client, motala: Organisation) -> None:
        factories.make_organisation("mjolby", colour="#7a1f5c")
        mine = web.get("/app.webmanifest").json()
        theirs = web.get("/app.webmanifest", headers={"host": "mjolby.localhost"}).json()
        assert theirs["name"] == "Dialog Mjolby"
        assert theirs["theme_color"] != mine["theme_color"]
        assert theirs["icons"][0]["src"] != mine["icons"][0]["src"]

    def test_in_the_visitors_language(self, web: Client) -> None:
        web.cookies["lyhord_language"] = "en"
        english = web.get("/app.webmanifest").json()
        assert english["lang"] == "en"
        assert "Tell the municipality" in english["description"]

    @pytest.mark.parametrize(
        ("name", "short"),
        [
            ("Dialog Motala", "Motala"),
            ("Säg till", "Säg till"),
            ("Kommunens tjänst för synpunkter", "synpunkter"),
            ("Upplands-Bro-dialogen", "Upplands-Bro"),
        ],
    )
    def test_what_stands_under_the_icon_is_short(self, name: str, short: str) -> None:
        assert short_name(name) == short

    def test_costs_few_queries(self, web: Client, django_assert_num_queries: Any) -> None:
        web.get("/app.webmanifest")
        for path in ("/app.webmanifest", "/beratta/sw.js", "/beratta/", "/beratta/utan-nat/"):
            with django_assert_num_queries(4):  # the wall alone
                assert web.get(path).status_code == 200


class TestIcons:
    """Drawn, in the organisation's colour or from its logo."""

    def test_the_mark_is_that_of_the_file(self) -> None:
        drawn = (STATIC / "lyhord/mark.svg").read_text()
        assert [path for path in re.findall(r'd="([^"]+)"', drawn) if path in EAR] == list(EAR)
        for path in EAR:
            line = points(path)
            assert all(0 < x < 40 and 0 < y < 40 for x, y in line)
            ends = [float(number) for number in re.findall(r"-?\d*\.?\d+", path)[:2]]
            assert line[0] == tuple(ends)

    def test_in_its_colour(self, motala: Organisation) -> None:
        wanted = tuple(int(brand_colour(motala)[at : at + 2], 16) for at in (1, 3, 5))
        plain = picture(icon_of(motala, "512"))
        assert plain.mode == "RGBA"
        assert plain.getpixel((2, 2))[3] == 0  # type: ignore[index]  # a pixel of four values
        assert plain.getpixel((256, 40))[:3] == wanted  # type: ignore[index]  # a picture in colour has tuples
        for name in ("maskable-512", "apple-180", "store-1024"):
            whole = picture(icon_of(motala, name))
            assert whole.mode == "RGB", name  # stores refuse transparency
            assert whole.getpixel((2, 2)) == wanted

    def test_what_a_phone_cuts_off_is_only_ground(self, motala: Organisation) -> None:
        """Outside a circle of 40 % of the side there may be nothing but colour."""
        whole = picture(icon_of(motala, "maskable-512"))
        ground = whole.getpixel((0, 0))
        for x in range(0, 512, 3):
            for y in range(0, 512, 3):
                if (x - 256) ** 2 + (y - 256) ** 2 > (0.4 * 512) ** 2:
                    assert whole.getpixel((x, y)) == ground, (x, y)

    def test_the_badge_has_one_colour(self, motala: Organisation) -> None:
        badge = picture(icon_of(motala, "badge-96"))
        colours = {pixel[:3] for _count, pixel in badge.getcolors(maxcolors=10_000) or [] if pixel[3] > 200}  # type: ignore[index]  # a picture in colour has tuples
        assert colours == {(255, 255, 255)}

    def test_from_the_logo(self, web: Client, motala: Organisation) -> None:
        before = icon_version(motala)
        with organisation_scope(motala.pk):
            set_logo(organisation=motala, data=make.photo(size=(400, 100)), by=factories.TEST)
        motala.refresh_from_db()
        forget_hosts()
        assert icon_version(motala) != before
        whole = picture(web.get(web.get("/app.webmanifest").json()["icons"][2]["src"]).content).convert("RGB")
        assert whole.getpixel((2, 2)) == (255, 255, 255)
        assert whole.getpixel((96, 96)) != (255, 255, 255)
        old = web.get(f"/ikon/{before}/192.png")
        assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache")

    def test_others_there_are_not(self, web: Client, motala: Organisation) -> None:
        assert web.get(f"/ikon/{icon_version(motala)}/193.png").status_code == 404
        assert web.get(f"/ikon/{icon_version(motala)}/store-1024.png").status_code == 200


class TestWorker:
    """The service worker: as far as /beratta/, never the desk."""

    def kept(self, web: Client) -> dict[str, Any]:
        script = web.get("/beratta/sw.js").content.decode()
        found = re.match(r"self\.LYHORD = (\{.*\});\nimportScripts\((.*)\);\n$", script)
        assert found
        kept: dict[str, Any] = json.loads(found[1])
        kept["scripts"] = json.loads(f"[{found[2]}]")
        return kept

    def test_its_place_is_its_reach(self, web: Client) -> None:
        response = web.get("/beratta/sw.js")
        assert response.headers["Content-Type"].startswith("text/javascript")
        assert response.headers["Cache-Control"] == "no-cache"
        assert "Service-Worker-Allowed" not in response.headers
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]

    def test_all_that_it_keeps_is_there_and_is_nobodys(self, web: Client) -> None:
        kept = self.kept(web)
        assert set(kept["pages"]) == {"/beratta/", *(f"/beratta/{slug}/" for slug in KINDS.slugs())}
        for path in (*kept["files"], *kept["pages"], *kept["first"], kept["offline"]):
            if path.startswith("/static/"):
                assert (STATIC / path.removeprefix("/static/")).exists(), path
            else:
                assert web.get(path).status_code == 200, path
        assert {path.rpartition("/")[2] for path in kept["scripts"]} == {"app.js", "worker.js"}
        for path in kept["pages"]:
            assert path.startswith("/beratta/")

    def test_a_new_version_when_anything_is_new(self, web: Client, motala: Organisation) -> None:
        before = self.kept(web)
        assert before == self.kept(web)
        motala.colour = "#7a1f5c"
        motala.save()
        forget_hosts()
        after = self.kept(web)
        assert after["version"] != before["version"]
        assert after["files"][0] != before["files"][0]


class TestSharing:
    """A picture from another app."""

    def test_without_a_service_worker_the_form_has_it(self, web: Client, motala: Organisation) -> None:
        answer = web.post("/beratta/dela/", {"title": "Hål", "text": "i gatan", "photos": upload()})
        assert answer.status_code == 200
        form = fields(answer)
        assert (form["text"], len(form["draft_photos"])) == ("Hål\ni gatan", 1)
        assert web.post("/beratta/felanmalan/", form).status_code == 303

    def test_whoever_just_goes_there_gets_the_form(self, web: Client) -> None:
        assert web.get("/beratta/dela/").headers["Location"] == "/beratta/felanmalan/"
