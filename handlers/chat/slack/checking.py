"""What ``tocsin doctor`` finds out about Slack: whether the tokens work, and which scopes are missing."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.chat.vocabulary import Refused, Retry
from bot.core.errors import Fault
from bot.core.ports.platforms import Finding, Level
from handlers.chat.slack.api.calls import Calls, within
from handlers.chat.slack.connector import Tokens, connected
from handlers.chat.slack.manifest import missing

_TIMEOUT = 5.0


async def findings(environ: Mapping[str, str]) -> list[Finding]:
    """One line that it works, or one for each thing that does not."""
    try:
        tokens = connected(environ).tokens
    except Fault as error:
        return [Finding(Level.FAULT, "Slack", str(error), "See docs/slack.md.")]
    calls = Calls(tokens.bot, tokens.api)
    try:
        return [*await _bot(calls), *await _socket(calls, tokens)]
    finally:
        await calls.close()


async def _bot(calls: Calls) -> list[Finding]:
    try:
        me = await within(_TIMEOUT, calls.call("auth.test"))
    except Refused as error:
        return [Finding(Level.FAULT, "Slack", _sentence(str(error)), error.fix)]
    except Retry as error:
        return [Finding(Level.WARNING, "Slack", _sentence(str(error)), "Try again later.")]
    who = f"Connected to {me.get('team', me['team_id'])} as {me.get('user', me['user_id'])}."
    lost = [
        Finding(
            Level.WARNING,
            f"Slack scope {scope}",
            f"Missing: {words}.",
            "Add it (OAuth & Permissions), then install the app again.",
        )
        for scope, words in missing(calls.scopes).items()
        if calls.scopes
    ]
    return [Finding(Level.FINE, "Slack", who), *lost]


async def _socket(calls: Calls, tokens: Tokens) -> list[Finding]:
    if not tokens.app:
        return [Finding(Level.NOTE, "Slack", "Listens by HTTP, at /slack/events.")]
    try:
        await within(_TIMEOUT, calls.call("apps.connections.open", app_token=tokens.app))
    except Refused as error:
        fix = "Make an app-level token with connections:write, and turn Socket Mode on."
        return [Finding(Level.FAULT, "Slack Socket Mode", _sentence(str(error)), fix)]
    except Retry as error:
        return [Finding(Level.WARNING, "Slack Socket Mode", _sentence(str(error)), "Try later.")]
    return [Finding(Level.FINE, "Slack Socket Mode", "A socket can be opened.")]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
