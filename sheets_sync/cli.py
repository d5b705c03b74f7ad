"""From a command line to a command, and from an exception to a sentence and an exit code."""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer
from typer import TyperException

from sheets_sync import __version__, errors
from sheets_sync.desk import Desk, Failure
from sheets_sync.errors import SettingsError, SheetsSyncError
from sheets_sync.model import Language
from sheets_sync.options import with_desk
from sheets_sync.terminal.console import Terminal, language_of_arguments, write_document
from sheets_sync.texts import say

USAGE = 2
EXIT_CODES: Mapping[type[SheetsSyncError], int] = {
    errors.UsageError: USAGE,
    errors.TrackerError: 65,
    errors.NoSuchTracker: 66,
    errors.Unreachable: 69,
    errors.Busy: 75,
    errors.Forbidden: 77,
}
UNEXPECTED = 1
ROWS_HAVE_PROBLEMS = 3
INTERRUPTED = 130

app = typer.Typer(
    name="sheets-sync",
    help="Keeps a shared partner tracker fresh: what is overdue, what to do next, and why.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Tracker = Annotated[
    str | None,
    typer.Argument(
        metavar="TRACKER",
        help="An .xlsx file, or a Google Sheet's address or id.",
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")]


def _version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        typer.echo(f"sheets-sync {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def common(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback does it all
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Tell the version.")
    ] = False,
) -> None:
    """Keeps a shared partner tracker fresh: what is overdue, what to do next, and why."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(USAGE)


@app.command(short_help="Judge every partner, and write what to do next.")
@with_desk
def sync(
    desk: Desk,
    *,
    tracker: Tracker = None,
    dry_run: DryRun = False,
    force: Annotated[bool, typer.Option("--force", help="Write a suspicious plan too.")] = False,
    ignore_lock: Annotated[
        bool, typer.Option("--ignore-lock", help="Go on beside another program's lock file.")
    ] = False,
) -> None:
    """Read the tracker, judge every partner, and write back what to do next."""
    from sheets_sync.commands.sync import run

    run(desk, tracker, dry_run=dry_run, force=force, ignore_lock=ignore_lock)


@app.command(short_help="Make a sample tracker, sync it, and show what that did.")
@with_desk
def demo(
    desk: Desk,
    *,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the demo goes.")] = Path(
        "demo"
    ),
) -> None:
    """Make a tracker of sample partners, sync it, and show what that did."""
    from sheets_sync.commands.demo import run

    run(desk, folder)


@app.command(short_help="Make a new tracker; never over an existing file.")
@with_desk
def init(
    desk: Desk,
    *,
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            help="The new .xlsx file; else the settings' tracker.",
            show_default=False,
        ),
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="With sample partners.")] = False,
    google: Annotated[
        str | None, typer.Option("--google", metavar="URL", help="An empty Google Sheet to fill.")
    ] = None,
) -> None:
    """Make a new tracker from the template; never over an existing file or a filled sheet."""
    from sheets_sync.commands.init import run

    run(desk, path, sample=sample, google=google)


@app.command(short_help="Look for all that would go wrong; writes nothing.")
@with_desk
def check(desk: Desk, *, tracker: Tracker = None) -> None:
    """Look for everything that would go wrong, and say the next step; writes nothing."""
    from sheets_sync.commands.check import run

    if run(desk, tracker):
        raise typer.Exit(ROWS_HAVE_PROBLEMS)


@app.command(short_help="Tell all there is to say of one partner.")
@with_desk
def explain(
    desk: Desk,
    *,
    tracker: Annotated[
        str,
        typer.Argument(metavar="TRACKER", help="An .xlsx file, or a Google Sheet's address or id."),
    ],
    partner: Annotated[
        str, typer.Argument(metavar="PARTNER", help="A name, a part of one, or a row number.")
    ],
) -> None:
    """Tell all there is to say of one partner, why this comes first, and what would change it."""
    from sheets_sync.commands.explain import run

    run(desk, tracker, partner)


@app.command(short_help="Sync, then mail everybody what waits for them.")
@with_desk
def digest(
    desk: Desk,
    *,
    tracker: Tracker = None,
    dry_run: DryRun = False,
    preview: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the mails there to look at.", show_default=False),
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Send one member theirs as a test.", show_default=False),
    ] = None,
) -> None:
    """Sync, then mail everybody the partners that wait for them; never twice a day."""
    from sheets_sync.commands.digest import run

    run(desk, tracker, dry_run=dry_run, folder=preview, test=test)


@app.command(short_help="Stay in the background: sync and mail on a schedule.")
@with_desk
def watch(
    desk: Desk,
    *,
    tracker: Tracker = None,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
) -> None:
    """Stay in the background: sync on a schedule, and mail the digests at their hour."""
    from sheets_sync.commands.watch import run

    fault = run(desk, tracker, once=once)
    if fault is not None:
        raise typer.Exit(exit_code(fault))


@app.command(short_help="Ask six questions, write the settings, check them.")
@with_desk
def setup(desk: Desk) -> None:
    """Ask the six questions that matter, write the settings file, and check it."""
    from sheets_sync.commands.setup import run

    if run(desk):
        raise typer.Exit(ROWS_HAVE_PROBLEMS)


@app.command(short_help="Put a file back to a backup of it.")
@with_desk
def restore(
    desk: Desk,
    *,
    tracker: Tracker = None,
    number: Annotated[
        int, typer.Option("--number", metavar="N", help="Which backup; 1 is the newest.", min=1)
    ] = 1,
    list_only: Annotated[bool, typer.Option("--list", help="List the backups.")] = False,
) -> None:
    """Put a file back to a backup; what stands there now is kept first."""
    from sheets_sync.commands.restore import run

    run(desk, tracker, number=number, list_only=list_only)


def main() -> None:
    """Run the command that stands on the command line; never returns."""
    # A big tracker makes millions of objects and hardly a cycle: look for cycles seldom.
    gc.set_threshold(200_000, 20, 20)
    _make_printable()
    sys.exit(run(sys.argv[1:]))


def _make_printable() -> None:
    """Have an output that knows few letters show question marks, and one that is closed nothing."""
    nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
    sys.stdout = sys.stdout or nowhere
    sys.stderr = sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def run(arguments: Sequence[str]) -> int:
    """Run a command and answer its exit code; every exception ends here."""
    try:
        return int(app(list(arguments), prog_name="sheets-sync", standalone_mode=False) or 0)
    except Failure as failure:
        return _tell(
            failure.error,
            arguments,
            language=failure.language,
            found=failure.found,
            tracker=failure.tracker,
        )
    except TyperException as error:
        return _tell(errors.UsageError("usage", detail=error.format_message()), arguments)
    except KeyboardInterrupt:
        return _tell(SheetsSyncError("interrupted"), arguments)
    except Exception as error:  # noqa: BLE001 - the one boundary where the unexpected is told
        fault = SheetsSyncError("unexpected", detail=f"{type(error).__name__}: {error}")
        fault.__cause__ = error
        return _tell(fault, arguments)


def exit_code(error: Exception) -> int:
    """The exit code of an error (interface.md)."""
    if isinstance(error, SheetsSyncError) and error.kind == "interrupted":
        return INTERRUPTED
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), UNEXPECTED)


def _tell(
    error: SheetsSyncError,
    arguments: Sequence[str],
    *,
    language: Language | None = None,
    found: Mapping[str, object] = MappingProxyType({}),
    tracker: str | None = None,
) -> int:
    """Say what happened and what to do next, as JSON too where that was asked for."""
    code = exit_code(error)
    language = language or language_of_arguments(arguments, os.environ)
    with suppress(OSError):  # an output that nobody reads, or that is full, is no second failure
        terminal = Terminal(language, stderr=True)
        if tracker and isinstance(error, errors.TrackerError):
            terminal.line("about", tracker=tracker)  # a refusal tells of the file's inside alone
        _tell_person(error, terminal, arguments)
        if "--json" in arguments:
            write_document(
                {
                    "error": {**_error_json(error, code, language), "tracker": tracker or None},
                    **found,
                }
            )
    return code


def _tell_person(error: SheetsSyncError, terminal: Terminal, arguments: Sequence[str]) -> None:
    terminal.sentence(error.sentence, style="bold red")
    if isinstance(error, SettingsError):
        for mistake in error.mistakes:
            terminal.sentence(mistake, indent=2)
    terminal.line("next", step=error.next_step)
    if {"-v", "--verbose"} & set(arguments):
        terminal.raw("".join(traceback.format_exception(error)), style="dim")


def _error_json(error: SheetsSyncError, code: int, language: Language) -> Mapping[str, object]:
    sentences = [error.sentence, *(error.mistakes if isinstance(error, SettingsError) else ())]
    return {
        "exit": code,
        "kind": error.kind,
        "message": " ".join(say(sentence, language) for sentence in sentences),
        "next": say(error.next_step, language),
    }
