"""Test pages: one's own set-up tried out, each message by the channel and after the time of one's rules."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from bot.core.people import BOT, Actor, PersonId, Urgency
from bot.core.permissions import Action, may
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.notifier import Note
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.reaching import Channel, of_person
from bot.messages.addresses import sends_to
from bot.oncall.changes import Trial, TrialState
from bot.oncall.events import TrialSettled, TrialStarted


def try_out(uow: UnitOfWork, actor: Actor) -> list[Trial]:
    """Send a test page to the actor, as an urgent page would come. Returns what is on its way."""
    may(actor, Action.ONCALL)
    batch = secrets.token_hex(6)
    made = [
        uow.oncall.add_trial(Trial(actor.id, send.channel, batch, TrialState.QUEUED, send.at))
        for send in sends_to(uow, actor.id, Urgency.HIGH, uow.now)
    ]
    for trial in made:
        uow.happened(TrialStarted(uow.now, actor, trial))
        args: dict[str, str | int] = {"trial": trial.id}
        at = trial.at if trial.at > uow.now else None
        lane = f"trial:{trial.id}"
        uow.jobs.enqueue(JobSpec("notify_trial", Queue.PAGE, args, lane=lane, run_at=at))
    return made


@dataclass(frozen=True, slots=True)
class Prepared:
    """One message of a test page: by ``channel`` beside chat, or on a platform to ``native``."""

    trial: Trial
    channel: Channel | None
    about: dict[str, str]
    note: Note


def prepared(uow: UnitOfWork, number: int) -> Prepared:
    trial = uow.oncall.trial(number)
    person = uow.people.get(trial.person)
    about = dict(of_person(person, trial.channel))
    note = Note(
        f"Test page for {person.name}: nothing is broken", "This is how a page reaches you."
    )
    return Prepared(trial, uow.org.channels.get(trial.channel), about, note)


def arrived(uow: UnitOfWork, number: int) -> None:
    """The channel took the message."""
    _settle(uow, replace(uow.oncall.trial(number), state=TrialState.SENT, at=uow.now))


def failed(uow: UnitOfWork, number: int, why: str) -> None:
    """The channel will not take it."""
    _settle(uow, replace(uow.oncall.trial(number), state=TrialState.FAILED, at=uow.now, remark=why))


def _settle(uow: UnitOfWork, trial: Trial) -> None:
    """With the last message of its batch, the person is told what arrived and when."""
    uow.oncall.save_trial(trial)
    batch = uow.oncall.trials(trial.batch)
    last = all(each.state is not TrialState.QUEUED for each in batch)
    uow.happened(TrialSettled(uow.now, BOT, trial, last))


def seen(uow: UnitOfWork, number: int, person: PersonId) -> None:
    """The person pressed the message's link: it has truly arrived. Idempotent."""
    trial = uow.oncall.trial(number)
    if trial.person == person and trial.seen_at is None:
        seen_now = replace(trial, seen_at=uow.now)
        uow.oncall.save_trial(seen_now)
        uow.happened(TrialSettled(uow.now, BOT, seen_now, last=True))
