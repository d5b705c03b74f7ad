"""From a path to what people's programs do to the file there while we work, step by step.

A *step* is any call that looks at or changes the file system; ``Steps`` counts them, and lets
something happen just before one of them: a person saves, the disk is full, the power fails.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from sheets_sync.stores import swapping
from sheets_sync.stores.swapping import digest_bytes

CALLS = (
    "open", "stat", "lstat", "fstat", "rename", "replace", "link", "unlink", "fsync", "fchmod",
    "fchown", "listxattr", "getxattr", "setxattr", "removexattr", "access", "read", "close",
)  # fmt: skip
"""The system calls (as ``os`` names them) that count as steps; ``exchange`` does, too."""


class Steps:
    """Counts steps; before the one that was asked for, and only then, lets something happen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Watch the calls from now on."""
        self.happens: dict[int, Callable[[], object]] = {}
        self.names: list[str] = []
        self._counting = False
        for name in CALLS:
            monkeypatch.setattr(os, name, self._counted(name, getattr(os, name)))
        monkeypatch.setattr(swapping, "exchange", self._counted("exchange", swapping.exchange))

    def _counted(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **keywords: object) -> object:
            if self._counting:
                self.names.append(name)
                action = self.happens.pop(len(self.names) - 1, None)
                if action is not None:
                    self._counting = False
                    try:
                        action()
                    finally:
                        self._counting = True
            return call(*arguments, **keywords)

        return counted

    @contextmanager
    def counted(self, happens: Mapping[int, Callable[[], object]] | None = None) -> Iterator[None]:
        """Count what happens within; ``happens`` tells what comes before which step."""
        self.happens = dict(happens or {})
        self.names = []
        self._counting = True
        try:
            yield
        finally:
            self._counting = False


Way = Callable[[Path, bytes], Iterator[None]]
"""How a program saves: between any two of its steps something else may happen."""


def by_renaming(path: Path, data: bytes) -> Iterator[None]:
    """As most programs do: a new file takes the old one's name."""
    fresh = path.with_name(f"person-{digest_bytes(data)}.tmp")
    fresh.write_bytes(data)
    yield
    fresh.replace(path)


def in_place(path: Path, data: bytes) -> Iterator[None]:
    """As simple programs and scripts do: open, and write when it suits."""
    with path.open("wb") as file:
        yield
        file.write(data)


def in_place_at_leisure(path: Path, data: bytes) -> Iterator[None]:
    """As programs do that open a file for writing and only later cut and fill it."""
    with path.open("r+b") as file:
        yield
        file.truncate()
        yield
        file.write(data)


def by_moving_away(path: Path, data: bytes) -> Iterator[None]:
    """As Excel does: the old file moves away, the new one in, and the old one goes."""
    fresh, old = (
        path.with_name(f"fresh-{digest_bytes(data)}.tmp"),
        path.with_name(f"old-{digest_bytes(data)}.tmp"),
    )
    fresh.write_bytes(data)
    yield
    path.rename(old)
    yield
    fresh.rename(path)
    yield
    old.unlink()


def after_deleting(path: Path, data: bytes) -> Iterator[None]:
    """As careless programs do."""
    path.unlink()
    yield
    path.write_bytes(data)


WAYS: tuple[Way, ...] = (by_renaming, in_place, in_place_at_leisure, by_moving_away, after_deleting)


def at_once(way: Way, path: Path, data: bytes) -> None:
    """Save without a pause."""
    for _ in way(path, data):
        pass
