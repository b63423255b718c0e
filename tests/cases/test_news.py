"""Published cases in alerts: told by what others may read, once, and never again once it is taken back."""

from random import Random
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from lyhord.cases import actions
from lyhord.cases.actions.follow import count_followers
from lyhord.cases.actions.secrecy import close_unit
from lyhord.cases.models import Case
from lyhord.cases.news import make_news
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.following import profile_actions
from lyhord.following.actions import follow_as_owner
from lyhord.following.facts import CASES, MATTERS, Facts
from lyhord.following.feed import of_profile, would_have_been
from lyhord.following.models import Match, News, Profile
from lyhord.following.rule import Circle, Rule
from lyhord.following.tasks import tell_of
from lyhord.jobs.models import Job
from lyhord.notifications.models import Notice
from lyhord.organisations.models import Organisation, Unit
from lyhord.places.models import Area
from tests import factories
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P4")]
SOMEBODY, SARA = Actor.resident(), Actor.system("test")
HERE = factories.MOTALA
NEAR = Circle(HERE[0] + 0.0009, HERE[1], 500.0, "hemma")  # a hundred metres north
NEARBY = Rule(circles=(NEAR,), about=(CASES,))


def alert(rule: Rule = NEARBY, *, email: str = "anna@exempel.se", level: int = 1) -> Profile:
    """Somebody's, who has said yes."""
    made = profile_actions.watch(
        sender="email", address=email, language="sv", name="hemma", rule=rule, level=level, by=SOMEBODY
    )
    return profile_actions.confirm(token=made.token, by=SOMEBODY)


def report(organisation: Organisation, text: str = "Lampan är släckt.", **values: Any) -> Case:
    """A case that its reporter lets others read."""
    return factories.make_case(organisation, text, publish=True, **values).case


def show(case: Case, **values: Any) -> None:
    """Publish it, or what has been changed."""
    said = {"title": "Släckt lampa", "text": "Lampan vid torget är släckt.", **values}
    actions.publish(case_id=case.pk, by=SARA, warned=True, **said)


def jobs() -> None:
    """What the worker does with news."""
    for name, task in (("make_news", make_news), ("tell_of", tell_of)):
        for job in Job.objects.filter(task__endswith=f".{name}").order_by("pk"):
            task.func(**job.kwargs)


def told() -> list[str]:
    """To whom news went."""
    return sorted(Notice.objects.filter(kind="news").exclude(state="cancelled").values_list("address", flat=True))


def test_who_is_near_hears_of_it_and_why_and_nobody_else(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = alert()
        alert(Rule(circles=(Circle(HERE[0] + 0.05, HERE[1], 500.0),), about=(CASES,)), email="far@exempel.se")
        alert(Rule(circles=(NEAR,)), email="beslut@exempel.se")  # of decisions only
        alert(Rule(words=("gunga",), about=(CASES,)), email="ord@exempel.se")
        case = report(motala)
        jobs()
        assert told() == []
        show(case)
        jobs()
        assert told() == ["anna@exempel.se"]
        [entry] = of_profile(mine, most=9)
        assert entry.reason == "Vintergatan 12, 100 m från hemma"
        notice = Notice.objects.get(kind="news")
        assert notice.subject == "Släckt lampa: Nytt ärende"
        assert notice.link.endswith(f"/arenden/{case.number}/")
        assert "Därför får du detta: Vintergatan 12, 100 m från hemma." in notice.body
        assert would_have_been(mine) == of_profile(mine, most=9)


def test_every_way_to_choose(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        district = Area.objects.get(kind="district")
        here = [[15.03, 58.53], [15.04, 58.53], [15.04, 58.54], [15.03, 58.54], [15.03, 58.53]]
        drawn = factories.make_area("eget", "hamnen", "Hamnen", here)
        other = factories.make_area("eget", "norr", "Norr", [[16, 59], [16.1, 59], [16.1, 59.1], [16, 59]])
        wishes = {
            "omrade": (Rule(areas=(district.pk,), about=(CASES,)), "Varamon"),
            "ritat": (Rule(areas=(drawn.pk,), about=(CASES,)), "Hamnen"),
            "annanstans": (Rule(areas=(other.pk,), about=(CASES,)), ""),
            "kategori": (Rule(sorts=("category:belysning",), about=(CASES,)), "Belysning"),
            "typ": (Rule(sorts=("type:belysning.lampa",), about=(CASES,)), "Släckt gatubelysning"),
            "annan-typ": (Rule(sorts=("type:ovrigt",), about=(CASES,)), ""),
            "ord": (Rule(words=("lampor",), about=(CASES,)), "ordet “lampor”"),
            "bada": (Rule(sorts=("category:belysning",), circles=(NEAR,), about=(MATTERS, CASES)), "Belysning, Vinter"),
            "allt": (Rule(about=(CASES,)), "allt som händer"),
        }
        made = {name: alert(rule, email=f"{name}@exempel.se") for name, (rule, _why) in wishes.items()}
        case = report(motala)
        show(case)
        jobs()
        for name, (_rule, why) in wishes.items():
            found = of_profile(made[name], most=2)
            assert bool(found) == bool(why), name
            assert not found or found[0].reason.startswith(why), (name, found[0].reason)


def test_what_was_masked_is_in_no_word_and_nothing_is_told_before_it_is_shown(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        alert(Rule(words=("grannen", "femman"), about=(CASES,)))
        case = report(motala, "Grannen i femman har släckt lampan. Ring 070-123 45 67.")
        jobs()
        show(case)
        jobs()
        assert told() == []
        [news] = News.objects.all()
        assert "grann" not in str(news.facts)
        assert "femman" not in str(news.facts) + news.title


def test_an_answer_that_all_may_read_and_the_end_are_news_and_a_correction_is_not(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        mine = alert()
        ended = alert(level=3, email="viktigast@exempel.se")
        case = report(motala)
        show(case)
        show(case, title="Släckt gatlampa")
        actions.reply(case_id=case.pk, text="Vi byter den.", by=SARA)  # between the reporter and us
        show(case, answer="Vi byter den på torsdag.")
        show(case, answer="Vi byter den på fredag.")
        actions.change_state(case_id=case.pk, to=State.RESOLVED, closing={"measure": "Bytt lampa"}, by=SARA)
        jobs()
        assert [one.news.what for one in of_profile(mine, most=9)] == ["Åtgärdad", "Svar från kommunen", "Nytt ärende"]
        assert [one.news.what for one in of_profile(ended, most=9)] == ["Åtgärdad"]


@pytest.mark.requirement("X2")
def test_what_was_taken_out_of_the_text_is_out_of_feeds_and_of_what_waits(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        near = alert()
        by_name = alert(Rule(words=("Svensson",), about=(CASES,)), email="ord@exempel.se")
        case = report(motala)
        show(case, title="Släckt lampa hos Svensson", text="Hos Svensson är lampan släckt.")
        jobs()
        assert (len(of_profile(near, most=9)), len(of_profile(by_name, most=9))) == (1, 1)
        show(case)
        jobs()
        [entry] = of_profile(near, most=9)
        assert (entry.news.title, entry.reason) == ("Släckt lampa", "Vintergatan 12, 100 m från hemma")
        assert of_profile(by_name, most=9) == []
        assert not [row for row in News.objects.values() if "svensson" in str(row).lower()]
        waiting = Notice.objects.get(kind="news", address="anna@exempel.se")
        assert waiting.state == "held"
        assert waiting.subject == "Släckt lampa: Nytt ärende"
        assert "Svensson" not in waiting.body
        assert Notice.objects.filter(kind="news").count() == 2  # nobody is told anew


@pytest.mark.parametrize("how", ["withdraw", "protect", "move", "unit"])
def test_what_is_shown_no_more_leaves_feeds_and_what_waits(motala: Organisation, how: str) -> None:
    with organisation_scope(motala.pk):
        mine = alert()
        case = report(motala)
        show(case)
        jobs()
        assert (told(), Match.objects.count()) == (["anna@exempel.se"], 1)
        match how:
            case "withdraw":
                actions.withdraw(case_id=case.pk, by=SARA)
            case "protect":
                actions.protect(case_id=case.pk, by=SARA)
            case "move":
                actions.move(case_id=case.pk, unit_id=Unit.objects.get(confidential=True).pk, by=SARA, reason="x")
            case "unit":
                close_unit(unit_id=case.unit_id, by=SARA)
        jobs()
        assert told() == []
        assert not News.objects.exists()
        assert not Match.objects.exists()
        assert would_have_been(mine) == []
        case.refresh_from_db()
        actions.change_state(case_id=case.pk, to=State.RESOLVED, closing={"measure": "Bytt lampa"}, by=SARA)
        jobs()
        assert not News.objects.exists()


def test_what_is_taken_back_before_the_job_has_run_is_never_told(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        alert()
        case = report(motala)
        show(case)
        actions.withdraw(case_id=case.pk, by=SARA)
        jobs()
        assert (told(), News.objects.count()) == ([], 0)


def test_who_follows_it_hears_by_its_own_messages_and_who_wants_nothing_hears_nothing(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        alerts = {name: alert(email=f"{name}@exempel.se") for name in ("anna", "bo", "cia")}
        case = report(motala, email="cia@exempel.se")  # her own
        show(case)
        jobs()
        assert told() == ["anna@exempel.se", "bo@exempel.se"]
        follow_as_owner(subject_type="case", subject_id=case.pk, contact=alerts["bo"].contact, level=1, by=SOMEBODY)
        profile_actions.quieten(token=alerts["anna"].token, news_id=News.objects.get().pk, quiet=True, by=SOMEBODY)
        count_followers(case_id=case.pk, by=SOMEBODY)
        Notice.objects.all().delete()
        actions.change_state(
            case_id=case.pk, to=State.RESOLVED, message="Klart.", closing={"measure": "Bytt lampa"}, by=SARA
        )
        jobs()
        assert told() == []
        changed = Notice.objects.filter(kind="followed_case_changed").values_list("address", flat=True)
        assert list(changed) == ["bo@exempel.se"]


def test_what_may_not_be_shown_is_never_news(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        alert(Rule(about=(MATTERS, CASES)))
        private = factories.make_case(motala).case
        actions.change_state(case_id=private.pk, to=State.RESOLVED, closing={"measure": "Bytt lampa"}, by=SARA)
        actions.reply(case_id=private.pk, text="Tack.", by=SARA)
        jobs()
        assert not News.objects.exists()


@pytest.mark.requirement("X1")
def test_no_word_of_it_reaches_another_organisation(cast: Cast) -> None:
    with organisation_scope(cast.mjolby.pk):
        theirs = alert(Rule(about=(MATTERS, CASES)))
    with organisation_scope(cast.motala.pk):
        show(report(cast.motala))
        jobs()
        assert News.objects.count() == 1
    with organisation_scope(cast.mjolby.pk):
        jobs()
        assert (of_profile(theirs, most=9), would_have_been(theirs), told()) == ([], [], [])


@pytest.mark.parametrize("seed", range(2))
def test_cases_find_whom_the_rule_in_plain_python_finds(motala: Organisation, seed: int) -> None:
    """Whole cases, published anywhere in the town, against interests of every shape."""
    dice = Random(seed)
    words = ("lampa", "grop", "gatan", "parken", "släckt lampa", "bänk")
    kinds = ("belysning.lampa", "ovrigt")
    with organisation_scope(motala.pk):
        made = [
            alert(
                Rule(
                    words=tuple(dice.sample(words, dice.randint(0, 2))),
                    sorts=tuple(dice.sample([f"type:{code}" for code in kinds], dice.randint(0, 1))),
                    circles=tuple(
                        Circle(HERE[0] + dice.uniform(-0.01, 0.01), HERE[1] + dice.uniform(-0.02, 0.02), radius)
                        for radius in dice.sample((100, 500, 2000), dice.randint(0, 2))
                    ),
                    either=dice.random() < 0.3,
                    about=dice.choice(((CASES,), (MATTERS, CASES), (MATTERS,))),
                ),
                email=f"{number}@exempel.se",
            )
            for number in range(30)
        ]
        found = 0
        for number in range(8):
            at = (HERE[0] + dice.uniform(-0.01, 0.01), HERE[1] + dice.uniform(-0.02, 0.02))
            case = report(motala, type=dice.choice(kinds), at=at)
            show(case, title=f"Ärende {number}", text=" ".join(dice.sample(words, 2)))
            jobs()
            news = News.objects.latest("pk")
            facts = Facts.from_json(news.facts)
            expected = {one.pk for one in made if Rule.from_json(one.rule).reason(facts)}
            assert set(Match.objects.filter(news_id=news.pk).values_list("profile_id", flat=True)) == expected
            found += len(expected)
        assert found


def test_so_many_questions_to_the_database(
    motala: Organisation, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with organisation_scope(motala.pk):
        for number in range(12):
            alert(email=f"{number}@exempel.se")
        case = report(motala)
        show(case)
        job = Job.objects.get(task__endswith=".make_news")
    with django_assert_max_num_queries(18):
        make_news.func(**job.kwargs)
    with organisation_scope(motala.pk):
        telling = Job.objects.get(task__endswith=".tell_of")
    with django_assert_max_num_queries(20):  # however many are told
        tell_of.func(**telling.kwargs)
