"""The unix socket of a running bot: it decodes, asks and encodes, and says what it refuses."""

from __future__ import annotations

import getpass
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.admin import codec
from bot.admin.context import Refusal
from bot.admin.incidents import Declare, ListIncidents, ShowIncident
from bot.admin.organisation import DiffOrganisation
from bot.admin.process import GetAbout
from bot.admin.table import LARGE, SMALL
from bot.app import App
from bot.core.errors import Invalid
from bot.core.incident import IncidentId
from handlers.control import client
from tests.installation import running


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        yield app


async def posted(bot: App, verb: str, body: bytes) -> tuple[int, str]:
    """The status, and the sentence of what was refused."""
    connector = aiohttp.UnixConnector(str(bot.settings.socket))
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.post(f"http://tocsin/{verb}", data=io.BytesIO(body)) as response,
    ):
        return response.status, json.loads(await response.read()).get("error", "")


async def test_an_answer_is_the_one_that_the_table_gives(bot: App) -> None:
    path = bot.settings.socket
    assert await client.answers(path)
    assert await client.ask(path, GetAbout()) == bot.admin.about
    made = await client.ask(path, Declare(title="checkout is down", test=True))
    assert (await client.ask(path, ListIncidents())).incidents[0].reference == made.reference
    assert made.roles == {}
    found = await bot.memory.read(lambda uow: uow.people.by_identity("cli", getpass.getuser()))
    assert found is not None, "the kernel says who asks"


async def test_a_refusal_is_its_sentence(bot: App) -> None:
    with pytest.raises(Refusal, match="INC-9"):
        await client.ask(bot.settings.socket, ShowIncident(incident=IncidentId(9)))


@pytest.mark.parametrize(
    ("verb", "body", "said"),
    [
        ("moon", b"{}", "does not know 'moon'"),
        ("show", b'{"incident": 1, "moon": 1}', "moon is no field of this request"),
        ("show", b'{"incident": "1"}', "incident: "),
        ("show", b"{", "The body is no JSON."),
        ("show", b"[]", "The body is no JSON object."),
        ("show", b"{" * (SMALL + 1), "That is more than 1024 KiB"),
        ("org_diff", b"{" * (LARGE + 1), "That is more than 16384 KiB"),
    ],
)
async def test_what_is_no_request_is_refused_with_a_sentence(
    bot: App, verb: str, body: bytes, said: str
) -> None:
    status, error = await posted(bot, verb, body)
    assert (status, said in error) == (409, True), error


async def test_what_is_too_long_is_not_sent(tmp_path: Path) -> None:
    """No bot is there, and nobody asks for one."""
    with pytest.raises(Invalid, match="more than 16384 KiB"):
        await client.ask(
            tmp_path / "none", DiffOrganisation(text="x" * (LARGE + 1), name="org.yaml")
        )


async def test_a_bot_of_another_version_is_said_to_be_one(
    bot: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec, "encode", lambda value: b'{"incident": 1, "moon": 2}')
    with pytest.raises(Refusal, match=r"moon is no field of this request.*may differ in version"):
        await client.ask(bot.settings.socket, ShowIncident(incident=IncidentId(1)))
