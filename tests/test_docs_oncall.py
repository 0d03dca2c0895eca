"""Each rule's example in docs/oncall.md does what the table below it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.oncall import on_call
from bot.org import parse_schedule
from bot.org_format import read
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


def test_every_block_has_its_table() -> None:
    assert len(EXAMPLES) == PAGE.count("```yaml") >= 11


@pytest.mark.parametrize(("block", "at", "people"), CASES)
def test_an_example_says_who_is_on_call(block: str, at: str, people: str) -> None:
    found = on_call(parse_schedule(read(block).data), utc(at))
    assert ", ".join(sorted(found)) == people.replace("nobody", "")
