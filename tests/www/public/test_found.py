"""What search engines may show: an empty form, and nothing that is somebody's."""

import pytest
from django.test import Client

from tests.www.public.forms import send

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("2.8")]
FORM = "/beratta/felanmalan/"


@pytest.mark.parametrize(("address", "found"), [(FORM, "all"), (f"{FORM}?asset=L-1", "noindex")])
def test_an_empty_form_may_be_found(web: Client, address: str, found: str) -> None:
    assert web.get(address).headers["X-Robots-Tag"] == found


def test_what_somebody_has_written_may_not(web: Client) -> None:
    wrong = send(web, text="")
    assert wrong.status_code == 422
    assert wrong.headers["X-Robots-Tag"] == "noindex"
