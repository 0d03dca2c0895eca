"""The example plug-in, found by its entry point, in a whole story."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.organisation import Organisation
from bot.core.people import ServiceId
from bot.org import sample_org
from bot.plugins.loading import installed
from tests.world import World, make_world

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "plugin-runbooks"
RUNBOOK = "https://wiki.acme.example/checkout"


@pytest.fixture
def installed_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if it had been installed: its module can be imported, and its entry point is known."""
    project = (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    (point,) = [line for line in project.splitlines() if line.startswith("runbooks =")]
    info = tmp_path / "site" / "tocsin_runbooks-1.0.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tocsin-runbooks\nVersion: 1.0.0\n")
    words = f"[tocsin.plugins]\n{point.replace(chr(34), '')}\n"
    (info / "entry_points.txt").write_text(words)
    monkeypatch.syspath_prepend(str(info.parent))
    monkeypatch.syspath_prepend(str(EXAMPLE))
    monkeypatch.delitem(sys.modules, "tocsin_runbooks", raising=False)


def organisation() -> Organisation:
    org = sample_org()
    checkout = replace(org.services[ServiceId("checkout")], runbooks=(RUNBOOK,))
    return replace(org, services={**org.services, checkout.id: checkout})


@pytest.fixture
async def world(tmp_path: Path, installed_example: None, on_stage: str) -> AsyncIterator[World]:
    async with make_world(tmp_path, organisation(), on=on_stage, plugins=installed) as made:
        yield made


async def test_it_is_found_by_its_entry_point(world: World) -> None:
    assert world.extensions.standing() == [("runbooks", "")]


async def test_the_card_shows_what_it_puts_in_the_slot(world: World) -> None:
    await world.person("bo").says("/incident declare checkout is down sev3 #checkout")
    assert "Runbook checkout" in (await world.room("INC-1")).card
    await world.person("bo").says("/incident declare search is slow sev3 #search")
    assert "Runbook" not in (await world.room("INC-2")).card


async def test_the_slot_follows_what_it_hears(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare search is slow sev3 #search")
    assert "Runbook" not in (await world.room("INC-1")).card
    await bo.says("/incident services #checkout")
    assert "Runbook checkout" in (await world.room("INC-1")).card


async def test_its_command_answers_with_a_card(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev3 #checkout")
    assert "Runbook checkout" in await bo.says("/incident runbook")
    assert "INC-9" in await bo.says("/incident runbook INC-9"), "refused as any command is"


async def test_help_knows_its_command(world: World) -> None:
    bo = world.person("bo")
    assert "runbook" in await bo.says("/incident help")
    assert "The runbooks of what is affected." in await bo.says("/incident help runbook")


async def test_what_it_asks_for_is_done_in_its_name_and_once(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev1 #checkout")
    room = await world.room("INC-1")
    assert len(room.saying("follow the runbook")) == 1
    assert "Follow the runbook" in await bo.says("/incident tasks")
    await bo.says("/incident sev 2")
    await bo.says("/incident sev 1")
    entries = [e for e in await world.timeline("INC-1") if e.text == "Follow the runbook"]
    assert [(e.author, e.platform) for e in entries] == [("plugin-runbooks", "plugin")]


async def test_of_a_private_incident_it_knows_nothing(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare payroll leaked sev1 #checkout --private")
    room = await world.room("INC-1")
    assert "Runbook" not in room.card
    assert not room.saying("follow the runbook")
    assert "may not read private incidents" in await bo.says("/incident runbook")


async def test_one_that_is_named_for_it_reads_private_incidents(world: World) -> None:
    named = replace(world.memory.installation.org, sections={"plugins": frozenset({"runbooks"})})
    world.memory.installation = replace(world.memory.installation, org=named)
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare payroll leaked sev3 #checkout --private")
    assert "Runbook checkout" in (await world.room("INC-1")).card


async def test_what_becomes_private_loses_what_it_showed(world: World) -> None:
    bo = world.person("bo", room="INC-1")
    await bo.says("/incident declare checkout is down sev3 #checkout")
    assert "Runbook" in (await world.room("INC-1")).card
    await (await bo.says("/incident private")).press("Make it private")
    assert "Runbook" not in (await world.room("INC-1")).card
