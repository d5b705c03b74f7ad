"""From the text of a TOML file to the line on which each key stands: tomllib does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys from the outermost in; a number is the position in an array of tables."""

_POSITION = re.compile(r"at line (\d+)")


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of every table and key of a valid TOML text."""
    lines: dict[KeyPath, int] = {(): 1}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for line, statement, parsed in _statements(text):
        if statement.lstrip().startswith("["):
            table = _header_path(parsed, counts)
            lines.setdefault(table, line)
        else:
            for path in _paths(parsed):
                lines.setdefault(table + path, line)
    return lines


def line_at(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of a path, else that of the innermost table around it which has one."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def line_of_fault(text: str, fault: tomllib.TOMLDecodeError) -> int:
    """The line of what tomllib could not read; "end of document" is not where people err."""
    found = _POSITION.search(str(fault))
    if found:
        return int(found[1])
    seen: set[KeyPath] = set()
    line = 1
    for line, _, parsed in _statements(text):
        paths = set(_paths(parsed))
        if parsed is _UNREADABLE or paths & seen:
            return line
        seen |= paths
    return line


_UNREADABLE: Mapping[str, Any] = {}
"""Stands for a statement that never ends."""


def _statements(text: str) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """The statements of a text: the fewest lines that can be read by themselves."""
    lines = text.splitlines(keepends=True)
    start = 0
    for end in range(1, len(lines) + 1):
        statement = "".join(lines[start:end])
        try:
            parsed = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        if parsed:
            yield start + 1, statement, parsed
        start = end
    if start < len(lines):
        yield start + 1, "", _UNREADABLE


def _header_path(parsed: Mapping[str, Any], counts: dict[KeyPath, int]) -> KeyPath:
    """The path of the table that ``[a.b]`` or ``[[a.b]]`` opens, counting arrays on the way."""
    path: KeyPath = ()
    inner: object = parsed
    while isinstance(inner, dict) and inner:
        [(key, inner)] = inner.items()
        path += (key,)
        if isinstance(inner, list):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path


def _paths(parsed: Mapping[str, Any]) -> Iterator[KeyPath]:
    for key, value in parsed.items():
        yield (key,)
        if isinstance(value, dict):
            for rest in _paths(value):
                yield (key, *rest)
