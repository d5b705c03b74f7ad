"""The ready files for schedulers: each can be read by its reader, and says what it should."""

from __future__ import annotations

import configparser
import os
import plistlib
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sheets_sync.config import environment
from tests.command_line import command

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
UNITS = ["sheets-sync.service", "sheets-sync-once.service", "sheets-sync-once.timer"]
READY = [*UNITS, "sheets-sync-task.xml", "sheets-sync.plist", "Containerfile", "github-actions.yml"]
VARIABLES = {
    "SHEETS_SYNC_CONFIG",
    environment.STATE,
    environment.MAIL_PASSWORD,
    f"{environment.MAIL_PASSWORD}_FILE",
}
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def text_of(name: str) -> str:
    return (CONFIG / name).read_text(encoding="utf-8")


def unit(name: str) -> configparser.ConfigParser:
    """A unit file; where a key stands several times, the last one."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their case
    parser.read_string(text_of(name))
    return parser


@pytest.mark.parametrize("name", READY)
def test_a_ready_file_is_short_and_says_at_its_top_what_it_is_for(name: str) -> None:
    lines = text_of(name).splitlines()
    assert len(lines) <= 80
    assert any(re.match(r"# \w|<!--", line) for line in lines[:4])


@pytest.mark.parametrize("name", READY)
def test_a_ready_file_names_only_variables_that_the_program_reads(name: str) -> None:
    assert set(re.findall(r"SHEETS_SYNC_\w+", text_of(name))) <= VARIABLES


def systemd(verb: str, name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What systemd says of a unit, which starts a program that is there; on CI it must be."""
    if not shutil.which("systemd-analyze"):
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing")
        pytest.skip("systemd-analyze is not here")
    for other in UNITS:  # a timer is looked at with its service
        text = text_of(other).replace("/usr/local/bin/sheets-sync", "/bin/true")
        (folder / other).write_text(text)
    words = ["systemd-analyze", *verb.split(), str(folder / name)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_to_complain_of(name: str, tmp_path: Path) -> None:
    ran = systemd("verify --man=no", name, tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("name", UNITS[:2])
def test_systemd_finds_a_service_well_protected(name: str, tmp_path: Path) -> None:
    ran = systemd("security --offline=true --no-pager --threshold=20", name, tmp_path)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("name", UNITS[:2])
def test_a_unit_may_write_to_its_own_folder_alone(name: str) -> None:
    service = unit(name)["Service"]
    assert service["DynamicUser"] == service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert "ReadWritePaths" not in service
    assert "SHEETS_SYNC_STATE=%S/" + service["StateDirectory"] in text_of(name)


def test_the_unit_for_the_timer_is_protected_like_the_service() -> None:
    service, once = (dict(unit(name)["Service"]) for name in UNITS[:2])
    own = {"Type", "ExecStart", "Restart", "RestartSec", "RestartPreventExitStatus"}
    own |= {"TimeoutStopSec", "SuccessExitStatus"}
    assert {k: v for k, v in service.items() if k not in own} == {
        k: v for k, v in once.items() if k not in own
    }


def test_the_service_watches_and_the_timer_syncs_once() -> None:
    command = "/usr/local/bin/sheets-sync watch"
    assert unit(UNITS[0])["Service"]["ExecStart"].startswith(f"{command} --json")
    assert unit(UNITS[1])["Service"]["ExecStart"].startswith(f"{command} --once")
    assert unit(UNITS[2])["Timer"]["Persistent"] == "true"


def test_the_windows_task_syncs_once_every_quarter_of_an_hour() -> None:
    text = text_of("sheets-sync-task.xml")
    assert text.isascii()  # it names no encoding, as schtasks likes it
    task = ET.fromstring(text)  # noqa: S314 - our own file
    assert task.findtext(f".//{TASK}Interval") == "PT15M"
    assert task.findtext(f".//{TASK}MultipleInstancesPolicy") == "IgnoreNew"
    assert str(task.findtext(f".//{TASK}Arguments")).startswith("watch --once ")


def test_the_launch_agent_watches_and_is_started_again_after_a_fault() -> None:
    agent = plistlib.loads(text_of("sheets-sync.plist").encode())
    assert agent["ProgramArguments"][1:3] == ["watch", "--json"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["Umask"] == 0o077
    assert agent["StandardOutPath"] == agent["StandardErrorPath"]  # the log is on stdout


def steps(text: str) -> list[dict[str, str]]:
    """The steps of the workflow: their keys, blocks (``|``) joined; enough YAML for that file."""
    found: list[dict[str, str]] = []
    for line in text[text.index("    steps:\n") :].splitlines()[1:]:
        begins, key, value = re.fullmatch(r"(      - |        )?(?:([\w-]+):)?(.*)", line).groups()  # type: ignore[union-attr] # it matches any line
        if begins == "      - ":
            found.append({})
        if key:
            found[-1][key] = value.strip()
        else:
            found[-1][list(found[-1])[-1]] += f"\n{line.strip()}"
    return found


def test_the_workflow_gives_secrets_to_the_step_that_needs_them_and_never_in_a_command() -> None:
    text = text_of("github-actions.yml")
    assert "\t" not in text
    *before, last = steps(text)
    assert all("secrets." not in str(step) for step in before)
    assert "${{ secrets.MAIL_PASSWORD }}" in last["env"]
    assert "${{" not in last["run"]
    assert "sheets-sync watch --once --json" in last["run"]


def test_the_workflow_may_only_read_and_runs_one_at_a_time() -> None:
    text = text_of("github-actions.yml")
    assert "\npermissions:\n  contents: read\n" in text
    assert "cancel-in-progress: false" in text
    assert re.search(r'- cron: "[\d,*/ -]+"', text)


def section() -> str:
    """What the README says of running it every day."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text.split("### Run it every day without thinking of it\n")[1].split("\n### ")[0]


@pytest.mark.parametrize("name", READY)
def test_the_readme_tells_how_to_use_each_ready_file(name: str) -> None:
    assert f"config/{name}" in section()


def test_the_readme_tells_of_each_way_how_to_see_it_run_and_how_to_end_it() -> None:
    ways = section().split("\n#### ")[2:]  # the first is a terminal, where both can be seen
    assert len(ways) == 6
    for way in ways:
        assert "* see that it runs: " in way
        assert "* end it: " in way


@pytest.mark.usefixtures("home")
def test_the_readme_names_only_files_commands_and_options_that_are_there() -> None:
    for name in re.findall(r"\bconfig[/\\]([\w.-]+\w)", section()):
        assert name == "settings.toml" or (CONFIG / name).exists()
    for name, options in re.findall(
        r"sheets-sync (watch|sync|check|digest)((?: --\w+)*)", section()
    ):
        told = command(name, "--help").out
        assert all(option in told for option in options.split())
    assert set(re.findall(r"SHEETS_SYNC_\w+", section())) <= VARIABLES


def test_the_lines_in_the_readme_for_podman_are_those_of_the_container_file() -> None:
    commands = re.findall(r"podman (?:build|run) (?:.*\\\n)*.*", section())
    told = re.sub(r"(?m)^#\s*", "", text_of("Containerfile"))
    assert len(commands) == 2
    for line in commands:
        assert " ".join(line.split()) in " ".join(told.split())
