"""From the container file to its instructions, and to a folder where they have been followed.

Where there is no container engine its steps can still be run: the image is a folder with a virtual
environment, the paths of the image are paths in there, and no user is added to the computer.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / "config" / "Containerfile"
_OWN = re.compile(r"(?<![\w./-])/(?=(?:source|state|partners|run)\b)")
"""Where a path of the image begins that is not the system's."""


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """The instructions in their order: the word, and what follows it on one line."""
    joined = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text))
    for line in joined.splitlines():
        if line:
            word, _, rest = line.partition(" ")
            yield word, rest


class Image:
    """What the instructions leave: a folder, an environment, a user, and a command."""

    def __init__(self, folder: Path) -> None:
        """Begin with a Python of its own, as the image does, and a ``useradd`` that only notes."""
        self.folder = folder
        self.words: dict[str, list[str]] = {}
        self.user: int | None = None
        self.place = folder
        subprocess.run([sys.executable, "-m", "venv", folder / "python"], check=True, umask=0o022)
        self.variables = {"PATH": f"{folder}/python/bin:/usr/local/bin:/usr/bin:/bin"}
        stub = folder / "python" / "bin" / "useradd"
        stub.write_text(f'#!/bin/sh\necho "$@" > {folder}/users\n')
        stub.chmod(0o755)

    def follow(self, word: str, rest: str) -> None:
        """Do what one instruction says."""
        getattr(self, f"_{word.lower()}")(rest)

    def _from(self, rest: str) -> None:
        assert "/python:3." in rest

    def _copy(self, rest: str) -> None:
        *sources, target = rest.split()
        place = Path(self.inside(target))
        for source in sources:
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / source, place, ignore=ignored)
            else:
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)

    def _run(self, rest: str) -> None:
        if os.getuid() != 0:
            rest = rest.replace("-o 10001 ", "")  # nobody else can give a folder away
        words = ["sh", "-euc", self.inside(rest)]
        # With what pip needs to reach its index here.
        variables = {**os.environ, "PIP_QUIET": "2", **self.variables}
        subprocess.run(words, env=variables, check=True, timeout=300, umask=0o022)

    def _user(self, rest: str) -> None:
        """Become that user, where we may, and where it may run this computer's Python."""
        python = self.folder / "python" / "bin" / "python"
        with suppress(PermissionError):
            subprocess.run([python, "-c", ""], user=int(rest), group=int(rest), check=True)
            self.user = int(rest)

    def _workdir(self, rest: str) -> None:
        self.place = Path(self.inside(rest))
        self.place.mkdir(exist_ok=True)

    def _volume(self, rest: str) -> None:
        assert Path(self.inside(rest)).is_dir()

    def _env(self, rest: str) -> None:
        self.variables |= dict(pair.split("=", 1) for pair in self.inside(rest).split())

    def _entrypoint(self, rest: str) -> None:
        self.words["entrypoint"] = json.loads(rest)

    def _cmd(self, rest: str) -> None:
        self.words["cmd"] = json.loads(rest)

    def inside(self, text: str) -> str:
        """Text whose paths of the image are paths in the folder."""
        return _OWN.sub(f"{self.folder}/", text)

    def start(self) -> subprocess.Popen[str]:
        """Run what the image runs, as the user that it names."""
        program, *words = [*self.words["entrypoint"], *self.words["cmd"]]
        return subprocess.Popen(
            [str(self.folder / "python" / "bin" / program), *words],
            cwd=self.place,
            env=self.variables,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def build(folder: Path) -> Image:
    """Follow the container file's instructions in an empty folder."""
    image = Image(folder)
    for word, rest in instructions(FILE.read_text(encoding="utf-8")):
        image.follow(word, rest)
    return image
