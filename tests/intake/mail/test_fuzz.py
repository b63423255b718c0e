"""Whatever comes, the reader says something about it or says no; it never breaks."""

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lyhord.files._wire import Refused
from lyhord.intake.mail._read import read_letter
from lyhord.intake.mail.addresses import mailboxes, message_ids
from lyhord.intake.mail.charsets import decoded, header
from lyhord.intake.mail.html_text import MARKS, html_text
from lyhord.intake.mail.letter import Letter, to_json
from lyhord.intake.mail.quotes import own_words, without_marks
from lyhord.intake.mail.reading import understand
from lyhord.intake.mail.tnef import opened
from tests.intake.mail.make.everything import CORPUS

SMALL = sorted(path for path in CORPUS.rglob("*.eml") if path.stat().st_size < 8_000)
pieces = st.sampled_from(
    [
        *(
            b"From: a@b.se\n",
            b"To: <x@y>\n",
            b"Subject: =?utf-8?q?=E5?=\n",
            b"Content-Type: multipart/mixed; boundary=b\n",
        ),
        *(
            b"Content-Type: text/html; charset=utf-16\n",
            b"Content-Transfer-Encoding: base64\n",
            b"--b\n",
            b"--b--\n",
            b"\n",
        ),
        *(
            b"Content-Type: message/rfc822\n",
            b"Content-Type: message/delivery-status\n",
            b"Status: 5.1.1\n",
            b"<div>",
            b"\xff",
        ),
        *(
            b"Content-Type: multipart/report; report-type=delivery-status\n",
            b"Content-Disposition: attachment; filename*0=a\n",
        ),
        *(
            b"Content-Type: text/plain; format=flowed; charset*=x'y'%ff\n",
            b"> ",
            b"Den 3 mars kl. 10:14 skrev X:\n",
            b"\0",
            b"\r",
        ),
        *(
            b"Content-Transfer-Encoding: uuencode\n",
            b"begin 644 a\n",
            b"Content-Type: application/ms-tnef\n",
            b"\x78\x9f\x3e\x22",
        ),
        *(
            b"Content-Type: text/calendar\n",
            b"SUMMARY:x\n",
            b"Date: 99 Foo 2026 99:99:99 +9999\n",
            b" ",
            b"\t",
            b"x" * 100,
        ),
    ]
)


def read(data: bytes) -> Letter | None:
    """The letter, which the other side of the limited process must believe too; None where it said no."""
    with suppress(Refused):
        letter = read_letter(data)
        files = [attachment.data for attachment in letter.attachments]
        assert understand(to_json(letter), files) == letter
        assert "\0" not in letter.text + letter.subject + letter.from_address
        return letter
    return None


@given(data=st.binary(max_size=3000))
@example(data=b"")
@example(data=b"\n")
@example(data=b"From ")
def test_any_bytes(data: bytes) -> None:
    read(data)


@given(data=st.lists(pieces | st.binary(max_size=20), max_size=60).map(b"".join))
@settings(max_examples=300)
def test_pieces_of_mails_in_any_order(data: bytes) -> None:
    read(data)


@given(path=st.sampled_from(SMALL), data=st.data())
@settings(max_examples=300)
def test_mails_with_something_changed(path: Path, data: st.DataObject) -> None:
    raw = path.read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 300)))
        raw = raw[:start] + data.draw(pieces | st.binary(max_size=30) | st.just(raw[end : end + 200])) + raw[end:]
    read(raw)


tags = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div style='display:none'>",
            "<blockquote type=cite>",
            "</blockquote>",
            "<!--",
            "-->",
            "<a href=x>",
        ),
        *(
            "</a>",
            "<script>",
            "</script>",
            "<div class=gmail_quote>",
            "<br",
            "&amp",
            "&#x0;",
            "<![if",
            "<pre>",
            "\n",
            "x",
        ),
    ]
)


@given(text=st.text(max_size=400), html=st.lists(tags, max_size=40))
def test_any_html(text: str, html: list[str]) -> None:
    shown = without_marks(html_text("".join(html) + text))
    assert not MARKS.search(shown)


@given(st.text(max_size=500))
@example("\n> \n>\n")
@example("-- \nx")
def test_own_words_are_never_nothing_where_there_was_something(text: str) -> None:
    whole, own = without_marks(text), own_words(text)
    assert bool(own) == bool(whole)
    assert len(own) <= len(text)


lines = st.sampled_from(
    [
        *(
            "Hej",
            "> citat",
            "Den 3 mars 2026 kl. 10:14 skrev X <a@b.se>:",
            "-- ",
            "Skickat från min iPhone",
            "",
            "svar",
        ),
        *("Från: X", "Till: Y", "Skickat: i går", "-----Ursprungligt meddelande-----", "____________________________"),
    ]
)


@given(st.lists(lines, max_size=25))
def test_own_words_are_lines_of_the_mail_in_their_order(said: list[str]) -> None:
    rest = iter(line.rstrip() for line in said)
    for line in own_words("\n".join(said)).split("\n"):
        assert not line or line in rest


@given(
    data=st.binary(max_size=300),
    charset=st.text(max_size=20) | st.sampled_from(["utf-8", "utf-16", "utf-7", "gb2312", "punycode"]),
)
def test_any_charset(data: bytes, charset: str) -> None:
    decoded(data, charset)


@given(st.text(max_size=300))
@example('"' * 300)
@example("=?utf-8?b?=?=")
@example("=?utf-7?q?+?=")
def test_any_header(raw: str) -> None:
    assert "\n" not in header(raw)
    message_ids(raw)
    for one in mailboxes(raw):
        assert one.name or one.address
        assert re.fullmatch(r"[^\s<>]*", one.address)


@given(st.binary(max_size=300).map(lambda data: b"\x78\x9f\x3e\x22" + data))
def test_any_winmail(data: bytes) -> None:
    _body, files = opened(data)
    assert sum(len(content) for _name, content in files) <= len(data)


@pytest.mark.parametrize("facts", [b"", b"{}", b"[]", b"null", b"\xff", b'{"sort": "person"}', b"[" * 100_000])
def test_nothing_of_what_the_process_says_is_believed(facts: bytes) -> None:
    if facts in {b"{}", b'{"sort": "person"}'}:
        assert understand(facts, []) == Letter()
    else:
        with pytest.raises((ValueError, RecursionError)):
            understand(facts, [])


WRONG: list[dict[str, object]] = [
    {"subject": "a\nb"},
    {"subject": "x" * 2000},
    {"text": "x\0"},
    {"text": "x" * 300_000},
    {"sort": "x"},
    {"hops": "x"},
    {"refers_to": ["a\nb"]},
    {"attachments": [{"name": "a", "content_type": "b", "data": "c"}]},
    {"attachments": [{"name": "a", "content_type": "b"}]},
]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_a_line_is_a_line_and_a_text_has_an_end(change: dict[str, object]) -> None:
    facts = json.loads(to_json(Letter())) | change
    with pytest.raises(ValueError, match=r"none|tells of|validation|shorter|longer"):
        understand(json.dumps(facts).encode(), [])
