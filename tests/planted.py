"""What is there before a test begins, and is made once in each process (tests/stages.py)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import time_machine
from django.test import override_settings

from tests.stages import EMPTY, Stage

if TYPE_CHECKING:
    from lyhord.accounts.models import User
    from lyhord.organisations.models import Organisation

LONG_AGO = datetime.fromisoformat("2025-01-07T09:00+01:00")
"""When everybody came: before any moment that a test travels to, and the same whenever tests are run."""
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Slow hashing is for attackers; a cast of eight must not wait for it."""


@dataclass
class Cast:
    """The people that tests are about: two organisations, and who works where."""

    motala: "Organisation"
    mjolby: "Organisation"
    sara: "User"  # case officer, Gata och park
    amir: "User"  # her colleague
    maria: "User"  # manager of Tekniska
    kim: "User"  # contact centre
    nils: "User"  # preschool, confidential
    admin: "User"
    auditor: "User"
    outsider: "User"  # case officer in Mjölby


def make_cast() -> Cast:
    """Everybody, with the password factories.PASSWORD."""
    from tests import factories

    motala, mjolby = factories.make_organisation("motala"), factories.make_organisation("mjolby")
    member = factories.make_member
    return Cast(
        motala=motala,
        mjolby=mjolby,
        sara=member(motala, "sara@motala.example", "Sara Ek", "case_officer", "gata-park"),
        amir=member(motala, "amir@motala.example", "Amir Holm", "case_officer", "gata-park"),
        maria=member(motala, "maria@motala.example", "Maria Lund", "unit_manager", "tekniska"),
        kim=member(motala, "kim@motala.example", "Kim Berg", "contact_centre", "kundcenter"),
        nils=member(motala, "nils@motala.example", "Nils Ask", "case_officer", "forskola"),
        admin=member(motala, "admin@motala.example", "Ada Min", "administrator"),
        auditor=member(motala, "auditor@motala.example", "Rut Visor", "auditor"),
        outsider=member(mjolby, "olle@mjolby.example", "Olle Ut", "case_officer", "gata-park"),
    )


def cast() -> Stage:
    """The database with the cast in it."""

    def make(_before: dict[str, Any]) -> dict[str, Any]:
        with time_machine.travel(LONG_AGO), override_settings(PASSWORD_HASHERS=QUICK):
            return {"cast": make_cast()}

    return Stage("cast", EMPTY, make, frozenset({"cast"}))


def told() -> Stage:
    """The database of the tests of mail: somebody has reported something and been told."""

    def make(_before: dict[str, Any]) -> dict[str, Any]:
        from tests.intake.mail.conftest import make_told

        return {"told": make_told()}

    return Stage("told", EMPTY, make, frozenset({"told"}))


def alone() -> Stage:
    """The database with one organisation in it, without people."""

    def make(_before: dict[str, Any]) -> dict[str, Any]:
        from tests import factories

        return {"motala_alone": factories.make_organisation("motala")}

    return Stage("alone", EMPTY, make, frozenset({"motala_alone"}))


def world(files: Path) -> Stage:
    """The database with something of everything in both organisations; its pictures lie in the folder `files`."""

    def make(before: dict[str, Any]) -> dict[str, Any]:
        from tests import factories
        from tests.www.plant import plant

        cast: Cast = before["cast"]
        with override_settings(PASSWORD_HASHERS=QUICK, MEDIA_ROOT=files):
            ours = plant(cast.motala, "zxmotala", cast.maria)
            for number in range(20):  # so that no number of theirs is one of ours
                factories.make_case(cast.mjolby, f"Fyll {number}")
            theirs = plant(cast.mjolby, "zxmjolby", cast.outsider)
            factories.make_organisation("zxtredje")
        return {**before, "motala_things": ours, "mjolby_things": theirs, "files": files}

    return Stage("world", "cast", make, frozenset({"motala_things", "mjolby_things"}))
