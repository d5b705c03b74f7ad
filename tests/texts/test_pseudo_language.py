"""A made-up language in the place of Finnish: what is still in plain letters was never said in it.

Every English text is written in Cyrillic letters there. So a word in Latin ones comes from a cell,
from the machine, or from somebody who wrote a sentence into the program.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from openpyxl import load_workbook

from sheets_sync.model import LANGUAGES, Language
from tests import catalogues

ROOT = Path(__file__).parent.parent.parent
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MADE_UP = str.maketrans(LATIN, "абвгдежзийклмнопрстуфхцчшщАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩ")
KEPT = re.compile(r"(\{\w+\}|\S+@\S+|\S+\(at\)\S+)")
"""Places, and addresses: they must stay what they are."""

RUN = """
import sys
from pathlib import Path
from sheets_sync import texts
texts.CATALOGUES = Path(sys.argv.pop(1))
from sheets_sync.cli import main
main()
"""
COMMANDS: dict[str, tuple[str, ...]] = {
    "demo": ("demo", "."),
    "sync": ("sync", "partners.xlsx", "--dry-run", "-v", "--today", "2026-12-24"),
    "check": ("check", "partners.xlsx", "-v"),
    "explain": ("explain", "partners.xlsx", "3"),
    "init": ("init", "new.xlsx"),
    "error": ("sync", "missing.xlsx"),
    "usage": ("check", "partners.xlsx", "--config", "nowhere.toml"),
    "settings": ("check", "partners.xlsx", "--config", "bad.toml"),
}
BAD_SETTINGS = 'country = "Finland"\nmail = 3\ntiem = 1\n'
TODAY = ("--today", "2026-11-21")

NAMES = re.compile(
    r"\S*@example\.(org|com)|\S*\(at\)\S*|https?://\S+|\S*/\S+|\S+\.(xlsx|toml|html)|sheets_sync"
    r"|#[A-Z]+[!/]\w*|Finland|country|mail|tiem|team|\bpartners\b"
)
"""What has no language: addresses, paths, files, names of settings, values like #REF!."""
MARKUP = re.compile(r"<(style|title)>.*?</\1>|<[^>]*>|&\w+;", re.DOTALL)


def made_up(text: str) -> str:
    """A text in the made-up language."""
    parts = KEPT.split(text)
    return "".join(part if KEPT.fullmatch(part) else part.translate(MADE_UP) for part in parts)


def write_catalogue(folder: Path, language: Language, domain: str) -> None:
    """Compile a catalogue; the Finnish one from the English in made-up letters."""
    catalogue = catalogues.load("en" if language == "fi" else language, domain)
    for message in catalogue:
        if message.id and language == "fi":
            told = message.string or ""
            message.string = (
                made_up(told) if isinstance(told, str) else tuple(made_up(form) for form in told)
            )
    path = folder / language / "LC_MESSAGES" / f"{domain}.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    path.write_bytes(buffer.getvalue())


class Home:
    """A folder in which the program speaks the made-up language."""

    def __init__(self, folder: Path) -> None:
        """Write the catalogues, and run the demo."""
        self.folder = folder / "home"
        self.folder.mkdir()
        self.catalogues = folder / "catalogues"
        for language in LANGUAGES:
            for domain in catalogues.domains():
                write_catalogue(self.catalogues, language, domain)
        (self.folder / "bad.toml").write_text(BAD_SETTINGS, encoding="utf-8")
        self.said = {name: self.run(*command) for name, command in COMMANDS.items()}

    def run(self, *arguments: str) -> str:
        """What a command says, on both ways out."""
        day = () if "--today" in arguments or "init" in arguments else TODAY
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        state = {"SHEETS_SYNC_STATE": str(self.folder.parent / "state")}
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(self.catalogues), *arguments, *day],
            cwd=self.folder,
            env={**kept, **state, "LANG": "fi_FI.UTF-8", "COLUMNS": "200", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A folder in which all the commands were run once."""
    return Home(tmp_path_factory.mktemp("made-up"))


def english(text: str) -> list[str]:
    """The words of a text in Latin letters; shorter ones are columns, countries, and "ja"."""
    return re.findall(r"[A-Za-z]{3,}", NAMES.sub("", text))


@pytest.mark.parametrize("command", COMMANDS)
def test_the_terminal_says_nothing_that_is_not_in_the_catalogues(home: Home, command: str) -> None:
    said = home.said[command]

    assert re.search("[а-щ]", said)
    assert english(said) == []


def shown(path: Path) -> Iterator[str]:
    """All that people see in a workbook: tabs, cells, notes, questions on a click, footers."""
    workbook = load_workbook(path)
    yield str(workbook.properties.title)
    for sheet in workbook:
        yield sheet.title
        if footer := sheet.oddFooter:
            yield from (str(part.text) for part in (footer.left, footer.right))
        for row in sheet.iter_rows():
            yield from (cell.value for cell in row if isinstance(cell.value, str))
            yield from (cell.comment.text for cell in row if cell.comment)
        for rule in sheet.data_validations.dataValidation:
            yield from filter(None, (rule.promptTitle, rule.prompt, rule.errorTitle, rule.error))


@pytest.mark.parametrize("name", ["partners.xlsx", "new.xlsx"])
def test_a_tracker_shows_nothing_that_is_not_in_the_catalogues(home: Home, name: str) -> None:
    texts = [*shown(home.folder / name)]
    ours = re.compile(r"&[PN]|" + NAMES.pattern)

    assert len(texts) > 100
    assert [text for text in texts if english(ours.sub("", text))] == []


@pytest.mark.parametrize("kind", ["text/plain", "text/html"])
def test_a_digest_says_nothing_that_is_not_in_the_catalogues(home: Home, kind: str) -> None:
    mails = [*home.folder.glob("*.eml")]
    for mail in mails:
        message = message_from_bytes(mail.read_bytes(), policy=policy.default)
        (part,) = [part for part in message.walk() if part.get_content_type() == kind]
        assert english(MARKUP.sub(" ", part.get_content())) == []
        assert english(message["Subject"]) == []

    assert mails
