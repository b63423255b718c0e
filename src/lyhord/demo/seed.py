"""Fills the demo by the same actions that people use, with the clock put back."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.tasks import task

from lyhord.accounts.actions import add_member
from lyhord.accounts.models import User
from lyhord.cases import actions
from lyhord.cases.calendar import add_working_days
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Category
from lyhord.cases.states import State
from lyhord.core.actor import Actor
from lyhord.core.clock import local, now, pretend, today, zone
from lyhord.core.tenancy import organisation_scope
from lyhord.demo.mail import take_in_mail
from lyhord.demo.matters import take_in_papers
from lyhord.demo.open311 import let_programs_in
from lyhord.demo.people import PASSWORD, PEOPLE, REPORTERS
from lyhord.demo.said import FAULTS, FEEDBACK, Said
from lyhord.demo.sharing import share_a_queue
from lyhord.demo.texts import let_texts_leave
from lyhord.intake.receive import receive
from lyhord.intake.submission import Submission
from lyhord.organisations.actions import create_organisation
from lyhord.organisations.models import Organisation
from lyhord.organisations.presets import preset
from lyhord.places.models import Address
from lyhord.places.municipalities import municipality
from lyhord.places.point import Point

SEED = Actor.system("demo")
DAYS_BACK = 90


def seed_demo(*, cases: int = 24, later: int = 216) -> list[Organisation]:
    """Make both municipalities; does nothing when they are already there. One transaction: all or nothing.

    A few cases are made at once, so that the demo is ready soon; the rest is a job.
    """
    if Organisation.objects.filter(demo=True).exists():
        return []
    dice = random.Random(1583)  # the demo looks the same each time
    with transaction.atomic():
        password = make_password(PASSWORD)  # once: a good hash is slow on purpose
        motala = _organisation("motala", "0583", ["motala.localhost", "127.0.0.1", "localhost"])
        mjolby = _organisation("mjolby", "0586", ["mjolby.localhost"])
        User.objects.filter(email__in=[person.email for people in PEOPLE.values() for person in people]).update(
            password=password
        )
        _Town(motala, dice).fill(cases)
        _Town(mjolby, dice).fill(cases // 2)
        share_a_queue(motala, mjolby, by=SEED)
        for organisation in (motala, mjolby):
            take_in_mail(organisation, by=SEED)
            let_texts_leave(organisation, by=SEED)
        take_in_papers(motala, by=SEED)
        for organisation, share in ((motala, 2 * later // 3), (mjolby, later // 3)):
            tell_more.enqueue(organisation_id=organisation.pk, count=share)
    return [motala, mjolby]


@task()
def tell_more(organisation_id: int, count: int) -> None:
    """Fill a demo municipality with that many more cases. All or nothing, so running it again after a stop is safe."""
    organisation = Organisation.objects.get(pk=organisation_id)
    with organisation_scope(organisation_id):
        if Case.objects.count() < count:
            _Town(organisation, random.Random(organisation_id)).fill(count)  # the same each time


def _organisation(slug: str, code: str, hosts: list[str]) -> Organisation:
    found = municipality(code)
    organisation = create_organisation(
        slug=slug, code=code, name=found.name, preset=preset(slug), hosts=hosts, by=SEED, lat=found.lat, lon=found.lon
    )
    Organisation.objects.filter(pk=organisation.pk).update(demo=True)
    organisation.demo = True
    with organisation_scope(organisation.pk):
        for person in PEOPLE[slug]:
            add_member(person=person, by=SEED)
        let_programs_in(SEED)
    return organisation


@dataclass(slots=True)
class _Told:
    """One case of the demo while its story is told."""

    case: Case
    said: Said
    at: datetime


class _Town:
    """Tells the stories of one municipality."""

    def __init__(self, organisation: Organisation, dice: random.Random) -> None:
        self.organisation = organisation
        self.dice = dice
        self.centre: list[User] = []

    def fill(self, count: int) -> None:
        """Register and handle that many cases, oldest first."""
        with organisation_scope(self.organisation.pk):
            addresses = list(Address.objects.all())
            areas = list(Category.objects.filter(for_faults=False))
            officers = self._officers()
            self.centre = list(
                User.objects.filter(memberships__role="contact_centre", memberships__organisation=self.organisation)
            )
            moments = sorted(now() - timedelta(minutes=self.dice.uniform(30, DAYS_BACK * 1440)) for _ in range(count))
            for moment in moments:
                said = self.dice.choice(FAULTS) if self.dice.random() < 0.72 else self.dice.choice(FEEDBACK)
                with pretend(_awake(moment)):
                    told = self._say(said, self.dice.choice(addresses), areas)
                self._handle(told, officers)
                self._show(told, officers)

    def _officers(self) -> dict[int, list[User]]:
        found: dict[int, list[User]] = {}
        for user in User.objects.filter(memberships__organisation_id=self.organisation.pk).distinct():
            for membership in user.memberships.filter(organisation_id=self.organisation.pk):
                for unit_id in membership.in_units.values_list("unit_id", flat=True):
                    found.setdefault(unit_id, []).append(user)
        return found

    def _say(self, said: Said, address: Address, areas: list[Category]) -> _Told:
        fault = said in FAULTS
        named = self.dice.random() < 0.6
        name = self.dice.choice(REPORTERS)
        receipt = receive(
            organisation=self.organisation,
            submission=Submission(
                source="demo",
                external_id=uuid4().hex,
                channel=self.dice.choice(("web", "web", "web", "phone", "email")),
                text=said.text,
                kind="felanmalan" if fault else said.type,
                case_type=said.type,
                category=None if fault else self._area(said, areas).code,
                point=self._near(address) if fault else None,
                place_text=f"{address}, {address.locality}" if fault else "",
                reporter=NewReporter(name=name, email=f"{name.lower()}@exempel.se") if named else NewReporter(),
                wants_feedback=named,
                publish=self.dice.random() < 0.8,
            ),
            by=Actor.resident(),
        )
        return _Told(receipt.case, said, receipt.case.registered_at)

    def _near(self, address: Address) -> Point:
        shift = self.dice.uniform(-0.0003, 0.0003)
        return Point(address.lat + shift, address.lon + shift, accuracy_m=12, source="gps")

    @staticmethod
    def _area(said: Said, areas: list[Category]) -> Category:
        return next((area for area in areas if said.area in area.name("sv").lower()), areas[-1])

    def _handle(self, told: _Told, officers: dict[int, list[User]]) -> None:
        """Answer most of what is old, some of what is new; leave the rest for whoever tries the desk."""
        age = now() - told.at
        if age < timedelta(days=6) and self.dice.random() < 0.65:
            return
        there = officers.get(told.case.unit_id) or ([] if told.case.confidential else self.centre)
        if not there:
            return
        officer = self.dice.choice(there).actor
        seen = _awake(told.at + timedelta(hours=self.dice.uniform(1, 30)))
        if seen >= now():
            return
        with pretend(seen):
            actions.assign(case_id=told.case.pk, officer_id=officer.id, by=officer)
        answered = _awake(seen + timedelta(hours=self.dice.uniform(1, 60)))
        if not told.said.answer or answered >= now():
            return
        with pretend(answered):
            self._end(told, officer)
        self._finish(told, officer)

    def _show(self, told: _Told, officers: dict[int, list[User]]) -> None:
        """Most of what may be shown has been read through within a day, answered or not."""
        case = told.case
        case.refresh_from_db()
        read = _awake(told.at + timedelta(hours=self.dice.uniform(2, 24)))
        shown = self.dice.random() < 0.8
        if case.publication_state != Case.Published.REVIEW or not shown or read >= now():
            return
        reviewer = self.dice.choice(officers.get(case.unit_id) or self.centre).actor
        answered = case.answered_at is not None
        with pretend(max(read, case.changed_at)):
            actions.publish(
                case_id=case.pk,
                title=case.title,
                text=told.said.text,
                answer=told.said.answer if answered else "",
                warned=True,
                by=reviewer,
            )

    def _finish(self, told: _Told, officer: Actor) -> None:
        """What was planned for a day that has passed is done by now."""
        told.case.refresh_from_db()
        until = told.case.state_until
        if until is None or until >= today():
            return
        done = datetime.combine(until, time(10, self.dice.randint(0, 59)), zone())
        with pretend(done):
            actions.change_state(
                case_id=told.case.pk,
                to=State.RESOLVED,
                by=officer,
                message="Nu är det klart. Tack för att du sa till.",
                closing={"measure": told.said.answer},
            )

    def _end(self, told: _Told, officer: Actor) -> None:
        actions.reply(case_id=told.case.pk, text=told.said.answer, by=officer)
        if not told.said.end:
            return
        to = State({"waiting": "waiting", "planned": "planned"}.get(told.said.end, told.said.end))
        until = local(add_working_days(now(), self.dice.randint(4, 25))).date()
        actions.change_state(
            case_id=told.case.pk,
            to=to,
            by=officer,
            reason=told.said.reason,
            until=until,
            responsible="Trafikverket" if to is State.REFUSED else "",
            closing={"measure": told.said.answer},
        )


def _awake(moment: datetime) -> datetime:
    """Between 7 and 22 on a Swedish clock: few people write at night."""
    there = local(moment)
    return there.replace(hour=7 + there.hour % 15) if there.hour < 7 or there.hour > 21 else there
