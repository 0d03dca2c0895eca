"""kill -9 right after a call that Slack has carried out and not yet answered: nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.faults.slack_rooms import announcements, doubled, lacking, rooms_of
from tests.process.slack_stage import COMMAND, beside

pytestmark = pytest.mark.process
KINDS = ("sqlite", "postgres")

# Every call of a declare that writes, and how often it comes before the room is complete.
CALLS = [
    ("conversations.create", 1), ("conversations.invite", 1), ("conversations.setTopic", 1),
    ("chat.postMessage", 1), ("chat.postMessage", 2), ("chat.postMessage", 3), ("pins.add", 1),
    ("bookmarks.add", 1),
]  # fmt: skip


async def killed_after(folder: Path, calls: list[tuple[str, int]], kind: str) -> None:
    database = fresh_postgres() if kind == "postgres" else ""
    async with beside(folder, database) as bot:
        slack = bot.workspace.slack
        for number, (method, nth) in enumerate(calls, start=1):
            told = await bot.declares_and_is_killed_after(method, nth)
            # Killed at its very first call, it may not have answered: then Slack says so.
            assert f"INC-{number}" in told.words or told.failed

            def complete(number: int = number) -> bool:
                return not lacking(slack, number, bot.bo.id) and bool(bot.pages(number))

            try:
                await slack.until(complete, 60)
            except AssertionError:
                wants = lacking(slack, number, bot.bo.id) or "nobody was paged"
                raise AssertionError(f"killed after {method} {nth}: {wants}") from None
            assert doubled(slack, number) == [], f"killed after {method} {nth}"
            plain = [words for words in bot.pages(number) if "(repeat)" not in words]
            assert len(plain) <= 1, f"killed after {method} {nth}: paged twice, unmarked"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("kind", KINDS)
async def test_killed_after_the_room_and_after_the_card(kind: str, tmp_path: Path) -> None:
    await killed_after(tmp_path, [("conversations.create", 1), ("chat.postMessage", 2)], kind)


@pytest.mark.timeout(180)
async def test_killed_after_an_edit_of_the_card(tmp_path: Path) -> None:
    """A card that was right from the start is never edited: somebody says something that needs it."""
    async with beside(tmp_path, "") as bot:
        slack = bot.workspace.slack
        await bot.bo.types(COMMAND)
        await slack.until(lambda: not lacking(slack, 1, bot.bo.id), 60)
        [room], [announced] = rooms_of(slack, 1), announcements(slack, 1)

        def shown() -> set[bool]:
            return {"SEV2" in message.words for message in (*room.pinned, announced)}

        # An edit that was under way before the command was heard is none of this.
        await bot.says_and_is_killed_when(
            lambda called: called == "chat.update" and True in shown(), "/incident sev INC-1 2"
        )
        await slack.until(
            lambda: shown() == {True}, 60, "the card or the announcement is as it was"
        )
        assert doubled(slack, 1) == []


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", KINDS)
async def test_killed_after_each_call(kind: str, tmp_path: Path) -> None:
    await killed_after(tmp_path, CALLS, kind)
    print(f"{kind}: killed after each of {len(CALLS)} calls: 0 lost, 0 doubled")
