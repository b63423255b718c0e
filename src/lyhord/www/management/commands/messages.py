"""`messages [--check]`: the translations, kept complete.

Reads every text out of code and templates with Babel, so that no gettext programs need to be installed.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

PACKAGE = Path(settings.BASE)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # the same texts make the same bytes
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}

# Where what residents read is written; languages that the desk is not in (settings.STAFF_LANGUAGES) have only that.
RESIDENTS = (
    "cases/actions/follow.py",
    "cases/actions/messages.py",
    "cases/actions/outcome.py",
    "cases/answers.py",
    "cases/asked_words.py",
    "cases/kind.py",
    "cases/kinds/",
    "cases/notices.py",
    "cases/questions.py",
    "cases/states.py",
    "cases/timeline.py",
    "cases/windows.py",
    "config/settings.py",
    "core/errors.py",
    "core/mail_address.py",
    "engagement/actions/acts.py",
    "engagement/mechanism.py",
    "engagement/mechanisms/",
    "engagement/reactions.py",
    "files/",
    "following/",
    "intake/channels/web.py",
    "intake/checks.py",
    "matters/models/",
    "notifications/",
    "places/point.py",
    "residents/actions.py",
    "templates/4",
    "templates/5",
    "templates/account/login.html",
    "templates/account/logout.html",
    "templates/app/",
    "templates/base.html",
    "templates/notices/",
    "templates/parts/",
    "templates/public/",
    "www/app/",
    "www/brand.py",
    "www/incoming.py",
    "www/kept.py",
    "www/opendata/feeds.py",
    "www/opendata/files.py",
    "www/public/",
    "www/templatetags/",
)
STAFF_NOTICES = ("templates/notices/pool_", "templates/notices/webhook_")


class Command(BaseCommand):
    """Brings the .po files up to the source texts and compiles them; with --check only says what is missing."""

    help = "Uppdatera översättningarna, eller kontrollera att de är fullständiga."
    requires_system_checks = ()  # translators have no database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = extract()
        missing: list[str] = []
        for language, _label in settings.LANGUAGES:
            folder = PACKAGE / "locale" / language / "LC_MESSAGES"
            catalog = _read(folder / "django.po", language)
            if language != settings.LANGUAGE_CODE:  # its file only says, in our voice, what the libraries say
                texts = wanted if language in settings.STAFF_LANGUAGES else for_residents(wanted)
                catalog.update(texts, no_fuzzy_matching=True)
            catalog.creation_date = catalog.revision_date = EPOCH
            missing += [f"{language}: {_first(message.id)}" for message in catalog if message.id and not _done(message)]
            _write(folder, catalog, check=options["check"], missing=missing)
        if missing:
            raise CommandError(f"{len(missing)} texter saknar översättning:\n" + "\n".join(missing))
        self.stdout.write(f"{len(wanted)} texter, alla översatta.")


def extract() -> Catalog:
    """Every text in the package's code and templates."""
    catalog = Catalog(fuzzy=False, charset="utf-8")
    for path, messages in _sources():
        for _line, function, message, _comments in messages:
            parts = message if isinstance(message, tuple) else (message,)
            context = parts[0] if function.startswith("pgettext") else None
            text = parts[:2] if function.startswith("ngettext") else parts[1 if context else 0]
            if text and (isinstance(text, str) or all(text)):
                catalog.add(text, locations=[(path, 0)], context=context)
    return catalog


def for_residents(wanted: Catalog) -> Catalog:
    """Those of the texts that residents can come to read."""
    catalog = Catalog(fuzzy=False, charset="utf-8")
    for message in wanted:
        places = [path for path, _line in message.locations if not path.startswith(STAFF_NOTICES)]
        if message.id and any(path.startswith(RESIDENTS) for path in places):
            catalog.add(message.id, locations=message.locations, context=message.context)
    return catalog


def _sources() -> Iterator[tuple[str, Iterator[Any]]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as file:
            yield str(path.relative_to(PACKAGE)), iter(list(extract_python(file, KEYWORDS, [], {})))
    for path in sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found = extract_javascript(io.BytesIO(code.encode()), KEYWORDS, [], {})
        yield str(path.relative_to(PACKAGE)), iter(list(found))


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _done(message: Any) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings) and not message.fuzzy


def _first(text: Any) -> str:
    return str(text[0] if isinstance(text, tuple | list) else text)


def _write(folder: Path, catalog: Catalog, *, check: bool, missing: list[str]) -> None:
    """Write .po and .mo; when checking, only compare."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, sort_output=True, ignore_obsolete=True, omit_header=False, width=110, include_lineno=False)
    write_mo(mo, catalog)
    if check:
        compiled = folder / "django.mo"
        if not compiled.exists() or compiled.read_bytes() != mo.getvalue():
            missing.append("(kör ./lyhord manage messages: de sammanställda texterna är inte de senaste)")
        return
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for line in po.getvalue().splitlines() if not line.startswith((b'"POT-Creation', b'"PO-Revision'))]
    (folder / "django.po").write_bytes(b"\n".join(lines) + b"\n")
    (folder / "django.mo").write_bytes(mo.getvalue())
