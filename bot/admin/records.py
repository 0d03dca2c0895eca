"""Whole records of incidents for operators: exports, and how far one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.admin.context import AdminContext
from bot.admin.request import Answer, PersonalRequest
from bot.core.escalation import NoticeState, PageId
from bot.core.incident import Filter, IncidentId
from bot.core.people import SYSTEM, PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Kind
from bot.incidents.plan import PlanStep
from bot.postmortems.record_view import record_html, record_json, record_markdown
from bot.postmortems.records import Paged, record_of

# How many incidents are read at once.
_PAGE = 500


class RecordFormat(StrEnum):
    """The values are the endings of files."""

    JSON = "json"
    MARKDOWN = "md"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRecord(Answer):
    """``reference`` is such as INC-42; ``text`` is the whole file."""

    reference: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRecord(PersonalRequest[ExportedRecord]):
    """Everything that is kept of one incident. ``everything`` reads private ones, too, when the operator asks.

    Idempotent. Raises ``NotFound``, also for one that whoever asks may not see.
    """

    incident: IncidentId
    format: RecordFormat = RecordFormat.JSON
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentNumbers(Answer):
    """Oldest first."""

    incidents: tuple[IncidentId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNumbers(PersonalRequest[IncidentNumbers]):
    """The number of every incident whose record the same reader could export. Idempotent.

    Raises ``Invalid`` for an ``as_`` that names nobody.
    """

    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeProgress(Answer):
    person: PersonId
    state: NoticeState


@dataclass(frozen=True, slots=True, kw_only=True)
class PageProgress(Answer):
    id: PageId
    notices: tuple[NoticeProgress, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKind(Answer):
    """``author`` is None for what Tocsin did by itself."""

    kind: Kind
    author: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Answer):
    """``names`` are of everybody who occurs; ``timeline`` is in the order of recording."""

    plan: tuple[PlanStep, ...]
    pages: tuple[PageProgress, ...]
    names: Mapping[PersonId, str]
    timeline: tuple[EntryKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GetProgress(PersonalRequest[Progress]):
    """How far an incident's plan is, its pages, and what kinds of entries it has. Idempotent.

    Raises ``NotFound``, also for one that whoever asks may not see.
    """

    incident: IncidentId


_WRITERS = {
    RecordFormat.JSON: record_json,
    RecordFormat.MARKDOWN: record_markdown,
    RecordFormat.HTML: record_html,
}


async def record(context: AdminContext, request: ExportRecord) -> ExportedRecord:
    def read(uow: UnitOfWork) -> ExportedRecord:
        found = record_of(uow, request.incident, _reader(context, uow, request))
        text = _WRITERS[request.format](found)
        return ExportedRecord(reference=found.incident.reference, text=text)

    return await context.memory.read(read)


async def numbers(context: AdminContext, request: ListNumbers) -> IncidentNumbers:
    def read(uow: UnitOfWork) -> list[IncidentId]:
        viewer, found, before = _reader(context, uow, request), [], None
        while page := uow.incidents.find(Filter(before=before, limit=_PAGE), viewer):
            found += [incident.id for incident in page]
            before = page[-1].id
        return sorted(found)

    return IncidentNumbers(incidents=tuple(await context.memory.read(read)))


def _reader(context: AdminContext, uow: UnitOfWork, request: ExportRecord | ListNumbers) -> Viewer:
    """Who reads an export. The operator reads what is public, unless private ones are asked for by name."""
    actor = context.actor(uow, request.as_)
    whole = request.everything and PersonId(actor.id) not in uow.org.people
    return SYSTEM if whole else actor.viewer


async def progress(context: AdminContext, request: GetProgress) -> Progress:
    def read(uow: UnitOfWork) -> Progress:
        viewer = context.actor(uow, request.as_).viewer
        found = record_of(uow, request.incident, viewer)
        return Progress(
            plan=found.plan,
            pages=tuple(_page(each) for each in found.pages),
            names=found.names,
            timeline=tuple(EntryKind(kind=e.kind, author=e.author) for e in found.timeline),
        )

    return await context.memory.read(read)


def _page(paged: Paged) -> PageProgress:
    notices = tuple(NoticeProgress(person=n.person, state=n.state) for n in paged.notices)
    return PageProgress(id=paged.page.id, notices=notices)
