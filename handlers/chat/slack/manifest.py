"""The app's manifest, from the commands and what our listeners hear; each scope with its reason; and what
``tocsin doctor`` says of the scopes that a token has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.core.chat.vocabulary import MenuEntry
from handlers.chat.slack.rendering.mrkdwn import label

# The least that everything here needs: the scope, why, and what does not work without it.
SCOPES: Mapping[str, tuple[str, str]] = {
    "app_mentions:read": ("hears @Tocsin", "mentions are not answered"),
    "bookmarks:read": ("looks before it adds a bookmark", "war rooms get no bookmarks"),
    "bookmarks:write": ("bookmarks the incident's page and the call", "war rooms get no bookmarks"),
    "channels:history": (
        "finds what it posted when an answer was lost; reads a message that was reacted to",
        "a message whose answer was lost is posted again, marked; reactions and edits are not followed",
    ),
    "channels:join": (
        "joins the announcement channel",
        "invite it to the announcement channel by hand",
    ),
    "channels:manage": ("makes, describes and archives war rooms", "there are no war rooms"),
    "channels:read": ("finds its own channels again", "a room whose answer was lost is made again"),
    "chat:write": ("posts and edits", "nothing is posted"),
    "commands": ("is called by commands and shortcuts", "commands and shortcuts do not exist"),
    "groups:history": (
        "the same in private war rooms",
        "the same is missing in private war rooms",
    ),
    "groups:read": (
        "finds its own private channels again",
        "a private room whose answer was lost is made again",
    ),
    "groups:write": ("makes private war rooms", "private incidents get no room"),
    "im:history": ("hears what is said to it alone", "direct messages are not answered"),
    "im:write": ("pages people in a direct message", "nobody is paged by a direct message"),
    "pins:read": ("hears what is pinned by hand", "pinning does not put a message on the timeline"),
    "pins:write": ("pins the card", "the card is not pinned"),
    "reactions:read": ("hears 📌 📋 ⏭️", "reactions do nothing"),
    "usergroups:read": ("invites the people of a user group", "user groups cannot be invited"),
    "users:read": (
        "knows guests and strangers, names and time zones",
        "people who are not in the organisation file are not let in",
    ),
    "users:read.email": (
        "knows people of the organisation file by their e-mail address",
        "people are known by the Slack ids of the organisation file alone",
    ),
}
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_rename",
    "group_archive",
    "group_deleted",
    "group_rename",
    "message.channels",
    "message.groups",
    "message.im",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
    "user_change",
)
# Slack's limit of a usage hint.
HINT = 1000


def slash_commands(command: str, examples: Mapping[str, str]) -> list[dict[str, Any]]:
    """``/incident``, ``/inc`` and ``/oncall``; another name takes the place of the first two."""
    incident = f"/{command}"
    short = ("/inc",) if command == "incident" else ()
    made = [
        (incident, "Open and run an incident", examples["incident"]),
        *((name, "The same, shorter", examples["incident"]) for name in short),
        ("/oncall", "Who is on call, now and next", examples["oncall"]),
    ]
    return [
        {
            "command": name,
            "description": words,
            "usage_hint": hint,
            "should_escape": True,
        }
        for name, words, hint in made
    ]


def hints(menu: Iterable[MenuEntry]) -> dict[str, str]:
    """What is shown while typing a command: an example, then the commonest verbs."""
    found: dict[str, list[MenuEntry]] = {}
    for entry in menu:
        found.setdefault(entry.group, []).append(entry)
    return {group: _hint(entries) for group, entries in found.items()}


def _hint(entries: list[MenuEntry]) -> str:
    listed = [entry.verb for entry in entries if entry.listed] or [e.verb for e in entries]
    return label(" | ".join(listed), HINT)


SHORTCUTS = (
    {
        "name": "Declare an incident",
        "type": "global",
        "callback_id": "declare",
        "description": "Open an incident",
    },
    {
        "name": "Declare from this message",
        "type": "message",
        "callback_id": "declare_from_message",
        "description": "Open an incident about it",
    },
    {
        "name": "Add to timeline",
        "type": "message",
        "callback_id": "add_to_timeline",
        "description": "Keep it on the incident's timeline",
    },
    {
        "name": "Make a task",
        "type": "message",
        "callback_id": "make_task",
        "description": "Something to do in the incident",
    },
)


def manifest(command: str, hints: Mapping[str, str], address: str = "") -> dict[str, Any]:
    """The manifest as Slack takes it. ``address`` is where Slack sends its requests (HTTP mode); without it
    the app uses Socket Mode."""
    commands = slash_commands(command, hints)
    shortcuts = [dict(each) for each in SHORTCUTS]
    settings: dict[str, Any] = {
        "event_subscriptions": {"bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not address,
        "token_rotation_enabled": False,
    }
    if address:
        for each in commands:
            each["url"] = address
        settings["event_subscriptions"]["request_url"] = address
        settings["interactivity"] |= {"request_url": address, "message_menu_options_url": address}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Tocsin",
            "description": "Incident response in your chat",
            "background_color": "#7a1f1f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Tocsin", "always_online": True},
            "shortcuts": shortcuts,
            "slash_commands": commands,
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": settings,
    }


def printed(command: str, hints: Mapping[str, str], address: str = "") -> str:
    """The manifest as JSON, to be pasted into Slack."""
    return json.dumps(manifest(command, hints, address), indent=2, ensure_ascii=False)


def explained() -> str:
    """The scopes, one a line, each with its reason."""
    wide = max(map(len, SCOPES))
    return "\n".join(f"{scope:<{wide}}  {why}" for scope, (why, _) in sorted(SCOPES.items()))


def missing(granted: frozenset[str]) -> dict[str, str]:
    """The scopes that a token lacks, each with what does not work without it."""
    return {scope: lost for scope, (_, lost) in SCOPES.items() if scope not in granted}
