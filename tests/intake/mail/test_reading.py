"""What is read out of each mail of the corpus."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from lyhord.files._wire import Refused
from lyhord.intake.mail._read import read_letter
from lyhord.intake.mail.letter import Letter
from lyhord.intake.mail.reading import UnreadableMail, read_mail
from tests.intake.mail.make import Made
from tests.intake.mail.make.everything import CORPUS, Row, everything, expected, row_of

MADE = list(everything())
ROWS = expected()


@pytest.mark.sample(120)
@pytest.mark.requirement("P24")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
def test_the_sort_of_each(row: Row) -> None:
    letter = read_letter((CORPUS / row.path).read_bytes())
    assert letter.sort == row.sort
    assert bool(letter.own_words) == bool(letter.text)
    assert (letter.report is not None) == (letter.sort in {"bounce", "delayed", "delivered", "complaint", "receipt"})


@pytest.mark.sample(80)
@pytest.mark.requirement("P24", "0.17")
@pytest.mark.parametrize("one", [one for one in MADE if one.says is not None], ids=lambda one: one.name)
def test_the_senders_own_words(one: Made) -> None:
    assert read_letter(one.raw).own_words == one.says


def test_the_corpus_is_what_it_says() -> None:
    paths = {str(path.relative_to(CORPUS)) for path in CORPUS.rglob("*.eml")}
    assert len(paths) > 400
    assert paths == {row.path for row in ROWS}
    assert [row for row in ROWS if row.path.startswith("made/")] == sorted(row_of(one) for one in MADE)
    for one in MADE:
        if b"image/" not in one.raw:  # pictures are packed otherwise by another version of the library
            assert (CORPUS / "made" / f"{one.name}.eml").read_bytes() == one.raw, one.name


def some() -> Iterator[Path]:
    """One of each kind, for what costs a process."""
    for name in ("made/document-winmail", "made/html-outlook", "sisimai/rfc3464-01", "flanker/torture-part"):
        yield CORPUS / f"{name}.eml"
    yield CORPUS / "made/reply-html-outlook.eml"
    yield CORPUS / "made/hostile-mail-in-mail.eml"


@pytest.mark.parametrize("path", [path for path in some() if path.exists()], ids=lambda path: path.stem)
def test_the_limited_process_reads_the_same(path: Path) -> None:
    assert read_mail(path.read_bytes()) == read_letter(path.read_bytes())


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n\r\n"])
def test_nothing_is_no_mail(data: bytes) -> None:
    with pytest.raises(UnreadableMail) as caught:
        read_mail(data)
    assert caught.value.permanent


@pytest.mark.all
def test_what_takes_too_long_is_ended() -> None:
    """Comments that never end make the standard library's HTML parser slow without a bound."""
    hostile = b"From: a@b.se\nContent-Type: text/html\n\n" + b"<!--" * 200_000
    with suppress(UnreadableMail):
        assert isinstance(read_mail(hostile), Letter)


def test_a_mail_within_a_mail_within_a_mail_has_an_end() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2000))
    with suppress(Refused):
        assert read_letter(b"From: a@b.se\n" + nested).from_address == "a@b.se"


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("Anna <anna@exempel.se>", "anna@exempel.se"),
        ("<ANNA@Exempel.se>", "anna@exempel.se"),
        ('"anna@exempel.se" <evert@annan.se>', "evert@annan.se"),
        ("evert@annan.se (anna@exempel.se)", "evert@annan.se"),
        ("=?utf-8?q?anna=40exempel=2Ese?= <evert@annan.se>", "evert@annan.se"),
        ("anna@exempel.se, evert@annan.se", ""),
        ("Grupp: ;", ""),
        ("", ""),
        ("anna at exempel.se", ""),
        ('"Ek\\", Anna" <anna@exempel.se>', "anna@exempel.se"),
    ],
)
def test_who_sent_it(raw: str, address: str) -> None:
    assert read_letter(f"From: {raw}\n\nHej".encode()).from_address == address


def test_two_froms_are_nobody() -> None:
    assert read_letter(b"From: anna@exempel.se\nFrom: evert@annan.se\n\nHej").from_address == ""


def test_message_ids_are_read_the_nearest_first() -> None:
    letter = read_letter(b"Message-ID: <c@x>\nIn-Reply-To: <b@x>\nReferences: <root@x>\n\t<a@x> <b@x>\n\nHej")
    assert (letter.message_id, letter.refers_to) == ("c@x", ("b@x", "a@x", "root@x"))


@pytest.mark.parametrize(
    ("status", "said", "dead"),
    [
        ("5.1.1", "User unknown", True),
        ("5.1.10", "RESOLVER.ADR.RecipientNotFound", True),
        ("5.2.1", "disabled", True),
        ("5.4.4", "no such host", True),
        ("5.0.0", "550 No such user here", True),
        ("5.2.2", "Mailbox full", False),
        ("5.7.1", "rejected as spam", False),
        ("5.3.4", "too big", False),
        ("5.1.7", "your address is bad", False),
        ("5.0.0", "554 policy", False),
        ("4.1.1", "later", False),
    ],
)
def test_which_bounces_are_about_the_address(status: str, said: str, dead: bool) -> None:
    raw = (
        "From: MAILER-DAEMON@x.se\nSubject: Undelivered\nContent-Type: multipart/report; boundary=b\n\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; anna@exempel.se\n"
        f"Action: failed\nStatus: {status}\nDiagnostic-Code: smtp; {said}\n\n--b--\n"
    )
    report = read_letter(raw.encode()).report
    assert report is not None
    assert (report.status, report.dead, report.recipients) == (status, dead, ("anna@exempel.se",))
