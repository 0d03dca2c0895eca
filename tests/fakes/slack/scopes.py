"""Which permission each method needs, and the ones that a bot of ours may be given."""

from __future__ import annotations

from tests.fakes.slack.model import Kind, SlackError

FAMILY = {
    Kind.PUBLIC: "channels",
    Kind.PRIVATE: "groups",
    Kind.IM: "im",
    Kind.MPIM: "mpim",
}
EVERY = frozenset(
    {
        "app_mentions:read", "bookmarks:read", "bookmarks:write", "channels:history",
        "channels:join", "channels:manage", "channels:read", "chat:write", "chat:write.public",
        "commands", "files:read", "files:write", "groups:history", "groups:read", "groups:write",
        "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "mpim:write",
        "pins:read", "pins:write", "reactions:read", "reactions:write", "team:read",
        "usergroups:read", "users:read", "users:read.email",
    }
)  # fmt: skip

# Any one of the words of a line is enough. What depends on the kind of channel is asked of `of_kind`.
NEEDED = {
    "bookmarks.add": "bookmarks:write",
    "bookmarks.edit": "bookmarks:write",
    "bookmarks.list": "bookmarks:read",
    "bookmarks.remove": "bookmarks:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.join": "channels:join",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "pins.add": "pins:write",
    "pins.list": "pins:read",
    "pins.remove": "pins:write",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "reactions.remove": "reactions:write",
    "team.info": "team:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
}

# The scope that lets an app hear an event; nothing: no scope is needed.
HEARD = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
}


def of_kind(action: str, kind: Kind) -> tuple[str, ...]:
    """The scopes that allow ``action`` (manage, read, history, topic, invite) in that kind of channel."""
    family = FAMILY[kind]
    if action in {"manage", "topic", "invite"}:
        if family != "channels":
            return (f"{family}:write",)
        finer = {"topic": ("channels:write.topic",), "invite": ("channels:write.invites",)}
        return ("channels:manage", *finer.get(action, ()))
    return (f"{family}:{action}",)


def require(granted: frozenset[str], *any_of: str) -> None:
    """Raises ``missing_scope`` with what would have been enough."""
    if any_of and not granted & set(any_of):
        raise SlackError(
            "missing_scope", needed=",".join(any_of), provided=",".join(sorted(granted))
        )
