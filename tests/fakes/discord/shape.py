"""Records as the JSON that Discord sends."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.fakes.discord.model import (
    EPOCH_MS,
    PRIVILEGED,
    Channel,
    Intent,
    Json,
    Kind,
    Member,
    Message,
    Role,
    User,
)
from tests.fakes.discord.world import World


def born(snowflake: int) -> str:
    """The time that an id holds."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH_MS) / 1000, UTC).isoformat()


def user(one: User) -> Json:
    return {
        "id": str(one.id), "username": one.name, "discriminator": "0", "avatar": None,
        "global_name": None if one.bot else one.name.title(), "bot": one.bot, "public_flags": 0,
    }  # fmt: skip


def me(world: World) -> Json:
    return {**user(world.me), "verified": True, "mfa_enabled": True, "flags": 0, "locale": "en-US"}


def member(one: Member) -> Json:
    return {"user": user(one.user), **bare_member(one)}


def bare_member(one: Member) -> Json:
    return {
        "nick": None, "avatar": None, "roles": [str(role) for role in sorted(one.roles)],
        "joined_at": one.joined.isoformat(), "premium_since": None, "deaf": False, "mute": False,
        "flags": 0, "pending": False, "communication_disabled_until": None,
    }  # fmt: skip


def role(one: Role) -> Json:
    return {
        "id": str(one.id), "name": one.name, "color": 0, "hoist": False, "icon": None,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "unicode_emoji": None, "position": one.position, "permissions": str(one.permissions),
        "managed": False, "mentionable": False, "flags": 0,
    }  # fmt: skip


def channel(world: World, one: Channel) -> Json:
    if one.kind == Kind.DM:
        assert one.recipient is not None
        return {
            "id": str(one.id), "type": 1, "last_message_id": _last(one),
            "recipients": [user(one.recipient)], "flags": 0,
        }  # fmt: skip
    if one.thread:
        return thread(world, one)
    overwrites = [
        {"id": str(o.id), "type": o.type, "allow": str(o.allow), "deny": str(o.deny)}
        for o in one.overwrites.values()
    ]
    return {
        "id": str(one.id), "type": int(one.kind), "guild_id": str(world.guild), "name": one.name,
        "topic": one.topic, "position": one.position, "nsfw": False, "rate_limit_per_user": 0,
        "parent_id": None if one.parent is None else str(one.parent), "flags": 0,
        "permission_overwrites": overwrites, "last_message_id": _last(one),
        **({"available_tags": one.tags} if one.kind == Kind.FORUM else {}),
    }  # fmt: skip


def thread(world: World, one: Channel) -> Json:
    own = {
        "id": str(one.id),
        "user_id": str(world.me.id),
        "join_timestamp": born(one.id),
        "flags": 0,
    }
    return {
        "id": str(one.id), "type": int(one.kind), "guild_id": str(world.guild), "name": one.name,
        "parent_id": str(one.parent), "owner_id": str(one.owner), "last_message_id": _last(one),
        "message_count": len(one.messages), "member_count": len(one.members), "flags": 0,
        "total_message_sent": len(one.messages), "rate_limit_per_user": 0,
        "applied_tags": [str(tag) for tag in one.applied],
        "thread_metadata": {
            "archived": one.archived, "auto_archive_duration": 4320, "locked": one.locked,
            "archive_timestamp": born(one.id), "create_timestamp": born(one.id), "invitable": True,
        },
        **({"member": own} if world.me.id in one.members else {}),
    }  # fmt: skip


def _last(one: Channel) -> str | None:
    return str(next(reversed(one.messages))) if one.messages else None


def message(world: World, one: Message, *, blind: bool = False) -> Json:
    """``blind``: without MESSAGE_CONTENT, other people's words are empty."""
    hidden = blind and one.author is not world.me and world.me.id not in one.mentions
    hidden = hidden and world.channels[one.channel].kind != Kind.DM
    return {
        "id": str(one.id), "channel_id": str(one.channel), "author": user(one.author),
        "content": "" if hidden else one.content, "timestamp": born(one.id),
        "edited_timestamp": None if one.edited is None else one.edited.isoformat(),
        "tts": False, "mention_everyone": one.mention_everyone,
        "mentions": [user(world.users[m]) for m in one.mentions],
        "mention_roles": [str(m) for m in one.mention_roles],
        "attachments": [] if hidden else one.attachments, "embeds": [] if hidden else one.embeds,
        "components": [] if hidden else one.components, "type": one.type, "flags": one.flags,
        "pinned": one.id in world.channels[one.channel].pins, "reactions": _reactions(world, one),
        **({"nonce": one.nonce} if one.nonce else {}),
        **({"webhook_id": str(one.webhook), "application_id": str(world.me.id)} if one.webhook else {}),
        **({"message_reference": one.reference} if one.reference else {}),
        **_interaction(world, one),
    }  # fmt: skip


def _interaction(world: World, one: Message) -> Json:
    if not one.interaction:
        return {}
    who = user(world.users[one.seen_by])
    about = {"id": str(one.interaction), "type": 2, "user": who, "name": "incident"}
    owners = {"authorizing_integration_owners": {"0": str(world.guild)}}
    return {"interaction_metadata": {**about, **owners}, "interaction": about}


def _reactions(world: World, one: Message) -> list[Json]:
    return [
        {
            "emoji": {"id": None, "name": emoji}, "count": len(people), "burst_colors": [],
            "count_details": {"burst": 0, "normal": len(people)}, "me": world.me.id in people,
            "me_burst": False,
        }
        for emoji, people in one.reactions.items() if people
    ]  # fmt: skip


def guild(world: World, *, whole: bool) -> Json:
    """``whole``: as GUILD_CREATE has it, with channels, threads and the bot's own member."""
    told: Json = {
        "id": str(world.guild), "name": world.guild_name, "icon": None, "splash": None,
        "discovery_splash": None, "owner_id": str(world.owner.id), "region": "deprecated",
        "afk_channel_id": None, "afk_timeout": 300, "verification_level": 1, "emojis": [],
        "default_message_notifications": 1, "explicit_content_filter": 0, "stickers": [],
        "roles": [role(one) for one in world.roles.values()], "features": [], "mfa_level": 0,
        "application_id": None, "system_channel_id": None, "system_channel_flags": 0,
        "rules_channel_id": None, "vanity_url_code": None, "description": None, "banner": None,
        "premium_tier": 0, "preferred_locale": "en-US", "public_updates_channel_id": None,
        "nsfw_level": 0, "premium_progress_bar_enabled": False, "incidents_data": None,
        "max_members": 500000, "safety_alerts_channel_id": None,
    }  # fmt: skip
    if not whole:
        return told
    seen = [c for c in world.standing() if world.sees(world.me.id, c)]
    return {
        **told, "joined_at": world.members[world.me.id].joined.isoformat(), "large": False,
        "unavailable": False, "member_count": len(world.members), "voice_states": [],
        "members": [member(world.members[world.me.id])], "presences": [], "stage_instances": [],
        "channels": [channel(world, c) for c in seen if not c.thread],
        "threads": [channel(world, c) for c in seen if c.thread and not c.archived],
        "guild_scheduled_events": [], "soundboard_sounds": [],
    }  # fmt: skip


def application(world: World) -> Json:
    granted = world.granted & PRIVILEGED
    flags = (
        (1 << 12) * bool(granted & Intent.PRESENCES)
        | (1 << 14) * bool(granted & Intent.MEMBERS)
        | (1 << 18) * bool(granted & Intent.MESSAGE_CONTENT)
    )
    return {
        "id": str(world.me.id), "name": "tocsin", "icon": None, "description": "", "summary": "",
        "bot_public": False, "bot_require_code_grant": False, "verify_key": "00" * 32, "team": None,
        "owner": user(world.owner), "flags": flags, "bot": user(world.me), "rpc_origins": [],
        "integration_types_config": {"0": {}}, "approximate_guild_count": 1,
    }  # fmt: skip
