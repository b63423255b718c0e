"""The way to read a mail from anybody: in a process of its own that may use little and touch nothing."""

import logging
from dataclasses import replace

from pydantic import TypeAdapter

from lyhord.core.errors import LyhordError
from lyhord.files import sandbox
from lyhord.files._wire import unpack
from lyhord.intake.mail.letter import RESULT_LENGTH, TEXT_LENGTH, Letter

log = logging.getLogger(__name__)

MOST_BYTES = 40_000_000
_LIMITS = sandbox.Limits(input_bytes=MOST_BYTES, output_bytes=45_000_000, cpu_seconds=20, wall_seconds=60)
_LETTER = TypeAdapter(Letter)
_LONGEST_LINE = 1000


class UnreadableMail(LyhordError):
    """It could not be read. `permanent`: trying again would not help."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code, code)
        self.permanent = permanent


def read_mail(data: bytes) -> Letter:
    """The mail, read. About 0.1 s of CPU. Raises UnreadableMail."""
    try:
        facts, files = unpack(sandbox.run("lyhord.intake.mail._read:read", data, _LIMITS), 2)
        return understand(facts, _all(files))
    except sandbox.SandboxFailure as failure:
        code = failure.reason if failure.code == "refused" else failure.code
        raise UnreadableMail(code, permanent=failure.code != "unavailable") from failure
    except (ValueError, RecursionError) as error:
        log.warning("the answer about a mail made no sense: %s", type(error).__name__)
        raise UnreadableMail("nonsense", permanent=True) from error


def understand(facts: bytes, files: list[bytes]) -> Letter:
    """The letter again. ValueError for whatever is none: the mail may have taken over the process that read it."""
    letter = _LETTER.validate_json(facts)
    attachments = tuple(
        replace(one, data=data) for one, data in zip(letter.attachments, files, strict=True) if not one.data
    )
    if len(attachments) != len(files):
        raise ValueError("the files are not those that it tells of")
    report = letter.report
    lines = [letter.message_id, letter.from_name, letter.from_address, letter.reply_to, letter.subject, letter.language]
    lines += [*letter.refers_to, *letter.recipients, *letter.our_ids, *letter.flaws]
    lines += [line for one in attachments for line in (one.name, one.content_type)]
    lines += [report.status, report.said, *report.recipients] if report else []
    if any(len(line) > _LONGEST_LINE or "\n" in line or "\0" in line for line in lines):
        raise ValueError("a line is none")
    if any(len(line) > RESULT_LENGTH or "\n" in line or "\0" in line for line in letter.results):
        raise ValueError("a result is none")
    if any(len(text) > TEXT_LENGTH or "\0" in text for text in (letter.text, letter.own_words)):
        raise ValueError("a text is none")
    return replace(letter, attachments=attachments)


def _all(packed: bytes) -> list[bytes]:
    """However many parts there are."""
    found, at = [], 0
    while at < len(packed):
        length = int.from_bytes(packed[at : at + 4])
        if at + 4 + length > len(packed):
            raise ValueError("a part is shorter than its length says")
        found.append(packed[at + 4 : at + 4 + length])
        at += 4 + length
    return found
