"""A case turns out to be something else."""

import pytest

from lyhord.accounts.models import User
from lyhord.audit.models import Event
from lyhord.cases.actions import change_state, convert, publish, reply
from lyhord.cases.models import Case, CaseType, Message, Publication
from lyhord.cases.queries import by_follow_code
from lyhord.cases.states import State
from lyhord.core.clock import today
from lyhord.core.errors import Conflict, Invalid
from lyhord.core.tenancy import organisation_scope
from tests import factories
from tests.conftest import Cast
from tests.factories import make_case

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("4.13")]


def test_a_complaint_that_is_a_fault_keeps_everything(cast: Cast) -> None:
    done = make_case(cast.motala, email="asta@example.se", type="klagomal", category="trafik")
    with organisation_scope(cast.motala.pk):
        reply(case_id=done.case.pk, text="Vi tittar på det.", by=cast.sara.actor)
        before = Case.objects.get()
        case = convert(case_id=before.pk, type_code="belysning.lampa", by=cast.sara.actor, revision=before.revision)
        case = Case.objects.get()
        assert (case.kind, case.case_type.code) == ("felanmalan", "belysning.lampa")
        assert case.version == case.case_type.current
        assert case.category
        assert case.category.code == "belysning"
        for kept in ("number", "text", "title", "unit_id", "answer_by", "registered_at", "state", "answered_at"):
            assert getattr(case, kept) == getattr(before, kept), kept
        assert by_follow_code(done.code) == case
        assert Message.objects.count() == 1
        event = Event.objects.latest("pk")
        assert event.data == {
            "before": "klagomal",
            "after": "belysning.lampa",
            "before_name": "Klagomål",
            "after_name": "Släckt gatubelysning",
            "before_kind": "klagomal",
            "after_kind": "felanmalan",
        }
        verbs = list(Event.objects.all().about("case", case.pk).values_list("verb", flat=True))
        assert verbs == ["case.registered", "case.replied", "case.converted"]


@pytest.mark.parametrize("before", ["belysning.lampa", "klagomal", "berom", "forslag", "fraga"])
@pytest.mark.parametrize("after", ["belysning.lampa", "klagomal", "berom", "forslag", "fraga"])
def test_every_kind_into_every_other(cast: Cast, before: str, after: str) -> None:
    case = make_case(cast.motala, type=before).case
    with organisation_scope(cast.motala.pk):
        if before == after:
            with pytest.raises(Invalid):
                convert(case_id=case.pk, type_code=after, by=cast.sara.actor)
        else:
            converted = convert(case_id=case.pk, type_code=after, by=cast.sara.actor)
            assert converted.kind == CaseType.objects.get(code=after).kind


def test_what_was_answered_stays_readable_for_staff(cast: Cast) -> None:
    case = make_case(cast.motala, answers={"danger": False, "lamps": 3}).case
    with organisation_scope(cast.motala.pk):
        convert(case_id=case.pk, type_code="klagomal", by=cast.sara.actor)
        kept = Message.objects.get()
        assert kept.side == "internal"
        assert kept.author == cast.sara
        assert "Släckt gatubelysning" in kept.text
        assert "Är någon i fara just nu? Nej" in kept.text
        assert "Hur många lampor? 3" in kept.text
        assert Case.objects.get().answers == {"danger": False, "lamps": 3}
        convert(case_id=case.pk, type_code="berom", by=cast.sara.actor)
        assert Message.objects.count() == 1  # a complaint asked nothing
        assert "lampor" not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_state_that_the_new_kind_does_not_have_becomes_the_nearest(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        change_state(case_id=case.pk, to=State.PLANNED, by=cast.sara.actor, reason="I dag", until=today())
        convert(case_id=case.pk, type_code="berom", by=cast.sara.actor)
        changed = Case.objects.get()
        assert (changed.state, changed.state_reason, changed.state_until) == (State.IN_PROGRESS, "", None)


def test_what_cannot_be(cast: Cast) -> None:
    case = make_case(cast.motala).case
    with organisation_scope(cast.motala.pk):
        CaseType.objects.filter(code="berom").update(active=False)
        CaseType.objects.create(code="tom", kind="fraga")
        for code in ("finns-inte", "berom", "tom", ""):
            with pytest.raises(Invalid) as error:
                convert(case_id=case.pk, type_code=code, by=cast.sara.actor)
            assert set(error.value.errors) == {"case_type"}
        with pytest.raises(Conflict):
            convert(case_id=case.pk, type_code="klagomal", by=cast.sara.actor, revision=7)


@pytest.mark.requirement("X2", "4.11")
@pytest.mark.parametrize("confidential", [True, False])
@pytest.mark.parametrize("published", [True, False])
def test_a_type_that_is_not_shown_closes_what_was(cast: Cast, confidential: bool, published: bool) -> None:
    case = make_case(cast.motala, publish=True).case
    with organisation_scope(cast.motala.pk):
        factories.make_type("hemligt", "klagomal", "Hemligt", confidential=confidential, publication={"allowed": False})
        if published:
            show(case, cast.kim)
        convert(case_id=case.pk, type_code="hemligt", by=cast.sara.actor)
        changed = Case.objects.get()
        assert changed.confidential is confidential
        assert changed.publication_state == Case.Published.CLOSED
        assert not Publication.objects.exists()
        convert(case_id=case.pk, type_code="klagomal", by=cast.sara.actor)
        assert Case.objects.get().confidential is confidential  # opened by moving it, never by a change of words
        with pytest.raises(Invalid):
            show(case, cast.kim)


def show(case: Case, user: User) -> None:
    publish(case_id=case.pk, title="Rubrik", text="Text.", by=user.actor)
