"""What each effect is about to send, read in one transaction just before the call."""

from __future__ import annotations

import unicodedata

from bot.core.chat.card import Card
from bot.core.chat.title import isolate, shortened
from bot.core.chat.vocabulary import MessageRef, Room, RoomSpec, Secrecy
from bot.core.errors import Fault
from bot.core.incident import Incident, Membership, Mode, Visibility
from bot.core.people import SYSTEM, PersonId
from bot.core.ports.jobs import Job
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.slots import ROOM_WORDS
from bot.incidents import cards as views
from bot.incidents.facts import facts_of, public_facts
from bot.jobs.registry import incident_of
from bot.messages.addresses import native
from bot.messages.keys import marker, message_key
from bot.messages.outgoing import Outgoing, digest, marked_repeat
from bot.warrooms.words import whispered

_NAME_LIMIT = 80


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


def remembered(uow: UnitOfWork, job: Job, what: str) -> MessageRef:
    """A message of ours on the job's platform. Raises ``Fault`` when it is not out yet."""
    known = uow.rooms.recall(message_key(incident_of(job), str(job.args["platform"]), what))
    if known is None:
        raise Fault(f"no {what} on {job.args['platform']} yet")
    return known.ref


def said(uow: UnitOfWork, job: Job) -> Outgoing:
    """A card for the room itself: said once, named by ``what``."""
    incident = uow.incidents.get(incident_of(job), SYSTEM)
    what = str(job.args["what"])
    return _outgoing(uow, job, what, _room_words(uow, job, incident, what))


def _room_words(uow: UnitOfWork, job: Job, incident: Incident, what: str) -> Card:
    """What a package has to say on its own occasions, else the words that are told to rooms and people alike."""
    found = uow.fill(ROOM_WORDS, incident, what, job.args)
    return found[0] if found else whispered(facts_of(uow, incident), what, job.args)


def whisper(uow: UnitOfWork, job: Job) -> tuple[Outgoing, str]:
    """A private card for one person, and the person's id on the platform."""
    incident = uow.incidents.get(incident_of(job), SYSTEM)
    platform, person = str(job.args["platform"]), PersonId(str(job.args["person"]))
    made = whispered(facts_of(uow, incident), str(job.args["what"]), job.args)
    mark = f"{uow.install}:whisper{job.id}"
    return Outgoing(made, mark, digest(made)), native(uow, platform, person) or ""
