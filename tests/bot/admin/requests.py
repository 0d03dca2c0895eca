"""One request of each kind, every field of it other than it would be by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.admin.drills import GetDrill
from bot.admin.incidents import Declare, ListIncidents, Say, Selection, ShowIncident
from bot.admin.jobs import GetJobs, ReplayJobs
from bot.admin.logins import MakeLoginLink
from bot.admin.oncall import GetDutyShares, WouldPage
from bot.admin.organisation import ApplyOrganisation, DiffOrganisation
from bot.admin.process import GetAbout, ListPlugins
from bot.admin.records import ExportRecord, GetProgress, ListNumbers, RecordFormat
from bot.admin.request import Request
from bot.admin.statuspage import ExportStatusPage
from bot.core.chat.vocabulary import Group
from bot.core.incident import IncidentId
from bot.core.people import PersonId, ServiceId
from bot.core.ports.jobs import JobId
from bot.core.severity import Severity

ONE = IncidentId(1)
CHECKOUT = ServiceId("checkout")
BEGIN, END = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 2, 2, 8, tzinfo=UTC)

EXAMPLES: tuple[Request[Any], ...] = (
    GetAbout(),
    ListPlugins(),
    Say(text="list", group=Group.ONCALL, delivery="again:1", as_="ana"),
    Declare(
        title="caf\N{LATIN SMALL LETTER E WITH ACUTE} is \N{FIRE}",
        severity=Severity.SEV2,
        services=(CHECKOUT,),
        lead="ana",
        private=True,
        test=True,
        delivery="again:2",
        as_="ana",
    ),
    ListIncidents(selection=Selection.MINE, words="down", limit=7, as_="ana"),
    ShowIncident(incident=ONE, as_="ana"),
    ExportRecord(incident=ONE, format=RecordFormat.HTML, everything=True, as_="ana"),
    ListNumbers(everything=True, as_="ana"),
    GetProgress(incident=ONE, as_="ana"),
    GetDrill(scenario="handover"),
    GetJobs(),
    ReplayJobs(ids=(JobId(3), JobId(4)), as_="ana"),
    MakeLoginLink(person=PersonId("ana"), as_="bo"),
    DiffOrganisation(text="organisation: Acme\n", name="org.yaml"),
    ApplyOrganisation(text="organisation: Acme\n", name="org.yaml", as_="ana"),
    ExportStatusPage(),
    WouldPage(service=CHECKOUT, severity=Severity.SEV1, at=BEGIN),
    GetDutyShares(schedule="payments-primary", from_=BEGIN, until=END),
)
