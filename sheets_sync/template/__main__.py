"""From the command line to a template file: ``python -m sheets_sync.template PATH [LANGUAGE]``."""

from __future__ import annotations

import sys
from pathlib import Path

from sheets_sync.model import LANGUAGES
from sheets_sync.template import build


def main(arguments: list[str]) -> None:
    """Write the empty template, in English unless another language is named."""
    path, wanted = arguments[0], (arguments[1:] or ["en"])[0]
    language = next(language for language in LANGUAGES if language == wanted)
    Path(path).write_bytes(build(language))


if __name__ == "__main__":
    main(sys.argv[1:])
