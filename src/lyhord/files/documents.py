"""Files that are no pictures: looked at from outside, kept as they came, never shown by us, only handed to staff.

Nothing here opens them. What they are is told by their first bytes, never by what they are called. Programs, pages
and whatever may run are not kept, nor documents with macros; a zip file could hold anything, so it is not either.
"""

import io
import logging
import re
import zipfile
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import LyhordError
from lyhord.files import scanning

log = logging.getLogger(__name__)

MAX_BYTES = 25_000_000
NAME_LENGTH = 150

SENTENCES = {
    "too_big": _("Filen är för stor. Den får vara högst 25 MB."),
    "empty": _("Filen är tom."),
    "kind": _("Vi tar inte emot filer av det slaget."),
    "macros": _("Filen innehåller makron. Sådana filer tar vi inte emot."),
    "infected": _("Viruskontrollen varnade för filen."),
    "unavailable": _("Vi kan inte ta emot filer just nu."),
}

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"OggS", "ogg"),
    (b"BEGIN:VCALENDAR", "ics"),
    (b"BEGIN:VCARD", "vcf"),
)
_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_NAMES = {"doc", "xls", "ppt", "msg"}
_OLD_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "Macros".encode("utf-16-le"))
_TEXT_NAMES = {"txt", "csv", "tsv", "log", "md", "ics", "vcf", "eml", ""}
_RUNS = re.compile(
    rb"^\s*(?:<\s*(?:!doctype|html|script|svg|\?xml|head|body|iframe|a |img)|#!|@echo|\[InternetShortcut\])",
    re.IGNORECASE,
)
_MOST_ENTRIES = 5_000
_MOST_UNPACKED = 300_000_000
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+")


class RefusedDocument(LyhordError):
    """The file is not kept. `code` is a key of SENTENCES; all but "unavailable" are about the file itself."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code], code)


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A file that may be kept."""

    name: str
    """As it is handed out: no folders, an ending that says what it is."""
    kind: str
    """Its ending: "pdf"."""
    data: bytes = field(repr=False)


def check_document(data: bytes, name: str) -> CheckedDocument:
    """The file, if it may be kept. Raises RefusedDocument."""
    if len(data) > MAX_BYTES:
        raise RefusedDocument("too_big")
    if not data:
        raise RefusedDocument("empty")
    try:
        found = scanning.infection(data)
    except scanning.ScannerFailed as error:
        raise RefusedDocument("unavailable") from error
    if found:
        log.warning("a file was infected: %s", found)
        raise RefusedDocument("infected")
    kind = kind_of(data, name)
    return CheckedDocument(_named(name, kind), kind, data)


def kind_of(data: bytes, name: str) -> str:
    """What the file is. Raises RefusedDocument for what is not kept."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[4:8] == b"ftyp":
        return _film(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return "wav"
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(_OLD_OFFICE):
        return _old_office(data, name)
    return _text(data, name)


def _film(data: bytes) -> str:
    """Films and sound of telephones (ISO/IEC 14496-12)."""
    brand = data[8:12]
    if brand in {b"M4A ", b"M4B "}:
        return "m4a"
    if brand == b"qt  ":
        return "mov"
    if brand.startswith((b"iso", b"mp4", b"avc", b"M4V", b"3gp", b"MSNV", b"dash")):
        return "3gp" if brand.startswith(b"3gp") else "mp4"
    raise RefusedDocument("kind")


def _packed(data: bytes) -> str:
    """Documents of today's office programs are zip files with a known inside; nothing of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, OverflowError, IndexError) as error:
        raise RefusedDocument("kind") from error
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise RefusedDocument("kind")
    names = [entry.filename for entry in entries]
    if any("vbaproject" in name.lower() or "/activex/" in name.lower() or name.startswith("Basic/") for name in names):
        raise RefusedDocument("macros")
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    for said, kind in _OPEN.items():  # stored first and unpacked, so that it can be read from outside
        if data[30:38] == b"mimetype" and data[38 : 38 + len(said)] == said:
            return kind
    raise RefusedDocument("kind")


def _old_office(data: bytes, name: str) -> str:
    if any(mark in data for mark in _OLD_MACROS):
        raise RefusedDocument("macros")
    ending = _ending(name)
    if ending not in _OLD_NAMES:
        raise RefusedDocument("kind")
    return ending


def _text(data: bytes, name: str) -> str:
    """Plain text, by its bytes and by a name that nothing runs by."""
    ending = _ending(name)
    if ending not in _TEXT_NAMES or b"\x00" in data or _RUNS.match(data[:500]):
        raise RefusedDocument("kind")
    control = any((byte < 32 and byte not in b"\t\n\r\f\x1b") or byte == 127 for byte in data[:10_000])
    if control:
        raise RefusedDocument("kind")
    return ending or "txt"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _named(name: str, kind: str) -> str:
    """The name without folders and tricks; with the ending of what it is, where it has another."""
    bare = " ".join(_UNSAFE.sub("_", name).split()).strip(" ._")[-NAME_LENGTH:] or "fil"
    same = {"jpeg": "jpg", "tif": "tiff"}
    ending = _ending(bare)
    return bare if same.get(ending, ending) == kind else f"{bare[: NAME_LENGTH - 6]}.{kind}"
