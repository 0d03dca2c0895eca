"""What people typed in Slack, as the grammar reads it: Slack's own mentions become ``@person``, ``#service``
and plain addresses."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from bot.core.chat.vocabulary import Admission, Refused, Retry
from bot.language.dispatch import Dispatcher
from handlers.chat.slack.api.calls import within
from handlers.chat.slack.directory import NAME, Directory

log = structlog.get_logger()

_TOKEN = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9]+)(?:\|[^<>]*)?>")
# The verb whose arguments are people: elsewhere a group is a name like another.
_INVITES = re.compile(r"\s*invite\b", re.IGNORECASE)
_TIMEOUT = 1.5
_USER = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Wording:
    directory: Directory
    dispatcher: Dispatcher

    async def read(self, text: str) -> str:
        """Slack's text (escaped, with its own mentions) as it was typed; of an invitation a user group's
        people."""
        if _INVITES.match(text):
            text = await self._spelt_out(text)
        named = list(dict.fromkeys(_USER.findall(text)))
        met = await asyncio.gather(*(self.person(user) for user in named))
        people = dict(zip(named, met, strict=True))

        def typed(found: re.Match[str]) -> str:
            return _typed(found, people)

        return html.unescape(_TOKEN.sub(typed, text)).strip()

    async def _spelt_out(self, text: str) -> str:
        """Each user group as the people in it. One that Slack does not tell us of stays as it is."""
        for group in dict.fromkeys(_GROUP.findall(text)):
            try:
                said = await within(
                    _TIMEOUT, self.directory.calls.call("usergroups.users.list", usergroup=group)
                )
            except (Retry, Refused) as error:
                log.warning("slack.usergroup", error=str(error))
                continue
            people = await self._people(said["users"])
            named = " ".join(f"@{each}" for each in people)
            text = re.sub(rf"<!subteam\^{group}(?:\|[^<>]*)?>", named, text)
        return text

    async def _people(self, users: Sequence[str]) -> list[str]:
        """Our ids of these, all that are new met in one transaction. Guests stay out; of whom Slack does
        not tell in time, in a large group, is named by their number until they speak."""
        known = await self.directory.known(users)
        fresh = [user for user in users if user not in known]
        met = await asyncio.gather(*(self.directory.speaker(user) for user in fresh))
        let_in = [
            replace(speaker, admission=Admission.ALLOWED)
            for speaker in met
            if speaker.admission is not Admission.REFUSED
        ]
        if let_in:
            known = {**known, **await self.dispatcher.introduce(NAME, let_in)}
        return [known[user] for user in users if user in known]

    async def person(self, user: str) -> str:
        """The person's id by which the grammar knows them; somebody new is remembered."""
        known = await self.directory.memory.read(lambda uow: uow.people.by_identity(NAME, user))
        if known is not None:
            return known.id
        speaker = await self.directory.speaker(user)
        if speaker.admission is not Admission.ALLOWED:
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
