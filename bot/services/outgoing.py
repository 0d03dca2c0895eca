"""What each effect is about to send, read in one transaction just before the call."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat import MessageRef, Refused, Room, RoomSpec, Secrecy
from bot.domain.errors import Fault
from bot.domain.escalation import OPEN_STATES, Page, PageId
from bot.domain.incident import Incident, Mode, Visibility
from bot.domain.people import SYSTEM, PersonId
from bot.domain.reaching import Channel, of_person
from bot.domain.title import isolate, shortened
from bot.jobs.registry import incident_of
from bot.ports import Args, Job, Membership, Notice, NoticeState, Remembered, UnitOfWork
from bot.ports.notifier import Note
from bot.services.facts import fact_from, facts_of, page_fact, page_facts, public_facts
from bot.services.paging import ROOM, notice_key
from bot.services.reaching import exists
from bot.services.reads import story
from bot.services.recording import marker, message_key
from bot.slots import ROOM_WORDS
from bot.views import incident as views
from bot.views.brief import late_card
from bot.views.card import Card, context
from bot.views.codec import card_json
from bot.views.page import expired, page_card, page_text, unheard, unreached
from bot.views.words import whispered

_NAME_LIMIT = 80
# Said of a page that may be the second: paging channels have no key to deduplicate by.
REPEAT = "(repeat)"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A card, where it goes, and what finds it again. ``room`` is empty while there is none."""

    card: Card
    marker: str
    digest: str
    room: str = ""
    known: Remembered | None = None


def room_name(incident: Incident) -> str:
    """``inc-42-checkout-is-down``: lower-case ASCII letters, digits and dashes, at most 80; any title gives one."""
    folded = unicodedata.normalize("NFKD", incident.title.casefold())
    ascii_only = "".join(c if c.isascii() and c.isalnum() else "-" for c in folded if not _mark(c))
    words = [word for word in ascii_only.split("-") if word]
    return "-".join([incident.reference.lower(), *words])[:_NAME_LIMIT].rstrip("-")


def _mark(char: str) -> bool:
    return unicodedata.combining(char) != 0 or char in "'’"


def room_spec(uow: UnitOfWork, job: Job) -> RoomSpec:
    """The war room to open on the job's platform, the declarer as its creator."""
    incident = uow.incidents.get(incident_of(job), SYSTEM)
    platform = str(job.args["platform"])
    private = incident.visibility is Visibility.PRIVATE
    return RoomSpec(
        room_name(incident),
        topic(incident),
        marker(uow.install, incident.id, platform, "room"),
        Secrecy.INVITED if private else Secrecy.OPEN,
        _creator(uow, incident, platform),
    )


def _creator(uow: UnitOfWork, incident: Incident, platform: str) -> str:
    """The declarer's id on a platform, unless they left before the room was open."""
    left = uow.incidents.members(incident.id).get(incident.reporter) is Membership.LEFT
    return "" if left else native(uow, platform, incident.reporter) or ""


def topic(incident: Incident) -> str:
    """What stays true until the end, since topics are changed rarely: severity and title, or how it ended."""
    severity = incident.severity.label if incident.severity else incident.reference
    state = severity if incident.is_open else incident.status.value.capitalize()
    return isolate(shortened(f"{state}: {incident.title}", 240))


def native(uow: UnitOfWork, platform: str, person: PersonId) -> str | None:
    """The person's id on a platform, if they have one there; a room that a page goes to is itself."""
    if person.startswith(ROOM):
        return person
    if platform == "console":
        return person
    return uow.people.known_as(person, platform)


def to_invite(uow: UnitOfWork, job: Job) -> tuple[str, list[str]]:
    """The room and the native ids of everybody who belongs in it."""
    number, platform = incident_of(job), str(job.args["platform"])
    members = uow.incidents.members(number)
    people = [who for who, how in members.items() if how is not Membership.LEFT]
    found = [native(uow, platform, who) for who in people]
    return room_on(uow, job).id, [who for who in found if who]


def to_remove(uow: UnitOfWork, job: Job) -> tuple[str, list[str]]:
    """The room and the native id of whoever left, if that still holds and the incident is private."""
    number, person = incident_of(job), PersonId(str(job.args["person"]))
    private = uow.incidents.get(number, SYSTEM).visibility is Visibility.PRIVATE
    left = uow.incidents.members(number).get(person) is Membership.LEFT
    known = native(uow, str(job.args["platform"]), person)
    return room_on(uow, job).id, [known] if known and left and private else []


def room_on(uow: UnitOfWork, job: Job) -> Room:
    """The incident's room on the job's platform. Raises ``Fault`` when there is none yet."""
    platform = str(job.args["platform"])
    for room in uow.rooms.of(incident_of(job)):
        if room.platform == platform:
            return room
    raise Fault(f"no room on {platform} yet")


def card(uow: UnitOfWork, job: Job) -> Outgoing:
    """The living card for the job's platform."""
    incident = uow.incidents.get(incident_of(job), SYSTEM)
    return _outgoing(uow, job, "card", views.room_card(facts_of(uow, incident)))


def announcement(uow: UnitOfWork, job: Job) -> Outgoing | None:
    """The announcement, or None for what is private or was written down afterwards."""
    incident = uow.incidents.get(incident_of(job), SYSTEM)
    if incident.visibility is Visibility.PRIVATE or incident.mode is Mode.RETROSPECTIVE:
        return None
    return _outgoing(uow, job, "announcement", views.announcement(public_facts(uow, incident)))


def bookmarks(uow: UnitOfWork, job: Job, base: str) -> list[tuple[str, str]]:
    """At most two: the incident's page, and the call."""
    incident = uow.incidents.get(incident_of(job), SYSTEM)
    marks = [(incident.reference, f"{base}/incidents/{incident.reference}")] if base else []
    return [*marks, ("Call", incident.call)] if incident.call else marks


def _outgoing(uow: UnitOfWork, job: Job, what: str, made: Card) -> Outgoing:
    number, platform = incident_of(job), str(job.args["platform"])
    rooms = [room.id for room in uow.rooms.of(number) if room.platform == platform]
    known = uow.rooms.recall(message_key(number, platform, what))
    mark = marker(uow.install, number, platform, what)
    made = marked_repeat(made) if known and known.mark else made
    return Outgoing(made, mark, digest(made), rooms[0] if rooms else "", known)


def digest(made: Card) -> str:
    """Equal for equal cards: an edit that would change nothing is not sent."""
    return hashlib.sha256(card_json(made).encode()).hexdigest()


def marked_repeat(card: Card) -> Card:
    """The same card, saying that it may be there twice."""
    if card.title:
        return replace(card, title=f"{card.title} {REPEAT}")
    return replace(card, blocks=(*card.blocks, context(REPEAT)))


def remembered(uow: UnitOfWork, job: Job, what: str) -> MessageRef:
    """A message of ours on the job's platform. Raises ``Fault`` when it is not out yet."""
    known = uow.rooms.recall(message_key(incident_of(job), str(job.args["platform"]), what))
    if known is None:
        raise Fault(f"no {what} on {job.args['platform']} yet")
    return known.ref


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


def said(uow: UnitOfWork, job: Job) -> Outgoing:
    """A card for the room itself: said once, named by ``what``."""
    incident = uow.incidents.get(incident_of(job), SYSTEM)
    what = str(job.args["what"])
    return _outgoing(uow, job, what, _room_words(uow, job, incident, what))


def _room_words(uow: UnitOfWork, job: Job, incident: Incident, what: str) -> Card:
    """What a package has to say on its own occasions, else the words that are told to rooms and people alike."""
    found = uow.fill(ROOM_WORDS, incident, what, job.args)
    return found[0] if found else whispered(facts_of(uow, incident), what, job.args)


def late_words(uow: UnitOfWork, incident: Incident, what: str, args: Args) -> tuple[Card, ...]:
    """What a room that opened late missed."""
    if not what.startswith("late"):
        return ()
    told = story(uow, incident.id, SYSTEM)
    facts = facts_of(uow, incident)
    known = replace(facts, names={**told.names, **facts.names})
    return (late_card(known, told.entries),)


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


def whisper(uow: UnitOfWork, job: Job) -> tuple[Outgoing, str]:
    """A private card for one person, and the person's id on the platform."""
    incident = uow.incidents.get(incident_of(job), SYSTEM)
    platform, person = str(job.args["platform"]), PersonId(str(job.args["person"]))
    made = whispered(facts_of(uow, incident), str(job.args["what"]), job.args)
    mark = f"{uow.install}:whisper{job.id}"
    return Outgoing(made, mark, digest(made)), native(uow, platform, person) or ""
