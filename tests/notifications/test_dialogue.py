"""The whole way: a mail, its link, an answer without an account, and a mail again."""

import re
from collections.abc import Callable

import pytest

from lyhord.cases import actions
from lyhord.cases.models import Case
from lyhord.cases.queries import by_follow_code
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.notifications.post_office import PostOffice, text_of

SARA = Actor.system("test")


def opened_by(post_office: PostOffice) -> Case:
    """The case that the link in the newest letter opens."""
    link = re.search(r"https://motala\.localhost/f/(\w+)/\s", text_of(post_office.letters[-1]))
    assert link
    case = by_follow_code(link[1])
    assert case
    return case


@pytest.mark.requirement("4.25", "0.22")
@pytest.mark.django_db(transaction=True)
def test_mail_link_answer_and_mail_again(
    motala: Organisation, post_office: PostOffice, work: Callable[[], int]
) -> None:
    registered = factories.make_case(motala, email="anna@exempel.se")
    work()
    with organisation_scope(motala.pk):
        case = opened_by(post_office)
        assert case.pk == registered.case.pk
        actions.reply(case_id=case.pk, text="Vilken stolpe?", by=SARA)
    work()
    with organisation_scope(motala.pk):
        case = opened_by(post_office)
        actions.resident_writes(case_id=case.pk, text="Den andra.", by=Actor.resident(), channel="web")
        case.refresh_from_db()
        assert case.unread
        actions.change_state(
            case_id=case.pk, to=State.RESOLVED, message="Nu lyser den.", closing={"measure": "Bytt lampa"}, by=SARA
        )
    work()
    assert len(post_office.letters) == 3
    with organisation_scope(motala.pk):
        case = opened_by(post_office)
        assert case.state == State.RESOLVED
        actions.resident_writes(case_id=case.pk, text="Den är släckt igen.", by=Actor.resident(), channel="web")
        case.refresh_from_db()
        assert case.state == State.RECEIVED
    for letter in post_office.letters:
        for word in ("stolpe", "lyser", "Lampan", "släckt"):
            assert word not in text_of(letter) + letter["Subject"]
