"""Channels beside chat, through the library itself: what arrives, what is refused, and that no secret is told."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.core.chat.vocabulary import Refused, Retry
from bot.core.people import Person, PersonId
from bot.core.ports.notifier import Note
from bot.core.reaching import Channel, of_person
from handlers.notify.apprise_channels import AppriseNotifier
from tests.installation import free_port

NOTE = Note(
    "checkout is down · SEV1 · INC-42 · since Tue 09:00", "Acknowledge: http://t.test/ack/x"
)
SECRET = "s3cr3t-of-the-gateway"


@dataclass
class Gateway:
    """Somebody's SMS gateway: keeps what it was sent, and answers as told."""

    port: int = field(default_factory=free_port)
    status: int = 200
    got: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        said = await request.json()
        self.got.append((request.raw_path, said, request.headers.get("Authorization", "")))
        return web.Response(status=self.status)

    @property
    def environ(self) -> dict[str, str]:
        return {"SMS_URL": f"json://tocsin:{SECRET}@127.0.0.1:{self.port}/sms"}


@asynccontextmanager
async def listening(gateway: Gateway) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_post("/{any:.*}", gateway.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", gateway.port).start()
    yield
    await runner.cleanup()


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    made = Gateway()
    async with listening(made):
        yield made


def about(phone: str = "+49 30 5550100", address: str = "") -> Any:
    person = Person(PersonId("ana"), "Ana", phone=phone, addresses={"sms": address})
    return of_person(person, "sms")


async def test_what_is_said_arrives_with_the_persons_own_number(gateway: Gateway) -> None:
    await AppriseNotifier(gateway.environ).send(Channel("sms", "${SMS_URL}/$phone"), about(), NOTE)
    ((path, said, who),) = gateway.got
    assert (said["title"], said["message"]) == (NOTE.title, NOTE.body)
    assert path.rstrip("/").endswith("/sms/+49305550100")
    assert who.startswith("Basic ")


async def test_what_somebody_is_called_cannot_change_where_it_goes(gateway: Gateway) -> None:
    odd = about(address="x/../../?to=everybody#@evil.example")
    await AppriseNotifier(gateway.environ).send(Channel("sms", "${SMS_URL}/$address"), odd, NOTE)
    ((path, _, _),) = gateway.got
    assert path.startswith("/sms/x%2F")
    assert "?" not in path


async def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(Refused, match="SMS_URL is not set") as refused:
        await AppriseNotifier({}).send(Channel("sms", "${SMS_URL}/$phone"), about(), NOTE)
    assert refused.value.fix == "Set SMS_URL for the channel sms."


async def test_what_is_no_address_is_refused_and_not_shown() -> None:
    notifier = AppriseNotifier({"SMS_URL": f"nonsense://{SECRET}"})
    with pytest.raises(Refused, match="no address that Apprise understands") as refused:
        await notifier.send(Channel("sms", "${SMS_URL}/$phone"), about(), NOTE)
    assert SECRET not in str(refused.value) + refused.value.fix


@pytest.mark.parametrize("status", [500, 401])
async def test_a_gateway_that_does_not_take_it_is_tried_again_and_no_secret_is_told(
    gateway: Gateway, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.status = status
    with caplog.at_level(logging.DEBUG), pytest.raises(Retry) as again:
        await AppriseNotifier(gateway.environ).send(
            Channel("sms", "${SMS_URL}/$phone"), about(), NOTE
        )
    assert str(again.value) == "sms did not take the message"
    assert SECRET not in caplog.text


async def test_a_gateway_that_is_away_is_tried_again_and_no_secret_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    away = Gateway()
    with caplog.at_level(logging.DEBUG), pytest.raises(Retry):
        await AppriseNotifier(away.environ).send(Channel("sms", "${SMS_URL}/$phone"), about(), NOTE)
    assert SECRET not in caplog.text
