"""Files that people drop in the console: said, seen, kept from others, and gone with what held them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.accounts.model import Session
from bot.app import App
from bot.core.incident import IncidentId
from bot.core.people import SYSTEM
from bot.retention.service import Retention, tidy
from handlers.chat.console.files import Files, cleaned, kind_of
from tests.installation import running
from tests.tabs import tab

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
async def installation(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path, TOCSIN_FILE_LIMIT="1") as app:
        yield app


async def test_a_picture_is_said_and_seen_and_cannot_act(installation: App) -> None:
    async with tab(installation, "bo") as bo, tab(installation, "mia") as mia:
        room = bo.room("incidents")["id"]
        status, made = await bo.brings(PNG, room, "../../etc/shot.png")
        assert (status, made["name"], made["type"]) == (200, "shot.png", "image/png")
        said = await bo.asks(t="say", room=room, text="", files=[made["id"]])
        history = await mia.asks(t="history", room=room, before=0, limit=5)
        (file,) = history["messages"][-1]["files"]
        assert (file["w"], file["h"], file["size"]) == (640, 480, len(PNG))
        url = installation.settings.internal_url + file["url"]
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
    installation: App, body: bytes, words: str
) -> None:
    async with tab(installation, "bo") as bo:
        status, said = await bo.brings(body, bo.room("incidents")["id"])
        assert status == 422
        assert words in said["error"]


async def test_a_page_that_calls_itself_a_picture_is_a_text_to_be_downloaded(
    installation: App,
) -> None:
    async with tab(installation, "bo") as bo:
        room = bo.room("incidents")["id"]
        _, made = await bo.brings(b"<script>alert(1)</script>", room, "x.png")
        await bo.asks(t="say", room=room, text="look", files=[made["id"]])
        url = f"{installation.settings.internal_url}/files/{made['id']}/x.html"
        async with bo.session.get(url) as answer:
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_a_private_rooms_file_is_no_file_to_others(installation: App) -> None:
    async with tab(installation, "bo") as bo, tab(installation, "mia") as mia:
        room = (await bo.asks(t="open", person="ana"))["room"]
        _, made = await bo.brings(PNG, room)
        await bo.asks(t="say", room=room, text="between us", files=[made["id"]])
        base = installation.settings.internal_url
        async with mia.session.get(f"{base}/files/{made['id']}/shot.png") as answer:
            private = (answer.status, await answer.text())
        async with mia.session.get(f"{base}/files/{'A' * 16}/shot.png") as answer:
            assert (answer.status, await answer.text()) == private
        assert (await mia.brings(PNG, room))[0] == 422, "nor can they bring one there"
        said = await mia.asks(
            t="say", room=mia.room("incidents")["id"], text="", files=[made["id"]]
        )
        assert said["t"] == "error", "nor say another's"


async def test_what_is_on_the_disk_goes_when_no_message_holds_it(installation: App) -> None:
    async with tab(installation, "bo") as bo:
        room = bo.room("incidents")["id"]
        _, made = await bo.brings(PNG, room)
        kept = installation.settings.files / made["id"]
        assert kept.stat().st_mode & 0o077 == 0
        await bo.asks(t="say", room=room, text="", files=[made["id"]])
        assert await on_the_disk(installation) == [made["id"]]
        found = await bo.asks(t="history", room=room)
        await bo.asks(t="delete", room=room, message=found["messages"][-1]["id"])
        assert await on_the_disk(installation) == []


async def on_the_disk(installation: App) -> list[str]:
    """What is left after a sweep some hours later."""
    settings = installation.settings
    files = Files(installation.memory, nobody, settings.files, settings.file_limit)
    await files.sweep(installation.clock.now() + timedelta(hours=2))
    return [path.name for path in settings.files.iterdir()]


async def nobody(_: object) -> Session:
    raise AssertionError


async def test_a_file_goes_when_its_message_is_forgotten_and_the_room_can_still_be_read(
    installation: App,
) -> None:
    async with tab(installation, "bo") as bo:
        room = bo.room("incidents")["id"]
        _, made = await bo.brings(PNG, room)
        said = await bo.asks(t="say", room=room, text="Ms Smith rang", files=[made["id"]])
        await bo.asks(t="react", room=room, message=said["message"], name="eyes", op="add")
        keep = Retention(console=timedelta(0))
        await installation.memory.write(lambda uow: tidy(uow, keep))
        assert await on_the_disk(installation) == []
        found = await bo.asks(t="history", room=room)
        assert [(m["deleted"], m["text"], m["files"]) for m in found["messages"]] == [
            (True, "", [])
        ]
        async with bo.session.get(
            f"{installation.settings.internal_url}/files/{made['id']}/shot.png"
        ) as answer:
            assert answer.status == 404


async def test_redacting_a_captured_message_takes_its_file_everywhere(installation: App) -> None:
    async with tab(installation, "ana") as ana:
        lobby = ana.room("incidents")["id"]
        await ana.asks(t="say", room=lobby, text="/incident declare checkout is down sev3")
        room = await the_war_room(installation)
        _, made = await ana.brings(PNG, room)
        said = await ana.asks(t="say", room=room, text="the password", files=[made["id"]])
        kept = await ana.asks(t="pin", room=room, message=said["message"], op="add")
        assert "Added to the timeline" in json.dumps(kept)
        entries = await installation.memory.read(lambda uow: uow.timeline.of(IncidentId(1), SYSTEM))
        at = next(n for n, e in enumerate(entries, 1) if made["id"] in e.text)
        told = await ana.asks(t="say", room=room, text=f"/incident redact {at}")
        assert "its files" in json.dumps(told)
        found = await ana.asks(t="history", room=room)
        assert made["id"] not in json.dumps(found)
        entries = await installation.memory.read(lambda uow: uow.timeline.of(IncidentId(1), SYSTEM))
        assert made["id"] not in repr(entries)
        assert await on_the_disk(installation) == []


async def the_war_room(installation: App) -> str:
    """The first incident's room, once it is open."""
    async with asyncio.timeout(10):
        while True:
            rooms = await installation.memory.read(lambda uow: uow.rooms.of(IncidentId(1)))
            if rooms:
                return rooms[0].id
            await asyncio.sleep(0.02)  # noqa: TID251 - polls what the worker does


def test_a_name_is_cleaned_and_bytes_are_looked_at() -> None:
    assert cleaned("..\\x/\u202egnp.exe\n") == "gnp.exe"
    assert cleaned("/") == "file"
    assert kind_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
    assert kind_of("é".encode()) == "text/plain"
