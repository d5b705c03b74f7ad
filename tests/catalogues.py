"""From the English catalogues to up-to-date Finnish and Hebrew ones, and all to .mo files.

Run ``python tests/catalogues.py`` after changing any .po file; ``--check`` only tells.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

CATALOGUES = Path(__file__).parent.parent / "sheets_sync" / "texts" / "catalogues"
TRANSLATIONS = ("fi", "he")
PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "fi": "nplurals=2; plural=(n != 1);",
    "he": "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);",
}
"""One; in Hebrew also two, which has words of its own (yomayim); and all else."""
TIMELESS = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands for the dates that Babel writes into what it compiles, so that it is reproducible."""


def load(language: str, domain: str) -> Catalog:
    """One catalogue; an empty one where there is no file yet."""
    path = CATALOGUES / language / "LC_MESSAGES" / f"{domain}.po"
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, domain=domain)
    else:
        catalogue = Catalog(locale=language)
    catalogue.mime_headers = [("Plural-Forms", PLURALS[language])]
    catalogue.creation_date = catalogue.revision_date = TIMELESS
    return catalogue


def domains() -> list[str]:
    """The subjects that have an English catalogue."""
    return sorted(path.stem for path in (CATALOGUES / "en" / "LC_MESSAGES").glob("*.po"))


def compiled(language: str, domain: str) -> bytes:
    """The .mo file that belongs to a .po file."""
    buffer = io.BytesIO()
    write_mo(buffer, load(language, domain))
    return buffer.getvalue()


def template(domain: str) -> Catalog:
    """The English catalogue without its words, which are no translation of themselves."""
    catalogue = load("en", domain)
    for message in catalogue:
        if message.id:
            message.string = ("", "") if message.pluralizable else ""
    return catalogue


def update(language: str, domain: str) -> None:
    """Give a translation the ids of the English catalogue: new ones empty, dropped ones gone."""
    catalogue = load(language, domain)
    catalogue.update(template(domain), no_fuzzy_matching=True)
    path = CATALOGUES / language / "LC_MESSAGES" / f"{domain}.po"
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, no_location=True, omit_header=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header(catalogue).encode() + buffer.getvalue())


def header(catalogue: Catalog) -> str:
    """The entry that starts a .po file: what gettext needs, and no dates of its own."""
    lines = (
        "Project-Id-Version: sheets_sync",
        f"Language: {catalogue.locale_identifier}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalogue.plural_forms}",
    )
    quoted = "\n".join(f'"{line}\\n"' for line in lines)
    return f'msgid ""\nmsgstr ""\n{quoted}\n\n'


def stale() -> list[Path]:
    """The .mo files that are missing or older in content than their .po file."""
    found = []
    for language in ("en", *TRANSLATIONS):
        for domain in domains():
            path = CATALOGUES / language / "LC_MESSAGES" / f"{domain}.mo"
            if not path.exists() or path.read_bytes() != compiled(language, domain):
                found.append(path)
    return found


def main(arguments: list[str]) -> int:
    """Update and compile; with ``--check`` print what is stale and answer 1 if anything is."""
    if "--check" in arguments:
        found = stale()
        for path in found:
            print(f"stale: {path.relative_to(CATALOGUES)}")
        return bool(found)
    for domain in domains():
        for language in TRANSLATIONS:
            update(language, domain)
    for path in stale():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(compiled(path.parts[-3], path.stem))
        print(f"compiled {path.relative_to(CATALOGUES)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
