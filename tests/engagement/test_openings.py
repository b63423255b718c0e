"""Opening, closing, and telling what it led to."""

from datetime import timedelta

import pytest

from lyhord.audit.models import Event
from lyhord.core.clock import today
from lyhord.core.errors import Invalid, NotFound
from lyhord.engagement import actions
from lyhord.engagement.actions import OpeningValues
from lyhord.engagement.hand_over import document
from lyhord.engagement.mechanism import MECHANISMS
from lyhord.engagement.models import Opening, Step
from lyhord.engagement.reactions import move_along, tell_who_follows
from lyhord.following.models import News
from lyhord.matters.actions import make_matter, merge
from lyhord.matters.models import Matter
from lyhord.organisations.models import Organisation
from tests.dropping import dropped
from tests.engagement.conftest import TEST, Open, Speak

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.22", "3.23", "P30")]


def test_each_is_one_file_and_two_need_settings(matter: Matter) -> None:
    with dropped("mechanisms"):
        assert MECHANISMS.slugs()[:2] == ["reaction", "poll"]
        values = OpeningValues(question="Vad tycker du?")
        assert actions.save_opening(matter_id=matter.pk, mechanism="dropped", values=values, by=TEST).pk
    for slug in MECHANISMS.slugs():
        mechanism = MECHANISMS.get(slug)
        assert str(mechanism.label)
        assert str(mechanism.help)
        assert mechanism.by_choice is bool(mechanism.choices({"options": ["a", "b"]}))


def test_what_is_wrong_is_said_all_at_once(matter: Matter) -> None:
    values = OpeningValues(
        question=" ",
        stage="finns inte",
        opens_on=today(),
        closes_on=today() - timedelta(days=1),
        unit_code="finns-inte",
        settings={"options": "En\nen"},
    )
    with pytest.raises(Invalid) as wrong:
        actions.save_opening(matter_id=matter.pk, mechanism="poll", values=values, by=TEST)
    assert set(wrong.value.errors) == {"question", "stage", "closes_on", "unit_code", "options"}
    for mechanism, matter_id in (("finns-inte", matter.pk), ("poll", matter.pk + 999)):
        with pytest.raises(NotFound):
            actions.save_opening(
                matter_id=matter_id, mechanism=mechanism, values=OpeningValues(question="Vad?"), by=TEST
            )


@pytest.mark.parametrize("options", ["", "En", "\n".join(map(str, range(11))), f"En\n{'x' * 101}"])
def test_answers_of_a_poll(matter: Matter, opened: Open, options: str) -> None:
    with pytest.raises(Invalid) as wrong:
        opened("poll", settings={"options": options})
    assert set(wrong.value.errors) == {"options"}


def test_answers_stay_once_somebody_has_chosen(opened: Open, speak: Speak) -> None:
    poll = opened("poll")
    changed = OpeningValues(question="Bättre fråga?", settings={"options": "Ja\nNej"})
    actions.save_opening(matter_id=poll.matter_id, mechanism="poll", values=changed, opening_id=poll.pk, by=TEST)
    speak(poll, choice="1")
    values = OpeningValues(question="Fråga?", settings={"options": "Nej\nJa"})
    with pytest.raises(Invalid):
        actions.save_opening(matter_id=poll.matter_id, mechanism="poll", values=values, opening_id=poll.pk, by=TEST)
    values = OpeningValues(question="Bästa frågan?", settings={"options": "Ja\nNej"})
    actions.save_opening(matter_id=poll.matter_id, mechanism="poll", values=values, opening_id=poll.pk, by=TEST)


def test_the_outcome_closes_and_is_news(opened: Open, motala: Organisation) -> None:
    row = opened("reaction", question="Vad tycker du om parken?")
    for event in Event.objects.filter(verb="matter.opening_opened"):
        tell_who_follows(event)
        tell_who_follows(event)
    with pytest.raises(Invalid) as wrong:
        actions.tell_outcome(opening_id=row.pk, text="", influence="mycket", by=TEST)
    assert set(wrong.value.errors) == {"outcome", "influence"}
    for _ in range(2):
        told = actions.tell_outcome(opening_id=row.pk, text="Fler bänkar.", influence="changed", by=TEST)
    assert (told.state, told.outcome_at is not None) == (Opening.State.CLOSED, True)
    tell_who_follows(Event.objects.get(verb="matter.outcome_told"))
    news = list(News.objects.order_by("pk").values_list("what", "path", "level"))
    path = f"/delta/{row.matter_id}/{row.pk}/"
    assert news == [
        ("Säg vad du tycker: Vad tycker du om parken?", path, 3),
        ("Så här blev det: Vad tycker du om parken?", path, 3),
    ]


def test_no_news_where_it_is_not_turned_on(opened: Open, motala: Organisation) -> None:
    Organisation.objects.filter(pk=motala.pk).update(features={})
    opened("reaction")
    tell_who_follows(Event.objects.get(verb="matter.opening_opened"))
    assert not News.objects.exists()


def test_what_was_opened_goes_along_when_matters_are_merged(opened: Open, matter: Matter) -> None:
    row = opened("reaction")
    actions.make_plan(matter_id=matter.pk, method="dialogue", starts_on=today(), by=TEST)
    into = make_matter(title="Samma park", kind="general", by=TEST)
    merge(matter_id=matter.pk, into_id=into.pk, by=TEST)
    event = Event.objects.get(verb="matter.merged")
    move_along(event)
    move_along(event)
    row.refresh_from_db()
    assert row.matter_id == into.pk
    assert set(Step.objects.values_list("matter_id", flat=True)) == {into.pk}
    assert Event.objects.filter(verb="matter.openings_joined").count() == 1


def test_the_document_has_everything_and_everybody(opened: Open, speak: Speak) -> None:
    row = opened("consultation")
    first = speak(row, text="Spara ekarna.", name="Anna Ek", address="Storgatan 1")
    speak(row, text="Bygg inte.", name="Bo Alm", address="bo@exempel.se")
    actions.review(act_id=first.pk, show=False, by=TEST)
    made = document(row)
    assert [(one.number, one.act.name, one.act.text) for one in made.entries] == [
        (1, "Anna Ek", "Spara ekarna."),
        (2, "Bo Alm", "Bygg inte."),
    ]
    assert actions.hand_over(opening_id=row.pk, by=TEST).handed_over_at
    assert Event.objects.get(verb="matter.opening_handed_over").data["acts"] == 2
    poll = opened("poll")
    for choice in "1113":
        speak(poll, choice=choice)
    assert [count for _label, count in document(poll).choices] == [3, 0, 1]


def test_a_matter_by_hand(motala: Organisation) -> None:
    made = make_matter(title=" En  lekplats ", kind="plan", text="Vid ån.", by=TEST)
    assert (made.title, made.stage, made.last_on) == ("En lekplats", "started", today())
    with pytest.raises(Invalid) as wrong:
        make_matter(title="", kind="formal", text="x" * 5001, by=TEST)
    assert set(wrong.value.errors) == {"title", "kind", "text"}
