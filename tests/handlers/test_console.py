"""The console over its wire: mentions that survive a reload, threads, pins, search by pages, and what the page
itself brings."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.core.chat.console import ConsoleRoom, RoomKind
from bot.core.people import Person, PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from handlers.chat.console.mentions import in_text
from tests.installation import running
from tests.tabs import Tab, tab


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path, TOCSIN_FILE_LIMIT="1") as app:
        yield app


async def test_a_badge_survives_a_reload_and_goes_when_it_was_read(installation: App) -> None:
    async with tab(installation, "bo") as bo:
        room = bo.room("incidents")["id"]
        await bo.asks(
            t="say", room=room, text="can you look, @Mia Keller? `@mia` and @miao do not count"
        )
        await bo.asks(t="say", room=room, text="nobody in particular")
        wrong = await bo.asks(t="say", room=room, text="@mia wrong room")
        await bo.asks(t="edit", room=room, message=wrong["message"], text="never mind")
    async with tab(installation, "mia") as mia:
        assert mia.room("incidents")["mentions"] == 1
        assert mia.room("incidents")["seq"] - mia.room("incidents")["read"] == 3
        await mia.socket.send_json({"t": "read", "room": room, "seq": 3})
        await mia.asks(t="pins", room=room)
    async with tab(installation, "mia") as mia:
        assert mia.room("incidents")["mentions"] == 0


async def test_a_thread_and_the_pins_come_whole_however_old(installation: App) -> None:
    async with tab(installation, "bo") as bo:
        room = bo.room("incidents")["id"]
        parent = (await bo.asks(t="say", room=room, text="first"))["message"]
        for n in range(3):
            await bo.asks(t="say", room=room, text=f"answer {n}", thread=parent)
        await bo.asks(t="pin", room=room, message=parent, op="add")
        found = await bo.asks(t="thread", room=room, parent=parent)
        assert [m["text"] for m in found["messages"]] == [
            "first",
            "answer 0",
            "answer 1",
            "answer 2",
        ]
        found = await bo.asks(t="pins", room=room)
        assert [m["text"] for m in found["messages"]] == ["first"]


async def test_a_search_goes_on_where_it_stopped(installation: App) -> None:
    async with tab(installation, "bo") as bo:
        room = bo.room("incidents")["id"]
        for n in range(35):
            await bo.asks(t="say", room=room, text=f"needle {n}")
        first = await bo.asks(t="search", text="needle", room=room)
        assert first["more"]
        rest = await bo.asks(t="search", text="needle", before=first["messages"][-1]["at"])
        texts = [m["text"] for m in (*first["messages"], *rest["messages"])]
        assert texts == [f"needle {n}" for n in reversed(range(35))]


# --- files -----------------------------------------------------------------------------------


# --- pure --------------------------------------------------------------------------------------

ANA, BO = (Person(PersonId(i), n) for i, n in (("ana", "Ana Lima"), ("bo", "Bo Chen")))
NAMED = [
    ("@ana look", {"ana"}),
    ("@Ana Lima, @bo.", {"ana", "bo"}),
    ("@ANA LIMA", {"ana"}),
    ("@anatole and ana@lima.example", set()),
    ("```\n@ana\n``` and `@bo`", set()),
    ("@", set()),
]


@pytest.mark.parametrize(("text", "people"), NAMED)
def test_whom_a_text_calls(text: str, people: set[str]) -> None:
    assert in_text(text, [ANA, BO]) == people


async def seen_first(person: Tab) -> dict[str, Any]:
    """What came with the page itself."""
    async with person.session.get(person.app.settings.internal_url) as answer:
        page = await answer.text()
    _, _, rest = page.partition('<script type="application/json" id="first">')
    found: dict[str, Any] = json.loads(rest.partition("</script>")[0])
    return found


async def test_the_page_brings_one_screenful_and_the_room_where_one_was(installation: App) -> None:
    def rooms(uow: UnitOfWork) -> None:
        for n in range(40):
            uow.console.make_room(ConsoleRoom("", f"inc-{n}-something-broke", RoomKind.WAR, "SEV3"))

    await installation.memory.write(rooms)
    async with tab(installation, "bo") as bo, tab(installation, "mia") as mia:
        quiet, here = bo.room("inc-3-something-broke")["id"], bo.room("inc-5-something-broke")["id"]
        await mia.asks(t="say", room=here, text="</script><b>hello</b> @bo")
        bo.session.cookie_jar.update_cookies({"tocsin-room": quiet})
        first = await seen_first(bo)
        war = [room["name"] for room in first["rooms"] if room["kind"] == "war"]
        assert war[:3] == [
            "inc-3-something-broke",
            "inc-5-something-broke",
            "inc-39-something-broke",
        ]
        assert (len(war), first["rest"]["war"], first["page"]["room"]) == (25, 15, quiet)
        bo.session.cookie_jar.update_cookies({"tocsin-room": here})
        page = (await seen_first(bo))["page"]
        assert [m["text"] for m in page["messages"]] == ["</script><b>hello</b> @bo"]


async def test_the_page_brings_no_room_that_one_is_not_in(installation: App) -> None:
    secret = ConsoleRoom("", "inc-9-breach", RoomKind.WAR, private=True, members=(PersonId("mia"),))
    room = await installation.memory.write(lambda uow: uow.console.make_room(secret))
    async with tab(installation, "bo") as bo:
        bo.session.cookie_jar.update_cookies({"tocsin-room": room.id})
        first = await seen_first(bo)
        assert "breach" not in json.dumps(first)
        assert first["page"]["room"] == bo.room("incidents")["id"]
