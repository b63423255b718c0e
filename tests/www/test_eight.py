"""Eight municipalities in one Lyhörd: whoever may most in one of them finds nothing of the next one's."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests import factories
from tests.www.desk.conftest import browser
from tests.www.every_address import addresses, body, fields_with, is_foreign, post, settled, values_for
from tests.www.plant import plant
from tests.www.test_crawler import rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.20"), pytest.mark.all]  # takes a minute
EIGHT = ("motala", "mjolby", "vadstena", "odeshog", "boxholm", "ydre", "kinda", "finspang")
LISTS = {"open311:endpoint"}  # answers with one's own lists, whatever the address
NOT_BY_ID = {401, 404, 405, 410, 415}
"""All but 404 are the same for every id: no such thing to do, no address any longer, no key for the API."""


@pytest.fixture(autouse=True)
def _surroundings(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "files"
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # refusals are what is asked for here
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


def test_a_user_of_one_gets_404_for_what_is_anothers_on_every_address() -> None:
    planted, admins = [], []
    for number, slug in enumerate(EIGHT):
        organisation = factories.make_organisation(slug)
        for filling in range(number):  # so that numbers differ
            factories.make_case(organisation, f"Fyll {filling}")
        admin = factories.make_member(organisation, f"admin@{slug}.example", f"Admin {slug}", "administrator")
        planted.append(plant(organisation, f"zx{slug}", admin))
        admins.append(admin)
    settled()
    foreign = [address for address in addresses() if is_foreign(address)]
    assert {"desk:take_over", "desk:case", "manage:unit", "public:follow"} <= {address.name for address in foreign}
    for number, slug in enumerate(EIGHT):
        theirs = planted[(number + 1) % len(EIGHT)]
        client, data, before = browser(admins[number], f"{slug}.localhost"), fields_with(theirs.ids), rows_of(theirs)
        for address in foreign:
            [values, *_more] = values_for(address, theirs.ids, all_ways=False)
            url = address.url(values)
            for answer in (client.get(url), post(client, url, data)):
                said = body(answer).replace(url.lower(), "").replace(quote(url, safe="").lower(), "")
                assert theirs.mark not in said, f"{slug}: {url}"
                assert address.name in LISTS or answer.status_code in NOT_BY_ID, f"{slug}: {url} {answer.status_code}"
        assert rows_of(theirs) == before
