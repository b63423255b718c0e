"""Case numbers as people say them: "26-4817" is number 4817 of the year 2026."""

import re

_NUMBER = re.compile(r"(?:nr|nummer|no|#)?[\s.:#]*(\d{2})\s*[-–—−‐‑/ ]\s*([1-9]\d{0,8})", re.IGNORECASE | re.ASCII)

_IN_TEXT = re.compile(r"(?<![\d+-])(\d\d)\s?[-–—−‐‑]\s?([1-9]\d{0,8})(?![\d-])")


def format_number(year: int, n: int) -> str:
    """The number shown to people; ValueError for a year outside 2000–2099 or an n below 1."""
    if not 2000 <= year <= 2099 or n < 1:
        raise ValueError("a case number needs a year 2000-2099 and a number from 1")
    return f"{year - 2000:02}-{n}"


def parse_number(text: str) -> tuple[int, int] | None:
    """(year, n) of a number as somebody may write it ("nr 26 – 4817"); None when the text is nothing of the kind."""
    match = _NUMBER.fullmatch(text.strip())
    return (2000 + int(match[1]), int(match[2])) if match else None


def numbers_in(text: str) -> list[str]:
    """What may be case numbers in somebody's text, in their order and each once; no part of a telephone number."""
    found = (format_number(2000 + int(match[1]), int(match[2])) for match in _IN_TEXT.finditer(text))
    return list(dict.fromkeys(found))
