"""What Slack's error codes mean to people: which pass, and for the others what to do. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Slack's own trouble: it may have done it, and it passes.
PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "request_timeout",
        "rollup_error",
        "service_unavailable",
        "team_added_to_org",
        "temporarily_unavailable",
        "update_failed",
    }
)

# The room is not there any more, or we are not in it.
GONE = {
    "is_archived": "was archived",
    "channel_is_archived": "was archived",
    "channel_not_found": "was deleted, or Tocsin was taken out of it",
    "not_in_channel": "no longer has Tocsin in it",
}

# Why one person cannot be invited; the others still can.
NOT_INVITED = frozenset(
    {
        "cant_invite",
        "cant_invite_self",
        "user_is_restricted",
        "user_is_ultra_restricted",
        "user_not_found",
        "user_disabled",
        "user_is_bot",
        "user_team_not_in_channel",
        "org_user_not_in_team",
        "external_org_migrating",
        "no_external_invite_permission",
        "method_not_supported_for_channel_type",
        "ura_max_channels",
        "invitee_cant_see_channel",
        "not_paid",
    }
)
# Who is taken out of a channel is not in it, or nowhere any more. Of ourselves Slack says it likewise.
NOT_IN = frozenset({"not_in_channel", "user_not_found", "user_disabled"})
ALREADY_IN = frozenset({"already_in_channel", "cant_invite_self"})

# The whole app is shut out, whatever it asks.
ACCESS_LOST = frozenset(
    {
        "account_inactive",
        "app_not_installed",
        "invalid_auth",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)

_REINSTALL = "An admin installs the app again and sets the new SLACK_BOT_TOKEN."
_APPROVAL = "An admin of the Slack workspace lets the app do this (Settings, Permissions)."


@dataclass(frozen=True, slots=True)
class Meaning:
    why: str
    fix: str


_MEANINGS: Mapping[str, Meaning] = {
    "token_revoked": Meaning("Slack's token was revoked", _REINSTALL),
    "token_expired": Meaning("Slack's token has expired", _REINSTALL),
    "invalid_auth": Meaning("Slack does not accept the token", _REINSTALL),
    "not_authed": Meaning("Slack got no token", "An admin sets SLACK_BOT_TOKEN."),
    "account_inactive": Meaning("the app was removed from the Slack workspace", _REINSTALL),
    "app_not_installed": Meaning("the app was removed from the Slack workspace", _REINSTALL),
    "org_login_required": Meaning("the workspace is being moved", "Wait for Slack to finish it."),
    "team_access_not_granted": Meaning("the app may not act in this workspace", _APPROVAL),
    "ekm_access_denied": Meaning("the workspace's key management forbids it", _APPROVAL),
    "restricted_action": Meaning("a setting of the workspace forbids it", _APPROVAL),
    "restricted_action_read_only_channel": Meaning(
        "only some people may post in that channel", "An admin lets Tocsin post there."
    ),
    "restricted_action_thread_only_channel": Meaning(
        "that channel takes no new messages", "An admin lets Tocsin post there."
    ),
    "no_permission": Meaning("the app may not do this", _APPROVAL),
    "user_is_restricted": Meaning("the app may not do this", _APPROVAL),
    "name_taken": Meaning("the channel's name is taken", "Rename the other channel."),
    "message_not_found": Meaning("the message was deleted by hand", "Run /incident repair."),
    "cant_update_message": Meaning("the message is not ours", "Run /incident repair."),
    "edit_window_closed": Meaning(
        "the workspace forbids editing messages this old",
        "An admin allows editing at any time (Settings, Message Editing).",
    ),
    "is_archived": Meaning("the channel is archived", "Unarchive it, or name another one."),
    "not_in_channel": Meaning("Tocsin is not in the channel", "Invite it: /invite @Tocsin"),
    "channel_not_found": Meaning(
        "the channel is not there, or Tocsin may not see it", "Invite it: /invite @Tocsin"
    ),
    "too_many_pins": Meaning("the channel has too many pins", "Unpin something."),
    "cannot_dm_bot": Meaning("that is a bot", "Link a person in the organisation file."),
    "user_not_found": Meaning(
        "Slack does not know that person", "Mend their Slack id in the organisation file."
    ),
    "user_disabled": Meaning(
        "that person's Slack account is deactivated", "Take them out of the organisation file."
    ),
    "messages_tab_disabled": Meaning(
        "the app takes no direct messages", "An admin turns on App Home, Messages Tab."
    ),
}


def meaning(code: str, needed: str = "", room: str = "") -> Meaning:
    """What an error code means; ``needed`` is the scope that Slack says is missing."""
    if code == "missing_scope":
        scope = f" {needed}" if needed else ""
        fix = (
            f"An admin adds the scope{scope} (OAuth & Permissions) and installs the app again; "
            "`tocsin doctor` lists what is missing."
        )
        return Meaning(f"the Slack app lacks the scope{scope}", fix)
    known = _MEANINGS.get(code)
    if known is not None:
        return known
    return Meaning(f"Slack refused: {code}", "Report this, with the log of that minute.")
