"""From what went wrong in the world to a kind of exception that owns its sentence.

SheetsSyncError
├── UsageError            what was asked for cannot be done so (2)
│   └── SettingsError     the settings file has mistakes (2)
├── TrackerError          the tracker cannot be read as one (65)
│   ├── Refused           a workbook that is damaged, hostile, or cannot be changed exactly
│   ├── NotATracker       columns or tabs are missing or double
│   ├── NotTakenOver      the managed columns are somebody's own
│   └── Suspicious        the safety catch: the plan would blank too much
├── NoSuchTracker         (66)
├── Unreachable           a service cannot be reached, or its quota is used up (69)
│   └── NoMailServer      the mail server, for no mail at all
├── Busy                  try later (75)
│   └── SheetChanged      the sheet is no longer the one that was read: read again
└── Forbidden             no permission (77)

An error is a ``kind`` and facts. Its sentence is ``errors.<kind>`` in the catalogues, and the
next step ``errors.<kind>.next``; the kind stands in the JSON too. Exit codes are the door's.
"""

from __future__ import annotations

from sheets_sync.model import Fact, Sentence


class SheetsSyncError(Exception):
    """An expected failure: what happened and where (``sentence``), what to do (``next_step``)."""

    def __init__(self, kind: str, **facts: Fact) -> None:
        """Keep the kind (snake case, a message id without its domain) and the facts."""
        super().__init__(kind, facts)
        self.kind = kind
        self.facts = facts

    @property
    def sentence(self) -> Sentence:
        """What happened, and where."""
        return Sentence(f"errors.{self.kind}", self.facts)

    @property
    def next_step(self) -> Sentence:
        """What to do next."""
        return Sentence(f"errors.{self.kind}.next", self.facts)


class UsageError(SheetsSyncError):
    """What was asked for cannot be done so."""


class SettingsError(UsageError):
    """The settings have mistakes; ``mistakes`` holds a sentence for each."""

    def __init__(self, kind: str, *, mistakes: tuple[Sentence, ...] = (), **facts: Fact) -> None:
        """Keep all mistakes, so that they are told at once."""
        super().__init__(kind, **facts)
        self.mistakes = mistakes


class TrackerError(SheetsSyncError):
    """The tracker cannot be read as one."""


class Refused(TrackerError):
    """A workbook that is damaged, hostile, or cannot be changed exactly; nothing was changed."""


class NotATracker(TrackerError):
    """Needed columns or tabs are missing or stand there twice."""


class NotTakenOver(TrackerError):
    """The columns named like ours are filled with somebody's own words."""


class Suspicious(TrackerError):
    """The plan would blank more than can be meant."""


class NoSuchTracker(SheetsSyncError):
    """There is no tracker of that name."""


class Unreachable(SheetsSyncError):
    """A service cannot be reached, or its quota is used up."""


class NoMailServer(Unreachable):
    """The mail server cannot be reached at all: no other mail will get through either."""


class Busy(SheetsSyncError):
    """Somebody else has the tracker: try later."""


class SheetChanged(Busy):
    """The sheet is no longer the one that was read."""


class Forbidden(SheetsSyncError):
    """There is no permission to read or to write."""
