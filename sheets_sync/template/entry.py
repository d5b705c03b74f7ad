"""What helps while typing into Partners: dropdowns, messages on a click, and gentle refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from sheets_sync import design
from sheets_sync.columns import PEOPLE, Kind
from sheets_sync.design import FIRST_ROW, LAST_ROW
from sheets_sync.template.words import Words
from sheets_sync.texts import word_date

_EXAMPLE = date(2026, 11, 21)
_TITLE_LENGTH = 32


def list_name(key: str) -> str:
    """The workbook's name for the cells that a dropdown offers."""
    return f"list_{key}"


def add_entry_rules(sheet: Worksheet, letters: Mapping[str, str], words: Words) -> None:
    """One rule for each column of people that has something to offer, to ask or to refuse."""
    for key, spec in PEOPLE.items():
        rule = _rule(key, spec.kind, words)
        if rule is None:
            continue
        rule.add(f"{letters[key]}{FIRST_ROW}:{letters[key]}{LAST_ROW}")
        sheet.add_data_validation(rule)


def _rule(key: str, kind: Kind, words: Words) -> DataValidation | None:
    rule = _demand(key, kind, words)
    if key in design.ASKING:
        rule = rule or DataValidation()
        rule.showInputMessage = True
        rule.promptTitle = words.column(key)[:_TITLE_LENGTH]
        rule.prompt = words.guide(f"ask.{key}")
    return rule


def _demand(key: str, kind: Kind, words: Words) -> DataValidation | None:
    if key in design.SUGGESTED:
        return DataValidation(type="list", formula1=list_name(key), allow_blank=True)
    if key in design.DROPDOWNS:
        return _list(key, words)
    if kind is Kind.DATE:
        return _date(words)
    return _number(key, words) if kind is Kind.NUMBER else None


def _list(key: str, words: Words) -> DataValidation:
    rule = DataValidation(type="list", formula1=list_name(key), allow_blank=True)
    return _refusing(rule, words.guide("mistake.choice"), words)


def _date(words: Words) -> DataValidation:
    rule = DataValidation(
        type="date",
        operator="between",
        formula1=str(design.EARLIEST_SERIAL),
        formula2=str(design.LATEST_SERIAL),
        allow_blank=True,
    )
    example = word_date(_EXAMPLE, words.language)
    return _refusing(rule, words.guide("mistake.date", example=example), words)


def _number(key: str, words: Words) -> DataValidation:
    spec = PEOPLE[key]
    rule = DataValidation(
        type="whole",
        operator="between",
        formula1=str(spec.least),
        formula2=str(spec.most),
        allow_blank=True,
    )
    return _refusing(rule, words.guide("mistake.number"), words)


def _refusing(rule: DataValidation, sentence: str, words: Words) -> DataValidation:
    rule.showErrorMessage = True
    rule.errorStyle = "stop"
    rule.errorTitle = words.guide("mistake.title")[:_TITLE_LENGTH]
    rule.error = sentence
    return rule
