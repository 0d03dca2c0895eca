"""What plug-ins may not know or be, and that what they cause ends, by whatever way it goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.chat.card import text
from bot.core.people import SYSTEM
from bot.incidents.events import StatusChanged
from bot.plugins.api import Answer, Snapshot
from bot.warrooms.events import RoomOpened
from tests.bot.plugins.test_harm import beside, why


async def test_what_goes_through_a_room_ends_as_deep_as_what_does_not(tmp_path: Path) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        return Answer(commands=["declare one more"])

    async with beside(tmp_path, heard, hears=(RoomOpened,)) as world:
        await world.person("bo").says("/incident declare the first")
        await world.passes(minutes=5)
        found = await world.read(lambda uow: uow.incidents.open_heads(SYSTEM, 100))
        assert len(found) == 9, "the first, and eight deep"


async def test_what_was_merged_and_became_private_is_not_named(tmp_path: Path) -> None:
    seen: list[Snapshot] = []

    def heard(snapshot: Snapshot) -> Answer:
        seen.append(snapshot)
        return Answer()

    async with beside(tmp_path, heard, hears=(StatusChanged,)) as world:
        bo = world.person("bo", room="INC-1")
        await bo.says("/incident declare checkout is down")
        await bo.says("/incident declare payroll leaked")
        await bo.says("/incident merge INC-2 INC-1")
        await (await bo.says("/incident private INC-2")).press("Make it private")
        await bo.says("/incident status identified")
        assert "INC-2" not in [entry.text for entry in seen[-1].timeline]


async def test_it_is_nobody_who_could_lead(tmp_path: Path) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        return Answer(commands=["lead", "role communications", "join", "lead @cy"])

    async with beside(tmp_path, heard) as world:
        await world.person("bo").says("/incident declare checkout is down")
        incident = await world.incident("INC-1")
        assert list(incident.roles.values()) == ["cy"]


class _Sly(str):
    """A text that says of itself what it likes."""

    __slots__ = ()

    def __len__(self) -> int:
        return 1

    def split(self, *args: object, **kwargs: object) -> list[str]:
        raise AssertionError("its code ran where it must not")


async def test_a_text_that_is_more_than_a_text_is_taken_as_one(tmp_path: Path) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        return Answer(commands=[_Sly('note "well"'), _Sly("zzz")])

    async with beside(tmp_path, heard) as world:
        await world.person("bo").says("/incident declare checkout is down")
        assert "well" in [entry.text for entry in await world.timeline("INC-1")]
    async with beside(tmp_path / "..", lambda s: Answer(commands=[_Sly("x" * 3000)])) as world:
        await world.person("bo").says("/incident declare checkout is down")
        assert "text of at most" in why(world)


async def test_the_words_of_its_faults_are_in_no_log(tmp_path: Path) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        raise OSError("https://hooks.example/services/S3CRET")

    async with beside(tmp_path, heard) as world:
        with capture_logs() as logged:
            await world.person("bo").says("/incident declare checkout is down")
        told = [each for each in logged if each["event"] == "plugin.failed"]
        assert told[0]["error"] == "OSError"
        assert "heard" in told[0]["where"]
        assert "S3CRET" not in str(logged)


@pytest.mark.parametrize("secret", ['the "quoted" secret', "back\\slash"])
async def test_what_it_said_goes_with_what_is_redacted(tmp_path: Path, secret: str) -> None:
    def heard(snapshot: Snapshot) -> Answer:
        return Answer([text(f"noted: {snapshot.timeline[-1].text}")])

    async with beside(tmp_path, heard) as world:
        await world.person("bo").says(f"/incident declare {secret}")
        assert (await world.room("INC-1")).saying("noted:")
        assert "Erased" in await world.person("ana", room="INC-1").says("/incident redact 1")
        room = await world.room("INC-1")
        assert not [m for m in room.by_bot if "noted" in m or "secret" in m or "slash" in m]
