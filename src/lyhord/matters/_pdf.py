"""The text of a PDF from anybody, page by page. Runs only in `files.sandbox`: the parser here meets hostile bytes."""

import codecs
import ctypes
import json

import pypdfium2
import pypdfium2.raw as pdfium

from lyhord.files._wire import Refused

MOST_PAGES = 1500
MOST_CHARACTERS = 20_000_000


def read(data: bytes) -> bytes:
    """A JSON list with each page's text, null for one that could not be opened. Raises Refused."""
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        raise Refused("broken") from error
    if count > MOST_PAGES:
        raise Refused("pages")
    pages: list[str | None] = []
    room = MOST_CHARACTERS
    for index in range(count):
        text = _page(document, index)
        room -= len(text or "")
        if room < 0:
            raise Refused("bomb")
        pages.append(text)
    return json.dumps(pages, ensure_ascii=True).encode("ascii")


def _page(document: pypdfium2.PdfDocument, index: int) -> str | None:
    try:
        page = document[index]
        text = page.get_textpage()
        said = str(text.get_text_bounded())
        text.close()
        page.close()
    except (pypdfium2.PdfiumError, ctypes.ArgumentError):
        return None
    return said.replace("\r\n", "\n").replace("\x00", "")


# The library and the codec that it reads with are loaded now: nothing can be opened later.
_LOADED = (pdfium.FPDF_ERR_SUCCESS, codecs.lookup("utf-16-le"))
