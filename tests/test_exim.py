"""The digest through a mail server as organisations run it: Exim, as Debian packs it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme

from tests.command_line import FINE, OVERDUE, TODAY, command, settings, tracker

PATIENCE = 10.0
"""Seconds for Exim to start, and to deliver."""
PASSWORD = "the cat's password"  # noqa: S105 - of this test's own server

# A relay that takes mail from those who sign in over TLS, and puts all of it into one folder.
CONFIGURATION = """
exim_path = {exim}
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
keep_environment =
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
primary_hostname = mail.example.org
exim_user = {user}
exim_group = {user}
tls_advertise_hosts = *
tls_certificate = {folder}/server.pem
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = check
acl_smtp_data = accept
queue_run_max = 0
begin acl
check:
  accept authenticated = *
  deny message = sign in first
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{partners@example.org}}}}\\
                              {{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
begin routers
all:
  driver = accept
  transport = folder
begin transports
folder:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  create_directory
  envelope_to_add
  user = {user}
  group = {user}
"""
USER = "mail"
"""Whom Debian has for such things; Exim delivers nothing as root."""


@pytest.fixture
def exim() -> str:
    """Where Exim is. Without it there is nothing to test, save where everything must be tested."""
    found = shutil.which("exim4") or shutil.which("exim4", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        assert not os.environ.get("CI"), "exim4 is missing: apt-get install exim4-daemon-light"
        pytest.skip("needs Exim (Debian's exim4-daemon-light)")
    if os.geteuid() != 0:
        pytest.skip("Exim reads a configuration of one's own only when root starts it")
    return found


@pytest.fixture
def place(exim: str) -> Iterator[Path]:
    """A folder that Exim's own user gets to; pytest's are for one user alone."""
    assert exim
    with tempfile.TemporaryDirectory(prefix="exim-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for part in ("spool", "log", "mail"):
            (folder / part).mkdir()
            shutil.chown(folder / part, USER, USER)
        yield folder


@pytest.fixture
def server(exim: str, place: Path, tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A running Exim: the folder that it delivers to, and its port."""
    folder = place
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    shutil.chown(folder / "server.pem", USER, USER)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = CONFIGURATION.format(exim=exim, folder=folder, port=port, user=USER, password=PASSWORD)
    configuration = folder / "exim.conf"
    configuration.write_text(text, encoding="utf-8")
    with subprocess.Popen(
        [exim, "-C", str(configuration), "-bdf"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        try:
            _await_port(port, running)
            yield folder, port
        finally:
            running.terminate()


def _await_port(port: int, running: subprocess.Popen[bytes]) -> None:
    ending = time.monotonic() + PATIENCE
    while time.monotonic() < ending and running.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    running.terminate()
    pytest.fail(f"Exim did not start: {running.communicate()[0].decode()}")


def delivered(folder: Path, count: int) -> list[EmailMessage]:
    """The mails that Exim has put into its folder, once there are so many."""
    ending = time.monotonic() + PATIENCE
    while time.monotonic() < ending:
        files = sorted((folder / "mail" / "new").glob("*"))
        if len(files) >= count:
            return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
        time.sleep(0.05)
    log = (folder / "log" / "mainlog").read_text(encoding="utf-8")
    pytest.fail(f"Exim delivered too few mails: {log}")


def test_exim_takes_on_and_delivers_one_digest_each(
    home: Path, tmp_path: Path, server: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, port = server
    monkeypatch.setenv("SHEETS_SYNC_MAIL_PASSWORD", PASSWORD)
    settings(
        home / "config",
        '[team]\n"Aino Virtanen" = "aino@example.org"\n"דנה לוי" = "dana@example.org"\n'
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nusername = "partners@example.org"\n'
        f'from = "Yhteistyö <partners@example.org>"\nca_file = "{tmp_path / "ca.pem"}"\n',
    )
    path = tracker(
        home / "partners.xlsx",
        {**OVERDUE, "owner": "Aino Virtanen"},
        {**OVERDUE, "partner": "מקהלת הנמל", "owner": "דנה לוי"},
        {**FINE, "owner": "Aino Virtanen"},
    )
    check = command("check", path, *TODAY)
    assert "no mail was sent" in check.said, check.said
    outcome = command("digest", path, *TODAY)
    assert (outcome.code, outcome.err) == (0, "")
    assert command("digest", path, *TODAY).code == 0

    mails = {mail["Envelope-to"]: mail for mail in delivered(folder, 2)}
    assert sorted(mails) == ["aino@example.org", "dana@example.org"]
    aino, dana = mails["aino@example.org"], mails["dana@example.org"]
    assert aino["From"].addresses[0].display_name == "Yhteistyö"
    assert dana["To"].addresses[0].display_name == "דנה לוי"
    assert aino["Subject"] == "1 overdue - partners"
    assert "Harbour Choir" in aino.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "מקהלת הנמל" in dana.get_body(("html",)).get_content()  # type: ignore[union-attr]
    log = (folder / "log" / "mainlog").read_text(encoding="utf-8")
    assert log.count(" <= ") == 2
    assert log.count("A=plain:partners@example.org") == 2
    assert PASSWORD not in log


def test_exim_refuses_a_wrong_password_as_we_say(
    home: Path, tmp_path: Path, server: tuple[Path, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHEETS_SYNC_MAIL_PASSWORD", "another")
    settings(
        home / "config",
        '[team]\n"Aino Virtanen" = "aino@example.org"\n'
        f'[mail]\nhost = "127.0.0.1"\nport = {server[1]}\nusername = "partners@example.org"\n'
        f'from = "partners@example.org"\nca_file = "{tmp_path / "ca.pem"}"\n',
    )
    path = tracker(home / "partners.xlsx", {**OVERDUE, "owner": "Aino Virtanen"})
    outcome = command("digest", path, *TODAY, "--json")
    assert (outcome.code, outcome.document["error"]["kind"]) == (77, "mail_sign_in_refused")
