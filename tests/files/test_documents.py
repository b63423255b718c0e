"""Files that are no pictures: told by their bytes, refused when they could run, kept as they came."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from lyhord.audit.models import Event
from lyhord.core.actor import Actor
from lyhord.core.clock import now
from lyhord.core.errors import NotFound
from lyhord.core.tenancy import organisation_scope
from lyhord.files import storage
from lyhord.files.actions import keep_document, remove_unused
from lyhord.files.documents import MAX_BYTES, SENTENCES, RefusedDocument, check_document
from lyhord.files.models import StoredDocument
from lyhord.files.scanning import EICAR
from lyhord.files.sweep import sweep
from lyhord.organisations.models import Organisation

BY = Actor.system("test")
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "lyhord.files.disk.Disk", "OPTIONS": {"location": str(tmp_path / "f")}},
    }


def packed(names: Sequence[str], *, first: bytes = b"", content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


OFFICE = ["[Content_Types].xml"]
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
KEPT: list[tuple[bytes, str, str, str]] = [
    (PDF, "karta.pdf", "pdf", "karta.pdf"),
    (PDF, "karta", "pdf", "karta.pdf"),
    (PDF, "karta.exe", "pdf", "karta.exe.pdf"),
    (PDF, "../../etc/passwd", "pdf", "etc_passwd.pdf"),
    (PDF, "C:\\Users\\anna\\karta.pdf", "pdf", "C_Users_anna_karta.pdf"),
    (PDF, "kar\N{RIGHT-TO-LEFT OVERRIDE}fdp.pdf", "pdf", "kar_fdp.pdf"),
    (PDF, "a\r\nSet-Cookie: x.pdf", "pdf", "a_Set-Cookie_ x.pdf"),
    (PDF, "", "pdf", "fil.pdf"),
    (PDF, "å" * 400 + ".pdf", "pdf", "å" * 146 + ".pdf"),
    (packed([*OFFICE, "word/document.xml"]), "brev.docx", "docx", "brev.docx"),
    (packed([*OFFICE, "xl/workbook.xml"]), "lista.zip", "xlsx", "lista.zip.xlsx"),
    (packed([*OFFICE, "ppt/presentation.xml"]), "bilder.pptx", "pptx", "bilder.pptx"),
    (packed(["content.xml"], first=b"application/vnd.oasis.opendocument.text"), "brev.odt", "odt", "brev.odt"),
    (OLD, "brev.doc", "doc", "brev.doc"),
    (b"{\\rtf1 hej}", "brev.rtf", "rtf", "brev.rtf"),
    (b"GIF89a...", "bild.gif", "gif", "bild.gif"),
    (b"\0\0\0\x18ftypmp42" + b"\0" * 20, "film.mp4", "mp4", "film.mp4"),
    (b"\0\0\0\x14ftypqt  " + b"\0" * 20, "IMG_1.MOV", "mov", "IMG_1.MOV"),
    (b"\0\0\0\x1cftypM4A " + b"\0" * 20, "röst.m4a", "m4a", "röst.m4a"),
    ("Åsa;Bo\n".encode("cp1252"), "lista.csv", "csv", "lista.csv"),
    (b"Hej", "lapp", "txt", "lapp.txt"),
    (b"BEGIN:VCALENDAR\r\n", "m.ics", "ics", "m.ics"),
    (b"From: a@b.se\n\nHej", "mejl.eml", "eml", "mejl.eml"),
]


@pytest.mark.parametrize(("data", "name", "kind", "called"), KEPT, ids=[row[1][:20] or "nameless" for row in KEPT])
def test_what_is_kept_and_under_which_name(data: bytes, name: str, kind: str, called: str) -> None:
    checked = check_document(data, name)
    assert (checked.kind, checked.name, checked.data) == (kind, called, data)


REFUSED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "a.txt"),
    ("too_big", b"%PDF-" + b"\0" * MAX_BYTES, "a.pdf"),
    ("kind", b"MZ\x90\0", "spel.exe"),
    ("kind", b"MZ\x90\0", "bild.txt"),
    ("kind", b"\x7fELF", "a"),
    ("kind", b"<!DOCTYPE html><script>", "sida.txt"),
    ("kind", b"  <svg onload=x>", "bild.txt"),
    ("kind", b"<?xml version='1.0'?>", "x.txt"),
    ("kind", b"#!/bin/sh\nrm -rf /", "x.txt"),
    ("kind", b"@echo off", "x.txt"),
    ("kind", b"Remove-Item x", "x.ps1"),
    ("kind", b"WScript.Echo", "x.vbs"),
    ("kind", b"alert(1)", "x.js"),
    ("kind", b"hej", "brev.txt.lnk"),
    ("kind", b"\x01\x02 hej", "x.txt"),
    ("kind", packed(["a.txt"]), "filer.zip"),
    ("kind", b"PK\x03\x04trasig", "brev.docx"),
    ("kind", packed(OFFICE), "brev.docx"),
    ("kind", b"Rar!\x1a\x07", "a.rar"),
    ("kind", OLD, "installera.msi"),
    ("kind", b"\0\0\0\x18ftypevil" + b"\0" * 9, "a.mp4"),
    ("macros", packed([*OFFICE, "word/document.xml", "word/vbaProject.bin"]), "brev.docx"),
    ("macros", packed(["Basic/x"], first=b"application/vnd.oasis.opendocument.text"), "brev.odt"),
    ("macros", OLD + "_VBA_PROJECT".encode("utf-16-le"), "brev.doc"),
    ("infected", PDF + EICAR, "karta.pdf"),
]


@pytest.mark.parametrize(("code", "data", "name"), REFUSED, ids=[f"{row[0]}-{row[2]}" for row in REFUSED])
def test_what_is_not_kept(code: str, data: bytes, name: str) -> None:
    with pytest.raises(RefusedDocument) as refused:
        check_document(data, name)
    assert refused.value.code == code
    assert str(refused.value) == str(SENTENCES[code])


@given(data=st.binary(max_size=400), name=st.text(max_size=80))
def test_whatever_it_is_the_answer_is_a_plain_name_or_no(data: bytes, name: str) -> None:
    try:
        checked = check_document(data, name)
    except RefusedDocument:
        return
    assert 0 < len(checked.name) <= 150
    assert checked.name.endswith(f".{checked.kind}") or checked.name.lower().endswith(f".{checked.kind}")
    assert not set(checked.name) & set('/\\:*?"<>|\r\n\0')
    assert not checked.name.startswith(".")


@given(st.binary(max_size=300).map(lambda rest: b"PK\x03\x04" + rest))
def test_any_zip(data: bytes) -> None:
    with pytest.raises(RefusedDocument):
        check_document(data, "brev.docx")


def test_a_bomb_is_not_kept() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("word/document.xml", b"\0" * 310_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(RefusedDocument) as refused:
        check_document(out.getvalue(), "brev.docx")
    assert refused.value.code == "kind"


@pytest.mark.django_db
def test_it_is_kept_as_it_came_and_goes_when_nobody_uses_it(motala: Organisation) -> None:
    with organisation_scope(motala.pk):
        document = keep_document(organisation_id=motala.pk, data=PDF, name="karta.pdf", by=BY)
        assert bytes(document.sha256) == hashlib.sha256(PDF).digest()
        found = storage.document(document.key, "attachment")
        assert not isinstance(found, storage.Elsewhere)
        with found as file:
            assert file.read() == PDF
        assert Event.objects.get(verb="file.kept").data["kind"] == "pdf"
    assert sweep(organisation_id=motala.pk, by=BY) == 0
    with time_machine.travel(now() + timedelta(hours=25)), organisation_scope(motala.pk):
        assert remove_unused(by=BY) == 1
        assert not StoredDocument.objects.exists()


@pytest.mark.django_db
def test_one_without_a_row_is_swept_and_one_with_a_row_is_not(motala: Organisation) -> None:
    nameless = storage.save_document(motala.pk, PDF)
    with organisation_scope(motala.pk):
        named = keep_document(organisation_id=motala.pk, data=PDF, name="karta.pdf", by=BY)
    assert storage.stored_keys(motala.pk) == {nameless, named.key}
    with time_machine.travel(now() + timedelta(hours=25)):
        assert sweep(organisation_id=motala.pk, by=BY) == 1
    assert storage.stored_keys(motala.pk) == {named.key}


@pytest.mark.parametrize("key", ["documents/1/x", "documents/../1", "photos/1", "/etc/passwd"])
def test_only_keys_of_ours(key: str) -> None:
    with pytest.raises(NotFound):
        storage.document(key, "attachment")
