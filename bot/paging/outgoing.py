"""What a page says, read in one transaction just before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.chat.card import Card
from bot.core.chat.vocabulary import Refused
from bot.core.errors import Fault
from bot.core.escalation import OPEN_STATES, Notice, NoticeState, Page, PageId
from bot.core.incident import Incident
from bot.core.people import SYSTEM, PersonId
from bot.core.ports.jobs import Args, Job
from bot.core.ports.notifier import Note
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.reaching import Channel, of_person
from bot.incidents.facts import fact_from, facts_of, page_fact, page_facts
from bot.messages.addresses import ROOM, exists, native
from bot.messages.outgoing import REPEAT, Outgoing, digest
from bot.paging.cards import expired, page_card, page_text, unheard, unreached
from bot.paging.service import notice_key


class NoNeed(Fault):
    """Nobody has to be told any more."""

    def __init__(self, job: Job) -> None:
        super().__init__(f"page {job.args['page']} asks for {job.args['person']} no more")


@dataclass(frozen=True, slots=True)
class Outside:
    """One message beside chat; ``body`` lacks the link, which the caller signs."""

    channel: Channel
    about: Mapping[str, str]
    note: Note


def outside_message(uow: UnitOfWork, job: Job) -> Outside:
    """One person's page by one channel. Raises ``NoNeed``."""
    page = uow.pages.get(PageId(int(job.args["page"])))
    if not _is_needed(uow, job, page):
        raise NoNeed(job)
    person, name = uow.people.get(PersonId(str(job.args["person"]))), str(job.args["platform"])
    channel = uow.org.channels.get(name)
    if channel is None:
        raise Refused(
            f"there is no channel {name} any more", "Look at channels: in the organisation file."
        )
    incident = uow.incidents.get(page.incident, SYSTEM)
    again = f"{REPEAT} " if job.attempt > 1 else ""
    title, body = page_text(
        page_facts(uow, incident), page.text, person.timezone, uow.internal_url, again
    )
    note = Note(title, body)
    return Outside(channel, of_person(person, name), note)


def _is_needed(uow: UnitOfWork, job: Job, page: Page) -> bool:
    """Whether the page of this job still asks for its person: nobody has acknowledged it, and they are
    still there."""
    person = PersonId(str(job.args["person"]))
    return page.state in OPEN_STATES and (person.startswith(ROOM) or exists(uow, person))


@dataclass(frozen=True, slots=True)
class PageMessage:
    """``native`` is the person's id on the platform, empty for none; not ``needed``, it may be there all the same."""

    out: Outgoing
    native: str
    needed: bool


def page_message(uow: UnitOfWork, job: Job) -> PageMessage:
    """One person's page on one platform. Raises ``NoNeed`` when it was not sent yet and nobody needs it any
    more; where an earlier attempt is in doubt, the caller looks."""
    page = uow.pages.get(PageId(int(job.args["page"])))
    person, platform = PersonId(str(job.args["person"])), str(job.args["platform"])
    incident = uow.incidents.get(page.incident, SYSTEM)
    key = notice_key(page.id, person, platform, int(job.args["level"]))
    known, needed = uow.rooms.recall(key), _is_needed(uow, job, page)
    if known is None and job.attempt == 1 and not needed:
        raise NoNeed(job)
    notices = uow.pages.notices(page.id)
    repeat = REPEAT if job.attempt > 1 and job.task == "notify" else _mark_of(notices, job)
    zone = "" if person.startswith(ROOM) else uow.people.get(person).timezone
    facts, now = page_facts(uow, incident, page.acknowledged_by), fact_from(page, notices)
    made = page_card(facts, page.id, page.text, now, repeat=repeat, zone=zone)
    out = Outgoing(made, f"{uow.install}:{key}", digest(made), known=known)
    return PageMessage(out, native(uow, platform, person) or "", needed)


def _mark_of(notices: Sequence[Notice], job: Job) -> str:
    """The mark that the message was sent with."""
    for notice in notices:
        if (notice.person, notice.platform, notice.level) == (
            job.args["person"],
            job.args["platform"],
            job.args["level"],
        ):
            return notice.remark if notice.state is NoticeState.SENT else ""
    return ""


def page_words(uow: UnitOfWork, incident: Incident, what: str, args: Args) -> tuple[Card, ...]:
    """A page that nobody answers, said aloud."""
    if what.partition(":")[0] not in ("unreached", "unheard", "expired"):
        return ()
    page = uow.pages.get(PageId(int(args["page"])))
    if what.startswith("unheard"):
        return (_unheard(uow, page, int(what.rpartition(":")[2])),)
    say = expired if what.startswith("expired") else unreached
    return (say(facts_of(uow, incident), page_fact(uow, page)),)


def _unheard(uow: UnitOfWork, page: Page, level: int) -> Card:
    told = dict.fromkeys(n.person for n in uow.pages.notices(page.id) if n.level == level)
    people = [uow.people.get(person) for person in told if not person.startswith(ROOM)]
    return unheard([(person.name, person.phone or "") for person in people], page_fact(uow, page))
