"""How what people do reaches the app: over its sockets, or as signed requests; told twice, or late."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from bot.jobs.worker import spawn
from tests.fakes.slack.model import Ephemeral, Json, SlackError, View

if TYPE_CHECKING:
    from tests.fakes.slack.sockets import Link
    from tests.fakes.slack.workspace import FakeSlack

ANSWERED = ("slash_commands", "interactive")


@dataclass
class Delivery:
    """Something sent to the app. Times are ``time.perf_counter`` seconds.

    ``ack`` is the payload that came with the acknowledgement; ``shown`` what the person was shown
    because of it, ``views`` the forms that it opened. ``failed`` is what Slack would tell them.
    """

    kind: str
    payload: Json
    sent: float = 0.0
    acked: float | None = None
    ack: Json = field(default_factory=dict)
    failed: str = ""
    attempts: int = 0
    copies: int = 0
    shown: list[Ephemeral] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    on_ack: Callable[[Json], None] | None = None

    @property
    def ack_seconds(self) -> float:
        """From what the person did to its acknowledgement; infinite when there was none."""
        return float("inf") if self.acked is None else self.acked - self.sent

    @property
    def words(self) -> str:
        """All that the person was shown of it."""
        return "\n".join(each.words for each in self.shown if not each.gone)


@dataclass(frozen=True)
class Http:
    """Deliver as signed requests to this address instead of over sockets."""

    url: str
    secret: str


@dataclass
class Post:
    """``duplicates`` and ``disorder`` are shares of deliveries, by the seed, of the kinds named.

    An event that is not acknowledged within ``ack_within`` comes again after each of ``retries``.
    """

    slack: FakeSlack
    links: list[Link] = field(default_factory=list)
    http: Http | None = None
    ack_within: float = 3.0
    retries: tuple[float, ...] = (0.05, 0.5, 1.0)
    duplicates: float = 0.0
    disorder: float = 0.0
    late_by: float = 0.15
    kinds: frozenset[str] = frozenset({"events_api", "slash_commands", "interactive"})
    sent: list[Delivery] = field(default_factory=list)
    _waiting: dict[str, tuple[Delivery, asyncio.Event]] = field(default_factory=dict)
    _busy: set[asyncio.Task[Any]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    def misdeliver(self, seed: int, duplicates: float, disorder: float) -> None:
        self.slack.chance = Random(seed)
        self.duplicates, self.disorder = duplicates, disorder

    def send(self, delivery: Delivery) -> Delivery:
        """Start a delivery; its fate is on it."""
        delivery.sent = time.perf_counter()
        if not self.links and self.http is None and delivery.kind == "events_api":
            return delivery
        self.sent.append(delivery)
        spawn(self._deliver(delivery), self._busy)
        return delivery

    async def _deliver(self, delivery: Delivery) -> None:
        chance = self.slack.chance
        meddled = delivery.kind in self.kinds
        if meddled and chance.random() < self.disorder:
            await pause(chance.random() * self.late_by)
        if meddled and chance.random() < self.duplicates:
            delivery.copies += 1
            spawn(self._attempt(delivery, 0, ""), self._busy)
        why = await self._attempt(delivery, 0, "")
        if delivery.kind in ANSWERED:
            self._told(delivery, why)
            return
        for number, delay in enumerate(self.retries, start=1):
            if delivery.acked is not None:
                return
            await pause(delay)
            why = await self._attempt(delivery, number, why or "timeout")

    def _told(self, delivery: Delivery, why: str) -> None:
        if delivery.acked is None:
            delivery.failed = why
            self.slack.touch()

    async def _attempt(self, delivery: Delivery, number: int, why: str) -> str:
        """One try; returns why it failed, or nothing."""
        delivery.attempts += 1
        if self.slack.faults.gone:
            return "operation_timeout"
        if self.http is not None:
            return await self._request(self.http, delivery, number, why)
        return await self._over_socket(delivery, number, why)

    async def _over_socket(self, delivery: Delivery, number: int, why: str) -> str:
        links = [link for link in self.links if link.takes]
        if not links:
            return "dispatch_failed"
        envelope = f"{self.slack.new('E')}-{number}"
        acked = asyncio.Event()
        self._waiting[envelope] = (delivery, acked)
        body: Json = {
            "envelope_id": envelope,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            body |= {"retry_attempt": number, "retry_reason": why if number else ""}
        await self.slack.chance.choice(links).put(body)
        try:
            async with asyncio.timeout(self.ack_within):
                await acked.wait()
        except TimeoutError:
            return "operation_timeout"
        finally:
            self._waiting.pop(envelope, None)
        return ""

    def acknowledged(self, envelope: str, payload: Json) -> None:
        """The app answered an envelope."""
        found = self._waiting.get(envelope)
        if found is None:
            return
        delivery, event = found
        event.set()
        self._take(delivery, payload)

    def _take(self, delivery: Delivery, payload: Json) -> None:
        if delivery.acked is None:
            delivery.acked = time.perf_counter()
            delivery.ack = payload
            try:
                if delivery.on_ack is not None:
                    delivery.on_ack(payload)
            except SlackError as error:  # what was answered cannot be shown
                delivery.failed = error.code
        self.slack.touch()

    async def _request(self, http: Http, delivery: Delivery, number: int, why: str) -> str:
        body, content_type = _form_of(delivery)
        headers = {"Content-Type": content_type, **signed(http.secret, body, self.slack.clock())}
        if number:
            headers |= {"x-slack-retry-num": str(number), "x-slack-retry-reason": f"http_{why}"}
        self._session = self._session or aiohttp.ClientSession()
        limit = aiohttp.ClientTimeout(total=self.ack_within)
        try:
            async with self._session.post(
                http.url, data=body, headers=headers, timeout=limit
            ) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            return "timeout" if isinstance(error, TimeoutError) else "dispatch_failed"
        if answer.status != 200:
            return f"http_error {answer.status}"
        self._take(delivery, _ack_of(text))
        return ""

    async def close(self) -> None:
        for task in list(self._busy):
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)
        for link in list(self.links):
            await link.end()
        if self._session is not None:
            await self._session.close()


def _ack_of(text: str) -> Json:
    if not text:
        return {}
    try:
        return dict(json.loads(text))
    except ValueError:
        return {"text": text}


def _form_of(delivery: Delivery) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    match delivery.kind:
        case "slash_commands":
            return urlencode(delivery.payload), form
        case "interactive":
            return urlencode({"payload": json.dumps(delivery.payload)}), form
        case _:
            return json.dumps(delivery.payload), "application/json"


def signed(secret: str, body: str, at: float) -> dict[str, str]:
    """The headers by which the app knows that a request is Slack's."""
    base = f"v0:{int(at)}:{body}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(int(at)), "X-Slack-Signature": f"v0={digest}"}


async def pause(seconds: float) -> None:
    """Latency of the fake itself: no test waits for it, the app does."""
    await asyncio.sleep(seconds)  # noqa: TID251 - latency is what a fake network is made of
