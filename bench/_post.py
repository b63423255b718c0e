"""A mail server on 127.0.0.1 that takes everything and keeps nothing."""

import socket
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller


class PostOffice:
    """Counts letters. Use it as a context."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.letters = 0
        with socket.create_server((self.host, 0)) as found:
            self.port: int = found.getsockname()[1]
        self._controller: Any = Controller(self, hostname=self.host, port=self.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Take it."""
        self.letters += 1
        return "250 OK"
