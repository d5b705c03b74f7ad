"""Let the service sync a tracker thousands of times, and print what it holds: nothing may grow.

``python -m tests.endurance [SYNCS]``: a quarter of an hour passes between two syncs, people save
something new each time, and digests go out each day to a mail server. Linux only.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import tempfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import NamedTuple

import time_machine
import trustme

from sheets_sync.commands.watch import watched_of
from sheets_sync.desk import Desk, Options
from sheets_sync.service import Stop, serve
from sheets_sync.service.log import Facts
from sheets_sync.service.times import Clocks
from tests.command_line import FINE, OVERDUE, settings, tracker
from tests.smtp_server import PASSWORD, USER, Mailbox, server_context, serving

START = datetime(2026, 11, 20, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
SAMPLES = 20
SETTINGS = f"""
[team]
"Aino Virtanen" = "aino@example.org"
[mail]
host = "127.0.0.1"
port = {{port}}
username = "{USER}"
from = "Partners <partners@example.org>"
ca_file = "ca.pem"
"""
KILOBYTES_OF_NOISE = 1500
"""The allocator's pages come and go; two thousand leaks of a kilobyte would be more."""


class Sample(NamedTuple):
    """What the process holds after so many syncs; ``files`` are those in the state folder."""

    syncs: int
    kilobytes: int
    descriptors: int
    threads: int
    files: int

    @classmethod
    def take(cls, syncs: int, state: Path) -> Sample:
        """Look at this process now."""
        gc.collect()
        status = Path("/proc/self/status").read_text(encoding="ascii")
        [memory] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
        files = sum(1 for path in state.rglob("*") if path.is_file())
        open_now = len(list(Path("/proc/self/fd").iterdir()))
        return cls(syncs, int(memory), open_now, threading.active_count(), files)


class Quarters(Stop):
    """Quarters of an hour that pass at once; in each of them a person saves."""

    def __init__(
        self, folder: Path, traveller: time_machine.Traveller, mailbox: Mailbox, *, syncs: int
    ) -> None:
        """Begin with a tracker in the folder, and end after so many syncs."""
        super().__init__()
        self.file, self.state = folder / "partners.xlsx", folder / "state"
        self.samples: list[Sample] = []
        self.mails = self.done = 0
        self._traveller, self._mailbox = traveller, mailbox
        self._syncs, self._waits = syncs, 0
        self._versions = cycle(versions(self.file))

    @property
    def clocks(self) -> Clocks:
        """The computer's; it never sleeps."""
        passed = QUARTER.total_seconds()
        return Clocks(now=lambda: datetime.now(UTC), monotonic=lambda: self._waits * passed)

    def log(self, event: str, facts: Facts) -> None:
        """Count the syncs that wrote something."""
        self.done += event == "sync_done" and int(facts["n"]) > 0

    def wait(self, seconds: float) -> None:
        """Let time pass, look at what is held, and save."""
        del seconds
        self._traveller.shift(QUARTER)
        self._waits += 1
        self.mails += len(self._mailbox.mails)
        self._mailbox.mails.clear()
        if self._waits % (self._syncs // SAMPLES) == 0:
            self.samples.append(Sample.take(self.done, self.state))
        if self._waits == self._syncs:
            self.ask()
        fresh = self.file.with_suffix(".tmp")
        fresh.write_bytes(next(self._versions))
        fresh.replace(self.file)


def versions(file: Path) -> Sequence[bytes]:
    """What people save by turns: each time the program has something to write."""
    owned = {**OVERDUE, "owner": "Aino Virtanen"}
    ones = [tracker(file, *rows).read_bytes() for rows in ([owned], [owned, FINE], [FINE, owned])]
    return [*ones, ones[1]]


def endure(folder: Path, syncs: int) -> Quarters:
    """Let the service sync a tracker in the folder so often."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    with (
        serving(server_context(authority, "127.0.0.1")) as (mailbox, port),
        time_machine.travel(START, tick=False) as traveller,
    ):
        quarters = Quarters(folder, traveller, mailbox, syncs=syncs)
        desk = Desk(
            Options(config=settings(folder, SETTINGS.format(port=port)), as_json=True),
            {"SHEETS_SYNC_STATE": str(quarters.state), "SHEETS_SYNC_MAIL_PASSWORD": PASSWORD},
        )
        serve(
            [watched_of(desk, desk.store(str(quarters.file)))],
            state=quarters.state,
            log=quarters.log,
            clocks=quarters.clocks,
            stop=quarters,
        )
    return quarters


def growth(samples: Sequence[Sample]) -> Sample:
    """What the last quarter of the samples holds more than the second quarter."""
    n = len(samples) // 4
    early, late = samples[n : 2 * n], samples[-n:]
    fields = range(len(Sample._fields))
    medians = [[median(sample[it] for sample in part) for it in fields] for part in (early, late)]
    return Sample(*(int(after - before) for before, after in zip(*medians, strict=True)))


def _at_once(fd: object) -> None:
    """Have nothing on the disk: it is not the disk's endurance that is tried."""
    del fd


def main(syncs: int) -> None:
    """Print what is held, ten times or more; exit with 1 if it grew."""
    os.fsync = _at_once
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        quarters = endure(Path(folder), syncs)
    print("{:>8} {:>10} {:>12} {:>8} {:>6}".format(*Sample._fields))
    for sample in quarters.samples:
        print("{:>8} {:>10} {:>12} {:>8} {:>6}".format(*sample))
    grown = growth(quarters.samples)
    print(f"{quarters.done} syncs that wrote, {quarters.mails} mails; grown: {grown}")
    sys.exit(grown.kilobytes > KILOBYTES_OF_NOISE or grown.descriptors > 0 or grown.threads > 0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
