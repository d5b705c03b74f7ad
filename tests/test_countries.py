"""Countries are known by their codes and by their names in three languages."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta

import pytest

from sheets_sync.columns import PEOPLE
from sheets_sync.countries import ALIASES, country_codes, country_name, country_names, country_of
from sheets_sync.model import LANGUAGES, Cell, Language
from sheets_sync.reading import Customs, read_column
from sheets_sync.texts.cleaning import fold
from sheets_sync.workdays import workdays_of

FRIDAY = date(2026, 11, 20)
CODES = sorted(set(country_codes().values()))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FI", "FI"), ("fi", "FI"), ("FIN", "FI"), ("Finland", "FI"), ("Suomi", "FI"),
        ("פינלנד", "FI"), ("IL", "IL"), ("ISRAEL", "IL"), ("Israel", "IL"), ("ישראל", "IL"),
        ("Sweden", "SE"), ("Ruotsi", "SE"), ("Iso-Britannia", "GB"), ("United Kingdom", "GB"),
        ("UK", "GB"), ("USA", "US"), ("ארצות־הברית", "US"), ("ארצות הברית", "US"),
        ("Côte d'Ivoire", "CI"), ("Bosnia & Herzegovina", "BA"), ("Turkey", "TR"),
        ("Hong Kong", "HK"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_code_and_by_name(text: str, code: str) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize("text", ["", "-", "XX", "EU", "ZZ", "Atlantis", "Helsinki", "Congo", "1"])
def test_what_names_no_country_or_two_is_none(text: str) -> None:
    assert country_of(text) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_every_country_means_that_country(language: Language) -> None:
    found = {code: country_of(country_name(code, language)) for code in CODES}
    assert found == {code: code for code in CODES}


def test_no_name_or_code_means_two_countries() -> None:
    said = [(fold(country_name(code, it)), code) for code in CODES for it in LANGUAGES]
    said += [(fold(alias), code) for code, aliases in ALIASES.items() for alias in aliases]
    said += country_codes().items()
    times = Counter(name for name, _ in set(said))
    assert {name for name, count in times.items() if count > 1} == set()
    assert set(country_names().values()) == set(ALIASES.keys() | CODES)


@pytest.mark.parametrize("ours", ["FI", "IL"])
def test_every_country_has_working_days_in_common_with_us(ours: str) -> None:
    farthest = max(workdays_of(ours, code).forward(FRIDAY) for code in CODES)
    assert farthest <= FRIDAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("cell", "country"),
    [(None, None), ("", None), (" Suomi\u200f", "FI"), (False, None), ("#N/A", None)],
)
def test_a_cell_is_read_as_the_country_s_code(cell: Cell, country: str | None) -> None:
    assert tuple(read_column(PEOPLE["country"], [cell], Customs())) == ([country], frozenset())


@pytest.mark.parametrize("cell", ["Suomii", 358, True, "FI, SE", "x" * 1000])
def test_a_cell_that_names_no_country_is_unreadable(cell: Cell) -> None:
    assert tuple(read_column(PEOPLE["country"], [None, cell], Customs())) == ([None, None], {1})


def test_no_country_is_loaded_while_no_row_names_one() -> None:
    code = (
        "import sys\n"
        "from sheets_sync.columns import PEOPLE\n"
        "from sheets_sync.reading import Customs, read_column\n"
        "read_column(PEOPLE['country'], [None, ''], Customs())\n"
        "sys.exit('holidays' in sys.modules or 'babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
