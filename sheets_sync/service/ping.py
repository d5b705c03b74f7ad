"""From a good sync to a word at a dead man's switch: its silence is what raises the alarm."""

from __future__ import annotations

import threading

from sheets_sync.service.log import Log, kind_of

SECONDS = 10.0
"""How long an answer may take."""


class Pinger:
    """Pings an address, if there is one, beside the service: no job waits for it."""

    def __init__(self, address: str | None, log: Log) -> None:
        """Nothing is asked yet."""
        self._address, self._log = address, log
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Ask once."""
        if self._address is not None:
            self._thread = threading.Thread(
                target=ping, args=(self._address, self._log), name="ping", daemon=True
            )
            self._thread.start()

    def finish(self) -> None:
        """Wait for the answer to the last one: the process is about to end."""
        if self._thread is not None:
            self._thread.join(SECONDS)


def ping(address: str, log: Log) -> None:
    """Ask the address once. The address itself is a secret, and not logged."""
    from urllib.request import urlopen

    try:
        with urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - settings take https alone
            answer.read(1)
    except Exception as fault:  # noqa: BLE001 - whatever is wrong there, the service goes on
        log("ping_failed", {"kind": kind_of(fault)})
