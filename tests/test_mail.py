"""Sending: what the server takes on is sent once, and no password travels where it should not."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import trustme

from sheets_sync.errors import Forbidden, NoMailServer, SheetsSyncError, Unreachable
from sheets_sync.mail import Mailer, Secrets, as_email, write_previews
from sheets_sync.model import MailSettings, Member, Message
from tests.smtp_server import PASSWORD, USER, Fault, Mailbox, server_context, serving

AUTHORITY = trustme.CA()
AINO = Member(name="Aino Virtanen", email="aino@example.org")
SENDER = "Partners <partners@example.org>"


def message(recipient: Member = AINO) -> Message:
    """A digest, as short as can be."""
    return Message(
        recipient=recipient,
        day=date(2026, 11, 23),
        sent_at=datetime(2026, 11, 23, 7, 30, tzinfo=UTC),
        subject="3 overdue - Partners",
        text="Hello\n",
        html="<p>Hello</p>",
        message_id="0123456789abcdef0123456789abcdef",
        list_id="abcdef",
        reply_to="dana@example.org",
    )


@pytest.fixture(scope="module")
def trusted() -> ssl.SSLContext:
    return server_context(AUTHORITY, "localhost", "127.0.0.1")


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return str(path)


@contextlib.contextmanager
def mailing(
    context: ssl.SSLContext,
    ca_file: str,
    *,
    fault: Fault | None = None,
    password: str = PASSWORD,
    stripped: bool = False,
) -> Iterator[tuple[Mailer, Mailbox]]:
    """A mailer and the mailbox of the server that it talks to; no pauses, short patience."""
    with serving(context, fault=fault, stripped=stripped) as (mailbox, port):
        settings = MailSettings(
            host="127.0.0.1", port=port, username=USER, sender=SENDER, ca_file=ca_file
        )
        secrets = Secrets(password=password)
        mailer = Mailer(settings, secrets, pause=lambda _: None, timeout=0.5, timeout_after_dot=0.5)
        try:
            yield mailer, mailbox
        finally:
            mailer.close()


def test_a_mail_arrives_signed_in_and_encrypted(trusted: ssl.SSLContext, ca_file: str) -> None:
    with mailing(trusted, ca_file) as (mailer, mailbox):
        mailer.send(message())

    assert mailbox.recipients == ["aino@example.org"]
    assert mailbox.secrets == [PASSWORD.encode()]


def test_two_mails_go_over_one_connection(trusted: ssl.SSLContext, ca_file: str) -> None:
    with mailing(trusted, ca_file) as (mailer, mailbox):
        mailer.send(message())
        mailer.send(message())

    assert len(mailbox.mails) == 2
    assert len(mailbox.secrets) == 1


STAGES = ("CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "DOT")
PASSING = ("drop", "stall", "451 4.3.0 try later")


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("kind", PASSING)
def test_what_may_pass_is_tried_again_and_sent_once(
    stage: str, kind: str, trusted: ssl.SSLContext, ca_file: str
) -> None:
    with mailing(trusted, ca_file, fault=Fault(stage, kind)) as (mailer, mailbox):
        mailer.send(message())

    assert mailbox.failures == 1
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("kind", ["drop", "stall"])
def test_a_fault_after_the_server_took_the_mail_doubles_it_at_most(
    kind: str, trusted: ssl.SSLContext, ca_file: str
) -> None:
    with mailing(trusted, ca_file, fault=Fault("ACCEPTED", kind)) as (mailer, mailbox):
        mailer.send(message())

    assert len(mailbox.mails) == 2
    assert len({mail["Message-ID"] for _, mail in mailbox.mails}) == 1


@pytest.mark.parametrize("stage", STAGES)
def test_a_fault_that_stays_gives_up_after_three_tries(
    stage: str, trusted: ssl.SSLContext, ca_file: str
) -> None:
    fault = Fault(stage, "drop", times=99)
    with (
        mailing(trusted, ca_file, fault=fault) as (mailer, mailbox),
        pytest.raises(Unreachable),
    ):
        mailer.send(message())

    assert mailbox.failures == 3
    assert mailbox.mails == []


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_final_refusal_is_not_repeated(stage: str, trusted: ssl.SSLContext, ca_file: str) -> None:
    fault = Fault(stage, "550 5.1.1 no such mailbox", times=99)
    with (
        mailing(trusted, ca_file, fault=fault) as (mailer, mailbox),
        pytest.raises(Unreachable, match="mail_refused"),
    ):
        mailer.send(message())

    assert mailbox.failures == 1


def test_a_refused_mail_does_not_hold_up_the_next(trusted: ssl.SSLContext, ca_file: str) -> None:
    other = Member(name="Dana Levi", email="dana@example.org")
    fault = Fault("RCPT:aino", "550 5.1.1 no such mailbox", times=99)
    with mailing(trusted, ca_file, fault=fault) as (mailer, mailbox):
        with pytest.raises(Unreachable):
            mailer.send(message())
        mailer.send(message(other))

    assert mailbox.recipients == ["dana@example.org"]


@pytest.mark.parametrize("kind", ["drop", "stall", "451 later", "550 no"])
def test_an_error_at_quit_is_no_failure(kind: str, trusted: ssl.SSLContext, ca_file: str) -> None:
    with mailing(trusted, ca_file, fault=Fault("QUIT", kind)) as (mailer, mailbox):
        mailer.send(message())
        mailer.close()

    assert len(mailbox.mails) == 1


def test_a_wrong_password_is_no_permission(trusted: ssl.SSLContext, ca_file: str) -> None:
    with (
        mailing(trusted, ca_file, password="wrong") as (mailer, mailbox),  # noqa: S106 - made up
        pytest.raises(Forbidden, match="mail_sign_in_refused"),
    ):
        mailer.send(message())

    assert mailbox.mails == []


def test_passwords_turned_off_by_the_provider_are_told_so(
    trusted: ssl.SSLContext, ca_file: str
) -> None:
    fault = Fault("AUTH", "535 5.7.30 Basic authentication is not supported", 9)
    with (
        mailing(trusted, ca_file, fault=fault) as (mailer, _),
        pytest.raises(Forbidden, match="mail_basic_auth_off"),
    ):
        mailer.send(message())


def test_no_password_goes_to_a_server_that_offers_no_encryption(
    trusted: ssl.SSLContext, ca_file: str
) -> None:
    with (
        mailing(trusted, ca_file, stripped=True) as (mailer, mailbox),
        pytest.raises(Unreachable, match="mail_no_starttls"),
    ):
        mailer.send(message())

    assert mailbox.secrets == []
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("name", "not_after"),
    [("mail.example.com", None), ("127.0.0.1", datetime(2020, 1, 1, tzinfo=UTC))],
    ids=["another name", "expired"],
)
def test_no_password_goes_to_a_server_with_a_wrong_certificate(
    name: str, not_after: datetime | None, ca_file: str
) -> None:
    context = server_context(AUTHORITY, name, not_after=not_after)
    with (
        mailing(context, ca_file) as (mailer, mailbox),
        pytest.raises(Unreachable, match="mail_certificate"),
    ):
        mailer.send(message())

    assert mailbox.secrets == []


def test_a_certificate_of_an_unknown_authority_is_not_trusted(
    tmp_path: Path, trusted: ssl.SSLContext
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    with (
        mailing(trusted, str(other)) as (mailer, mailbox),
        pytest.raises(Unreachable, match="mail_certificate"),
    ):
        mailer.send(message())

    assert mailbox.secrets == []


def test_a_server_that_is_not_there_is_told_so() -> None:
    settings = MailSettings(host="127.0.0.1", port=9, sender=SENDER, auth="none")
    mailer = Mailer(settings, Secrets(), pause=lambda _: None)

    with pytest.raises(NoMailServer, match="mail_port_closed"):
        mailer.send(message())


def test_a_missing_password_is_told_before_anything_is_sent(
    trusted: ssl.SSLContext, ca_file: str
) -> None:
    with serving(trusted) as (_, port):
        settings = MailSettings(
            host="127.0.0.1", port=port, username=USER, sender=SENDER, ca_file=ca_file
        )
        mailer = Mailer(settings, Secrets())
        with pytest.raises(Forbidden, match="mail_password_missing"):
            mailer.check()


def test_a_check_signs_in_and_sends_nothing(trusted: ssl.SSLContext, ca_file: str) -> None:
    with mailing(trusted, ca_file) as (mailer, mailbox):
        mailer.check()

    assert len(mailbox.secrets) == 1
    assert mailbox.mails == []


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("mail_sign_in_refused", host="h", answer="535"),
        Unreachable("mail_tls", host="h", detail="x"),
    ],
)
def test_no_error_names_the_password(error: SheetsSyncError) -> None:
    assert PASSWORD not in str(error)


def test_a_mail_has_one_recipient_and_says_that_a_program_sent_it() -> None:
    mail = as_email(message(), SENDER)

    assert mail["To"].addresses[0].addr_spec == "aino@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == "<0123456789abcdef0123456789abcdef@example.org>"
    assert mail["Reply-To"] == "dana@example.org"
    assert mail["List-Id"] == "<abcdef.example.org>"
    assert mail["Date"].datetime == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def test_a_name_with_a_comma_adds_no_recipient() -> None:
    odd = replace(message(), recipient=Member(name="a@x.org, b@y.org", email="aino@example.org"))
    mail = as_email(odd, SENDER)

    assert [it.addr_spec for it in mail["To"].addresses] == ["aino@example.org"]


def test_a_preview_is_the_mail_and_its_page(tmp_path: Path) -> None:
    paths = write_previews([message()], tmp_path / "out", SENDER)

    assert [path.name for path in paths] == [
        "digest-aino-virtanen.eml",
        "digest-aino-virtanen.html",
    ]
    assert (tmp_path / "out" / "digest-aino-virtanen.html").read_text() == "<p>Hello</p>"
