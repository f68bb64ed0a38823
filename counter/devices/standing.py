"""What a simulated device is: it stands on a port of this machine, and talks to one at a time."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class StandingDevice:
    """`address` is what the settings name. It begins to listen at once, and ends with `close`; a subclass talks."""

    def __init__(self, name: str, port: int) -> None:
        self._server = socket.create_server(("127.0.0.1", port))
        self.address = "socket://{}:{}".format(*self._server.getsockname())
        self._talking: socket.socket | None = None
        threading.Thread(target=self._serve, name=name, daemon=True).start()

    def talk(self, line: socket.socket) -> None:
        """Answer whoever has come, until they hang up or OSError."""
        raise NotImplementedError

    def unplug(self) -> None:
        """Pull the plug for a moment: whoever talks to it is cut off, and can come back."""
        talking, self._talking = self._talking, None
        if talking is not None:
            with suppress(OSError):
                talking.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)  # on Linux a thread that accepts holds a closed socket open
        self._server.close()
        self.unplug()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                talking, _ = self._server.accept()
                self._talking = talking
                with suppress(OSError), talking:
                    self.talk(talking)
