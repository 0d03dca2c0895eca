"""The chat vocabulary: the values that a platform's listener and gateway exchange with the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.chat.card import Card, Form
from bot.core.errors import Fault


@dataclass(frozen=True, slots=True)
class Room:
    """A room on one platform. ``id`` is the platform's own; ``url`` opens it."""

    platform: str
    id: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message on one platform, enough to edit, pin or link it."""

    platform: str
    room: str
    message: str
    url: str = ""


class Secrecy(StrEnum):
    OPEN = "open"
    INVITED = "invited"


@dataclass(frozen=True, slots=True)
class RoomSpec:
    """A war room to be made.

    ``name`` is valid on every platform; when it is taken the platform appends -2, -3 …
    ``marker`` finds the room again after a crash: <install>:<incident>.
    """

    name: str
    topic: str
    marker: str
    secrecy: Secrecy = Secrecy.OPEN
    creator: str = ""


class Delivery(StrEnum):
    """What arrived. COMMAND and MENTION are typed; PRESS, SUBMIT and REACTION carry a command that we
    composed; SAID, EDITED and DELETED are about plain messages and are never answered.
    """

    COMMAND = "command"
    SAID = "said"
    EDITED = "edited"
    DELETED = "deleted"
    PRESS = "press"
    SUBMIT = "submit"
    MENTION = "mention"
    REACTION = "reaction"


class Admission(StrEnum):
    """A platform's own word on guests and roles: whether somebody may use the bot at all."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    # The platform does not say now: they may be named, but do nothing themselves.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who spoke, as the platform knows them."""

    id: str
    name: str
    timezone: str = ""
    email: str = ""
    admission: Admission = Admission.ALLOWED


class Group(StrEnum):
    """The two commands that people type: ``/incident`` and ``/oncall``."""

    INCIDENT = "incident"
    ONCALL = "oncall"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call in. ``delivery`` is unique to it and the same when the platform sends it again.

    ``text`` is what follows the command's name. ``room`` is the platform's id of where it was said.
    ``values`` are a form's answers. ``source`` is the message acted upon: its ``quoted`` text, author
    (the platform's id) and time.
    """

    platform: str
    delivery: str
    speaker: Speaker
    text: str
    room: str = ""
    group: Group = Group.INCIDENT
    kind: Delivery = Delivery.COMMAND
    values: Mapping[str, str] = field(default_factory=dict)
    source: MessageRef | None = None
    quoted: str = ""
    quoted_by: str = ""
    quoted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply out, private to the speaker. ``form`` opens a form; ``go`` is a room to offer.

    ``refused`` is why nothing was done, for platforms that keep a form open until it is right.
    ``one_time``: it must not be kept, not even to answer its delivery again.
    """

    card: Card | None = None
    form: Form | None = None
    go: Room | None = None
    refused: str = ""
    one_time: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold on a platform, in characters and pieces."""

    text: int = 4000
    buttons: int = 25
    blocks: int = 50
    title: int = 150


# What a reaction means; each platform maps its own names of these emoji. Taken back, it is "un" + that.
REACTIONS: Mapping[str, str] = {"📌": "capture", "📋": "totask", "⏭️": "tofollowup"}


# What the one choice of a flag sends when it is ticked; without it the flag is off.
TICKED = "yes"


class AskedAs(StrEnum):
    """How a platform's own command menu can ask for an argument. ANY is typed as text."""

    ANY = "any"
    PERSON = "person"
    SERVICES = "services"
    CHOICE = "choice"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class MenuArgument:
    """``lead`` is the word typed before it (``next 20m``); ``choices`` are what CHOICE offers."""

    name: str
    help: str
    asked: AskedAs
    required: bool
    lead: str = ""
    quoted: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One verb for a platform's own menu of commands. ``listed``: among the commonest 24.

    ``about_one``: it is about an incident, the room's or one named after the verb (``INC-42``).
    """

    group: Group
    verb: str
    help: str
    listed: bool
    example: str
    about_one: bool
    arguments: tuple[MenuArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody renamed a room; if it is a war room, what points to it follows."""

    platform: str
    room: str
    name: str


@dataclass(frozen=True, slots=True)
class Filed:
    """The room of a closed incident was written down at ``url`` and is no more."""

    platform: str
    room: str
    url: str


@dataclass(frozen=True, slots=True)
class PlatformDegraded:
    """A platform needs an admin, whether or not there is an incident. ``about`` tells one trouble
    from another; ``deaf``: nobody can be told on the platform itself."""

    platform: str
    about: str
    why: str
    fix: str
    deaf: bool = False


@dataclass(frozen=True, slots=True)
class PlatformRecovered:
    """That trouble is over."""

    platform: str
    about: str


# What a platform reports by itself, beside what people say and do there.
News = Renamed | Filed | PlatformDegraded | PlatformRecovered


class Retry(Fault):
    """The platform cannot do it now. ``after`` is how long it asked us to wait, if it said.

    ``parks`` names the destination to be left alone for that long (a 429's bucket).
    """

    def __init__(self, why: str, after: timedelta | None = None, parks: str = "") -> None:
        super().__init__(why)
        self.after = after
        self.parks = parks


class Busy(Retry):
    """Nothing was sent: the platform's limits say not yet. The attempt does not count, so that what is
    sent later is neither looked for first nor marked as a repeat."""


class Refused(Fault):
    """The platform will not do it however often we ask; ``fix`` tells a person what to do."""

    def __init__(self, why: str, fix: str = "") -> None:
        super().__init__(why)
        self.fix = fix


class RoomMissing(Refused):
    """The room is not there any more, or we are not in it; ``how`` completes "the room …"."""

    def __init__(self, room: str, how: str, fix: str = "") -> None:
        super().__init__(f"the room {how}", fix)
        self.room = room
        self.how = how


class MessageMissing(Refused):
    """The message is not there any more: somebody deleted it."""


class LookupUnavailable(Fault):
    """The platform lets us not look for what an earlier attempt may have left."""
