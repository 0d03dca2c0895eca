"""The ports: what the core asks of memory, of chat platforms and of the clock. Protocols and their values."""

from __future__ import annotations

from bot.ports.console import (
    ConsoleFile,
    ConsoleFiles,
    ConsoleMessage,
    ConsoleRoom,
    ConsoleStore,
)
from bot.ports.incidents import Filter, Head, Incidents, Membership, Tasks, Timeline
from bot.ports.jobs import (
    Args,
    DeadJob,
    Fenced,
    Glance,
    Job,
    JobId,
    Jobs,
    JobSpec,
    OutcomeUnknown,
    Queue,
    QueueState,
    Unavailable,
)
from bot.ports.keeping import Kept, Leadership
from bot.ports.logins import Logins, Session, SessionId, Via
from bot.ports.memory import Deliveries, Done, Memory, UnitOfWork
from bot.ports.occurrences import Cause, Occurrence, Occurrences
from bot.ports.people import Notice, NoticeState, Pages, People
from bot.ports.plans import Nudged, Nudges, Plans, PlanStep, Remembered, Rooms
from bot.ports.platforms import ChatPlatform, Connector, Finding, Level, Sealing, Surroundings
from bot.ports.time import Clock

__all__ = [
    "Args",
    "Cause",
    "ChatPlatform",
    "Clock",
    "Connector",
    "ConsoleFile",
    "ConsoleFiles",
    "ConsoleMessage",
    "ConsoleRoom",
    "ConsoleStore",
    "DeadJob",
    "Deliveries",
    "Done",
    "Fenced",
    "Filter",
    "Finding",
    "Glance",
    "Head",
    "Incidents",
    "Job",
    "JobId",
    "JobSpec",
    "Jobs",
    "Kept",
    "Leadership",
    "Level",
    "Logins",
    "Membership",
    "Memory",
    "Notice",
    "NoticeState",
    "Nudged",
    "Nudges",
    "Occurrence",
    "Occurrences",
    "OutcomeUnknown",
    "Pages",
    "People",
    "PlanStep",
    "Plans",
    "Queue",
    "QueueState",
    "Remembered",
    "Rooms",
    "Sealing",
    "Session",
    "SessionId",
    "Surroundings",
    "Tasks",
    "Timeline",
    "Unavailable",
    "UnitOfWork",
    "Via",
]
