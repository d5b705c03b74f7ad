"""From the bytes of a workbook to the same bytes with some cells changed, and nothing else.

Pure: bytes in, bytes out. The way through:

    package = Package(content)             # the zip directory, the workbook and its sheets
    inspect(package)                       # the guard: everything a reader would choke on
    marks(package, "Partners")             # what calamine hides: formulas, errors
    package.release()                      # the unpacked sheets go; they come back when needed
    ... calamine reads ``content`` ...
    patched = patch(package, edits, recalculate=has_formulas(package))
    verify(package, patched, edits)

Everything takes a Package or plain bytes, and raises ``errors.Refused`` alone: its ``kind`` is
a message of the errors catalogue. Rows are the sheet's row numbers from 1; columns count from 0.
"""

from sheets_sync.stores.ooxml.guard import inspect
from sheets_sync.stores.ooxml.marking import Marks, has_formulas, marks, merges
from sheets_sync.stores.ooxml.parts import Package
from sheets_sync.stores.ooxml.patching import CellEdits, RowEdits, SheetEdits, patch
from sheets_sync.stores.ooxml.references import Range
from sheets_sync.stores.ooxml.verifying import verify

__all__ = [
    "CellEdits",
    "Marks",
    "Package",
    "Range",
    "RowEdits",
    "SheetEdits",
    "has_formulas",
    "inspect",
    "marks",
    "merges",
    "patch",
    "verify",
]
