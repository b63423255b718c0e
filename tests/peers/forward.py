"""A port on 127.0.0.1 that leads to a socket in the file system."""

import contextlib
import select
import socket
import threading
from pathlib import Path


class Forward:
    """Open until `close`."""

    def __init__(self, target: Path) -> None:
        self._target = str(target)
        self._listens = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listens.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                here, _who = self._listens.accept()
                threading.Thread(target=self._pass_on, args=(here,), daemon=True).start()

    def _pass_on(self, here: socket.socket) -> None:
        """Until either side hangs up."""
        with here, socket.socket(socket.AF_UNIX) as there, contextlib.suppress(OSError):
            there.connect(self._target)
            while True:
                for ready in select.select((here, there), (), ())[0]:
                    if not (data := ready.recv(65536)):
                        return
                    (there if ready is here else here).sendall(data)

    def close(self) -> None:
        """Let nobody in any more."""
        self._listens.close()
