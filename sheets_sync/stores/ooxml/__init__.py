"""From the bytes of a workbook to the same bytes with some cells changed, and nothing else.

Pure: bytes in, bytes out. The way through:

    package = open_package(content)        # the zip directory, the workbook and its sheets
    inspect(package)                       # the guard; everything a reader would choke on
    marks(package, "Partners")             # what calamine hides: formulas, errors
    package.release()                      # the unpacked sheets go; they come back when asked
    ... calamine reads ``content`` ...
    patched = patch(package, edits, recalculate=package.has_formulas)
    verify(package, patched, edits)

Everything takes a Package or plain bytes, and raises ``errors.Refused`` alone: its ``kind`` is
a message of the errors catalogue. Rows are the sheet's row numbers from 1; columns count from 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

from sheets_sync.model import Value

CellEdits: TypeAlias = Mapping[tuple[str, str], Value]
"""(sheet name, cell reference such as "AD5") -> what the cell shall say."""

SheetEdits: TypeAlias = Mapping[str, Mapping[int, Mapping[int, Value]]]
"""Sheet name -> row -> column -> value: the same, faster for many thousand cells."""


class Range(NamedTuple):
    """A rectangle of cells: rows from 1, columns from 0, the ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Marks(NamedTuple):
    """What a reader of values does not see; each by column, then the rows.

    ``formulas`` are all formula cells; ``valueless`` those of them without a computed value;
    ``errors`` the cells that show an error, with its text (``#REF!``).
    """

    formulas: Mapping[int, frozenset[int]]
    valueless: Mapping[int, frozenset[int]]
    errors: Mapping[int, Mapping[int, str]]


class Package:
    """A workbook's bytes, its zip directory, and each part unpacked at most once."""

    content: bytes
    sheet_names: tuple[str, ...]
    """The worksheets in the workbook's order, hidden ones too, chart sheets not."""
    date_system: Literal[1900, 1904]

    @property
    def has_formulas(self) -> bool:
        """Whether any worksheet of the workbook holds a formula."""
        raise NotImplementedError

    def release(self) -> None:
        """Forget the unpacked sheets (most of the memory); they are unpacked again when needed."""
        raise NotImplementedError


def open_package(content: bytes) -> Package:
    """Look at the zip directory and find the workbook, its sheets and its date system."""
    raise NotImplementedError


def inspect(package: bytes | Package, sheets: Iterable[str] | None = None) -> Package:
    """The guard: refuse what is hostile or damaged, before any reader sees it.

    ``sheets`` are those that will be read; all worksheets if None.
    """
    raise NotImplementedError


def marks(package: bytes | Package, sheet: str, columns: Collection[int] | None = None) -> Marks:
    """The formulas and errors of a sheet, or of some of its columns."""
    raise NotImplementedError


def merges(package: bytes | Package, sheet: str) -> tuple[Range, ...]:
    """The merged ranges of a sheet."""
    raise NotImplementedError


def patch(
    package: bytes | Package,
    edits: CellEdits | SheetEdits,
    *,
    recalculate: bool = False,
    header_rows: Mapping[str, int] | None = None,
) -> bytes:
    """The package with the edits made, or the very same bytes when all cells say so already.

    ``recalculate`` asks spreadsheet programs to compute all formulas when they open the file.
    ``header_rows`` names each sheet's header row (1 if not named): a new cell takes no style
    from there or above.
    """
    raise NotImplementedError


def verify(
    package: bytes | Package,
    patched: bytes,
    edits: CellEdits | SheetEdits,
) -> None:
    """Refuse (kind ``inexact``) a patched package that differs beyond the edits, or lacks one."""
    raise NotImplementedError
