"""The console over its wire: mentions that survive a reload, threads, pins, search by pages, and files."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import App
from bot.domain.people import Person, PersonId
from bot.ports import ConsoleRoom, UnitOfWork
from handlers.chat.console.files import cleaned, kind_of
from handlers.chat.console.mentions import in_text
from tests.house import running

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
_ids = count(1)


@dataclass
class Tab:
    """One person's open page."""

    app: App
    session: aiohttp.ClientSession
    socket: aiohttp.ClientWebSocketResponse
    welcome: dict[str, Any] = field(default_factory=dict)

    async def asks(self, **frame: Any) -> dict[str, Any]:
        """A request and its answer."""
        sent = {"id": f"t{next(_ids)}", **frame}
        await self.socket.send_json(sent)
        async with asyncio.timeout(10):
            while True:
                answer: dict[str, Any] = json.loads((await self.socket.receive()).data)
                if answer.get("id") == sent["id"]:
                    return answer

    def room(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(r for r in self.welcome["rooms"] if r["name"] == name)
        return found

    async def brings(self, body: bytes, room: str, name: str = "shot.png") -> tuple[int, Any]:
        base = self.app.settings.internal_url
        query = {"room": room, "name": name, "width": "640", "height": "480"}
        sent = self.session.post(
            f"{base}/files", params=query, data=io.BytesIO(body), headers={"Origin": base}
        )
        async with sent as answer:
            return answer.status, await answer.json(content_type=None)


@asynccontextmanager
async def tab(app: App, person: str) -> AsyncIterator[Tab]:
    base = app.settings.internal_url
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        await session.post(f"{base}/login", data={"person": person}, headers={"Origin": base})
        async with session.ws_connect(f"{base}/ws", headers={"Origin": base}) as socket:
            made = Tab(app, session, socket)
            await socket.send_json({"t": "hello", "since": {}})
            while (frame := json.loads((await socket.receive()).data))["t"] != "synced":
                made.welcome = frame if frame["t"] == "welcome" else made.welcome
            yield made


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path, TOCSIN_FILE_LIMIT="1") as app:
        yield app


async def test_a_badge_survives_a_reload_and_goes_when_it_was_read(house: App) -> None:
    async with tab(house, "bo") as bo:
        room = bo.room("incidents")["id"]
        await bo.asks(
            t="say", room=room, text="can you look, @Mia Keller? `@mia` and @miao do not count"
        )
        await bo.asks(t="say", room=room, text="nobody in particular")
        wrong = await bo.asks(t="say", room=room, text="@mia wrong room")
        await bo.asks(t="edit", room=room, message=wrong["message"], text="never mind")
    async with tab(house, "mia") as mia:
        assert mia.room("incidents")["mentions"] == 1
        assert mia.room("incidents")["seq"] - mia.room("incidents")["read"] == 3
        await mia.socket.send_json({"t": "read", "room": room, "seq": 3})
        await mia.asks(t="pins", room=room)
    async with tab(house, "mia") as mia:
        assert mia.room("incidents")["mentions"] == 0


async def test_a_thread_and_the_pins_come_whole_however_old(house: App) -> None:
    async with tab(house, "bo") as bo:
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


async def test_a_search_goes_on_where_it_stopped(house: App) -> None:
    async with tab(house, "bo") as bo:
        room = bo.room("incidents")["id"]
        for n in range(35):
            await bo.asks(t="say", room=room, text=f"needle {n}")
        first = await bo.asks(t="search", text="needle", room=room)
        assert first["more"]
        rest = await bo.asks(t="search", text="needle", before=first["messages"][-1]["at"])
        texts = [m["text"] for m in (*first["messages"], *rest["messages"])]
        assert texts == [f"needle {n}" for n in reversed(range(35))]


# --- files -----------------------------------------------------------------------------------


async def test_a_picture_is_said_and_seen_and_cannot_act(house: App) -> None:
    async with tab(house, "bo") as bo, tab(house, "mia") as mia:
        room = bo.room("incidents")["id"]
        status, made = await bo.brings(PNG, room, "../../etc/shot.png")
        assert (status, made["name"], made["type"]) == (200, "shot.png", "image/png")
        said = await bo.asks(t="say", room=room, text="", files=[made["id"]])
        history = await mia.asks(t="history", room=room, before=0, limit=5)
        (file,) = history["messages"][-1]["files"]
        assert (file["w"], file["h"], file["size"]) == (640, 480, len(PNG))
        url = house.settings.internal_url + file["url"]
        async with mia.session.get(url) as answer:
            assert await answer.read() == PNG
            assert answer.headers["Content-Type"] == "image/png"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
        async with aiohttp.ClientSession() as nobody, nobody.get(url, allow_redirects=False) as out:
            assert out.status == 303
        await bo.asks(t="delete", room=room, message=said["message"])
        async with mia.session.get(url) as answer:
            assert answer.status == 404, "it goes with its message"


REFUSED = [
    (b"\0\1\2binary", "Only pictures"),
    (b"", "Only pictures"),
    (b"GIF87 is not enough \xff", "Only pictures"),
    (PNG + b"\0" * (1 << 20), "larger than 1 MB"),
]


@pytest.mark.parametrize(("body", "words"), REFUSED)
async def test_what_is_too_large_or_no_picture_is_refused_with_a_sentence(
    house: App, body: bytes, words: str
) -> None:
    async with tab(house, "bo") as bo:
        status, said = await bo.brings(body, bo.room("incidents")["id"])
        assert status == 422
        assert words in said["error"]


async def test_a_page_that_calls_itself_a_picture_is_a_text_to_be_downloaded(house: App) -> None:
    async with tab(house, "bo") as bo:
        room = bo.room("incidents")["id"]
        _, made = await bo.brings(b"<script>alert(1)</script>", room, "x.png")
        await bo.asks(t="say", room=room, text="look", files=[made["id"]])
        url = f"{house.settings.internal_url}/files/{made['id']}/x.html"
        async with bo.session.get(url) as answer:
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_a_private_rooms_file_is_no_file_to_others(house: App) -> None:
    async with tab(house, "bo") as bo, tab(house, "mia") as mia:
        room = (await bo.asks(t="open", person="ana"))["room"]
        _, made = await bo.brings(PNG, room)
        await bo.asks(t="say", room=room, text="between us", files=[made["id"]])
        base = house.settings.internal_url
        async with mia.session.get(f"{base}/files/{made['id']}/shot.png") as answer:
            private = (answer.status, await answer.text())
        async with mia.session.get(f"{base}/files/{'A' * 16}/shot.png") as answer:
            assert (answer.status, await answer.text()) == private
        assert (await mia.brings(PNG, room))[0] == 422, "nor can they bring one there"
        said = await mia.asks(
            t="say", room=mia.room("incidents")["id"], text="", files=[made["id"]]
        )
        assert said["t"] == "error", "nor say another's"


async def test_what_is_on_the_disk_goes_when_no_message_holds_it(house: App) -> None:
    async with tab(house, "bo") as bo:
        room = bo.room("incidents")["id"]
        _, made = await bo.brings(PNG, room)
        kept = house.settings.files / made["id"]
        assert kept.stat().st_mode & 0o077 == 0
        await bo.asks(t="say", room=room, text="", files=[made["id"]])
    assert [path.name for path in house.settings.files.iterdir()] == [made["id"]]


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


def test_a_name_is_cleaned_and_bytes_are_looked_at() -> None:
    assert cleaned("..\\x/\u202egnp.exe\n") == "gnp.exe"
    assert cleaned("/") == "file"
    assert kind_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert kind_of("é".encode()) == "text/plain"


async def seen_first(person: Tab) -> dict[str, Any]:
    """What came with the page itself."""
    async with person.session.get(person.app.settings.internal_url) as answer:
        page = await answer.text()
    _, _, rest = page.partition('<script type="application/json" id="first">')
    found: dict[str, Any] = json.loads(rest.partition("</script>")[0])
    return found


async def test_the_page_brings_one_screenful_and_the_room_where_one_was(house: App) -> None:
    def rooms(uow: UnitOfWork) -> None:
        for n in range(40):
            uow.console.make_room(ConsoleRoom("", f"inc-{n}-something-broke", "war", "SEV3"))

    await house.memory.write(rooms)
    async with tab(house, "bo") as bo, tab(house, "mia") as mia:
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


async def test_the_page_brings_no_room_that_one_is_not_in(house: App) -> None:
    secret = ConsoleRoom("", "inc-9-breach", "war", private="yes", members=(PersonId("mia"),))
    room = await house.memory.write(lambda uow: uow.console.make_room(secret))
    async with tab(house, "bo") as bo:
        bo.session.cookie_jar.update_cookies({"tocsin-room": room.id})
        first = await seen_first(bo)
        assert "breach" not in json.dumps(first)
        assert first["page"]["room"] == bo.room("incidents")["id"]
