"""Who may do what: one table, asked in the transaction, the same for chat, command line and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.errors import NotAllowed
from bot.core.people import Actor, Standing


class Action(StrEnum):
    """What can be asked for. Reading is not here: reads take a viewer."""

    DECLARE = "declare"
    NOTE = "note"
    TASK = "task"
    JOIN = "join"
    INVITE = "invite"
    UPDATE = "update"
    STATUS = "status"
    SEVERITY = "severity"
    DESCRIBE = "describe"
    ROLE = "role"
    PAGE = "page"
    ACKNOWLEDGE = "acknowledge"
    PUBLISH = "publish"
    MAINTENANCE = "maintenance"
    CONFIRM = "confirm"
    POSTMORTEM = "postmortem"
    REPAIR = "repair"
    UNDO = "undo"
    TRIAGE = "triage"
    PAUSE = "pause"
    VISIBILITY = "visibility"
    REDACT = "redact"
    CONFIGURE = "configure"
    ONCALL = "oncall"


class Need(StrEnum):
    """What an action needs: to be allowed at all, to have joined (or to confirm), or to be an admin."""

    ALLOWED = "allowed"
    JOINED = "joined"
    ADMIN = "admin"


RULES: Mapping[Action, Need] = {
    Action.DECLARE: Need.ALLOWED,
    Action.NOTE: Need.ALLOWED,
    Action.TASK: Need.ALLOWED,
    Action.JOIN: Need.ALLOWED,
    Action.INVITE: Need.ALLOWED,
    Action.PAGE: Need.ALLOWED,
    Action.ACKNOWLEDGE: Need.ALLOWED,
    Action.CONFIRM: Need.ALLOWED,
    Action.REPAIR: Need.ALLOWED,
    Action.POSTMORTEM: Need.ALLOWED,
    Action.UNDO: Need.ALLOWED,
    Action.TRIAGE: Need.JOINED,
    Action.PAUSE: Need.JOINED,
    Action.UPDATE: Need.JOINED,
    Action.STATUS: Need.JOINED,
    Action.SEVERITY: Need.JOINED,
    Action.DESCRIBE: Need.JOINED,
    Action.ROLE: Need.JOINED,
    Action.PUBLISH: Need.JOINED,
    Action.VISIBILITY: Need.JOINED,
    Action.MAINTENANCE: Need.ALLOWED,
    Action.REDACT: Need.ADMIN,
    Action.CONFIGURE: Need.ADMIN,
    Action.ONCALL: Need.ALLOWED,
}


class Verdict(StrEnum):
    YES = "yes"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Standpoint:
    """How the actor stands to the incident: whether they ``joined`` it, or ``confirmed`` that they mean it."""

    joined: bool = False
    confirmed: bool = False


def may(
    actor: Actor, action: Action, at: Standpoint | None = None, admins: tuple[str, ...] = ()
) -> Verdict:
    """YES, or CONFIRM when somebody who has not joined should be asked once more.

    Raises ``NotAllowed`` naming who can. ``admins`` are names for that sentence.
    """
    if actor.standing is Standing.OUTSIDER:
        raise NotAllowed(
            "Guests and people outside the organisation cannot use this. Ask somebody in the team, "
            "or an admin to add you."
        )
    need = RULES[action]
    if need is Need.ADMIN and actor.standing is not Standing.ADMIN:
        who = ", ".join(admins[:5]) or "nobody yet; set admin: true in the organisation file"
        raise NotAllowed(f"Only admins can {action}. Admins: {who}.")
    if need is Need.JOINED and at is not None and not (at.joined or at.confirmed):
        return Verdict.CONFIRM
    return Verdict.YES
