"""Finds what an attempt made before its answer was lost, so that nothing is made twice: rooms among our own,
messages by their metadata, the lag of Slack's history waited out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.core.chat.vocabulary import Busy, LookupUnavailable, RoomSpec
from bot.core.ports.clock import Clock
from handlers.chat.slack.api.calls import Calls, SlackRefused

EVENT = "tocsin"
# History may show a message late: it is looked for at 0, 1 and 3 s.
LOOKS = (timedelta(0), timedelta(seconds=1), timedelta(seconds=3))
_PAGES = 20
_NO_SCOPE = ("missing_scope", "not_allowed_token_type", "not_in_channel")


@dataclass(slots=True)
class Lookup:
    """``_since`` is when each marker was first looked for."""

    calls: Calls
    clock: Clock
    _since: dict[str, tuple[datetime, int]] = field(default_factory=dict)

    async def room(self, spec: RoomSpec, me: str, since: datetime) -> dict[str, Any] | None:
        """Our own room of that incident: created by us since then, not archived, and marked by nobody else."""
        try:
            found = [c async for c in self._own() if _is_ours(c, spec, me, since)]
        except SlackRefused as error:
            if error.code in _NO_SCOPE:
                raise LookupUnavailable(str(error)) from error
            raise
        return min(found, key=lambda c: c["created"]) if found else None

    async def own(self, name: str) -> dict[str, Any] | None:
        """The conversation of that name that we are in."""
        async for channel in self._own():
            if channel.get("name") == name and not channel.get("is_archived"):
                return channel
        return None

    async def _own(self) -> AsyncIterator[dict[str, Any]]:
        cursor = ""
        for _ in range(_PAGES):
            more: dict[str, Any] = {"cursor": cursor} if cursor else {}
            answer = await self.calls.call(
                "users.conversations",
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=200,
                **more,
            )
            for channel in answer["channels"]:
                yield channel
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    async def message(self, room: str, marker: str, since: datetime) -> dict[str, Any] | None:
        """By the marker in its metadata. While it may still appear, raises ``Busy``: look again then."""
        began, looks = self._since.get(marker, (self.clock.now(), 0))
        found = await self._in_history(room, marker, since)
        waits = LOOKS[looks + 1 :]
        if found is not None or not waits:
            self._since.pop(marker, None)
            return found
        self._since[marker] = (began, looks + 1)
        after = max(timedelta(0), began + waits[0] - self.clock.now())
        raise Busy("Slack's history may lag: look again", after)

    async def _in_history(self, room: str, marker: str, since: datetime) -> dict[str, Any] | None:
        cursor = ""
        for _ in range(_PAGES):
            answer = await self._page(room, since, cursor)
            for message in answer["messages"]:
                if marked(message) == marker:
                    return dict(message)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                break
        return None

    async def _page(self, room: str, since: datetime, cursor: str) -> dict[str, Any]:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        try:
            return await self.calls.call(
                "conversations.history",
                channel=room,
                oldest=f"{since.timestamp():.6f}",
                limit=200,
                include_all_metadata=True,
                **more,
            )
        except SlackRefused as error:
            if error.code in _NO_SCOPE:
                raise LookupUnavailable(str(error)) from error
            raise


def metadata(marker: str) -> dict[str, Any]:
    """What a message carries to be found again by."""
    return {"event_type": EVENT, "event_payload": {"marker": marker}}


def marked(message: dict[str, Any]) -> str:
    """A message's marker, or nothing."""
    known = message.get("metadata") or {}
    payload = known.get("event_payload") or {}
    return str(payload.get("marker", "")) if known.get("event_type") == EVENT else ""


def _is_ours(channel: dict[str, Any], spec: RoomSpec, me: str, since: datetime) -> bool:
    """A reset database must not adopt last year's channel, nor another installation's."""
    reference = "-".join(spec.name.split("-")[:2])
    purpose = str((channel.get("purpose") or {}).get("value", ""))
    return (
        channel.get("creator") == me
        and float(channel.get("created", 0)) >= int(since.timestamp())
        and not channel.get("is_archived")
        and re.fullmatch(rf"{re.escape(reference)}(-.*)?", str(channel.get("name"))) is not None
        and (not purpose or spec.marker in purpose)
    )
