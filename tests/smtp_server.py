"""A real SMTP server on loopback that fails when and how it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD, TOKEN = "partners@example.org", "correct horse", "ya29.token"


class Fault(NamedTuple):
    """Where and how the server fails: ``stage`` a command, CONNECT, DOT or ACCEPTED.

    ``kind`` is ``drop``, ``stall`` or an answer such as ``451 later``; ``times`` how often.
    ACCEPTED keeps the mail and then fails, so that the client cannot know.
    """

    stage: str
    kind: str
    times: int = 1


class Mailbox:
    """What the server accepted, and what passwords it saw."""

    def __init__(self) -> None:
        """Start empty, and without a fault."""
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.secrets: list[bytes] = []
        self.fault: Fault | None = None
        self.failures = 0
        self.connections: list[asyncio.Transport] = []

    def fails_at(self, stage: str, recipient: str = "") -> str | None:
        """How to fail at this stage now, if at all."""
        fault = self.fault
        if fault is None or self.failures >= fault.times:
            return None
        wanted, _, only = fault.stage.partition(":")
        if wanted != stage or (only and only not in recipient):
            return None
        self.failures += 1
        return fault.kind

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        """Take a mail on, or fail before or after that."""
        recipients = [str(it) for it in envelope.rcpt_tos]
        kind = self.fails_at("DOT", recipients[0])
        if kind is None:
            content = message_from_bytes(cast("bytes", envelope.content), policy=policy.default)
            self.mails.append((recipients, content))
            kind = self.fails_at("ACCEPTED", recipients[0])
        if kind is None:
            return "250 accepted"
        return await cast("FaultyServer", server).fail(kind) or "421 gone"

    def sign_in(
        self, _: SMTP, __: Session, ___: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        """Look at user and password."""
        login = cast("LoginPassword", data)
        self.secrets.append(login.password)
        assert mechanism in {"PLAIN", "LOGIN"}
        fine = login.login == USER.encode() and login.password == PASSWORD.encode()
        return AuthResult(success=fine, handled=fine)

    @property
    def recipients(self) -> list[str]:
        """Every address that a mail was accepted for, in order."""
        return [address for addresses, _ in self.mails for address in addresses]


class FaultyServer(SMTP):
    """aiosmtpd's server, failing before it handles a command when the mailbox says so."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection, so that it can be closed at the end."""
        self.mailbox.connections.append(cast("asyncio.Transport", transport))
        super().connection_made(transport)

    async def _handle_client(self) -> None:
        kind = self.mailbox.fails_at("CONNECT")
        if kind is None:
            await super()._handle_client()
        elif (answer := await self.fail(kind)) and self.transport:
            await self.push(answer)
            self.transport.close()

    @property
    def mailbox(self) -> Mailbox:
        """What this server hands its mails to."""
        return cast("Mailbox", self.event_handler)

    async def fail(self, kind: str) -> str | None:
        """Drop the connection, say nothing for long, or give the answer to send."""
        if kind == "drop":
            self.mailbox.connections[-1].abort()
            return None
        if kind == "stall":
            await asyncio.sleep(3600)
        return kind


def _failing(command: str) -> Callable[[FaultyServer, str], Awaitable[None]]:
    """A command's method that asks the mailbox first."""
    method = f"smtp_{command}"

    async def handle(self: FaultyServer, argument: str) -> None:
        kind = self.mailbox.fails_at(command, argument or "")
        if kind is None:
            await getattr(super(FaultyServer, self), method)(argument)
        elif answer := await self.fail(kind):
            await self.push(answer)

    return handle


for _command in ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "QUIT", "RSET"):
    setattr(FaultyServer, f"smtp_{_command}", _failing(_command))


class _Controller(Controller):
    """Runs a FaultyServer in a thread of its own, on a port that is free."""

    def factory(self) -> SMTP:
        return FaultyServer(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        server = cast("asyncio.base_events.Server", self.server)
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's own


def server_context(
    authority: trustme.CA, *names: str, not_after: datetime | None = None
) -> ssl.SSLContext:
    """The TLS side of a server with a certificate for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, not_after=not_after).configure_cert(context)
    return context


@contextlib.contextmanager
def serving(
    context: ssl.SSLContext | None, *, fault: Fault | None = None, stripped: bool = False
) -> Iterator[tuple[Mailbox, int]]:
    """A running server: its mailbox and its port. ``stripped`` offers no STARTTLS."""
    mailbox = Mailbox()
    controller = _Controller(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        tls_context=None if stripped else context,
        require_starttls=context is not None and not stripped,
        auth_required=not stripped,
        auth_require_tls=True,
        authenticator=mailbox.sign_in,
    )
    controller.start()
    mailbox.fault = fault  # only now: the controller tries the server once by itself
    try:
        yield mailbox, controller.port
    finally:
        closing = _close(mailbox.connections)
        asyncio.run_coroutine_threadsafe(closing, controller.loop).result(5)
        controller.stop()


async def _close(connections: list[asyncio.Transport]) -> None:
    """Close what clients left open, and let the server notice."""
    for connection in connections:
        connection.abort()
    for _ in range(5):
        await asyncio.sleep(0)
