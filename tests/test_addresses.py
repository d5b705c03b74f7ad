"""E-mail, phone and web addresses are told from other text."""

from __future__ import annotations

import email_validator
import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sheets_sync import addresses
from sheets_sync.addresses import is_email, is_link, phone_test


@pytest.mark.parametrize(
    "text",
    [
        "aino@example.org", "Aino.Virtanen+kevät@example.org", "o'neill@example.co.uk",
        "a@xn--4dbrk0ce.example.com", "info@שלום.com", "A_B-c@EXAMPLE.ORG", "x" * 64 + "@a.fi",
    ],
)  # fmt: skip
def test_an_email_address_is_one(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "aino", "aino@", "@example.org", "aino@example", "aino@@example.org", "a b@example.org",
        "aino@example.org, dana@example.com", "Aino <aino@example.org>", "mailto:a@example.org",
        "aino@-example.org", "aino.@example.org", ".aino@example.org", "aino@example..org",
        "aino@ab--c.org", "aino@localhost", "aino@printer.local", "aino@a.test", "aino@a.b1",
        "aino@[127.0.0.1]", "12", "a@" + "b" * 64 + ".org", "a@" + "b.c" * 5000,
    ],
)  # fmt: skip
def test_other_text_is_no_email_address(text: str) -> None:
    assert not is_email(text)


def by_library(text: str) -> bool:
    try:
        email_validator.validate_email(text, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return False
    return True


ALMOST_EMAILS = st.builds(
    "{}@{}.{}".format,
    st.text("aZ0_+-.", min_size=1, max_size=5),
    st.text("bX1-.", min_size=1, max_size=5),
    st.sampled_from(["org", "fi", "COM", "a", "x1", "test", "Local", "arpa", "example", "co.il"]),
)


@settings(max_examples=300, deadline=None)
@given(ALMOST_EMAILS)
def test_what_is_plainly_an_email_address_is_one_for_the_library_too(text: str) -> None:
    assert is_email(text) == by_library(text)


def test_every_reserved_domain_is_left_to_the_library() -> None:
    for domain in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        assert not is_email(f"aino@mail.{domain}")


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("040 123 4567", "FI"), ("+358 40 123 4567", "FI"), ("09-1234567", "FI"),
        ("401234567", "FI"), ("00358401234567", "FI"), ("+972 54-123-4567", "FI"),
        ("054-1234567", "IL"), ("(03) 123-4567", "IL"), ("*1234567", "IL"),
        ("+358401234567", None), ("12345", None), ("(09) 123 4567", None),
        ("123456789012345", None),
        ("+44 20 7946 0958", "GG"), ("040\u00a01234567", "FI"), ("Tel: 040 1234567", "FI"),
    ],
)  # fmt: skip
def test_a_phone_number_is_one(text: str, country: str | None) -> None:
    assert phone_test(country)(text)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("12", "FI"), ("0401234567890123", "FI"), ("+999 12345678", None), ("call me", "FI"),
        ("040 1234567, 0501234", "FI"), ("0401234567; 0507654321", "FI"),
        ("040 1234567 / 050 7654321", "FI"),
        ("0401234567\n0507654321", "FI"), ("1234", None), ("1234567890123456", None),
        ("12345 home", None), ("+1", None), ("++", "FI"), ("+", None), ("9" * 5000, "FI"),
    ],
)  # fmt: skip
def test_other_text_is_no_phone_number(text: str, country: str | None) -> None:
    assert not phone_test(country)(text)


def test_a_country_without_a_numbering_plan_counts_as_none() -> None:
    assert phone_test("ZZ")("12345")


NUMBERS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "+", "+", "0", "00", "1", "8", "+358", "+972", "+39", "+1", "+54"]),
    st.text("0123456789", min_size=1, max_size=4),
    st.sampled_from(["", " ", "-", ") ", "\u00a0", "--", "+", "x"]),
    st.text("0123456789", min_size=2, max_size=9),
)
COUNTRIES = st.sampled_from(["FI", "IL", "US", "GB", "IT", "AR", "BR", "MX", "RU", "HU", "GG"])


@settings(max_examples=300, deadline=None)
@given(NUMBERS, COUNTRIES)
@example("+01 212 555 0123", "FI")
def test_what_is_plainly_a_phone_number_is_one_for_the_library_too(text: str, country: str) -> None:
    home = addresses._home_of(country)  # noqa: SLF001 - the short cut is what is tested
    if addresses._is_plainly_possible(text, home):  # noqa: SLF001 - as above
        assert phonenumbers.is_possible_number(phonenumbers.parse(text, country))


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("040 123 4567", "FI"),
        ("+972 54-123-4567", "FI"),
        ("054-1234567", "IL"),
        ("09 1234567", "FI"),
    ],
)
def test_usual_numbers_do_not_need_the_library(
    text: str, country: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "_is_possible", pytest.fail)
    assert phone_test(country)(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org", "http://example.org/a/b?c=d#e", "HTTPS://EXAMPLE.ORG", "example.org",
        "www.example.org/path", "example.org:8080", "שלום.co.il", "https://example.org/ä(1),b",
        "http://intranet/page", "sub.some-host.example.com?x=1",
    ],
)  # fmt: skip
def test_a_web_address_is_one(text: str) -> None:
    assert is_link(text)


@pytest.mark.parametrize(
    "text",
    [
        "example", "see example.org", "https://example.org https://example.com", "12.5", "e.g.",
        "https://", "ftp://example.org", "aino@example.org", "-a.org", "a-.org", "a..org",
        "https://a.org,https://b.org", "a.org;www.b.org", "javascript:alert(1)", "a." * 9000,
    ],
)  # fmt: skip
def test_other_text_is_no_web_address(text: str) -> None:
    assert not is_link(text)
