"""The method library, a plan on a matter, and what was learnt."""

from datetime import date, timedelta

import pytest

from lyhord.core.clock import today
from lyhord.core.errors import Invalid, NotFound
from lyhord.engagement import actions
from lyhord.engagement.mechanism import MECHANISMS
from lyhord.engagement.methods import methods
from lyhord.engagement.models import Evaluation, Step
from lyhord.engagement.queries import coming_steps, steps_of
from lyhord.matters.models import Matter
from tests.engagement.conftest import TEST

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.24")]
MONDAY = date(2026, 11, 30)


def test_the_library_goes_from_information_to_co_decision() -> None:
    assert list(methods()) == ["information", "consultation", "dialogue", "involvement", "co_decision"]
    for method in methods().values():
        days = [step.day for step in method.steps]
        assert days == sorted(days)
        assert days[0] == 0
        assert len({step.code for step in method.steps}) == len(days)
        assert {step.mechanism for step in method.steps} - {""} <= set(MECHANISMS.slugs())
        assert method.steps[-1].code == "evaluate"
        assert len(method.evaluation) >= 6
        texts = [method.name, method.promise, method.when, method.not_when, *(step.title for step in method.steps)]
        for words in [*texts, *(asked.text for asked in method.evaluation)]:
            assert set(words.by_language) == {"sv", "en"}
            assert words("fi") == words("sv")


def test_a_method_is_put_on_the_matter(matter: Matter) -> None:
    steps = actions.make_plan(matter_id=matter.pk, method="consultation", starts_on=MONDAY, by=TEST)
    planned = [(step.code, step.due_on) for step in steps]
    assert planned == [(step.code, MONDAY + timedelta(days=step.day)) for step in methods()["consultation"].steps]
    actions.set_step(step_id=steps[0].pk, due_on=MONDAY, done=True, by=TEST)
    actions.make_plan(matter_id=matter.pk, method="consultation", starts_on=MONDAY + timedelta(days=7), by=TEST)
    assert [step.due_on for step in steps_of(matter)][:2] == [MONDAY, MONDAY + timedelta(days=8)]
    actions.make_plan(matter_id=matter.pk, method="dialogue", starts_on=MONDAY, by=TEST)
    actions.drop_plan(matter_id=matter.pk, method="consultation", by=TEST)
    assert set(Step.objects.values_list("method", "code")) == {
        ("consultation", "plain"),
        *(("dialogue", step.code) for step in methods()["dialogue"].steps),
    }


def test_residents_see_what_is_coming(matter: Matter) -> None:
    actions.make_plan(matter_id=matter.pk, method="involvement", starts_on=today(), by=TEST)
    coming = coming_steps(matter)
    assert [step.code for step in coming] == ["ideas", "map", "work", "vote", "told"]
    actions.set_step(step_id=coming[0].pk, due_on=coming[0].due_on, done=True, by=TEST)
    assert [step.code for step in coming_steps(matter)] == ["map", "work", "vote", "told"]


def test_nonsense(matter: Matter) -> None:
    with pytest.raises(Invalid):
        actions.make_plan(matter_id=matter.pk, method="magi", starts_on=MONDAY, by=TEST)
    with pytest.raises(NotFound):
        actions.make_plan(matter_id=matter.pk + 9, method="dialogue", starts_on=MONDAY, by=TEST)
    with pytest.raises(NotFound):
        actions.set_step(step_id=9_999_999, due_on=MONDAY, done=True, by=TEST)
    with pytest.raises(NotFound):
        actions.evaluate(matter_id=matter.pk, method="magi", answers={}, by=TEST)


def test_what_was_learnt_is_kept(matter: Matter) -> None:
    with pytest.raises(Invalid):
        actions.evaluate(matter_id=matter.pk, method="dialogue", answers={"reached": " "}, by=TEST)
    with pytest.raises(Invalid) as wrong:
        actions.evaluate(matter_id=matter.pk, method="dialogue", answers={"reached": "x" * 2001}, by=TEST)
    assert set(wrong.value.errors) == {"reached"}
    for text in ("Få unga.", "Inga unga."):
        answers = {"reached": text, "heard": "", "nonsense": "x"}
        actions.evaluate(matter_id=matter.pk, method="dialogue", answers=answers, by=TEST)
    assert Evaluation.objects.get().answers == {"reached": "Inga unga."}
