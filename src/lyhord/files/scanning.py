"""The virus hook: what `LYHORD_VIRUS_SCANNER` names looks at every file before anything else does.

The setting is one of
* "" or absent: only the test file that every scanner knows (EICAR) is recognised, so that the hook can be tried;
* a dotted path to a function `(data: bytes) -> str | None` that gives the name of what it found, or None;
* a command, as text with a space or slash in it or as a list, that reads the file on its standard input and ends
  with 0 for clean or 1 for infected, such as "clamdscan --no-summary -" or "clamscan --no-summary -".

A scanner that fails lets nothing through.
"""

import logging
import shlex
import subprocess
from collections.abc import Callable, Sequence
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

# In two parts, or scanners would take this very file for infected. https://www.eicar.org/download-anti-malware-testfile/
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

_SECONDS = 30


class ScannerFailed(Exception):
    """The scanner gave no answer; nobody knows whether the file is clean."""


def infection(data: bytes) -> str | None:
    """The name of what was found in `data`, or None if it is clean. Raises ScannerFailed."""
    if EICAR in data:
        return "EICAR test file"
    scanner: str | Sequence[str] = getattr(settings, "LYHORD_VIRUS_SCANNER", "")
    if not scanner:
        return None
    if not isinstance(scanner, str):
        return _by_command(list(scanner), data)
    if " " in scanner or "/" in scanner:
        return _by_command(shlex.split(scanner), data)
    return _by_function(scanner, data)


def _by_function(path: str, data: bytes) -> str | None:
    try:
        function = cast(Callable[[bytes], str | None], import_string(path))
        return function(data) or None
    except Exception as error:
        log.exception("the virus scanner %s failed", path)
        raise ScannerFailed from error


def _by_command(command: list[str], data: bytes) -> str | None:
    try:
        ended = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        log.exception("the virus scanner %s failed", command[0])
        raise ScannerFailed from error
    if ended.returncode == 0:
        return None
    said = ended.stdout[-500:].decode("utf-8", "replace").strip()
    if ended.returncode == 1:
        return said or "found by the scanner"
    log.error("the virus scanner %s ended with %s: %s", command[0], ended.returncode, ended.stderr[-500:])
    raise ScannerFailed
