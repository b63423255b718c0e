"""Reads of cases: who sees what, what words find, what a code opens."""

import re
from importlib import import_module

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from lyhord.accounts.models import User
from lyhord.accounts.permissions import Permission
from lyhord.accounts.roles import ROLES
from lyhord.accounts.staff import Staff
from lyhord.cases import follow_code, queries
from lyhord.cases.actions import add_way, confirm_follow
from lyhord.cases.facts import NewReporter
from lyhord.cases.models import Case, Reporter
from lyhord.cases.queries import by_follow_code, districts_at, same_reporter, search
from lyhord.core.actor import Actor
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Unit
from lyhord.places.point import Point
from tests.conftest import Cast
from tests.factories import MOTALA, make_case, make_staff

pytestmark = pytest.mark.django_db


def staff_with(role: str, *units: str) -> Staff:
    """Somebody of a role in units, made for the occasion; the organisation is in scope."""
    own = Unit.objects.all().tree_ids(set(Unit.objects.filter(code__in=units).values_list("pk", flat=True)))
    return Staff(User(pk=1, full_name="Test"), role, ROLES[role].permissions, frozenset(own))


class TestWhoSees:
    """`visible_to`, over every role, unit and sort of case."""

    @pytest.mark.requirement("2.11", "X2")
    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize("units", [(), ("gata-park",), ("tekniska",), ("forskola",), ("kundcenter",)])
    def test_matrix(self, cast: Cast, role: str, units: tuple[str, ...]) -> None:
        lamp = make_case(cast.motala).case
        school = make_case(cast.motala, type="klagomal", category="barn").case
        other = make_case(cast.motala, type="fraga").case
        where = {lamp.number: "gata-park", school.number: "forskola", other.number: "kundcenter"}
        with organisation_scope(cast.motala.pk):
            staff = staff_with(role, *units)
            own = {"tekniska", "gata-park"} if units == ("tekniska",) else set(units)
            expected = {
                number
                for number, unit in where.items()
                if (staff.may(Permission.SEE_CASES) and unit in own)
                or (staff.may(Permission.SEE_ALL_CASES) and unit != "forskola")
            }
            seen = set(Case.objects.visible_to(staff).values_list("number", flat=True))
            assert seen == expected
            found = {case.number for case in search(staff, "släckt OR det OR lampan")}
            assert found == expected

    @pytest.mark.requirement("X1")
    def test_never_another_organisations(self, cast: Cast) -> None:
        make_case(cast.mjolby)
        with organisation_scope(cast.motala.pk):
            assert not Case.objects.visible_to(staff_with("administrator")).exists()


class TestSearch:
    """Swedish full text, within what one may see."""

    @pytest.mark.requirement("2.11")
    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ("Belysning saknas på skolgården.", "belysningen"),
            ("Belysningen är trasig.", "belysning"),
            ("Flera gatlyktor är släckta.", "gatlykta"),
            ("Potthål på cykelvägen.", "CYKELVÄGEN"),
            ("Potthål på cykelvägen.", "potthål -lampa"),
            ("Det är hål i gatan.", '"hål i gatan"'),
            ("Åkare på isen.", "åkaren"),
        ],
    )
    def test_other_forms_of_the_word_find_it(self, cast: Cast, said: str, words: str) -> None:
        case = make_case(cast.motala, said, type="klagomal").case
        make_case(cast.motala, "Något helt annat.", type="klagomal")
        with organisation_scope(cast.motala.pk):
            assert list(search(make_staff(cast.motala, cast.kim), words)) == [case]

    @pytest.mark.requirement("2.11")
    @pytest.mark.parametrize("written", ["{}", " {} ", "nr {}", "Ärende {}", "{} lampan"])
    def test_a_number_finds_its_case(self, cast: Cast, written: str) -> None:
        cases = [make_case(cast.motala).case for _ in range(2)]
        with organisation_scope(cast.motala.pk):
            found = search(make_staff(cast.motala, cast.sara), written.format(cases[0].number))
            if written in {"Ärende {}", "{} lampan"}:  # words and number: only what holds both
                assert cases[1] not in found
            else:
                assert list(found) == [cases[0]]

    @pytest.mark.requirement("2.11", "X2")
    def test_the_cap_counts_what_one_may_see(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        """Somebody of a small unit finds their old case though newer ones of others would fill the answer."""
        monkeypatch.setattr(queries, "MOST_FOUND", 3)
        own = make_case(cast.motala, "Belysning på gården.", type="klagomal", category="barn").case
        for _ in range(5):
            make_case(cast.motala, "Belysning på torget.", type="fraga")
        with organisation_scope(cast.motala.pk):
            assert list(search(make_staff(cast.motala, cast.nils), "belysningen")) == [own]
            kim = make_staff(cast.motala, cast.kim)
            assert search(kim, "belysningen").count() == 3
            assert own not in search(kim, "belysningen")

    def test_title_and_place_are_searched_too(self, cast: Cast) -> None:
        case = make_case(cast.motala, "Mörkt.", place_text="Repslagarvägen 7").case
        with organisation_scope(cast.motala.pk):
            for words in ("repslagarvägen", "gatubelysning"):
                assert list(search(make_staff(cast.motala, cast.sara), words)) == [case]

    @pytest.mark.requirement("X2", "2.11")
    def test_an_address_finds_its_cases_but_not_those_of_the_protected(self, cast: Cast) -> None:
        case = make_case(cast.motala, email="Asta@example.se").case
        hidden = make_case(cast.motala, reporter=NewReporter(email="asta@example.se", protected=True)).case
        with organisation_scope(cast.motala.pk):
            assert list(search(make_staff(cast.motala, cast.kim), "Asta@example.se")) == [case]
            assert set(search(make_staff(cast.motala, cast.maria), "asta@example.se")) == {case, hidden}

    @pytest.mark.requirement("2.11")
    @pytest.mark.parametrize("written", ["asta.ek@example.se", "Asta.Ek@example.se", " ASTA.EK@EXAMPLE.SE "])
    def test_an_address_is_the_same_in_capitals(self, cast: Cast, written: str) -> None:
        by_mail, by_code = make_case(cast.motala, email="Asta.Ek@Example.SE").case, make_case(cast.motala).case
        with organisation_scope(cast.motala.pk):
            way = add_way(case_id=by_code.pk, sender="email", address="ASTA.EK@example.se", by=Actor.resident())
            confirm_follow(token=way.token, by=Actor.resident())
            kim = make_staff(cast.motala, cast.kim)
            assert set(search(kim, written)) == {by_mail, by_code}
            assert by_code in same_reporter(kim, by_mail, by_mail.reporters.get())

    @pytest.mark.requirement("2.11")
    def test_addresses_from_before_are_put_in_small_letters(self, cast: Cast) -> None:
        case = make_case(cast.motala, email="asta@example.se").case
        with organisation_scope(cast.motala.pk):
            Reporter.objects.update(email="Asta@Example.se")
            kim = make_staff(cast.motala, cast.kim)
            assert not search(kim, "asta@example.se").exists()
            with connection.cursor() as cursor:
                cursor.execute(import_module("lyhord.cases.migrations.0010_small_letters_in_addresses").SMALL)
            assert list(search(kim, "Asta@example.se")) == [case]

    @pytest.mark.parametrize(
        "words", ["", " ", "\x00", "'", '"', "((", "-", "%", "\\", "a" * 100_000, "😀", "\udc80", "och", "<b>", ":*"]
    )
    def test_anything_can_be_searched_for(self, cast: Cast, words: str) -> None:
        make_case(cast.motala)
        with organisation_scope(cast.motala.pk):
            assert list(search(make_staff(cast.motala, cast.kim), words)) == []

    @given(words=st.text(max_size=30))
    @example(words="\x00")
    @example(words="lampan & | !")
    def test_no_words_break_it(self, words: str) -> None:
        """In a scope of no organisation at all, which is enough for the parsing."""
        with organisation_scope(1):
            assert list(search(staff_with("administrator"), words)) == []


class TestFollowCode:
    """What a code opens."""

    @pytest.mark.requirement("2.16", "X1")
    def test_the_right_code_in_any_shape_and_nothing_else(self, cast: Cast) -> None:
        done, theirs = make_case(cast.motala), make_case(cast.mjolby)
        with organisation_scope(cast.motala.pk):
            for written in (done.code, done.code.lower(), follow_code.pretty(done.code), f" https://x/f/{done.code}/ "):
                assert by_follow_code(written) == done.case
            almost = done.code[:-1] + ("A" if done.code[-1] != "A" else "B")
            for wrong in (
                almost,
                theirs.code,
                "",
                "x",
                done.code[:-1],
                done.code + "A",
                done.case.number,
                "\x00",
                "å" * 99,
            ):
                assert by_follow_code(wrong) is None

    def test_a_new_version_makes_the_old_code_worthless(self, cast: Cast) -> None:
        done = make_case(cast.motala)
        with organisation_scope(cast.motala.pk):
            new = follow_code.code_for(b"another secret", done.case.uid, 2)
            Case.objects.update(follow_version=2, follow_digest=follow_code.digest(new))
            assert by_follow_code(done.code) is None
            assert by_follow_code(new) == done.case


def test_districts_are_asked_for_in_ones_own_organisation(cast: Cast) -> None:
    with organisation_scope(cast.motala.pk):
        assert [area.code for area in districts_at(cast.motala.pk, Point(*MOTALA))] == ["varamon"]
        assert districts_at(cast.motala.pk, Point(0, 0)) == []
        assert districts_at(cast.motala.pk, None) == []
        with pytest.raises(ValueError, match=re.escape("another organisation")):
            districts_at(cast.mjolby.pk, Point(*MOTALA))
