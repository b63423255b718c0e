"""Is the port free, and does something answer on it?"""

import http.client
import socket
import time

from lyhord.config.postgres.errors import LauncherError

HOST = "127.0.0.1"


def demand_free(port: int, patience: float = 0) -> None:
    """Raise LauncherError when the web server could not listen on ``port``, even ``patience`` seconds from now."""
    until = time.monotonic() + patience
    while True:
        try:
            return _try(port)
        except LauncherError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.05)


def _try(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as problem:
            raise LauncherError(
                f"Port {port} får bara användas av root. Välj en över 1023, till exempel --port 8000.",
                f"Port {port} is for root only. Choose one above 1023, for example --port 8000.",
            ) from problem
        except (OSError, OverflowError) as problem:
            raise LauncherError(
                f"Port {port} är upptagen eller går inte att använda. Välj en annan, till exempel --port {port + 1}.",
                f"Port {port} is taken or cannot be used. Choose another, for example --port {port + 1}.",
            ) from problem


def answer(port: int) -> int:
    """The status that an HTTP request for the first page gets (200, 404, 500, …); 0 when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": f"{HOST}:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
