"""Clients of Open311 that others wrote, unmodified, against Lyhörd as it runs.

From the Python package index: georeport, civicbot, chicagorequests and three. The last was written for Python 2; it
works once `itertools.ifilter` is there, and reads JSON only.
"""

import importlib
import itertools
import os
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta, timezone
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.browser.house import SmallHouse
from tests.browser.killing import WEB_WORKER, family
from tests.factories import unique

pytestmark = [
    pytest.mark.requirement("N9", "0.9"),
    pytest.mark.filterwarnings("ignore"),  # what others' programs warn of is theirs
]

KEY, JURISDICTION = "demo", "motala"
BATCH, PLAIN = "park.invasiv", "park.mobel"
HERE = {"lat": 58.5371, "long": 15.0365}


def client(name: str) -> Any:
    """The module of a client that is installed with the group "all"."""
    return pytest.importorskip(name, reason=f"{name} is not installed: uv sync --group all")


# three


@pytest.fixture
def three(root: str) -> Any:
    itertools.ifilter = filter  # type: ignore[attr-defined]  # what Python 2 had
    return client("three").Three(root, api_key=KEY, jurisdiction=JURISDICTION)


def test_three_discovers_and_reads(three: Any) -> None:
    found = three.discovery()
    assert found["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert {service["service_code"] for service in three.services()} >= {BATCH, PLAIN}
    assert three.services("park.trad")["attributes"][0]["required"] is True
    assert len(three.requests(count=5)) == 5
    assert all(request["status"] == "closed" for request in three.requests(status="closed"))


def test_three_sends_a_report_and_finds_it_again(three: Any) -> None:
    text = f"Bänken är trasig. {unique()}"
    sent = three.post(PLAIN, description=text, name="Eva Ek", email="eva@exempel.se", **HERE)
    (found,) = three.request(sent[0]["service_request_id"])
    assert found["description"] == text
    assert found["service_code"] == PLAIN
    assert "Ek" not in str(found)
    assert "eva@" not in str(found)


def test_three_sends_a_picture(three: Any) -> None:
    picture = BytesIO()
    Image.new("RGB", (80, 60), "green").save(picture, "JPEG")
    picture.name = "photo.jpg"
    picture.seek(0)
    sent = three.post(PLAIN, description="Se bilden.", media=picture, **HERE)
    (found,) = three.request(sent[0]["service_request_id"])
    fetched = three.session.get(found["media_url"])
    assert fetched.headers["Content-Type"] == "image/jpeg"
    assert Image.open(BytesIO(fetched.content)).size == (80, 60)


def test_three_gets_a_token_and_the_id_for_it(three: Any) -> None:
    sent = three.post(BATCH, description="Jätteloka vid bäcken.", **HERE)
    assert "service_request_id" not in sent[0]
    (found,) = three.token(sent[0]["token"])
    assert three.request(found["service_request_id"])[0]["service_code"] == BATCH


def test_three_reads_a_refusal(three: Any) -> None:
    three.api_key = "wrong"
    assert three.post(PLAIN, description="Något.", **HERE)[0]["code"] == 403


# georeport


@pytest.fixture(params=["json", "xml"])
def georeport(root: str, request: pytest.FixtureRequest) -> Any:
    return client("georeport").GeoReport(root, jurisdiction=JURISDICTION, output_format=request.param)


def test_georeport_reads_everything(georeport: Any) -> None:
    services = georeport.get_service_list()
    assert {service["service_code"] for service in services} >= {BATCH, PLAIN}
    definition = georeport.get_service_definition("park.trad")
    assert definition["service_code"] == "park.trad"
    found = georeport.get_service_requests()
    assert len(found) > 5
    one = georeport.get_service_request(found[0]["service_request_id"])
    assert one["service_request_id"] == found[0]["service_request_id"]
    ids = ",".join(each["service_request_id"] for each in found[:3])
    assert len(georeport.get_service_requests(service_request_id=ids)) == 3


def test_georeport_hears_of_mistakes_by_status(georeport: Any) -> None:
    requests = importlib.import_module("requests")
    with pytest.raises(requests.HTTPError, match="404"):
        georeport.get_service_request("26-999999")
    georeport.jurisdiction = "mjolby"
    with pytest.raises(requests.HTTPError, match="404"):
        georeport.get_service_list()


# civicbot


@pytest.fixture
def civicbot(root: str) -> Any:
    open311 = client("civicbot.open311")
    endpoint = client("civicbot.registry").Endpoint(id="motala", name="Motala", base_url=root, write=True)
    return open311.Open311Client(endpoint, jurisdiction_id=JURISDICTION)


def test_civicbot_checks_by_the_definition_and_sends(civicbot: Any) -> None:
    open311 = client("civicbot.open311")
    place = {"lat": HERE["lat"], "lng": HERE["long"]}
    with pytest.raises(open311.ValidationError, match="required attribute"):
        civicbot.create_request("park.trad", validate_remote=True, description="Ett träd lutar.", **place)
    (asked,) = [a for a in civicbot.get_service_definition("park.trad")["attributes"] if a["required"]]
    answers = {asked["code"]: [value["key"] for value in asked["values"]][-1:]}
    sent = civicbot.create_request(
        "park.trad",
        validate_remote=True,
        dry_run=False,
        confirm=open311.CONFIRM_TOKEN,
        api_key=KEY,
        description="Ett träd lutar.",
        attributes=answers,
        **place,
    )
    number = sent.response[0]["service_request_id"]
    assert civicbot.get_request(number)["service_code"] == "park.trad"
    assert [found["service_request_id"] for found in civicbot.list_requests(service_request_ids=[number])] == [number]


def test_civicbot_takes_a_token_and_hears_why_it_is_refused(civicbot: Any) -> None:
    open311, http = client("civicbot.open311"), client("civicbot.http")
    send = {"dry_run": False, "confirm": open311.CONFIRM_TOKEN, "address_string": "Vintergatan 12"}
    sent = civicbot.create_request(BATCH, api_key=KEY, description="Jätteloka.", **send)
    (found,) = civicbot.get_token(sent.response[0]["token"])
    assert found["service_request_id"]
    with pytest.raises(http.HttpError, match="required") as refused:
        civicbot.create_request("park.trad", api_key=KEY, description="Ett träd lutar.", **send)
    assert refused.value.status == 400
    with pytest.raises(http.HttpError) as refused:
        civicbot.create_request(BATCH, api_key="wrong", description="Jätteloka.", **send)
    assert refused.value.status == 403


# chicagorequests


@pytest.fixture
def chicago(root: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    downloader = client("chicagorequests").Downloader
    monkeypatch.setattr(downloader, "BASE_URL", f"{root}/requests.json")
    return downloader


def _today() -> tuple[datetime, datetime]:
    """Today as this client says it: with microseconds, an offset, and a blank for the T."""
    at = datetime.now(UTC).astimezone(timezone(timedelta(hours=1)))
    return datetime.combine(at, time.min, at.tzinfo), datetime.combine(at, time.max, at.tzinfo)


def test_chicagorequests_pages_until_it_has_everything(chicago: Any, three: Any, served: SmallHouse) -> None:
    for _each in range(205):  # its page is 200: it must find the second one
        three.post(PLAIN, description="En bänk till.", **HERE)
    assert len(chicago()(_today())) >= 205
    changed = chicago(request_type=[PLAIN], updated_start_date=_today()[0], updated_end_date=_today()[1])
    found = changed(_today())
    assert len(found) >= 205
    assert {each["service_code"] for each in found} == {PLAIN}
    assert "extended_attributes" in found[0]
    assert len({each["service_request_id"] for each in found}) == len(found)


# What must hold whichever process answers


def test_a_keys_rate_holds_across_processes(served: SmallHouse, root: str) -> None:
    """Two web processes answer here; together they let a key send what it may in an hour, and not one report more."""
    requests = importlib.import_module("requests")
    made = subprocess.run(
        [sys.executable, "-m", "django", "create_api_key", "motala", "Långsam", "--hourly", "10"],
        env=served.env,
        check=True,
        capture_output=True,
        text=True,
    )
    sent = {"api_key": made.stdout.strip(), "service_code": PLAIN, "description": "En bänk.", **HERE}
    answers = [requests.post(f"{root}/requests.json", sent, headers={"Connection": "close"}) for _n in range(14)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 4
    assert sys.platform != "linux" or len(family(os.getpid())[WEB_WORKER]) >= 2
