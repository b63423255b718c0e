"""Pictures that come with a report."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lyhord.cases.models import Message, Photo
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests.www.open311.conftest import Post
from tests.www.open311.reading import data, picture, the_case, tree, url

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.9", "N9")]


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
