"""What must never stand in a log: addresses that are keys to somebody's case."""

import logging
import re

# A follow code or a follow link's token; what comes after it is harmless.
_KEYS = re.compile(r"/(f|tack|folj|kontakt)/[^/\s?]+")


def without_keys(text: str) -> str:
    """The text with every key in an address blotted out: "/f/…/"."""
    return _KEYS.sub(r"/\1/…", text)


class WithoutKeys(logging.Filter):
    """Blots out keys in what is logged, by us or by Django, before any handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = without_keys(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(without_keys(arg) if isinstance(arg, str) else arg for arg in record.args)
        return True
