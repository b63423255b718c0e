"""Drafts: what a stranger sends waits for a person, who says what it is; nothing of a case is told to the sender."""

from typing import Any

import pytest

from lyhord.audit.models import Event
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Document, Message, Photo, Side
from lyhord.core.errors import Conflict, Invalid, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.files.models import StoredDocument
from lyhord.intake.draft_actions import accept_draft, add_draft, dismiss_draft, join_draft, restore_draft
from lyhord.intake.models import DraftCase, DraftState
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.factories import TEST, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P24")]


def draft(organisation: Organisation, **values: Any) -> DraftCase:
    given = {"channel": "email", "reason": "number", "text": "Visa mig ärendet.", "email": "evert@annan.example"}
    return add_draft(**{**given, **values}, by=TEST)


def document() -> StoredDocument:
    return StoredDocument.objects.create(
        key=f"documents/1/{factories.unique()}",
        sha256=b"x" * 32,
        name="a.pdf",
        kind="pdf",
        size=1,
        created_at=TEST_TIME,
    )


TEST_TIME = factories.at("2026-03-03 10:14")


def test_it_becomes_a_case_with_its_files(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        photos = [factories.make_file() for _ in range(5)]
        made = draft(motala, photos=photos, documents=[document()], name="Evert", kind="klagomal")
        receipt = accept_draft(draft_id=made.pk, text="Lampan är släckt.", kind="klagomal", by=TEST)
        case = Case.objects.get(pk=receipt.case.pk)
        assert (case.channel, case.kind, case.text) == ("email", "klagomal", "Lampan är släckt.")
        assert (Photo.objects.filter(case=case).count(), Document.objects.filter(case=case).count()) == (5, 1)
        assert Notice.objects.get().address == "evert@annan.example"
        made.refresh_from_db()
        assert (made.state, made.case) == (DraftState.CASE, case)
        with pytest.raises(Conflict):
            accept_draft(draft_id=made.pk, text="Igen", kind="klagomal", by=TEST)
        assert Case.objects.count() == 1


def test_its_sender_is_told_only_when_somebody_says_so(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        accept_draft(draft_id=draft(motala).pk, text="Hej", kind="fraga", answer=False, by=TEST)
        assert not Notice.objects.exists()


def test_what_cannot_be_a_case_stays_a_draft(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        made = draft(motala)
        with pytest.raises(Invalid):
            accept_draft(draft_id=made.pk, text="", kind="fraga", by=TEST)
        made.refresh_from_db()
        assert made.state == DraftState.WAITING


def test_it_joins_a_case_as_somebody_elses_or_as_its_reporters(motala: Organisation) -> None:
    case = factories.make_case(motala, email="anna@exempel.se").case
    with organisation_scope(motala.pk):
        stranger = draft(motala, linked=case, name="Evert", documents=[document()])
        message = join_draft(draft_id=stranger.pk, case_id=case.pk, by_reporter=False, by=TEST)
        assert (message.side, message.text) == (
            Side.INTERNAL,
            "Evert <evert@annan.example>:\n\nVisa mig ärendet.",
        )
        assert Document.objects.get().message == message
        same = draft(motala, linked=case, text="Jag skriver från jobbet.")
        message = join_draft(draft_id=same.pk, case_id=case.pk, by_reporter=True, by=TEST)
        assert (message.side, message.text) == (Side.RESIDENT, "Jag skriver från jobbet.")
        with pytest.raises(Conflict):
            join_draft(draft_id=same.pk, case_id=case.pk, by_reporter=True, by=TEST)
        assert Message.objects.count() == 2
        assert Notice.objects.count() == 1  # the receipt of the case: the stranger is told nothing


def test_it_is_let_be_and_taken_back(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        made = draft(motala)
        dismiss_draft(draft_id=made.pk, by=TEST)
        with pytest.raises(Conflict):
            dismiss_draft(draft_id=made.pk, by=TEST)
        restore_draft(draft_id=made.pk, by=TEST)
        with pytest.raises(Conflict):
            restore_draft(draft_id=made.pk, by=TEST)
        with pytest.raises(NotFound):
            dismiss_draft(draft_id=made.pk + 99, by=TEST)
        with pytest.raises(NotFound):
            join_draft(draft_id=made.pk, case_id=4711, by_reporter=False, by=TEST)
        verbs = list(Event.objects.filter(subject_type="draft").order_by("pk").values_list("verb", flat=True))
        assert verbs == ["draft.added", "draft.dismissed", "draft.restored"]


@pytest.mark.requirement("X2", "N4")
def test_who_sees_it_sees_the_case_that_it_is_about(cast: Cast) -> None:
    case = factories.make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        preschool = factories.make_unit("forskola-2", "Förskola 2", confidential=True)
        Case.objects.filter(pk=case.pk).update(unit=preschool, confidential=True)
        case.refresh_from_db()
        secret, plain = draft(cast.motala, linked=case), draft(cast.motala)
        assert (secret.confidential, plain.unit.code) == (True, "kundcenter")

        def seen(user: Any) -> set[int]:
            return set(DraftCase.objects.visible_to(make_staff(cast.motala, user)).values_list("pk", flat=True))

        assert seen(cast.admin) == seen(cast.kim) == {plain.pk}
        assert seen(cast.sara) == seen(cast.auditor) == set()
    with organisation_scope(cast.mjolby.pk):
        assert not DraftCase.objects.visible_to(make_staff(cast.mjolby, cast.outsider)).exists()


def test_about_somebody_protected_it_says_so(motala: Organisation) -> None:
    case = factories.make_case(motala, reporter=NewReporter(name="Ulla", protected=True)).case
    with organisation_scope(motala.pk):
        assert draft(motala, linked=case).protected
