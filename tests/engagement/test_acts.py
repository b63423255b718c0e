"""What residents do at an opening: once from each device, only while it is open, and nothing of who they are."""

from datetime import timedelta

import pytest

from lyhord.audit.models import Event
from lyhord.cases.models import Case
from lyhord.core.clock import today
from lyhord.core.errors import Conflict, Invalid, NotAllowed, NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.engagement import actions
from lyhord.engagement.actions import Said
from lyhord.engagement.actions.acts import ALREADY
from lyhord.engagement.mechanism import MECHANISMS
from lyhord.engagement.models import Act, Opening, Support
from lyhord.engagement.sameness import genuine_device, key_of, new_device
from lyhord.matters.actions import set_stage
from lyhord.matters.models import CaseLink, Matter
from lyhord.organisations.models import Organisation
from lyhord.places.point import Point
from tests import factories
from tests.engagement.conftest import TEST, Open, Speak

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.22", "3.23", "P30")]
WHO = {"name": "Anna Ek", "address": "anna@exempel.se"}


class TestChoosing:
    """One press."""

    def test_one_vote_from_a_device(self, opened: Open) -> None:
        poll = opened("poll")
        said = Said(key=key_of(poll.pk, "device", "a"), choice="1")
        act = actions.take_part(opening_id=poll.pk, said=said, by=TEST)
        assert (act.state, act.choice, act.text) == (Act.State.COUNTED, "1", "")
        for choice in ("1", "2"):
            with pytest.raises(Conflict) as refused:
                actions.take_part(opening_id=poll.pk, said=Said(key=said.key, choice=choice), by=TEST)
            assert refused.value.code == ALREADY
        assert Act.objects.count() == 1

    @pytest.mark.parametrize("choice", ["", "4", "good", "1 "])
    def test_only_what_is_offered(self, opened: Open, speak: Speak, choice: str) -> None:
        with pytest.raises(Invalid) as wrong:
            speak(opened("poll"), choice=choice)
        assert set(wrong.value.errors) == {"choice"}

    def test_a_device_is_another_at_each_opening(self, opened: Open) -> None:
        device = new_device()
        assert genuine_device(device) == device
        assert genuine_device(f"{'0' * 44}{device[44:]}") == genuine_device("x") == ""
        keys = {key_of(opened(slug).pk, "device", device) for slug in ("poll", "reaction")}
        assert len(keys) == 2

    def test_nothing_of_who_in_the_log(self, opened: Open, speak: Speak) -> None:
        speak(opened("reaction"), choice="good", **WHO)
        event = Event.objects.get(verb="matter.said")
        assert (event.actor_kind, event.subject_type) == (TEST.kind, "matter")
        assert "Anna" not in str(event.data)
        assert set(event.data) == {"opening", "mechanism", "act"}
        assert Act.objects.get().name == ""


class TestWhen:
    """Only while it is open."""

    def test_between_its_days(self, opened: Open, speak: Speak) -> None:
        day = timedelta(days=1)
        for opens, closes in ((today() + day, None), (None, today() - day)):
            late = opened("reaction", opens_on=opens, closes_on=closes)
            with pytest.raises(Conflict):
                speak(late, choice="good")
        speak(opened("reaction", opens_on=today(), closes_on=today()), choice="good")

    def test_at_its_stage(self, opened: Open, speak: Speak, matter: Matter) -> None:
        tied = opened("reaction", stage="consultation")
        with pytest.raises(Conflict):
            speak(tied, choice="good")
        set_stage(matter_id=matter.pk, stage_code="consultation", occurred_on=today(), by=TEST)
        assert speak(tied, choice="good").stage == "consultation"

    def test_no_draft_nothing_closed_nothing_hidden(self, opened: Open, speak: Speak, matter: Matter) -> None:
        with pytest.raises(NotFound):
            speak(opened("reaction", state="draft"), choice="good")
        row = opened("reaction")
        actions.switch_opening(opening_id=row.pk, state=Opening.State.CLOSED, by=TEST)
        with pytest.raises(Conflict):
            speak(row, choice="good")
        actions.switch_opening(opening_id=row.pk, state=Opening.State.OPEN, by=TEST)
        Matter.objects.filter(pk=matter.pk).update(hidden=True)
        with pytest.raises(NotFound):
            speak(row, choice="good")

    def test_another_organisation_s_is_not_there(self, opened: Open) -> None:
        row = opened("reaction")
        other = factories.make_organisation("mjolby")
        with organisation_scope(other.pk), pytest.raises(NotFound):
            actions.take_part(opening_id=row.pk, said=Said(key=b"x" * 16, choice="good"), by=TEST)


class TestWords:
    """Words wait until somebody has read them."""

    def test_the_same_form_twice_is_one(self, opened: Open) -> None:
        ideas = opened("idea")
        said = Said(key=b"f" * 16, text="  Plantera\u200b äppelträd ")
        first = actions.take_part(opening_id=ideas.pk, said=said, by=TEST)
        again = actions.take_part(opening_id=ideas.pk, said=said, by=TEST)
        assert (first.pk, first.text, first.state) == (again.pk, "Plantera äppelträd", Act.State.WAITING)
        assert Event.objects.filter(verb="matter.said").count() == 1

    @pytest.mark.parametrize("slug", [one.slug for one in MECHANISMS if not one.by_choice])
    def test_every_mechanism_of_words(self, opened: Open, speak: Speak, slug: str) -> None:
        row, mechanism = opened(slug), MECHANISMS.get(slug)
        for text in ("", "x" * (mechanism.most_letters + 1)):
            with pytest.raises(Invalid) as wrong:
                speak(row, text=text, place_text="Bakom torget", **WHO)
            assert set(wrong.value.errors) == {"text"}
        act = speak(row, text="Bra.", place_text="Bakom torget", **WHO)
        assert act.state == Act.State.WAITING
        assert bool(act.place_text) is mechanism.asks_place
        assert bool(act.name) is (mechanism.asks_who or mechanism.becomes_case)

    def test_a_pin_needs_a_place_and_knows_its_district(self, opened: Open, speak: Speak) -> None:
        square = [[15.0, 58.5], [15.1, 58.5], [15.1, 58.6], [15.0, 58.6], [15.0, 58.5]]
        area = factories.make_area("district", "strand", "Stranden", square)
        pins = opened("pin")
        with pytest.raises(Invalid) as wrong:
            speak(pins, text="Här är det mörkt.")
        assert set(wrong.value.errors) == {"place_text"}
        act = speak(pins, text="Här är det mörkt.", point=Point(58.55, 15.05))
        assert (act.lat, act.lon, act.area) == (58.55, 15.05, area)
        assert speak(pins, text="Här med.", place_text="Vid bron").area is None

    def test_a_consultation_asks_who_and_may_ask_for_a_log_in(self, opened: Open, speak: Speak) -> None:
        with pytest.raises(Invalid) as wrong:
            speak(opened("consultation"), text="Jag tycker så här.")
        assert set(wrong.value.errors) == {"name", "address"}
        with pytest.raises(NotAllowed):
            speak(opened("consultation", formal=True), text="Jag tycker så här.", **WHO)
        with pytest.raises(Invalid):
            opened("poll", formal=True)


class TestReview:
    """Shown in other words than were written, with an answer; or not."""

    def test_what_is_written_stays(self, opened: Open, speak: Speak) -> None:
        act = speak(opened("idea"), text="Ring Anna på 070-174 06 05.")
        with pytest.raises(Invalid):
            actions.review(act_id=act.pk, show=True, text=" ", by=TEST)
        shown = actions.review(act_id=act.pk, show=True, text="Ring oss.", answer="Det gör vi.", by=TEST)
        assert (shown.state, shown.shown_text, shown.answer) == (Act.State.SHOWN, "Ring oss.", "Det gör vi.")
        hidden = actions.review(act_id=act.pk, show=False, by=TEST)
        assert (hidden.state, hidden.shown_text, hidden.text) == (Act.State.HIDDEN, "", act.text)

    def test_a_choice_has_nothing_to_read(self, opened: Open, speak: Speak) -> None:
        with pytest.raises(NotFound):
            actions.review(act_id=speak(opened("reaction"), choice="bad").pk, show=False, by=TEST)


class TestSupport:
    """Others agree with what is shown."""

    def test_once_from_a_device_and_only_what_is_shown(self, opened: Open, speak: Speak) -> None:
        act = speak(opened("idea"), text="Plantera träd.")
        with pytest.raises(NotFound):
            actions.support(act_id=act.pk, device=b"d" * 16, by=TEST)
        actions.review(act_id=act.pk, show=True, text="Plantera träd.", by=TEST)
        actions.support(act_id=act.pk, device=b"d" * 16, by=TEST)
        with pytest.raises(Conflict) as refused:
            actions.support(act_id=act.pk, device=b"d" * 16, by=TEST)
        assert refused.value.code == ALREADY
        assert Support.objects.count() == 1

    def test_only_where_it_is_meant(self, opened: Open, speak: Speak) -> None:
        act = speak(opened("pin"), text="Mörkt.", place_text="Vid bron")
        actions.review(act_id=act.pk, show=True, text="Mörkt.", by=TEST)
        with pytest.raises(NotFound):
            actions.support(act_id=act.pk, device=b"d" * 16, by=TEST)


class TestQuestion:
    """A question becomes a case."""

    def test_once_with_a_code_and_tied_to_the_matter(self, opened: Open, motala: Organisation, matter: Matter) -> None:
        unit = factories.make_unit("plan", "Planenheten")
        row = opened("question", unit_code="plan")
        said = Said(key=b"q" * 16, text="När byggs parken?", address="Anna@Exempel.se")
        receipts = [actions.ask(opening_id=row.pk, said=said, external_id="x", by=TEST) for _ in range(2)]
        assert receipts[0].number == receipts[1].number
        case = Case.objects.get()
        assert (case.kind, case.unit_id, case.text) == ("fraga", unit.pk, "När byggs parken?")
        assert CaseLink.objects.get().matter_id == matter.pk
        act = Act.objects.get()
        assert (act.case_id, act.address, act.state) == (case.pk, "", Act.State.WAITING)

    def test_an_address_that_is_none(self, opened: Open, motala: Organisation) -> None:
        said = Said(key=b"q" * 16, text="När?", address="anna")
        with pytest.raises(Invalid) as wrong:
            actions.ask(opening_id=opened("question").pk, said=said, external_id="x", by=TEST)
        assert set(wrong.value.errors) == {"address"}
        with pytest.raises(NotFound):
            actions.ask(opening_id=opened("idea").pk, said=said, external_id="x", by=TEST)
