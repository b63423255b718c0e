"""The virus hook: a function or a command, and nothing passes when it fails."""

import stat
from pathlib import Path
from typing import Any

import pytest

from lyhord.files import scanning
from lyhord.files.images import RefusedFile, clean_image
from tests.files import make


def finds_red(data: bytes) -> str | None:
    return "Red.Test" if b"red" in data else None


def falls_over(data: bytes) -> str | None:
    raise OSError("no daemon")


def script(folder: Path, lines: str) -> str:
    path = folder / "scan"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.requirement("0.4")
def test_the_test_file_is_found_without_a_scanner() -> None:
    assert scanning.infection(scanning.EICAR)
    assert scanning.infection(b"before" + scanning.EICAR + b"after")
    assert scanning.infection(make.photo()) is None


def test_a_function(settings: Any) -> None:
    settings.LYHORD_VIRUS_SCANNER = f"{__name__}.finds_red"
    assert scanning.infection(b"so red") == "Red.Test"
    assert scanning.infection(b"so blue") is None
    assert scanning.infection(scanning.EICAR)


@pytest.mark.parametrize("as_list", [True, False])
def test_a_command(settings: Any, tmp_path: Path, as_list: bool) -> None:
    path = script(tmp_path, "if grep -q red; then echo 'stream: Red.Test FOUND'; exit 1; fi")
    settings.LYHORD_VIRUS_SCANNER = [path, "-"] if as_list else f"{path} -"
    assert scanning.infection(b"so red") == "stream: Red.Test FOUND"
    assert scanning.infection(b"so blue" * 100_000) is None


@pytest.mark.requirement("0.4")
def test_what_the_scanner_finds_is_refused(settings: Any) -> None:
    settings.LYHORD_VIRUS_SCANNER = f"{__name__}.finds_red"
    with pytest.raises(RefusedFile) as caught:
        clean_image(make.encoded(make.street(), comment=b"red"))
    assert caught.value.code == "infected"
    assert clean_image(make.encoded(make.street(), comment=b"blue")).kind == "jpeg"


@pytest.mark.parametrize("scanner", [f"{__name__}.falls_over", "not.there", "/not/there -", "sh -c 'exit 2'"])
def test_a_scanner_that_fails_lets_nothing_through(settings: Any, scanner: str) -> None:
    settings.LYHORD_VIRUS_SCANNER = scanner
    with pytest.raises(scanning.ScannerFailed):
        scanning.infection(b"data")
    with pytest.raises(RefusedFile) as caught:
        clean_image(make.photo())
    assert caught.value.code == "unavailable"
