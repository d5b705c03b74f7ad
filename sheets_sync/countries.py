"""From how people write a country, a code or a name in three languages, to its ISO code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from sheets_sync.model import LANGUAGES, Language
from sheets_sync.texts.cleaning import fold

ALIASES: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE",),
    "CI": ("Ivory Coast",),
    "CZ": ("Czech Republic",),
    "GB": ("UK", "Great Britain"),
    "HK": ("Hong Kong", "הונג קונג"),
    "MO": ("Macau", "Macao"),
    "NL": ("Holland", "Hollanti"),
    "PS": ("Palestine",),
    "SE": ("שבדיה",),
    "TR": ("Turkey",),
    "US": ("United States of America",),
}
"""Names in daily use beside those of Babel."""


def country_of(text: str) -> str | None:
    """The code of two letters, upper case, of the country that a text names; None of none.

    Known are the countries whose holidays are.
    """
    folded = fold(text)
    return country_codes().get(folded) or country_names().get(folded)


def country_name(code: str, language: Language) -> str:
    """A country's name in a language, by its code of two letters."""
    from babel import Locale

    return str(Locale.parse(language).territories[code])


@cache
def country_codes() -> Mapping[str, str]:
    """The codes of two letters, upper case, by the folded codes of two and three letters."""
    from holidays.registry import COUNTRIES  # workdays.py needs all of it soon after

    return MappingProxyType(
        {fold(code): names[1] for names in COUNTRIES.values() for code in names[1:3]}
    )


@cache
def country_names() -> Mapping[str, str]:
    """The codes of two letters, upper case, by the folded names in all languages."""
    from babel import Locale

    territories = [Locale.parse(language).territories for language in LANGUAGES]
    return MappingProxyType(
        {
            fold(name): code
            for code in sorted(set(country_codes().values()))
            for name in (*(names[code] for names in territories), *ALIASES.get(code, ()))
        }
    )
