"""Taking back: undo within a minute, and redaction of what must not stand anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.core.people import SYSTEM
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Kind
from tests.words import words
from tests.world import World


@pytest.fixture
async def incident(world: World) -> World:
    await world.person("bo").says("/incident declare checkout is down sev2 #checkout")
    return world


# --- undo ---

UNDONE = [
    "status identified", "sev 4", 'title "Another"', 'summary "Full disk"', 'impact "Nobody pays"',
    "lead @cy", "services #database", 'pause "x"', "major", 'update identified sev3 "Working"',
    "resolved", "cancel",
]  # fmt: skip


@pytest.mark.parametrize("command", UNDONE)
async def test_undo_restores_what_was(incident: World, command: str) -> None:
    world = incident
    bo = world.person("bo", room="INC-1")
    before = await world.incident("INC-1")
    await bo.says(f"/incident {command}")
    assert replace(await world.incident("INC-1"), revision=0) != replace(before, revision=0)
    assert "Undone" in await bo.says("/incident undo")
    after = await world.incident("INC-1")
    assert replace(after, revision=0) == replace(before, revision=0)
    shown = [e.kind for e in await world.timeline("INC-1")]
    assert not {Kind.SEVERITY, Kind.TITLE, Kind.UPDATE, Kind.PAUSED, Kind.MAJOR} & set(shown)


async def test_undo_takes_back_tasks_and_their_end(incident: World) -> None:
    bo = incident.person("bo", room="INC-1")
    await bo.says('/incident task "Fail over"')
    await bo.says("/incident done 1")
    await bo.says("/incident undo")
    assert "✓" not in await bo.says("/incident tasks")
    await bo.says("/incident undo")
    assert "None yet" in await bo.says("/incident tasks")


async def test_undo_refuses_what_others_changed_since(incident: World) -> None:
    bo, cy = incident.person("bo", room="INC-1"), incident.person("cy", room="INC-1")
    await cy.says("/incident join")
    await bo.says("/incident sev 3")
    await cy.says("/incident sev 4")
    assert "changed again since" in await bo.says("/incident undo")
    assert (await incident.incident("INC-1")).severity == 4


async def test_undo_of_what_cannot_be_undone_says_what_to_do(incident: World) -> None:
    world = incident
    mia = world.person("mia", room="INC-1")
    await mia.says("/incident join")
    assert "/incident leave" in await mia.says("/incident undo")
    await world.passes(minutes=2)
    assert "Nothing of yours" in await mia.says("/incident undo")


# --- redaction ---


async def test_redaction_erases_a_text_everywhere_and_says_where_it_could_not(
    incident: World,
) -> None:
    world = incident
    bo, ana = world.person("bo", room="INC-1"), world.person("ana", room="INC-1")
    message = await bo.writes("the password is hunter2")
    await bo.reacts("capture", message)
    await bo.says('/incident update "the password is hunter2"')
    entries = await world.timeline("INC-1")
    wanted = next(e for e in entries if e.kind is Kind.MESSAGE)
    shown = str(await bo.says("/incident timeline"))
    number = next(line.split(" ")[0] for line in shown.splitlines() if "“the password" in line)
    assert "Only admins can redact" in await bo.says(f"/incident redact {number}")

    told = await ana.says(f"/incident redact {number}")
    assert "Erased: timeline" in told
    assert "backups" in told
    everything = await world.read(lambda uow: repr(uow.timeline.of(wanted.incident, SYSTEM)))
    assert "hunter2" not in everything
    room = await world.room("INC-1")
    assert not room.saying("hunter2")
    # A person's own message is theirs to delete where we cannot; then they are told so.
    assert "hunter2" not in room or "delete it there" in told
    assert "hunter2" not in words((await world.announcements()).last)
    assert "[redacted]" in await bo.says("/incident timeline")


async def test_redaction_reaches_jobs_direct_messages_and_what_undo_remembers(
    incident: World,
) -> None:
    world = incident
    bo, ana = world.person("bo", room="INC-1"), world.person("ana", room="INC-1")
    await world.person("mia").says("/incident subscribe INC-1")
    await bo.says('/incident impact "hunter2 leaked"')
    await bo.says('/incident impact "nothing leaked"')
    await bo.says('/incident update "hunter2 leaked"')
    shown = str(await bo.says("/incident timeline")).splitlines()
    number = next(line.split(" ")[0] for line in shown if "update: hunter2" in line)
    told = await ana.says(f"/incident redact {number}")
    assert "messages not sent yet" in told or "messages of the bot" in told
    await world.passes(seconds=5)

    def kept(uow: UnitOfWork) -> str:
        tables = (
            "jobs",
            "timeline",
            "deliveries",
            "console_messages",
            "incidents",
            "pages",
            "tasks",
        )
        rows = [uow.redaction._c.execute(text(f"select * from {t}")).all() for t in tables]
        return repr(rows)

    assert "hunter2" not in await world.read(kept)
    assert not any("hunter2" in str(card) for card in (await world.direct("mia")).by_bot)


async def test_redacting_a_short_text_leaves_other_words_alone(incident: World) -> None:
    world = incident
    bo, ana = world.person("bo", room="INC-1"), world.person("ana", room="INC-1")
    await bo.says('/incident note "down"')
    await bo.says('/incident title "downtime of checkout"')
    await bo.says('/incident note "look at downstream"')
    shown = str(await bo.says("/incident timeline")).splitlines()
    number = next(line.split(" ")[0] for line in shown if line.endswith("Bo Chen down"))
    await ana.says(f"/incident redact {number}")
    told = str(await bo.says("/incident timeline"))
    assert "look at downstream" in told
    assert "renamed it: downtime of checkout" in told
    assert "downtime of checkout" in (await world.room("INC-1")).card


async def test_who_joined_to_do_something_can_undo_it_and_stays(world: World) -> None:
    await world.person("bo").says("/incident declare checkout is down sev1 #checkout")
    mia = world.person("mia", room="INC-1")
    before = (await world.incident("INC-1")).severity
    await (await mia.says("/incident sev 3")).press("Join and continue")
    assert "Undone: severity" in await mia.says("/incident undo")
    assert (await world.incident("INC-1")).severity == before
    assert "Mia Keller joined" in await mia.says("/incident timeline")
