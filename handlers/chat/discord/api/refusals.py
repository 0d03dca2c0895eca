"""What Discord's errors mean for an effect: wait and try again, or tell a person what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import aiohttp
import discord

from bot.core.chat.vocabulary import MessageMissing, Refused, Retry, RoomMissing
from handlers.chat.discord.api.permissions import in_words

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_USER = 10003, 10008, 10013
UNKNOWN_MEMBER, UNKNOWN_OVERWRITE = 10007, 10009
GUILD_FULL, PINS_FULL, WRONG_FORM = 30013, 30003, 50035
NO_ACCESS, NO_DIRECT, NO_PERMISSION = 50001, 50007, 50013
THREAD_THERE = 160004


class Trouble(Exception):
    """Discord answered that it is in trouble; whether it did what was asked is not known."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Discord answered {status}")
        self.status = status


ERRORS = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, Trouble)


class Coded(Refused):
    """A refusal with Discord's own code and words, for those who know another way."""

    def __init__(self, code: int, why: str, fix: str = "", said: str = "") -> None:
        super().__init__(why, fix)
        self.code = code
        self.said = said


class RoomGone(Coded, RoomMissing):
    """The channel was deleted by hand."""

    def __init__(self, error: Coded, room: str) -> None:
        Coded.__init__(self, error.code, str(error), error.fix, error.said)
        self.room = room
        self.how = "was deleted"


class MessageGone(Coded, MessageMissing):
    """The message was deleted by hand, or its channel was."""

    def __init__(self, error: Coded) -> None:
        Coded.__init__(self, error.code, str(error), error.fix, error.said)


class AccessLost(Retry):
    """The token is not taken any more, whatever we ask."""

    def __init__(self) -> None:
        super().__init__("Discord does not accept DISCORD_TOKEN", timedelta(minutes=1))
        self.fix = "An admin resets it in the developer portal (Bot, Reset Token), sets DISCORD_TOKEN and restarts Tocsin."


def gone(error: Coded, channel: str) -> Coded:
    """The same refusal, when it says that what it was about is not there any more."""
    if error.code == UNKNOWN_CHANNEL and channel:
        return RoomGone(error, channel)
    return MessageGone(error) if error.code == UNKNOWN_MESSAGE else error


def worded(error: BaseException, needs: Sequence[str] = ()) -> Retry | Refused:
    """What an error of discord.py means for an effect."""
    match error:
        case discord.RateLimited(retry_after=after):
            return Retry(f"Discord asks to wait {after:.0f} s", timedelta(seconds=after))
        case discord.HTTPException() if error.status == 429:
            return Retry("Discord asks to wait", timedelta(seconds=_after(error)))
        case discord.HTTPException() if error.status == 401:
            return AccessLost()
        case discord.HTTPException() if 400 <= error.status < 500:
            return _refused(error, needs)
        case _:
            return Retry(f"Discord cannot be reached: {type(error).__name__}")


def _after(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers.get("Retry-After", "5"))
    except ValueError:
        return 5.0


_WORDS = {
    UNKNOWN_CHANNEL: ("The channel is gone", "Open the room again."),
    UNKNOWN_MESSAGE: ("The message was deleted", "Run /incident repair."),
    UNKNOWN_USER: ("Discord knows no such person", "Check their number in the organisation file."),
    NO_DIRECT: (
        "They take no direct messages from the bot",
        "They allow direct messages in this server's privacy settings.",
    ),
    PINS_FULL: ("The channel has as many pins as Discord allows", "Unpin something in it."),
}


def _refused(error: discord.HTTPException, needs: Sequence[str]) -> Refused:
    code, said = error.code, error.text[:300]
    if code == NO_PERMISSION:
        why = "Tocsin lacks a permission on Discord"
        fix = f"Grant its role {in_words(needs)}; tocsin discord invite-url has them all."
    elif code == NO_ACCESS:
        why = "Tocsin cannot see a channel on Discord"
        fix = f"Let its role into that channel, with {in_words(needs)}."
    else:
        usual = (f"Discord refuses it ({code}: {said[:120]})", "tocsin doctor checks the set-up.")
        why, fix = _WORDS.get(code, usual)
    return Coded(code, why, fix, said)
