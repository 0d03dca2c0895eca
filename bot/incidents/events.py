"""What happens to an incident itself, and to who is in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.core.events.base import NOTHING_SAID, IncidentEvent, Said
from bot.core.incident import IncidentId, Role, Status, Visibility
from bot.core.people import PersonId, ServiceId
from bot.core.severity import Severity
from bot.core.timeline import EntryId
from bot.incidents.closing_rules import WriteUp
from bot.incidents.nudge import Cause


@dataclass(frozen=True, slots=True)
class Declared(IncidentEvent):
    """An incident was declared, reported for triage, or written down afterwards."""


@dataclass(frozen=True, slots=True)
class StatusChanged(IncidentEvent):
    """It moved along its life. ``in_update``: an update says it, with words of its own."""

    before: Status
    after: Status
    why: Said = NOTHING_SAID
    in_update: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SeverityChanged(IncidentEvent):
    """How bad it is was said, or said anew."""

    before: Severity | None
    after: Severity | None


@dataclass(frozen=True, slots=True)
class MajorChanged(IncidentEvent):
    """It became major, or is so no more. ``by_severity``: because of how bad it is, and not by a word of its own."""

    before: bool
    after: bool
    by_severity: bool


@dataclass(frozen=True, slots=True)
class ServicesChanged(IncidentEvent):
    """More of what is affected was named."""

    before: tuple[ServiceId, ...]
    after: tuple[ServiceId, ...]


class Description(StrEnum):
    """The texts that describe an incident."""

    TITLE = "title"
    SUMMARY = "summary"
    IMPACT = "impact"


@dataclass(frozen=True, slots=True)
class DescriptionChanged(IncidentEvent):
    """Its title, its summary or its impact was said anew."""

    what: Description
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class TimeCorrected(IncidentEvent):
    """When a status was first entered was corrected by hand."""

    status: Status
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Paused(IncidentEvent):
    """Nothing can be done for now."""

    why: Said


@dataclass(frozen=True, slots=True)
class Resumed(IncidentEvent):
    """Work goes on. ``by_status``: because it moved along, and not by a word of its own."""

    by_status: bool


@dataclass(frozen=True, slots=True)
class PromiseChanged(IncidentEvent):
    """When the next update comes: by hand, by the severity's cadence, or not any more."""

    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class PromiseBroken(IncidentEvent):
    """The promised time of the next update has come, and no update."""

    due: datetime


@dataclass(frozen=True, slots=True)
class MergedInto(IncidentEvent):
    """Work goes on in another incident."""

    into: IncidentId


@dataclass(frozen=True, slots=True)
class TookOver(IncidentEvent):
    """Another incident, one that this one's readers may see, was merged into this one."""

    source: IncidentId


@dataclass(frozen=True, slots=True)
class SeparatedFrom(IncidentEvent):
    """A merge was taken back; ``source`` had been merged into this one."""

    source: IncidentId


@dataclass(frozen=True, slots=True)
class VisibilityChanged(IncidentEvent):
    """It became private. ``seen`` says in words where it stood open until then."""

    before: Visibility
    after: Visibility
    seen: Said


@dataclass(frozen=True, slots=True)
class RoleGiven(IncidentEvent):
    """A role has another holder. ``handed``: they are to be told where things stand."""

    role: Role
    before: PersonId | None
    after: PersonId | None
    handed: bool = field(default=False, kw_only=True)


class Way(StrEnum):
    """How people came into an incident."""

    JOINED = "joined"
    INVITED = "invited"
    ROLE = "role"
    MERGE = "merge"
    PAGE = "page"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"  # they made it private, and are in it


@dataclass(frozen=True, slots=True)
class PeopleAdded(IncidentEvent):
    """People became members who were not. ``later``: their room lets them in when it has had less of the bot."""

    people: tuple[PersonId, ...]
    way: Way
    later: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonLeft(IncidentEvent):
    """Somebody left by their own word."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class SubscriptionChanged(IncidentEvent):
    """Somebody wants to be told of every update, or no more: nobody's business but theirs."""

    public: ClassVar[bool] = False

    person: PersonId
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class EntryWritten(IncidentEvent):
    """Somebody put a note, a decision, a message or a link on the timeline: the entry is the fact's own row."""

    entry: EntryId
    from_message: bool


@dataclass(frozen=True, slots=True)
class EntryAmended(IncidentEvent):
    """An entry was edited, or taken off the timeline, by an entry that supersedes it."""

    entry: EntryId


@dataclass(frozen=True, slots=True)
class ActUndone(IncidentEvent):
    """Somebody took their last act back; ``entries`` were struck out."""

    entries: tuple[EntryId, ...]


@dataclass(frozen=True, slots=True)
class EntryRedacted(IncidentEvent):
    """An admin erased a text. ``ordinal`` is the timeline's number for the entry; ``titled``: the title went, too."""

    ordinal: int
    entry: EntryId
    titled: bool


@dataclass(frozen=True, slots=True)
class WordsForgotten(IncidentEvent):
    """It was over for so many days, and its words were erased."""

    days: int


@dataclass(frozen=True, slots=True)
class FixConfirmed(IncidentEvent):
    """The requester says that it is fixed, or somebody for them (``requester`` is then who)."""

    requester: PersonId | None


@dataclass(frozen=True, slots=True)
class PostmortemSettled(IncidentEvent):
    """The postmortem is done, or not needed."""

    outcome: WriteUp
    why: Said


@dataclass(frozen=True, slots=True)
class NudgeSnoozed(IncidentEvent):
    """Somebody does not want to be asked for a while."""

    cause: Cause
    until: datetime
