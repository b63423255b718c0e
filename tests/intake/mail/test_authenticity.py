"""Whose word on senders counts, and what it must say."""

import pytest

from lyhord.intake.mail._read import read_letter
from lyhord.intake.mail.authenticity import vouched_for

pytestmark = pytest.mark.requirement("3.3", "N5")
SENDER, SERVER = "nina@namnd.example", "mx.motala.example"


@pytest.mark.parametrize(
    "result",
    [
        "mx.motala.example; dmarc=pass header.from=namnd.example",
        "MX.Motala.Example 1; spf=fail smtp.mailfrom=x; dmarc=pass (p=REJECT sp=none) header.from=Namnd.Example",
        'mx.motala.example; dkim=pass reason="good; key" header.d=namnd.example header.s=s1',
        "mx.motala.example; dkim=fail header.d=lista.example; dkim=pass header.i=@namnd.example",
        "mx.motala.example; dkim=pass header.d=example.example; dkim=pass header.d=namnd.example",
        "mx.motala.example (its words (all of them); dmarc=fail) ; dkim = pass header.d = namnd.example",
    ],
)
def test_passed(result: str) -> None:
    assert vouched_for((result,), sender=SENDER, server=SERVER)


@pytest.mark.parametrize(
    "results",
    [
        (),
        ("",),
        ("mx.motala.example; none",),
        ("mx.motala.example",),
        ("mx.annan.example; dmarc=pass header.from=namnd.example",),
        ("mx.motala.example.annan.example; dmarc=pass header.from=namnd.example",),
        ("mx.motala.example; dmarc=pass header.from=annan.example",),
        ("mx.motala.example; dmarc=pass",),
        ("mx.motala.example; dmarc=fail header.from=namnd.example; dkim=pass header.d=namnd.example",),
        ("mx.motala.example; dmarc=pass header.from=namnd.example; dmarc=fail header.from=namnd.example",),
        ("mx.motala.example; dkim=pass header.d=example",),
        ("mx.motala.example; dkim=pass header.d=d.example",),
        ("mx.motala.example; dkim=pass header.d=sub.namnd.example",),
        ("mx.motala.example; spf=pass smtp.mailfrom=nina@namnd.example",),
        ("mx.motala.example; x=(dmarc=pass header.from=namnd.example",),
        ('mx.motala.example; dkim=fail reason="; dmarc=pass header.from=namnd.example"',),
        ('mx.motala.example; dkim=pass header.d=annan.example reason="header.d=namnd.example"',),
        ("mx.annan.example; x=y; mx.motala.example; dmarc=pass header.from=namnd.example",),
        (
            "mx.motala.example; dmarc=fail header.from=namnd.example",
            "mx.motala.example; dmarc=pass header.from=namnd.example",  # below: the sender's own words
        ),
    ],
)
def test_not_passed(results: tuple[str, ...]) -> None:
    assert not vouched_for(results, sender=SENDER, server=SERVER)


@pytest.mark.parametrize("sender", ["", "nina", "nina@"])
def test_nobody_passes(sender: str) -> None:
    assert not vouched_for((f"{SERVER}; dmarc=pass header.from=",), sender=sender, server=SERVER)


def test_without_a_name_nobody_is_believed() -> None:
    assert not vouched_for(("; dmarc=pass header.from=namnd.example",), sender=SENDER, server="")


def test_it_is_read_in_the_order_in_which_it_stands() -> None:
    raw = (
        b"Authentication-Results: mx.motala.example;\r\n\tdmarc=fail header.from=namnd.example\r\n"
        b"Received: from far\r\nauthentication-results: mx.motala.example; dmarc=pass header.from=namnd.example\r\n"
        b"From: nina@namnd.example\r\nSubject: Hej\r\n\r\nHej\r\n"
    )
    first, second = read_letter(raw).results
    assert "fail" in first
    assert "pass" in second
    assert read_letter(b"From: a@b.se\r\nAuthentication-Results: " + b"x" * 9000 + b"\r\n\r\n").results[0] == "x" * 4000
