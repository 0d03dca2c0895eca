"""The one way to call Slack: paced, bounded in time, and every failure as ``Retry``, ``Busy`` or ``Refused``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.request import getproxies

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.chat.vocabulary import Busy, MessageMissing, Refused, Retry, RoomMissing
from handlers.chat.slack.api.pacing import Pace
from handlers.chat.slack.api.refusals import ACCESS_LOST, GONE, PASSING, meaning

Json = dict[str, Any]

# No call may hang for ever. The job's own limit is 10 s, a page's 5 s.
LIMIT = timedelta(seconds=8)
PARALLEL = 100


class SlackRefused(Refused):
    """Slack said no. ``code`` is its word, ``answer`` all it said."""

    def __init__(self, code: str, answer: Mapping[str, Any]) -> None:
        found = meaning(code, str(answer.get("needed") or ""))
        Refused.__init__(self, found.why, found.fix)
        self.code = code
        self.answer = answer


class SlackRoomMissing(SlackRefused, RoomMissing):
    """The channel was archived or deleted by hand, or we were taken out of it."""

    def __init__(self, code: str, answer: Mapping[str, Any], channel: str) -> None:
        SlackRefused.__init__(self, code, answer)
        self.room = channel
        self.how = GONE[code]


class SlackMessageMissing(SlackRefused, MessageMissing):
    """A message of ours was deleted by hand."""


class Calls:
    """Slack's Web API for one workspace. The connection is opened with the first call."""

    def __init__(self, token: str, base_url: str, pace: Pace | None = None) -> None:
        self._token = token
        self._base = base_url
        self.pace = pace
        self._web: AsyncWebClient | None = None
        self._session: aiohttp.ClientSession | None = None
        self.scopes: frozenset[str] = frozenset()
        # Set when Slack shuts the whole app out.
        self.access_lost = asyncio.Event()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections to Slack, also for sockets and response URLs. Made in the running loop."""
        if self._session is None:
            limit = aiohttp.ClientTimeout(total=LIMIT.total_seconds(), connect=4)
            connector = aiohttp.TCPConnector(limit=PARALLEL, ttl_dns_cache=300)
            # Else the environment and ~/.netrc would be read for every call.
            proxied = bool(getproxies())
            self._session = aiohttp.ClientSession(
                timeout=limit, connector=connector, trust_env=proxied
            )
        return self._session

    @property
    def web(self) -> AsyncWebClient:
        """The vendor's client, without its own retries: repeating a post is for the job to decide."""
        if self._web is None:
            self._web = AsyncWebClient(
                token=self._token, base_url=self._base, session=self.session, retry_handlers=[]
            )
        return self._web

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(
        self, method: str, channel: str = "", *, informs: bool = False, **params: Any
    ) -> Json:
        """One call of ``method`` (Slack's name). ``informs`` marks what can wait (see ``Pace``)."""
        if self.pace is not None:
            self.pace.take(method, channel, informs=informs)
        ask = getattr(self.web, method.replace(".", "_"))
        if channel:
            params["channel"] = channel
        try:
            answer = await ask(**params)
        except SlackApiError as error:
            where = channel or str(params.get("channel_id") or "")
            raise self._failed(method, where, error) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Retry(f"Slack cannot be reached ({type(error).__name__})") from error
        except SlackRequestError as error:
            raise Refused(f"Slack refused our request: {error}", "Report this.") from error
        except (SlackClientError, ValueError) as error:
            raise Retry(f"Slack answered oddly ({type(error).__name__})") from error
        self._heard(answer.headers)
        data: Json = answer.data
        return data

    def _heard(self, headers: Mapping[str, str]) -> None:
        """Each answer names the scopes that the token has."""
        granted = next((v for k, v in headers.items() if k.lower() == "x-oauth-scopes"), "")
        if granted:
            self.scopes = frozenset(part.strip() for part in granted.split(",") if part.strip())

    def _failed(self, method: str, channel: str, error: SlackApiError) -> Exception:
        answer = error.response
        data = answer.data if isinstance(getattr(answer, "data", None), dict) else {}
        code = str(data.get("error") or "")
        status = int(getattr(answer, "status_code", 0) or 0)
        if status == 429 or code in ("ratelimited", "rate_limited"):
            after = _after(getattr(answer, "headers", {}))
            if self.pace is not None:
                self.pace.closed(method, after)
            return Busy(f"Slack asks for patience with {method}", after)
        if status >= 500 or code in PASSING or not code:
            return Retry(f"Slack is in trouble ({code or status})")
        if code in ACCESS_LOST:
            self.access_lost.set()
        return _refused(code, data, channel)


def _refused(code: str, answer: Mapping[str, Any], channel: str) -> SlackRefused:
    if code in ("message_not_found", "cant_update_message"):
        return SlackMessageMissing(code, answer)
    if channel and code in GONE:
        return SlackRoomMissing(code, answer, channel)
    return SlackRefused(code, answer)


def _after(headers: Mapping[str, str]) -> timedelta:
    found = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    try:
        return timedelta(seconds=min(600.0, max(1.0, float(found))))
    except ValueError:
        return timedelta(seconds=30)


async def within(seconds: float, work: Any) -> Any:
    """What ``work`` comes to, or ``Retry`` when it takes longer."""
    try:
        async with asyncio.timeout(seconds):
            return await work
    except TimeoutError as error:
        raise Retry("Slack is slow") from error
