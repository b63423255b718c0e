"""What others may read."""

from collections.abc import Callable

import pytest

from lyhord.audit.models import Event
from lyhord.cases.actions import decline_publication, publish, withdraw
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, CaseType, CaseTypeVersion, Category, Photo, Publication
from lyhord.core.clock import now
from lyhord.core.errors import Invalid, LyhordError, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("4.11")]


def in_review(cast: Cast) -> Case:
    return make_case(cast.motala, publish=True).case


def show(case: Case, cast: Cast, **values: object) -> Publication:
    given: dict[str, object] = {"title": "Släckt lampa", "text": "Lampan är släckt.", **values}
    return publish(case_id=case.pk, by=cast.kim.actor, **given)  # type: ignore[arg-type]  # a table of mixed values, right by its names


def test_what_was_reviewed_is_shown_not_what_was_sent(cast: Cast) -> None:
    case = in_review(cast)
    with organisation_scope(cast.motala.pk):
        shown = show(case, cast, title=" Släckt\nlampa ", answer="Vi lagar den.\r\n")
        assert (shown.title, shown.text, shown.answer) == ("Släckt lampa", "Lampan är släckt.", "Vi lagar den.")
        assert shown.published_by == cast.kim
        assert Case.objects.published().get() == case
        assert Event.objects.get(verb="case.published").data == {"photos": []}
        show(case, cast, title="Ny rubrik")
        assert Publication.objects.get().title == "Ny rubrik"


PLANTED = ["850709-9805", "19850709-9805", "8507099805", "ring 070-123 45 67", "asta@example.se", "Jag heter Asta Ek"]


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("field", ["title", "text", "answer"])
@pytest.mark.parametrize("planted", PLANTED)
def test_personal_data_stops_it_in_every_field(cast: Cast, planted: str, field: str) -> None:
    case = in_review(cast)
    grave = planted[0].isdecimal()
    with organisation_scope(cast.motala.pk):
        with pytest.raises(Invalid) as error:
            show(case, cast, **{field: f"Hej. {planted}"})
        assert set(error.value.errors) == {field}
        assert error.value.code == "personal"
        assert Case.objects.get().publication_state == Case.Published.REVIEW
        if grave:
            with pytest.raises(Invalid):
                show(case, cast, **{field: f"Hej. {planted}"}, warned=True)
            assert not Publication.objects.exists()
        else:
            show(case, cast, **{field: f"Hej. {planted}"}, warned=True)
            assert Publication.objects.exists()


def test_what_is_missing_or_too_long_is_said_by_field(cast: Cast) -> None:
    case = in_review(cast)
    with organisation_scope(cast.motala.pk):
        for values, fields in (
            ({"title": " ", "text": "\x00"}, {"title", "text"}),
            ({"title": "x" * 201}, {"title"}),
            ({"text": "x " * 6000, "answer": "x " * 6000}, {"text", "answer"}),
        ):
            with pytest.raises(Invalid) as error:
                show(case, cast, **values)
            assert set(error.value.errors) == fields
        show(case, cast, title="x" * 200)


def test_photos_are_shown_one_by_one_and_never_internal_or_foreign_ones(cast: Cast) -> None:
    case, other = in_review(cast), in_review(cast)
    with organisation_scope(cast.motala.pk):
        first, second, internal, foreign = (
            Photo.objects.create(case=owner, file=factories.make_file(), internal=inner)
            for owner, inner in ((case, False), (case, False), (case, True), (other, False))
        )
        asked = [photo.pk for photo in (first, internal, foreign)]
        show(case, cast, photo_ids=asked)
        assert list(Photo.objects.filter(published=True)) == [first]
        assert Event.objects.get(verb="case.published").data == {"photos": [first.pk]}
        show(case, cast, photo_ids=[second.pk])
        assert list(Photo.objects.filter(published=True)) == [second]
        show(case, cast)
        assert not Photo.objects.filter(published=True).exists()


def test_a_type_may_keep_its_photos_to_itself(cast: Cast) -> None:
    with organisation_scope(cast.motala.pk):
        factories.make_type("gata.hal", "felanmalan", "Hål", publication={"photos": False})
        case = make_case(cast.motala, type="gata.hal", publish=True).case
        photo = Photo.objects.create(case=case, file=factories.make_file())
        show(case, cast, photo_ids=[photo.pk])
        assert not Photo.objects.get().published


def close_type(case: Case) -> None:
    """The type has a new version since, which is not for others; the case keeps the one it came in under."""
    content = {**case.version.content, "publication": {"allowed": False}}
    version = CaseTypeVersion.objects.create(
        case_type=case.case_type, number=2, content=content, created_at=now(), published_at=now()
    )
    CaseType.objects.filter(pk=case.case_type_id).update(current=version)


CLOSING: dict[str, Callable[[Case], object]] = {
    "confidential": lambda case: Case.objects.filter(pk=case.pk).update(confidential=True),
    "protected": lambda case: Case.objects.filter(pk=case.pk).update(protected=True),
    "closed": lambda case: Case.objects.filter(pk=case.pk).update(publication_state=Case.Published.CLOSED),
    "type": close_type,
    "category": lambda case: Category.objects.filter(pk=case.category_id or 0).update(publishable=False),
    "organisation": lambda case: Organisation.objects.filter(pk=case.organisation_id).update(publishes=False),
}


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("why", CLOSING)
def test_nothing_is_shown_that_may_not_be_whatever_it_was_when_it_came(cast: Cast, why: str) -> None:
    case = in_review(cast)
    with organisation_scope(cast.motala.pk):
        assert CaseType.objects.filter(code="belysning.lampa").exists()
        CLOSING[why](case)
        with pytest.raises(Invalid) as error:
            show(case, cast)
        assert set(error.value.errors) == {""}
        assert not Publication.objects.exists()


def test_withdrawing_takes_everything_away_at_once(cast: Cast) -> None:
    case = in_review(cast)
    with organisation_scope(cast.motala.pk):
        photo = Photo.objects.create(case=case, file=factories.make_file())
        show(case, cast, photo_ids=[photo.pk])
        withdraw(case_id=case.pk, by=cast.kim.actor, reason="Grannen hörde av sig.")
        assert Case.objects.get().publication_state == Case.Published.WITHDRAWN
        assert not Case.objects.published().exists()
        assert not Publication.objects.exists()
        assert not Photo.objects.get().published
        events = Event.objects.count()
        withdraw(case_id=case.pk, by=cast.kim.actor)
        assert Event.objects.count() == events
        show(case, cast)  # reviewed anew
        assert Case.objects.published().exists()


def test_declining_is_for_what_waits_and_can_be_thought_over(cast: Cast) -> None:
    case = in_review(cast)
    with organisation_scope(cast.motala.pk):
        decline_publication(case_id=case.pk, by=cast.kim.actor)
        decline_publication(case_id=case.pk, by=cast.kim.actor)
        assert Event.objects.filter(verb="case.publication_declined").count() == 1
        show(case, cast)
        with pytest.raises(Invalid):
            decline_publication(case_id=case.pk, by=cast.kim.actor)
        assert Publication.objects.exists()


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("deed", [decline_publication, withdraw])
def test_a_case_that_was_never_meant_for_others_cannot_be_opened_by_a_detour(
    cast: Cast, deed: Callable[..., Case]
) -> None:
    for values in ({"publish": False}, {"publish": True, "reporter": NewReporter(protected=True)}):
        case = make_case(cast.motala, **values).case
        with organisation_scope(cast.motala.pk):
            with pytest.raises(Invalid):
                deed(case_id=case.pk, by=cast.kim.actor)
            with pytest.raises(Invalid):
                show(case, cast)
            assert Case.objects.get(pk=case.pk).publication_state == Case.Published.CLOSED


@pytest.mark.requirement("X1")
def test_another_organisations_case_does_not_exist(cast: Cast) -> None:
    case = in_review(cast)
    with organisation_scope(cast.mjolby.pk):
        for deed in (decline_publication, withdraw):
            with pytest.raises(NotFound):
                deed(case_id=case.pk, by=cast.outsider.actor)
        with pytest.raises(LyhordError):
            show(case, cast)
