"""From text to whether it is one e-mail address, one phone number or one web address.

The libraries that know take 30 to 100 microseconds an address. So what is plainly right is
told by a pattern first: a pattern says yes only where the library would (the tests hold the
two against each other) and leaves all else to the library.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from phonenumbers import PhoneMetadata

_LONGEST = 1000
"""Longer text is no address; the libraries need not look at it."""

_PLAIN_EMAIL = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[a-z]{2,}",
    re.ASCII | re.IGNORECASE,
)
_PLAIN_EMAIL_LENGTH = 64
"""No longer than any single part of an address may be."""

_PHONE_MARKS = str.maketrans("", "", " .()\u00a0-")
_SEVERAL_PHONES = re.compile(r"[0-9]{4}[^,;|\n]*[,;|\n][^,;|\n]*[0-9]{4}")
_UNPLACED_PHONE = re.compile(r"[0-9 .()/\u00a0\u2010-\u2015-]+", re.ASCII)
_UNPLACED_DIGITS = range(5, 16)

_LINK = re.compile(
    r"(?:https?://[^\s/?#]+|(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,})(?::[0-9]{1,5})?"
    r"(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_SEVERAL_LINKS = re.compile(r"[,;|](?:https?://|www\.)", re.IGNORECASE)


def is_email(text: str) -> bool:
    """Whether the text is one e-mail address; nobody is asked over the network."""
    if len(text) <= _PLAIN_EMAIL_LENGTH and _PLAIN_EMAIL.fullmatch(text):
        return True
    if "@" not in text or len(text) > _LONGEST:
        return False
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def is_link(text: str) -> bool:
    """Whether the text is one http(s) address or host name with a dot, a path or none behind."""
    return _LINK.fullmatch(text) is not None and _SEVERAL_LINKS.search(text) is None


@cache
def phone_test(country: str | None) -> Callable[[str], bool]:
    """What tells whether a text is one phone number, seen from a country (``FI``) or from none.

    With a country, or with a plus sign, the number must be possible in its numbering plan;
    else it has 5 to 15 digits.
    """
    home = _home_of(country)

    def is_phone(text: str) -> bool:
        if home is None and not text.startswith("+"):
            return _has_phone_digits(text)
        if _is_plainly_possible(text, home):
            return True
        if len(text) > _LONGEST or _SEVERAL_PHONES.search(text):
            return False
        return _is_possible(text, country)

    return is_phone


class _NumberingPlan(NamedTuple):
    """Of a region: its calling code, how long numbers are, and what a number may start with.

    ``abroad`` leads to other countries; a start that is ``rewritten`` is replaced by another.
    """

    calling_code: str
    lengths: frozenset[int]
    abroad: re.Pattern[str]
    rewritten: re.Pattern[str] | None


def _has_phone_digits(text: str) -> bool:
    digits = sum(char.isdecimal() for char in text)
    return _UNPLACED_PHONE.fullmatch(text) is not None and digits in _UNPLACED_DIGITS


def _is_possible(text: str, country: str | None) -> bool:
    from phonenumbers import NumberParseException, is_possible_number, parse

    try:
        return is_possible_number(parse(text, country))
    except NumberParseException:
        return False


def _is_plainly_possible(text: str, home: _NumberingPlan | None) -> bool:
    """Whether a number is possible by its length, however its first digits are understood.

    The library strips a trunk prefix only where a possible length is left; what else it does
    to a number's start is left to it. False means: ask the library.
    """
    number = text.translate(_PHONE_MARKS)
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return False
    plan = home
    if len(digits) < len(number):
        plan, digits = _split_calling_code(digits)
    elif plan and (digits.startswith(plan.calling_code) or plan.abroad.match(digits)):
        return False
    if plan is None or len(digits) not in plan.lengths:
        return False
    return plan.rewritten is None or plan.rewritten.match(digits) is None


def _split_calling_code(digits: str) -> tuple[_NumberingPlan | None, str]:
    """The numbering plan that an international number belongs to, and the rest of its digits."""
    for length in (1, 2, 3):
        plan = _plan_abroad(digits[:length])
        if plan is not None:
            return plan, digits[length:]
    return None, digits


@cache
def _plan_abroad(calling_code: str) -> _NumberingPlan | None:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(calling_code))
    if regions is None or calling_code.startswith("0"):
        return None
    return _plan(PhoneMetadata.metadata_for_region(regions[0], None))


@cache
def _home_of(country: str | None) -> _NumberingPlan | None:
    """The numbering plan of a country; None where there is no country or no plan known."""
    if country is None:
        return None
    from phonenumbers import PhoneMetadata

    return _plan(PhoneMetadata.metadata_for_region(country, None))


def _plan(region: PhoneMetadata | None) -> _NumberingPlan | None:
    """Prefixes are the region's, lengths those of the main region of its calling code."""
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    if region is None or region.country_code is None:
        return None
    main_region = region_code_for_country_code(region.country_code)
    main = PhoneMetadata.metadata_for_region(main_region, region)
    if main is None or main.general_desc is None:
        return None
    lengths = (*main.general_desc.possible_length, *main.general_desc.possible_length_local_only)
    prefix = region.national_prefix_for_parsing
    return _NumberingPlan(
        calling_code=str(region.country_code),
        lengths=frozenset(lengths),
        abroad=re.compile(region.international_prefix or r"(?!)"),
        rewritten=re.compile(prefix) if prefix and region.national_prefix_transform_rule else None,
    )
