"""Each rule's example in docs/oncall.md does what the table below it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.oncall.engine.coverage import on_call
from bot.organisation.format import read
from bot.organisation.schedules.parser import parse_schedule
from tests.schedules import utc

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "oncall.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(
    r"```yaml\n(.*?)```\n\| at \| on call \|\n\|---\|---\|\n((?:\|[^\n]*\n)+)", PAGE, re.DOTALL
)
CASES = [
    (block, *(cell.strip() for cell in row.strip().strip("|").split("|")))
    for block, rows in EXAMPLES
    for row in rows.splitlines()
]


# Every field, and every word that a field may hold.
VOCABULARY = """
    timezone layers fixed_periods overrides swaps
    priority users rotation recurrence anchor restrictions effective_from effective_until
    unit turn_length start participants at person hour day week month
    freq every hold by_day by_monthday week_start duration_s once
    days end type weekly start_day daily wallclock months days_of_month years shifts
    kind user replaces replace_all replace_user add remove requester taker deleted
"""


def words(value: object) -> Iterator[str]:
    """All that a block says: its fields and its values."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from (str(key), *words(each))
    elif isinstance(value, list):
        for each in value:
            yield from words(each)
    else:
        yield str(value)


def test_every_block_has_its_table() -> None:
    assert len(EXAMPLES) == PAGE.count("```yaml") >= 26


def test_every_word_of_the_vocabulary_has_an_example() -> None:
    shown = {word for block, _ in EXAMPLES for word in words(read(block).data)}
    assert set(VOCABULARY.split()) - shown == set()


@pytest.mark.parametrize(("block", "at", "people"), CASES)
def test_an_example_says_who_is_on_call(block: str, at: str, people: str) -> None:
    found = on_call(parse_schedule(read(block).data), utc(at))
    assert ", ".join(sorted(found)) == people.replace("nobody", "")
