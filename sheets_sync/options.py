"""From a command function that takes a Desk to one that takes the common options instead."""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sheets_sync.desk import Desk, Options

_KEYWORD = inspect.Parameter.KEYWORD_ONLY
COMMON = {
    "config": (
        Path | None,
        typer.Option(metavar="FILE", help="The settings file.", show_default=False),
        None,
    ),
    "today": (
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Another day than today.", show_default=False),
        None,
    ),
    "as_json": (bool, typer.Option("--json", help="One JSON document on stdout."), False),
    "language": (
        str | None,
        typer.Option(metavar="en|fi|he", help="The language to speak.", show_default=False),
        None,
    ),
    "verbose": (bool, typer.Option("-v", "--verbose", help="Tell more."), False),
}
"""The options of every command: type, declaration and default, named as in Options."""


def with_desk(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with the common options in place of its first parameter, the desk."""
    signature = inspect.signature(command, eval_str=True)
    own = list(signature.parameters.values())[1:]
    common = [
        inspect.Parameter(name, _KEYWORD, default=default, annotation=Annotated[kind, option])
        for name, (kind, option, default) in COMMON.items()
    ]

    @functools.wraps(command)
    def with_options(**given: Any) -> Any:  # noqa: ANN401 - whatever the command takes and gives
        options = Options(**{name: given.pop(name) for name in COMMON})
        desk = Desk(options, os.environ)
        try:
            with desk.telling():
                return command(desk, **given)
        except BrokenPipeError:
            return 0  # whoever read the output has seen enough

    del with_options.__wrapped__  # typer must see the new signature, not the old one
    parameters = [parameter.replace(kind=_KEYWORD) for parameter in own] + common
    with_options.__dict__["__signature__"] = signature.replace(parameters=parameters)
    with_options.__annotations__ = {it.name: it.annotation for it in parameters}
    return with_options
