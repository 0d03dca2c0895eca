"""Every verb on a full world: each changed row has its event, each event its line or a reason, and nothing is double
when a transaction is done again."""

from __future__ import annotations

import json
import typing
from enum import Enum
from pathlib import Path

import pytest

from bot.core.events.base import Event, IncidentEvent, data_of, name_of, told_fields
from bot.core.incident import IncidentId
from bot.language.spec import Access
from bot.language.table import all_commands
from bot.plugins.snapshots import OTHERS
from bot.wiring.packages import EVENTS, LINES
from storage import tables
from tests.walk import Rows, Step, Walker, rows, walk, walking
from tests.walk_tables import NO_STORY, TOLD_BY

ROOT = Path(__file__).resolve().parents[2]
# Events that no verb of the walk brings about, each with the test that shows it.
ELSEWHERE = {
    "message_not_sent": "tests/stories/test_outage.py",
    "person_stayed": "tests/stories/test_privacy.py",
    "platform_troubled": "tests/handlers/chat/slack",
    "slot_filled": "tests/bot/plugins/test_example.py",
    "step_done": "tests/stories/test_outage.py",
    "step_failed": "tests/stories/test_outage.py",
    "step_retrying": "tests/stories/test_outage.py",
    "steps_repaired": "tests/stories/test_outage.py",
    "step_passed_over": "tests/stories/test_page_targets.py",
    "notice_failed": "tests/stories/test_page_channels.py",
    "gaps_found": "tests/stories/test_oncall.py",
    "shift_changed": "tests/stories/test_oncall.py",
    "people_linked": "tests/stories/test_platforms.py",
    "person_met": "tests/stories/test_three_platforms.py",
    "organisation_applied": "tests/stories/test_forgotten.py",
    "maintenance_ending": "tests/stories/test_maintenance.py",
}
# What is made by chance, or by when the process began; all else must be equal.
BY_CHANCE = {
    "act", "call_url", "digest", "id", "secret", "key", "batch", "publication", "reply", "marker",
    "created_at", "card", "args", "source", "lane", "dedupe", "updates", "room", "message", "url", "origin", "finished_at",
}  # fmt: skip


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walker:
    """The walk, done once for the tests of this module."""
    import asyncio

    async def run() -> Walker:
        async with walking(tmp_path_factory.mktemp("walk")) as walker:
            await walk(walker)
            return walker

    return asyncio.run(run())


def test_every_verb_that_writes_is_walked(walked: Walker) -> None:
    writing = {(c.group.value, c.name) for c in all_commands().commands if c.access is Access.WRITE}
    assert writing <= walked.verbs, sorted(writing - walked.verbs)


def test_every_table_has_its_events_or_a_reason() -> None:
    known = {"incidents", *NO_STORY, *TOLD_BY}
    assert {table.name for table in tables.metadata.sorted_tables} == known


def test_each_changed_row_has_its_event(walked: Walker) -> None:
    found = [words for step in walked.steps for words in step.complaints()]
    assert not found, "\n" + "\n".join(found)


def test_the_walk_would_notice_a_row_without_an_event(walked: Walker) -> None:
    step = next(s for s in walked.steps if s.told == "bo: /incident sev 2")
    silent = Step(step.told, step.before, step.after, [])
    assert any("INC-1.severity" in words for words in silent.complaints())


def test_each_event_has_its_line_or_a_reason() -> None:
    about = {kind for kind in EVENTS if issubclass(kind, IncidentEvent)}
    assert about == set(LINES)
    assert all(len(why) > 10 for why in LINES.values() if isinstance(why, str))


def test_each_event_of_the_walk_is_written_down_as_it_says(walked: Walker) -> None:
    for step in walked.steps:
        for act, event in step.events:
            if isinstance(event, IncidentEvent):
                assert _written(step.after, act, event) == _wanted(event), (step.told, event)


def _wanted(event: IncidentEvent) -> bool:
    made = LINES[type(event)]
    return not isinstance(made, str) and not event.undoing and made(event) is not None


def _written(after: Rows, act: str, event: IncidentEvent) -> bool:
    made = LINES[type(event)]
    line = None if isinstance(made, str) or event.undoing else made(event)
    return line is not None and any(
        row["act"] == act and row["incident"] == event.incident.id and row["kind"] == line.kind
        for row in after["timeline"].values()
    )


def test_every_event_is_brought_about_somewhere(walked: Walker) -> None:
    seen = {name for step in walked.steps for name in step.names}
    assert all((ROOT / where).exists() for where in ELSEWHERE.values())
    missing = {name_of(kind) for kind in EVENTS} - seen - set(ELSEWHERE)
    assert not missing, sorted(missing)


def test_no_event_has_a_field_that_could_hold_text_unmarked() -> None:
    for kind in EVENTS:
        for name, hint in typing.get_type_hints(kind).items():
            if name not in ("undo", "version"):
                assert hint is not str, f"{name_of(kind)}.{name}: is it Said or a Word?"


def test_no_text_is_in_a_stored_form(walked: Walker) -> None:
    seen = 0
    for step in walked.steps:
        for _, event in step.events:
            for name in told_fields(type(event)):
                value = getattr(event, name)
                seen += 1
                if isinstance(value, str) and not isinstance(value, Enum):
                    assert " " not in value, f"{name_of(type(event))}.{name}: {value}"
            json.dumps(data_of(event))
    assert seen > 200


def test_fields_that_name_another_incident_are_known_as_such() -> None:
    for kind in EVENTS:
        for name, hint in typing.get_type_hints(kind).items():
            assert hint is not IncidentId or name in OTHERS, f"{name_of(kind)}.{name}"


def test_all_of_one_command_is_one_act(walked: Walker) -> None:
    step = next(s for s in walked.steps if "update monitoring sev1" in s.told)
    acts: dict[str, set[type[Event]]] = {}
    for act, event in step.events:
        acts.setdefault(act, set()).add(type(event))
    names = [{name_of(kind) for kind in each} for each in acts.values()]
    assert any(
        {"status_changed", "severity_changed", "update_posted", "promise_changed"} <= each
        for each in names
    )


async def test_a_transaction_that_is_done_again_doubles_nothing(
    walked: Walker, tmp_path: Path
) -> None:
    async with walking(tmp_path, twice=True) as walker:
        await walk(walker)
    once, again = _comparable(rows(walked.path)), _comparable(rows(walker.path))
    for table, kept in once.items():
        assert again[table] == kept, table


def _comparable(found: Rows) -> dict[str, list[str]]:
    """Rows without what is made by chance, in an order of their own."""
    return {
        table: sorted(
            str({c: v for c, v in row.items() if c not in BY_CHANCE}) for row in kept.values()
        )
        for table, kept in found.items()
        if not table.startswith("console_") and table not in ("statuspage_files", "kept")
    }
