"""The arguments of a method, however they came, and the register of methods."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.model import BOT_USER, Channel, Json, SlackError, User, invalid
from tests.fakes.slack.scopes import FAMILY, of_kind, require

if TYPE_CHECKING:
    from tests.fakes.slack.workspace import FakeSlack

Method = Callable[["FakeSlack", "Args"], Json]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    def registered(handler: Method) -> Method:
        METHODS[name] = handler
        return handler

    return registered


@dataclass(frozen=True)
class Args:
    """Query, form and JSON alike; a structure may come as a string of JSON."""

    given: Json

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name)
        return default if value is None else str(value)

    def need(self, name: str) -> str:
        if self.given.get(name) in {None, ""}:
            raise invalid(f"missing required field: {name}")
        return str(self.given[name])

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"1", "true"}

    def number(self, name: str, default: int, most: int) -> int:
        value = int(self.text(name) or default)
        if not 1 <= value <= most:
            raise SlackError("invalid_limit")
        return value

    def names(self, name: str) -> list[str]:
        """A comma separated list, or an array."""
        value = self.given.get(name) or []
        parts = value if isinstance(value, list) else str(value).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def structure(self, name: str, wrong: str = "invalid_arguments") -> Any:
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(wrong) from None


def seen_channel(slack: FakeSlack, args: Args, action: str, name: str = "channel") -> Channel:
    """The channel that the app may see; a private one that it is not in does not exist for it."""
    family = [scope for kind in FAMILY for scope in of_kind(action, kind)]
    require(slack.scopes, *family)
    channel = slack.channels.get(args.need(name))
    if channel is None or (channel.private and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    require(slack.scopes, *of_kind(action, channel.kind))
    return channel


def own_channel(slack: FakeSlack, args: Args, action: str, name: str = "channel") -> Channel:
    """A channel that the app is in and that is not archived."""
    channel = seen_channel(slack, args, action, name)
    return alive(channel)


def alive(channel: Channel) -> Channel:
    if channel.archived:
        raise SlackError("is_archived")
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def plain_channel(slack: FakeSlack, args: Args, name: str = "channel") -> Channel:
    """As ``own_channel``, for methods whose scope does not depend on the channel."""
    channel = slack.channels.get(args.need(name))
    if channel is None or (channel.private and BOT_USER not in channel.members):
        raise SlackError("channel_not_found")
    return alive(channel)


def known_user(slack: FakeSlack, user: str) -> User:
    found = slack.users.get(user)
    if found is None:
        raise SlackError("user_not_found")
    return found


def page(items: list[Any], args: Args, default: int = 100) -> tuple[list[Any], Json]:
    """One page of a list, and where the next begins."""
    limit, cursor = args.number("limit", default, 1000), args.text("cursor")
    if cursor and not cursor.isdigit():
        raise SlackError("invalid_cursor")
    first = int(cursor or 0)
    after = str(first + limit) if first + limit < len(items) else ""
    return items[first : first + limit], {"response_metadata": {"next_cursor": after}}
