"""People are added, changed and removed; many at once from a file."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lyhord.accounts.actions import Person, add_member, change_member, import_members, remove_member
from lyhord.accounts.models import Membership, User
from lyhord.audit.models import Event
from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Organisation
from tests import factories
from tests.conftest import Cast
from tests.factories import PASSWORD, TEST

pytestmark = pytest.mark.django_db


def units_of(membership: Membership) -> set[str]:
    return set(membership.in_units.values_list("unit__code", flat=True))


def errors_of(add: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        add()
    return {name: str(sentence) for name, sentence in error.value.errors.items()}


class TestOne:
    """One person at a time."""

    def test_somebody_new(self, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            person = Person(" Asa.Ny@Motala.Example ", "  Åsa\nNy ", "case_officer", ("gata-park", "kundcenter"))
            member = add_member(person=person, by=TEST)
            assert (member.user.email, member.user.full_name) == ("asa.ny@motala.example", "Åsa Ny")
            assert units_of(member) == {"gata-park", "kundcenter"}
            assert not member.user.has_usable_password()
            event = Event.objects.get(verb="member.added", subject_id=member.pk)
            assert event.data == {
                "user": member.user_id,
                "role": "case_officer",
                "units": ["gata-park", "kundcenter"],
            }

    def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(self, motala: Organisation) -> None:
        with organisation_scope(motala.pk):
            before = User.objects.count()
            wrong = Person("inte en adress", " ", "kung", ("gata-park", "finns-inte"))
            errors = errors_of(lambda: add_member(person=wrong, by=TEST))
            assert set(errors) == {"email", "full_name", "role", "units"}
            assert "finns-inte" in errors["units"]
            for email in ("a@b", "a b@c.se", "x" * 250 + "@e.se", "\x00@e.se", ""):
                person = Person(email, "Namn", "auditor")
                assert set(errors_of(lambda person=person: add_member(person=person, by=TEST))) == {"email"}  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            long = Person("a@b.se", "x" * 121, "auditor")
            assert set(errors_of(lambda: add_member(person=long, by=TEST))) == {"full_name"}
            assert User.objects.count() == before

    @pytest.mark.requirement("X1")
    def test_units_of_another_organisation_do_not_exist(self, cast: Cast) -> None:
        with organisation_scope(cast.mjolby.pk):
            factories.make_unit("bara-mjolby", "Bara Mjölby")
        with organisation_scope(cast.motala.pk):
            person = Person("ny@motala.example", "Ny", "case_officer", ("bara-mjolby",))
            assert set(errors_of(lambda: add_member(person=person, by=TEST))) == {"units"}

    def test_again_is_a_change_of_role_and_units(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            person = Person("SARA@motala.example", "Sara Gift", "unit_manager", ("kundcenter",))
            member = add_member(person=person, by=TEST, password="en annan hemlig mening")
            assert member.user == cast.sara
            assert (member.role, units_of(member)) == ("unit_manager", {"kundcenter"})
            account = User.objects.get(pk=cast.sara.pk)
            assert account.full_name == "Sara Ek"
            assert account.check_password(PASSWORD)
            assert Membership.objects.filter(user=cast.sara).count() == 1

    def test_somebody_who_had_left_is_back(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            member = Membership.objects.get(user=cast.sara)
            remove_member(membership_id=member.pk, by=TEST)
            assert not Membership.objects.get(pk=member.pk).active
            add_member(person=Person("sara@motala.example", "Sara Ek", "case_officer", ("gata-park",)), by=TEST)
            assert Membership.objects.get(pk=member.pk).active

    def test_a_change_is_logged_with_what_was(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            member = Membership.objects.get(user=cast.sara)
            change_member(membership_id=member.pk, role="auditor", units=["kundcenter"], by=TEST)
            event = Event.objects.get(verb="member.changed")
            assert event.data["before"] == {"role": "case_officer", "units": ["gata-park"], "active": True}
            assert event.data["after"] == {"role": "auditor", "units": ["kundcenter"], "active": True}
            change_member(membership_id=member.pk, role="auditor", units=["kundcenter"], by=TEST)
            assert Event.objects.filter(verb="member.changed").count() == 1
            for role, units, field in (("kung", [], "role"), ("resident", [], "role"), ("auditor", ["x"], "units")):
                with pytest.raises(Invalid) as error:
                    change_member(membership_id=member.pk, role=role, units=units, by=TEST)
                assert set(error.value.errors) == {field}

    @pytest.mark.requirement("X1")
    def test_another_organisations_people_do_not_work_here(self, cast: Cast) -> None:
        with organisation_scope(cast.mjolby.pk):
            theirs = Membership.objects.get(user=cast.outsider).pk
        with organisation_scope(cast.motala.pk):
            with pytest.raises(Invalid):
                remove_member(membership_id=theirs, by=TEST)
            with pytest.raises(Invalid):
                change_member(membership_id=theirs, role="auditor", units=[], by=TEST)

    def test_the_last_administrator_stays(self, cast: Cast) -> None:
        with organisation_scope(cast.motala.pk):
            admin = Membership.objects.get(user=cast.admin).pk
            downgraded = Person("admin@motala.example", "Ada", "auditor")
            for deed in (
                lambda: remove_member(membership_id=admin, by=TEST),
                lambda: change_member(membership_id=admin, role="auditor", units=[], by=TEST),
                lambda: add_member(person=downgraded, by=TEST),
            ):
                with pytest.raises(Invalid, match="sista administratören"):
                    deed()
            add_member(person=Person("ny@motala.example", "Ny", "administrator"), by=TEST)
            remove_member(membership_id=admin, by=TEST)

    def test_addresses_are_one_account_whatever_their_case(self, cast: Cast) -> None:
        assert User.objects.get_by_natural_key("SARA@Motala.Example") == cast.sara
        with pytest.raises(Exception, match="user_email_any_case"):
            User.objects.create(email="Sara@Motala.example", full_name="Dubbel")


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("0.20")
def test_two_organisations_adding_the_same_new_person_at_once_share_the_account() -> None:
    organisations = [factories.make_organisation(slug) for slug in ("motala", "mjolby", "vadstena", "linkoping")]
    start = Barrier(4, timeout=60)

    def add(organisation: Organisation) -> int:
        start.wait()
        try:
            with organisation_scope(organisation.pk):
                return add_member(person=Person("ny@example.se", "Ny", "auditor"), by=TEST).user_id
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(add, organisations))) == 1
    assert User.objects.count() == 1


ROWS = [
    ("email", "name", "role", "units"),
    ("ake@motala.example", "Åke Öberg", "case_officer", "gata-park kundcenter"),
    ("bo@motala.example", "Bo Älg", "auditor", ""),
]


def csv_text(delimiter: str, rows: Sequence[tuple[str, ...]] = ROWS) -> str:
    return "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"


@pytest.fixture
def import_file(motala: Organisation, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs the command on the bytes given; returns what it said."""

    def run(data: bytes, *arguments: str) -> str:
        file = tmp_path / "people.csv"
        file.write_bytes(data)
        call_command("import_users", "motala", str(file), *arguments)
        return capsys.readouterr().out

    return run


@pytest.mark.requirement("4.8")
class TestImport:
    """The command and what it reads."""

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
    def test_as_spreadsheets_save_it(
        self, motala: Organisation, import_file: Callable[..., str], delimiter: str, encoding: str
    ) -> None:
        assert "2 personer lades till i Motala kommun" in import_file(csv_text(delimiter).encode(encoding))
        with organisation_scope(motala.pk):
            ake = Membership.objects.get(user__email="ake@motala.example")
            assert (ake.user.full_name, ake.role) == ("Åke Öberg", "case_officer")
            assert units_of(ake) == {"gata-park", "kundcenter"}
            assert units_of(Membership.objects.get(user__email="bo@motala.example")) == set()

    def test_two_hundred_and_ten_people(self, motala: Organisation, import_file: Callable[..., str]) -> None:
        people = [(f"person{n}@motala.example", f"Person {n}", "case_officer", "gata-park") for n in range(210)]
        before = User.objects.count()
        assert "210 personer lades till" in import_file(csv_text(";", [ROWS[0], *people]).encode())
        assert User.objects.count() == before + 210
        with organisation_scope(motala.pk):
            assert Event.objects.filter(verb="member.added", actor_label="import_users").count() == 210

    def test_one_bad_row_and_nobody_comes_in(self, import_file: Callable[..., str]) -> None:
        text = (
            "email;name;role;units\n"  # 1
            "bra@motala.example;Bra;auditor;\n"
            "\n"  # an empty line is a line
            "dålig;Dålig;auditor;\n"  # 4
            ";;;\n"
            '"radbruten@motala.example";"Rad\nBruten";kung;\n'  # 6 and 7
            "kort@motala.example;Kort\n"  # 8
            "enhet@motala.example;Enhet;auditor;finns-inte gata-park\n"  # 9
        )
        before = User.objects.count()
        with pytest.raises(CommandError) as error:
            import_file(text.encode())
        said = str(error.value)
        assert said.startswith("Ingen lades till.")
        lines = {line.split(":")[0] for line in said.splitlines()[1:]}
        assert lines == {"rad 4", "rad 7", "rad 8", "rad 9"}
        assert User.objects.count() == before

    def test_a_dry_run_changes_nothing(self, motala: Organisation, import_file: Callable[..., str]) -> None:
        before = User.objects.count()
        assert "2 personer kan läggas till" in import_file(csv_text(";").encode(), "--dry-run")
        assert User.objects.count() == before
        with organisation_scope(motala.pk):
            assert not Event.objects.filter(actor_label="import_users").exists()
        with pytest.raises(CommandError):
            import_file(csv_text(";", [ROWS[0], ("x", "", "", "")]).encode(), "--dry-run")

    def test_somebody_with_an_account_elsewhere_keeps_their_password(
        self, cast: Cast, import_file: Callable[..., str]
    ) -> None:
        rows = [ROWS[0], ("OLLE@mjolby.example", "Olle Nytt", "auditor", "")]
        import_file(csv_text(";", rows).encode())
        account = User.objects.get(pk=cast.outsider.pk)
        assert account.check_password(PASSWORD)
        assert account.full_name == "Olle Ut"
        with organisation_scope(cast.motala.pk):
            assert Membership.objects.get(user=account).role == "auditor"
        with organisation_scope(cast.mjolby.pk):
            assert Membership.objects.get(user=account).role == "case_officer"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\n\n",
            b"email;name\na@b.se;A\n",
            b"email;name;role;units\n",
            b"\x00\x01\x02",
            b"\xff\xfee\x00m\x00",
            b"email;name;role;units\na@b.se;A;auditor;\nA@B.SE;A;auditor;\n",
            b"PK\x03\x04 a spreadsheet, not a text file",
        ],
    )
    def test_what_is_no_list_of_people_gets_a_sentence(self, import_file: Callable[..., str], data: bytes) -> None:
        before = User.objects.count()
        with pytest.raises(CommandError, match=r"\.$"):
            import_file(data)
        assert User.objects.count() == before

    def test_headings_in_swedish_in_any_order(self, motala: Organisation, import_file: Callable[..., str]) -> None:
        import_file("Roll;Namn;E-post;Enheter;Telefon\nHandläggare;Eva;eva@motala.example;gata-park;123\n".encode())
        with organisation_scope(motala.pk):
            assert Membership.objects.get(user__email="eva@motala.example").role == "case_officer"

    def test_no_such_file_or_organisation(self, motala: Organisation, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="går inte att läsa"):
            call_command("import_users", "motala", str(tmp_path / "finns-inte.csv"))
        with pytest.raises(CommandError, match="finns inte"):
            call_command("import_users", "nowhere", str(tmp_path / "finns-inte.csv"))

    def test_people_from_elsewhere_than_a_file_are_counted_like_its_lines(self, motala: Organisation) -> None:
        with organisation_scope(motala.pk), pytest.raises(Invalid) as error:
            import_members(people=[Person("a@b.se", "A", "auditor"), Person("x", "B", "auditor")], by=TEST)
        assert set(error.value.errors) == {"3"}
