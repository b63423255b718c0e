"""Sending a report, in every way that clients do it, and every way that it is refused."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from lyhord.cases.models import Case, Message, Photo, Reporter, Side
from lyhord.core.errors import NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.clients import UPDATES, renew_key, revoke_key
from lyhord.intake.models import ApiKey, Diversion, Reception
from lyhord.organisations.models import Organisation
from lyhord.places.models import Area
from lyhord.places.queries import forget_areas
from tests import factories
from tests.conftest import Cast
from tests.www.open311.conftest import KEY, Post, make_key
from tests.www.open311.reading import data, tree, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]

FORM = "application/x-www-form-urlencoded"


def picture(name: str = "photo.jpg", colour: str = "green") -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def the_case(response: Any) -> Case:
    """The case that a report became."""
    number = data(response)[0]["service_request_id"]
    with organisation_scope(Organisation.objects.get(slug="motala").pk):
        return Case.objects.select_related("case_type").get(number=number)


def test_a_report_becomes_a_case_at_its_desk(post: Post) -> None:
    case = the_case(post(service_code="belysning.lampa", description="Rad ett.\r\nRad två."))
    assert case.case_type.code == "belysning.lampa"
    assert case.text == "Rad ett.\nRad två."
    assert (case.lat, case.lon, case.position_source) == (58.5371, 15.0365, "api")
    assert case.channel == "open311"
    assert case.publication_state == Case.Published.PUBLISHED


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("service_code", None, "service_code"),
        ("service_code", "", "service_code"),
        ("lat", None, "lat och long"),
        ("lat", "NaN", "lat"),
        ("lat", "inf", "lat"),
        ("lat", "59,33", "lat"),
        ("lat", "1e1", "lat"),
        ("lat", "٥٨", "lat"),
        ("lat", "91", "lat"),
        ("long", "-181", "long"),
        ("long", "x" * 5000, "long"),
        ("description", "å" * 4001, "description"),
        ("email", "eva at exempel", "email"),
        ("address_string", "x" * 201, "address_string"),
        ("first_name", "x" * 121, "first_name"),
    ],
)
def test_a_mistake_is_400_with_its_name(post: Post, name: str, value: str | None, said: str) -> None:
    (error,) = data(post(**{name: value}), 400)
    assert error["code"] == 400
    assert said in error["description"]
    root = tree(post("xml", **{name: value}), 400)
    assert said in (root.findtext("error/description") or "")


def test_every_mistake_is_told_at_once(post: Post) -> None:
    found = data(post(lat="north", description="x" * 4001, address_string="y" * 201), 400)
    assert len(found) == 3
    assert {error["code"] for error in found} == {400}


def test_no_place_is_400_but_an_address_is_a_place(post: Post) -> None:
    (error,) = data(post(lat=None, long=None), 400)
    assert "address_string" in error["description"]
    assert the_case(post(lat=None, long=None, address_string="Vintergatan 12")).place_text == "Vintergatan 12"
    assert the_case(post(lat="", long="", address_id="#NOTPINPOINTED#")).place_text == ""


@pytest.mark.parametrize(("lat", "long"), [("15.0365", "58.5371"), ("0", "0"), ("58.97", "15.05")])
def test_a_place_far_away_is_400_with_what_may_be_wrong(post: Post, lat: str, long: str) -> None:
    (error,) = data(post(lat=lat, long=long), 400)
    assert error["description"] == ("Platsen ligger mer än 30 km utanför Motala kommun. Har lat och long bytt plats?")


@pytest.mark.requirement("4.28")
def test_a_place_just_over_the_border_is_welcome(post: Post, motala: Organisation) -> None:
    assert the_case(post(lat="58.65", long="15.2")).lat == 58.65
    with organisation_scope(motala.pk):
        Area.objects.filter(kind="boundary").delete()
    forget_areas()
    data(post(lat="0", long="0"))  # who has no boundary cannot tell


def test_4000_characters_are_taken(post: Post) -> None:
    assert len(the_case(post(description="å" * 4000)).text) == 4000


def test_a_fault_without_words_is_named_by_its_service(post: Post) -> None:
    assert the_case(post(service_code="belysning.lampa", description="")).text == "Släckt gatubelysning"
    (error,) = data(post(service_code="fraga", description=""), 400)
    assert error["description"].startswith("description: ")


def test_control_characters_are_stripped(post: Post) -> None:
    assert the_case(post(description="En\x0bbänk\x00 är\u202e trasig.")).text == "En bänk är trasig."
    assert data(post(service_code="ovri\x00gt"))[0]["service_request_id"]


def test_an_unknown_service_is_404(post: Post, motala: Organisation) -> None:
    for code in ("nope", "ÅÄÖ", "a" * 500, "belysning'lampa", "../ovrigt"):
        (error,) = data(post(service_code=code), 404)
        assert error["code"] == 404


# The key


@pytest.mark.parametrize("given", [None, "", "wrong", "x" * 10_000, KEY.upper(), "å\x00"])
def test_no_key_is_403(post: Post, given: str | None) -> None:
    assert data(post(api_key=given), 403)[0]["code"] == 403
    tree(post("xml", api_key=given), 403)


def test_the_key_comes_before_what_is_said(post: Post) -> None:
    data(post(api_key="wrong", service_code="nope", lat="x"), 403)


def test_a_key_is_not_read_from_the_address(web: Client, key: ApiKey) -> None:
    data(web.post(url(f"requests.json?api_key={KEY}"), {"service_code": "ovrigt"}), 403)


def test_a_key_holds_for_one_organisation_and_one_purpose(
    post: Post, elsewhere: Client, motala: Organisation, key: ApiKey
) -> None:
    data(elsewhere.post(url("requests.json"), {"api_key": KEY, "service_code": "ovrigt"}), 403)
    make_key(motala, "for updates", scopes=[UPDATES])
    data(post(api_key="for updates"), 403)
    with organisation_scope(motala.pk):
        revoke_key(key_id=key.pk, by=factories.TEST)
    data(post(), 403)


def test_a_client_with_a_new_key_is_the_same_client(post: Post, motala: Organisation, key: ApiKey) -> None:
    sent = data(post(**{"attribute[fixmystreet_id]": "4711"}))
    with organisation_scope(motala.pk):
        _row, new = renew_key(key_id=key.pk, by=factories.TEST)
    data(post(), 403)
    assert data(post(api_key=new, **{"attribute[fixmystreet_id]": "4711"})) == sent
    with organisation_scope(motala.pk):
        revoke_key(key_id=key.pk, by=factories.TEST)
        with pytest.raises(NotFound):
            renew_key(key_id=key.pk, by=factories.TEST)


def test_only_the_digest_of_a_key_is_kept(key: ApiKey, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        kept = ApiKey.objects.get(pk=key.pk)
    assert len(bytes(kept.digest)) == 32
    assert KEY.encode() not in bytes(kept.digest)


def test_a_client_that_sends_too_much_is_429_and_told_when_to_come_back(post: Post, motala: Organisation) -> None:
    make_key(motala, "slow", hourly=2)
    for _each in range(2):
        data(post(api_key="slow"))
    for suffix, read in (("json", data), ("xml", tree)):
        refused: Any = post(suffix, api_key="slow")
        read(refused, 429)
        assert int(refused["Retry-After"]) > 0
    data(post())


# Jurisdiction


@pytest.mark.parametrize("given", ["", "motala", "MOTALA", "motala.localhost", "www.motala.localhost"])
def test_the_jurisdiction_may_be_named_or_not(post: Post, web: Client, given: str) -> None:
    data(post(jurisdiction_id=given))
    data(web.post(url(f"requests.json?jurisdiction_id={given}"), {"api_key": KEY, "service_code": "x"}), 404)
    data(web.get(url("services.json"), {"jurisdiction_id": given}))


@pytest.mark.parametrize("given", ["mjolby", "mjolby.localhost", "sfgov.org", "å" * 300, "\x00"])
def test_another_jurisdiction_is_404(post: Post, web: Client, given: str) -> None:
    if given == "\x00":
        return  # nothing is left of it: as if it were not there
    data(post(jurisdiction_id=given), 404)
    for path in ("services", "services/ovrigt", "requests", "requests/26-1", "tokens/x", "discovery"):
        tree(web.get(url(f"{path}.xml"), {"jurisdiction_id": given}), 404)


# Questions


@pytest.fixture
def asking(motala: Organisation) -> str:
    """A service with a required question, one with several answers, and a day."""
    options = [{"code": code, "label": {"sv": code}} for code in ("a", "b", "c")]
    questions = [
        {"code": "must", "label": {"sv": "Vad?"}, "datatype": "text", "required": True},
        {"code": "many", "label": {"sv": "Vilka?"}, "datatype": "multichoice", "options": options},
        {"code": "day", "label": {"sv": "När?"}, "datatype": "date"},
        {"code": "amount", "label": {"sv": "Antal?"}, "datatype": "number"},
    ]
    with organisation_scope(motala.pk):
        factories.make_type("fragar", "felanmalan", "Frågar", questions=questions)
    return "fragar"


@pytest.mark.parametrize(
    "sent",
    [
        {"attribute[must]": "x", "attribute[many][]": ["a", "c"]},
        {"attribute[must][]": "x", "attribute[many]": ["a", "c"]},
        {"attribute%5Bmust%5D": "x", "attribute[many][0]": "a", "attribute[many][1]": "c"},
    ],
)
def test_attributes_however_they_are_written(post: Post, asking: str, sent: dict[str, Any]) -> None:
    case = the_case(post(service_code=asking, **sent))
    assert case.answers == {"must": "x", "many": ["a", "c"]}


def test_attributes_in_a_plain_form(web: Client, key: ApiKey, asking: str) -> None:
    body = (
        f"api_key={KEY}&service_code={asking}&lat=58.5&long=15.0&description=F%C3%A4rg"
        "&attribute%5Bmust%5D=x&attribute[many][]=a&attribute%5Bmany%5D%5B%5D=b&attribute[day]=2026-06-30T23:30:00Z"
    )
    case = the_case(web.post(url("requests.json"), body, content_type=FORM))
    assert case.text == "Färg"
    assert case.answers == {"must": "x", "many": ["a", "b"], "day": "2026-07-01"}


def test_a_missing_answer_is_400_with_its_code(post: Post, asking: str) -> None:
    (error,) = data(post(service_code=asking), 400)
    assert error["description"].startswith("must required")
    found = data(post(service_code=asking, **{"attribute[amount]": "nan", "attribute[many]": "z"}), 400)
    assert [error["description"].split(":")[0] for error in found] == ["must required", "many", "amount"]


def test_an_answer_nobody_asked_for_is_no_answer_but_staff_see_it(post: Post, motala: Organisation) -> None:
    case = the_case(post(**{"attribute[title]": "Hej", "attribute[]": "x", "attribute[[]]": "y", "attribute[a]": " "}))
    assert case.answers == {}
    with organisation_scope(motala.pk):
        assert Message.objects.get(case=case, side=Side.INTERNAL).text.splitlines()[1:] == ["title: Hej"]


def test_an_answer_that_cannot_wait_is_refused_with_whom_to_ring(post: Post, motala: Organisation) -> None:
    (error,) = data(post(service_code="belysning.lampa", **{"attribute[danger]": "yes"}), 400)
    assert error["description"] == "Ring i stället. 0141-00 00 01"
    with organisation_scope(motala.pk):
        assert Diversion.objects.get().count == 1
        assert not Case.objects.exists()


# Pictures


@pytest.mark.parametrize("name", ["media", "media[]", "photo1", "file_asset", "picture"])
def test_a_picture_comes_with_the_report(post: Post, web: Client, name: str) -> None:
    number = data(post(**{name: picture()}))[0]["service_request_id"]
    (found,) = data(web.get(url(f"requests/{number}.json"), {"extensions": "true"}))
    assert found["media_url"].startswith("http://motala.localhost/bild/")
    assert found["extended_attributes"]["media_urls"] == [found["media_url"]]
    fetched = web.get(found["media_url"].removeprefix("http://motala.localhost"))
    assert fetched["Content-Type"] == "image/jpeg"
    root = tree(web.get(url(f"requests/{number}.xml")))
    assert root.findtext("request/media_url") == found["media_url"]


def test_several_pictures_and_no_more_than_we_keep(post: Post, motala: Organisation) -> None:
    colours = ("red", "green", "blue", "black")
    answer = post(**{f"photo{n}": picture(f"{n}.jpg", colour) for n, colour in enumerate(colours, 1)})
    assert "3" in data(answer)[0]["service_notice"]
    with organisation_scope(motala.pk):
        assert Photo.objects.filter(case=the_case(answer)).count() == 3


def test_a_file_that_is_no_picture_stops_no_report(post: Post, motala: Organisation) -> None:
    answer = post(media=SimpleUploadedFile("a.jpg", b"<script>", "image/jpeg"))
    assert data(answer)[0]["service_notice"]
    with organisation_scope(motala.pk):
        assert not Photo.objects.filter(case=the_case(answer)).exists()
        assert "gick inte att ta emot" in Message.objects.get(case=the_case(answer)).text  # not every client tells


# Once


@pytest.mark.requirement("0.5")
def test_sending_again_with_the_clients_own_id_is_the_same_report(post: Post, motala: Organisation) -> None:
    first = data(post(**{"attribute[fixmystreet_id]": "4711"}))
    assert data(post(**{"attribute[fixmystreet_id]": "4711", "description": "Något annat"})) == first
    named = data(post(headers={"Idempotency-Key": "abc"}))
    assert data(post(headers={"Idempotency-Key": "abc"})) == named
    assert named != first
    with organisation_scope(motala.pk):
        assert Case.objects.count() == 2
        assert Reception.objects.filter(source__startswith="open311:").count() == 2


def test_two_clients_may_have_the_same_ids(post: Post, motala: Organisation) -> None:
    make_key(motala, "other")
    first = data(post(**{"attribute[fixmystreet_id]": "1"}))
    assert data(post(api_key="other", **{"attribute[fixmystreet_id]": "1"})) != first


def test_without_an_id_each_report_is_its_own(post: Post) -> None:
    assert data(post()) != data(post())


# Who sent it


@pytest.mark.requirement("X2")
def test_who_sent_it_is_known_to_staff_and_shown_to_nobody(post: Post, web: Client, motala: Organisation) -> None:
    person = {"first_name": "Eva", "last_name": "Ek", "email": "eva@exempel.se", "phone": "070-123 45 67"}
    hidden = {"device_id": "device-4711", "account_id": "account-4711"}
    answer = post(**person, **hidden)
    with organisation_scope(motala.pk):
        reporter = Reporter.objects.get(case=the_case(answer))
    assert (reporter.name, reporter.email, reporter.phone) == ("Eva Ek", "eva@exempel.se", "070-123 45 67")
    number = data(answer)[0]["service_request_id"]
    for path in ("requests", f"requests/{number}"):
        for suffix in ("json", "xml"):
            said = web.get(url(f"{path}.{suffix}"), {"extensions": "true"}).content.decode()
            assert number in said
            assert not [text for text in (*person.values(), *hidden.values()) if text in said]


def test_a_name_that_is_a_dash_is_none(post: Post, motala: Organisation) -> None:
    answer = post(first_name="-", last_name="-")
    with organisation_scope(motala.pk):
        assert not Reporter.objects.filter(case=the_case(answer)).exists()


# Shown or not


def test_what_a_client_sends_waits_for_a_reader_unless_the_key_says_otherwise(
    post: Post, web: Client, motala: Organisation
) -> None:
    make_key(motala, "careful")
    answer = post(api_key="careful")
    assert the_case(answer).publication_state == Case.Published.REVIEW
    number = data(answer)[0]["service_request_id"]
    data(web.get(url(f"requests/{number}.json")), 404)
    assert data(web.get(url("requests.json"), {"service_request_id": number})) == []


@pytest.mark.parametrize("text", ["Mejla eva@exempel.se", "Han heter 19811218-9876"])
def test_what_points_somebody_out_waits_for_a_reader_whatever_the_key_says(post: Post, text: str) -> None:
    assert the_case(post(description=text)).publication_state == Case.Published.REVIEW


def test_what_may_not_be_shown_never_is(post: Post, web: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        factories.make_type("hemligt", "felanmalan", "Hemligt", confidential=True, publication={"allowed": False})
    answer = post(service_code="hemligt")
    assert the_case(answer).publication_state == Case.Published.CLOSED
    data(web.get(url(f"requests/{data(answer)[0]['service_request_id']}.json")), 404)


@pytest.mark.requirement("0.19")
@pytest.mark.parametrize("email", ["", "eva@exempel.se"])
def test_sending_costs_few_queries(post: Post, django_assert_num_queries: Any, email: str) -> None:
    data(post(email=email))
    # into the organisation and out again (4); how often the key sends; claim, number and keys; the rows; their contact
    with django_assert_num_queries(4 + 3 + bool(email)):
        data(post(email=email))


# Tokens


def test_a_blackbox_gives_neither_id_nor_token(post: Post, web: Client, motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        factories.make_type("slutet", "felanmalan", "Slutet", open311="blackbox")
    (service,) = [each for each in data(web.get(url("services.json"))) if each["service_code"] == "slutet"]
    assert service["type"] == "blackbox"
    (answer,) = data(post(service_code="slutet"))
    assert answer["service_request_id"] is None
    assert "token" not in answer
    with organisation_scope(motala.pk):
        assert Case.objects.get().case_type.code == "slutet"


@pytest.mark.parametrize("suffix", ["json", "xml"])
def test_a_batch_service_gives_a_token_first(
    post: Post, web: Client, elsewhere: Client, motala: Organisation, suffix: str
) -> None:
    with organisation_scope(motala.pk):
        factories.make_type("sen", "felanmalan", "Sen", open311="batch")
    (service,) = [each for each in data(web.get(url("services.json"))) if each["service_code"] == "sen"]
    assert service["type"] == "batch"
    token = data(post(service_code="sen"))[0]
    assert "service_request_id" not in token
    answer = web.get(url(f"tokens/{token['token']}.{suffix}"))
    if suffix == "xml":
        request = tree(answer)[0]
        found = {child.tag: child.text for child in request}
    else:
        (found,) = data(answer)
    assert found["token"] == token["token"]
    (read,) = data(web.get(url(f"requests/{found['service_request_id']}.json")))
    assert read["service_code"] == "sen"
    tree(elsewhere.get(url(f"tokens/{token['token']}.xml")), 404)


@pytest.mark.parametrize("given", ["123", "26-1", "26-1-" + "0" * 32, "å", "%00", "-"])
def test_an_unknown_token_is_404(web: Client, given: str) -> None:
    data(web.get(url(f"tokens/{given}.json")), 404)


def test_nothing_of_a_refused_report_is_kept(post: Post, motala: Organisation, cast: Cast) -> None:
    data(post(email="no address", media=picture()), 400)
    with organisation_scope(motala.pk):
        assert not Case.objects.exists()
        assert not Reception.objects.exists()
