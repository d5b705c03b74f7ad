"""From messages to mails that a server has accepted, one by one, or to files to look at."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from sheets_sync.errors import Forbidden, NoMailServer, SheetsSyncError, Unreachable, UsageError
from sheets_sync.model import MailSettings, Message

TIMEOUT = 60.0
"""Seconds for every answer of the server but the last."""
TIMEOUT_AFTER_DOT = 600.0
"""Seconds for the answer after the final dot (RFC 5321 4.5.3.2.6): giving up earlier would
send the mail twice."""
PAUSES = (2.0, 8.0)
"""Seconds before the second and the third try."""

_BASIC_AUTH_OFF = "5.7.30"
"""What Exchange Online answers since it takes passwords no longer."""
_SIGN_IN_CODES = frozenset({530, 534, 535, 538})
_OK, _PASSES_FROM, _LASTS_FROM = 250, 400, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What signs in: the password, or the token for XOAUTH2; None where it is not set."""

    password: str | None = None
    token: str | None = None


class Mailer:
    """Sends messages through the server of the settings, over one connection where it lasts."""

    def __init__(
        self,
        settings: MailSettings,
        secrets: Secrets,
        *,
        pause: Callable[[float], None] = time.sleep,
        timeout: float = TIMEOUT,
        timeout_after_dot: float = TIMEOUT_AFTER_DOT,
    ) -> None:
        """Connect at the first mail, not before; ``pause`` waits between tries."""
        self._settings = settings
        self._secrets = secrets
        self._pause = pause
        self._timeout = timeout
        self._timeout_after_dot = timeout_after_dot
        self._client: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Send one message to its one recipient; return once the server has taken it on.

        What may pass is tried twice more. Raises Unreachable or Forbidden.
        """
        mail = as_email(message, self._settings.sender)
        for wait in (*PAUSES, None):
            try:
                self._try(mail, message.recipient.email)
            except _Passing as fault:
                self.close()
                if wait is None:
                    raise fault.error from fault.__cause__
                self._pause(wait)
            except SheetsSyncError:
                self.close()
                raise
            else:
                return

    def check(self) -> None:
        """Connect, secure and sign in as for a mail, and send none. Raises as ``send`` does."""
        try:
            self._connected()
        except _Passing as fault:
            raise fault.error from fault.__cause__
        finally:
            self.close()

    def close(self) -> None:
        """End the connection. An error here is no failure: what was accepted stays accepted."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()

    def _try(self, mail: EmailMessage, recipient: str) -> None:
        client = self._connected()
        with _told(self._settings.host, recipient):
            client.send_message(mail, parseaddr(self._settings.sender)[1], [recipient])

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            try:
                with _told(self._settings.host, ""):
                    self._client = self._connect()
            except _Passing as fault:
                gone = NoMailServer(fault.error.kind, **fault.error.facts)
                raise _Passing(gone) from fault.__cause__
        return self._client

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        # smtplib's own default context verifies nothing.
        context = ssl.create_default_context(cafile=settings.ca_file)
        address = (settings.host, settings.port)
        if settings.security == "tls":
            client: smtplib.SMTP = _TlsClient(*address, timeout=self._timeout, context=context)
        else:
            client = _Client(*address, timeout=self._timeout)
        vars(client)["timeout_after_dot"] = self._timeout_after_dot
        try:
            _greet(client)
            if settings.security == "starttls":
                client.starttls(context=context)
                _greet(client)
            self._sign_in(client)
        except BaseException:
            client.close()
            raise
        return client

    def _sign_in(self, client: smtplib.SMTP) -> None:
        settings, secrets = self._settings, self._secrets
        user = settings.username or parseaddr(settings.sender)[1]
        if settings.auth == "password":
            if secrets.password is None:
                raise Forbidden("mail_password_missing", variable="SHEETS_SYNC_MAIL_PASSWORD")
            client.login(user, secrets.password)
        elif settings.auth == "xoauth2":
            if secrets.token is None:
                raise Forbidden("mail_token_missing", variable="SHEETS_SYNC_MAIL_TOKEN")
            answer = f"user={user}\1auth=Bearer {secrets.token}\1\1"
            # A challenge tells of a refusal and wants an empty answer.
            client.auth("XOAUTH2", lambda challenge=None: "" if challenge else answer)


def _greet(client: smtplib.SMTP) -> None:
    """Say EHLO. smtplib would fall back to HELO, which knows neither encryption nor sign-in."""
    code, answer = client.ehlo()
    if code != _OK:
        raise smtplib.SMTPHeloError(code, answer)


class _Client(smtplib.SMTP):
    """Waits for the answer after the final dot longer than for all others."""

    timeout_after_dot = TIMEOUT_AFTER_DOT

    def send(self, s: Any) -> None:  # noqa: ANN401 - smtplib's own signature
        """Send as smtplib does, then set how long to wait for what comes back."""
        super().send(s)
        if self.sock is not None:
            ended = isinstance(s, bytes) and s.endswith(b"\r\n.\r\n")
            self.sock.settimeout(self.timeout_after_dot if ended else self.timeout)


class _TlsClient(_Client, smtplib.SMTP_SSL):
    """The same, secured from the first byte."""


class _Passing(Exception):
    """A fault that may be gone at the next try, and the error to raise when it is not."""

    def __init__(self, error: SheetsSyncError) -> None:
        super().__init__(error)
        self.error = error


@contextmanager
def _told(host: str, recipient: str) -> Iterator[None]:
    """Turn what smtplib, ssl and sockets raise into our errors; what may pass into _Passing."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as fault:
        code, answer = next(iter(fault.recipients.values()))
        raise _answered(code, answer, host, recipient) from fault
    except smtplib.SMTPResponseException as fault:
        raise _answered(fault.smtp_code, fault.smtp_error, host, recipient, fault) from fault
    except smtplib.SMTPNotSupportedError as fault:
        kind = "mail_no_starttls" if "STARTTLS" in str(fault) else "mail_not_supported"
        raise Unreachable(kind, host=host, detail=str(fault)) from fault
    except ssl.SSLCertVerificationError as fault:
        raise Unreachable("mail_certificate", host=host, detail=fault.verify_message) from fault
    except ssl.SSLError as fault:
        raise Unreachable("mail_tls", host=host, detail=fault.reason or str(fault)) from fault
    except socket.gaierror as fault:
        raise _Passing(Unreachable("mail_host_unknown", host=host)) from fault
    except TimeoutError as fault:
        raise _Passing(Unreachable("mail_timeout", host=host)) from fault
    except ConnectionRefusedError as fault:
        raise _Passing(Unreachable("mail_port_closed", host=host)) from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise _Passing(Unreachable("mail_dropped", host=host, detail=str(fault))) from fault


def _answered(
    code: int, answer: bytes | str, host: str, recipient: str, fault: Exception | None = None
) -> Exception:
    """What an answer of the server means: 4xx may pass, the others will not."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    told = f"{code} {text}"
    if _BASIC_AUTH_OFF in text:
        return Forbidden("mail_basic_auth_off", host=host, answer=told)
    if _PASSES_FROM <= code < _LASTS_FROM:
        return _Passing(Unreachable("mail_refused_now", host=host, answer=told))
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return Forbidden("mail_sign_in_refused", host=host, answer=told)
    if code in _SIGN_IN_CODES:
        return Forbidden("mail_sign_in_needed", host=host, answer=told)
    return Unreachable("mail_refused", host=host, recipient=recipient, answer=told)


def as_email(message: Message, sender: str) -> EmailMessage:
    """The mail of a message: one recipient, text and HTML, and headers that stay the same."""
    name, address = parseaddr(sender)
    domain = address.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(message.recipient.name, addr_spec=message.recipient.email)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.sent_at)
    mail["Message-ID"] = f"<{message.message_id}@{domain}>"
    mail["List-Id"] = f"<{message.list_id}.{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.reply_to:
        mail["Reply-To"] = Address(addr_spec=message.reply_to)
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    mail.set_boundary(f"=_{message.message_id[:32]}")
    return mail


def write_previews(messages: Sequence[Message], folder: Path, sender: str) -> Sequence[Path]:
    """Write each message as .eml and .html into a folder, made where it is missing.

    Raises Forbidden where the folder or a file may not be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [
            path
            for name, message in _file_names(messages).items()
            for path in _write_preview(message, folder / name, sender)
        ]
    except (FileExistsError, NotADirectoryError):
        raise UsageError("not_a_folder", path=str(folder)) from None
    except OSError as error:
        detail = error.strerror or str(error)
        raise Forbidden("cannot_create", path=str(folder), detail=detail) from error


def _file_names(messages: Sequence[Message]) -> Mapping[str, Message]:
    """The messages by a name for their files; two names may differ in signs alone."""
    found: dict[str, Message] = {}
    for message in messages:
        name = re.sub(r"[^\w-]+", "-", message.recipient.name).strip("-").lower()
        stem = f"digest-{name[:40] or 'member'}"
        found[f"{stem}-{len(found) + 1}" if stem in found else stem] = message
    return found


def _write_preview(message: Message, stem: Path, sender: str) -> Iterator[Path]:
    for ending, data in (
        (".eml", as_email(message, sender).as_bytes()),
        (".html", message.html.encode()),
    ):
        path = stem.with_suffix(ending)
        path.write_bytes(data)
        yield path
