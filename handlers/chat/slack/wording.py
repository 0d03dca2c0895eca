"""What people typed in Slack, as the grammar reads it: Slack's own mentions become ``@person``, ``#service``
and plain addresses."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from bot.dispatch import Dispatcher
from handlers.chat.slack.directory import NAME, Directory

_TOKEN = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_USER = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Wording:
    directory: Directory
    dispatcher: Dispatcher

    async def read(self, text: str) -> str:
        """Slack's text (escaped, with its own mentions) as it was typed."""
        people = {user: await self.person(user) for user in dict.fromkeys(_USER.findall(text))}

        def typed(found: re.Match[str]) -> str:
            return _typed(found, people)

        return html.unescape(_TOKEN.sub(typed, text)).strip()

    async def person(self, user: str) -> str:
        """The person's id by which the grammar knows them; somebody new is remembered."""
        known = await self.directory.memory.read(lambda uow: uow.people.by_identity(NAME, user))
        if known is not None:
            return known.id
        speaker = await self.directory.speaker(user)
        if speaker.allowed != "yes":
            return user.lower()
        return (await self.dispatcher.introduce(NAME, [speaker]))[user]


def _typed(found: re.Match[str], people: dict[str, str]) -> str:
    kind, target, shown = found[1], found[2], found[3] or ""
    match kind:
        case "@":
            return f"@{people.get(target, target)}"
        case "#":
            return f"#{shown or target}"
        case "!":
            return f"@{shown.lstrip('@')}" if shown else f"@{target.partition('^')[0]}"
        case _:
            return target.removeprefix("mailto:") if target.startswith("mailto:") else target


def without_us(text: str, us: str) -> str:
    """A message that mentions us, without the mention at its beginning."""
    return re.sub(rf"^\s*<@{re.escape(us)}(?:\|[^<>]*)?>[:,]?\s*", "", text, count=1)
