"""The table of what an operator may ask: each request, its name on the wire, and the function that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from bot.admin import (
    drills,
    incidents,
    jobs,
    logins,
    oncall,
    organisation,
    process,
    records,
    statuspage,
)
from bot.admin.context import About, AdminContext
from bot.admin.request import Request
from bot.core.errors import Invalid
from bot.drills.model import Scenario

R = TypeVar("R", bound=Request[Any])
A = TypeVar("A")


class Needs(Enum):
    """What a verb must have at hand. What speaks of a process itself is asked of a running bot alone."""

    DATABASE = "database"
    RUNNING_BOT = "running bot"


# Bytes of a request. An organisation file of thousands of people fits into the large one.
SMALL, LARGE = 1 << 20, 16 << 20


@dataclass(frozen=True, slots=True)
class Verb(Generic[R, A]):
    """``changes`` is whether it may write, and so have jobs follow. ``limit`` is in bytes of the request's JSON."""

    name: str
    request: type[R]
    answer: type[A]
    run: Callable[[AdminContext, R], Awaitable[A]]
    changes: bool = False
    needs: Needs = Needs.DATABASE
    limit: int = SMALL


_BOT = Needs.RUNNING_BOT

VERBS: tuple[Verb[Any, Any], ...] = (
    Verb("about", process.GetAbout, About, process.about, needs=_BOT),
    Verb("plugins", process.ListPlugins, process.PluginStates, process.plugins, needs=_BOT),
    Verb("say", incidents.Say, incidents.Said, incidents.say, changes=True),
    Verb("declare", incidents.Declare, incidents.Declared, incidents.declare, changes=True),
    Verb("incidents", incidents.ListIncidents, incidents.IncidentRows, incidents.listed),
    Verb("show", incidents.ShowIncident, incidents.IncidentDetail, incidents.show),
    Verb("record", records.ExportRecord, records.ExportedRecord, records.record),
    Verb("references", records.ListNumbers, records.IncidentNumbers, records.numbers),
    Verb("progress", records.GetProgress, records.Progress, records.progress),
    Verb("drill", drills.GetDrill, Scenario, drills.drill),
    Verb("jobs", jobs.GetJobs, jobs.JobsState, jobs.state),
    Verb("replay", jobs.ReplayJobs, jobs.Replayed, jobs.replay, changes=True),
    Verb("login_link", logins.MakeLoginLink, logins.LinkMade, logins.link, changes=True),
    Verb(
        "org_diff",
        organisation.DiffOrganisation,
        organisation.OrganisationDiff,
        organisation.diff,
        limit=LARGE,
    ),
    Verb(
        "org_apply",
        organisation.ApplyOrganisation,
        organisation.Applied,
        organisation.apply,
        changes=True,
        limit=LARGE,
    ),
    Verb("statuspage", statuspage.ExportStatusPage, statuspage.PageFiles, statuspage.files),
    Verb("would_page", oncall.WouldPage, oncall.WouldPageAnswer, oncall.would_page),
    Verb("shared_out", oncall.GetDutyShares, oncall.DutyShares, oncall.shared_out),
)

_BY_NAME: Mapping[str, Verb[Any, Any]] = {verb.name: verb for verb in VERBS}
_BY_REQUEST: Mapping[type, Verb[Any, Any]] = {verb.request: verb for verb in VERBS}


def verb_named(name: str) -> Verb[Any, Any]:
    """By the name on the wire. Raises ``Invalid``."""
    found = _BY_NAME.get(name)
    if found is None:
        raise Invalid(
            f"This Tocsin does not know {name!r}; the bot and the command differ in version."
        )
    return found


def verb_of(request: Request[Any]) -> Verb[Any, Any]:
    """The one that answers this request."""
    return _BY_REQUEST[type(request)]


async def ask(context: AdminContext, request: Request[A]) -> A:
    """Raises ``UserError`` with what to do next, or what the database raises."""
    answer: A = await verb_of(request).run(context, request)
    return answer
