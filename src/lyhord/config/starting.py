"""What is answered while a new database is being filled: the web server loads meanwhile, and somebody may be early."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

NOTE = "LYHORD_STARTING"
"""Names a file that is there as long as nothing can be shown; set by `./lyhord run` (config/command/run.py)."""
type Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_PAGE = """<!DOCTYPE html>
<html lang="sv">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="refresh" content="2">
    <title>Lyhörd startar</title>
  </head>
  <body>
    <h1>Lyhörd startar</h1>
    <p>Sidan kommer av sig själv om några sekunder.</p>
    <p lang="en">Lyhörd is starting. The page appears by itself in a few seconds.</p>
  </body>
</html>
""".encode()


def once_started(application: Wsgi) -> Wsgi:
    """The application itself, or, where a start is awaited, one that says so until then."""
    named = os.environ.get(NOTE)
    if not named:
        return application
    note, started = Path(named), False

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        nonlocal started
        started = started or not note.exists()
        if started:
            return application(environ, start_response)
        headers = {"Content-Type": "text/html; charset=utf-8", "Retry-After": "2", "Cache-Control": "no-store"}
        start_response("503 Service Unavailable", list(headers.items()))
        return [_PAGE]

    return answer
