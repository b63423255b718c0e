"""What becomes of each mail of the corpus, from the mail server's hand to the case."""

import pytest

from lyhord.cases.models import Case, Document, Message, Photo, Side
from lyhord.core.tenancy import organisation_scope
from lyhord.intake.models import Arrival, ArrivalState, DraftCase, DraftFile, Outcome
from lyhord.notifications.models import Contact, Notice, NoticeState
from tests.intake.mail.conftest import Deliver, Told
from tests.intake.mail.make.everything import CORPUS, Row, everything, expected

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P24", "2.16", "0.17")]
SAYS = {f"made/{one.name}.eml": one.says for one in everything()}
INTO_THE_CASE = {Outcome.JOINED, Outcome.NOTED}


def became(arrival: Arrival) -> str:
    """In the words of the table."""
    if arrival.state != ArrivalState.HANDLED:
        return f"{arrival.state}:{arrival.reason}"
    if arrival.outcome == Outcome.BOUNCED:
        return "bounced:paused" if Contact.objects.filter(paused_at__isnull=False).exists() else "bounced"
    if arrival.outcome in {Outcome.DRAFT, Outcome.IGNORED}:
        return f"{arrival.outcome}:{arrival.reason}"
    return arrival.outcome


def files_kept() -> int:
    return Photo.objects.count() + Document.objects.count() + DraftFile.objects.count()


@pytest.mark.sample(80)
@pytest.mark.parametrize("row", expected(), ids=lambda row: row.path)
def test_what_becomes_of_each(row: Row, told: Told, deliver: Deliver) -> None:
    arrival = deliver((CORPUS / row.path).read_bytes())
    with organisation_scope(told.organisation.pk):
        assert became(arrival) == row.outcome
        begun = row.outcome == "case"
        assert Case.objects.count() == 1 + begun
        assert files_kept() == (row.files if begun or row.outcome == "joined" or row.outcome.startswith("draft") else 0)
        # nobody is answered but who has begun a case, and nobody is let into one but its reporter
        assert Notice.objects.count() == 1 + begun
        told.notice.refresh_from_db()
        assert (told.notice.state == NoticeState.FAILED) == row.outcome.startswith("bounced")
        said = list(Message.objects.filter(case=told.case))
        assert bool(said) == (arrival.outcome in INTO_THE_CASE)
        assert (DraftCase.objects.count() == 1) == row.outcome.startswith("draft")
        if arrival.outcome == Outcome.JOINED:
            assert (said[0].side, said[0].channel) == (Side.RESIDENT, "email")
            says = SAYS.get(row.path)
            assert says is None or told.written(says.encode()).decode() == said[0].text
        if arrival.outcome == Outcome.NOTED:
            assert said[0].side == Side.INTERNAL
        if arrival.reason in {"number", "other_sender", "forged"}:
            assert DraftCase.objects.get().linked == told.case
        if begun:
            new = Case.objects.exclude(pk=told.case.pk).get()
            assert new.channel == "email"
            assert arrival.case == new
            assert "\0" not in new.text
