"""Writing messages: what a body becomes, whom it wakes, and what everybody is then told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.fakes.discord import checks, errors
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.model import COMPONENTS_V2, Channel, Json, Kind, May, Message, User
from tests.fakes.discord.world import World

_USER, _ROLE, _EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")  # fmt: skip
PINNED_NOTICE, THREAD_NOTICE = 6, 18


def texts(message: Message) -> str:
    """Where mentions count: the content, and the text of the newer layout; never embeds."""
    shown = [part.get("content", "") for part in message.parts()]
    return "\n".join([message.content, *shown])


def _named(
    found: Iterable[str], kind: str, allowed: Json | None, known: Iterable[int]
) -> list[int]:
    ids = list(dict.fromkeys(int(one) for one in found if int(one) in known))
    if allowed is None or kind in (allowed.get("parse") or ()):
        return ids
    named = {int(one) for one in allowed.get(kind) or ()}
    return [one for one in ids if one in named]


def wake(world: World, channel: Channel, message: Message) -> None:
    """Works out the mentions that count, as ``allowed_mentions`` and permissions say."""
    text, allowed = texts(message), message.allowed_mentions
    message.mentions = _named(_USER.findall(text), "users", allowed, world.users)
    message.mention_roles = _named(_ROLE.findall(text), "roles", allowed, world.roles)
    may = world.permissions(message.author.id, channel) & May.MENTION_EVERYONE
    parsed = allowed is None or "everyone" in (allowed.get("parse") or ())
    message.mention_everyone = bool(_EVERYONE.search(text)) and parsed and bool(may)


def fill(world: World, channel: Channel, message: Message, body: Json) -> None:
    """Takes over what the body says; what it does not name stays."""
    for name in ("content", "embeds", "components", "attachments"):
        if name in body:
            setattr(message, name, body[name] or ("" if name == "content" else []))
    message.embeds = [{"type": "rich", **embed} for embed in message.embeds]
    message.flags |= body.get("flags") or 0
    if message.flags & COMPONENTS_V2 or message.components:
        number(message.components)
    if "allowed_mentions" in body or "content" in body or "components" in body:
        message.allowed_mentions = body.get("allowed_mentions")
        wake(world, channel, message)


def number(components: list[Json], first: int = 1) -> int:
    """Discord gives every component an id of its own within the message."""
    at = first
    for part in components:
        part.setdefault("id", at)
        at = number(part.get("components") or [], at + 1)
        for key in ("accessory", "component"):
            if part.get(key):
                at = number([part[key]], at)
    return at


def remembered(world: World, author: User, body: Json) -> Message | None:
    """What the author said with that nonce a little while ago, if it is to be enforced."""
    nonce = str(body.get("nonce") or "")
    if not nonce or not body.get("enforce_nonce"):
        return None
    at, first = world.nonces.get((author.id, nonce), (0.0, None))
    return first if world.watch.now() - at < world.nonce_life else None


def post(world: World, gateway: Gateway, channel: Channel, author: User, body: Json) -> Message:
    """A new message, checked, or the first one of its nonce."""
    checks.message(body)
    if channel.kind in {Kind.CATEGORY, Kind.FORUM}:
        raise errors.Refusal(400, 50008, "Cannot send messages in a non-text channel")
    first = remembered(world, author, body)
    if first is not None:
        return first
    made = Message(world.new_id(), channel.id, author, nonce=str(body.get("nonce") or ""))
    fill(world, channel, made, body)
    made.reference = _reference(world, channel, body)
    if made.nonce:
        world.nonces[author.id, made.nonce] = (world.watch.now(), made)
    keep(gateway, channel, made)
    return made


def _reference(world: World, channel: Channel, body: Json) -> Json | None:
    about: Json | None = body.get("message_reference")
    if not about:
        return None
    wanted = int(about["message_id"])
    if wanted not in channel.messages and about.get("fail_if_not_exists", True):
        raise errors.form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    ids = {"channel_id": str(channel.id), "guild_id": str(world.guild)}
    return {"type": 0, "message_id": str(wanted), **ids}


def keep(gateway: Gateway, channel: Channel, message: Message) -> None:
    """Put it into the channel and tell; what only one person sees is kept and not told."""
    channel.messages[message.id] = message
    channel.archived = channel.archived and channel.locked
    gateway.tell_message("MESSAGE_CREATE", channel, message)


def edit(world: World, gateway: Gateway, channel: Channel, message: Message, body: Json) -> None:
    merged = {"flags": message.flags, "content": message.content, "embeds": message.embeds}
    checks.message({**merged, "components": message.components, **body}, fresh=False)
    fill(world, channel, message, body)
    message.edited, message.edits = world.watch.at(), message.edits + 1
    gateway.tell_message("MESSAGE_UPDATE", channel, message)


def delete(world: World, gateway: Gateway, channel: Channel, message: Message) -> None:
    message.deleted = True
    channel.pins.pop(message.id, None)
    told = {"id": str(message.id), "channel_id": str(channel.id)}
    if channel.kind != Kind.DM:
        told["guild_id"] = str(world.guild)
    if world.sees(world.me.id, channel) and not message.ephemeral:
        gateway.tell("MESSAGE_DELETE", told)


def pin(world: World, gateway: Gateway, channel: Channel, message: Message, by: User) -> None:
    """Idempotent; the first time leaves a notice in the channel. Raises 30003 at 250."""
    if message.id in channel.pins:
        return
    if len(channel.pins) >= 250:
        raise errors.Refusal(400, 30003, "Maximum number of pinned messages reached (250)")
    channel.pins[message.id] = world.watch.at()
    ids = {"message_id": str(message.id), "channel_id": str(channel.id)}
    notice = Message(world.new_id(), channel.id, by, type=PINNED_NOTICE, reference=ids)
    keep(gateway, channel, notice)
    _pins_changed(world, gateway, channel, message)


def unpin(world: World, gateway: Gateway, channel: Channel, message: Message) -> None:
    if channel.pins.pop(message.id, None) is not None:
        _pins_changed(world, gateway, channel, message)


def _pins_changed(world: World, gateway: Gateway, channel: Channel, message: Message) -> None:
    last = max(channel.pins.values(), default=None)
    told: Json = {"channel_id": str(channel.id), "last_pin_timestamp": last and last.isoformat()}
    if channel.kind != Kind.DM:
        told["guild_id"] = str(world.guild)
    if world.sees(world.me.id, channel):
        gateway.tell("CHANNEL_PINS_UPDATE", told)
        gateway.tell_message("MESSAGE_UPDATE", channel, message)
