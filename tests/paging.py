"""Scenes for stories about pages: policies, people with rules, worlds that begin with a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.core.escalation import Page, Policy, Step, Target, TargetKind
from bot.core.incident import IncidentId
from bot.core.organisation import Organisation
from bot.core.people import PersonId, Rule, Urgency
from bot.core.reaching import Channel
from bot.core.timeline import Kind
from bot.org import sample_org
from tests.fakes.notifier import FakeNotifier
from tests.world import World, make_world

MINUTE = timedelta(minutes=1)
SMS = Channel("sms", "${SMS_URL}/$phone")


def person(name: str) -> Target:
    return Target(TargetKind.PERSON, name)


def policy(*steps: Step, repeat: int = 1, ack_timeout: timedelta | None = None) -> Policy:
    return Policy("payments", steps, repeat, ack_timeout)


FIRST_ANA = Step((person("ana"),))
THEN_BO = Step((person("bo"),), 5 * MINUTE)


def with_policy(made: Policy, **people: dict[str, Any]) -> Organisation:
    """The sample organisation with one policy; ``people`` may have a phone, rules, quiet hours."""
    org = sample_org()
    changed = {PersonId(k): replace(org.people[PersonId(k)], **v) for k, v in people.items()}
    return replace(
        org,
        policies={"payments": made},
        people={**org.people, **changed},
        channels={"sms": SMS},
        catch_all=(person("mia"),),
    )


class Scene:
    """A world for each organisation that a story needs."""

    def __init__(self, folder: Path, notifier: FakeNotifier, stage: str) -> None:
        self._folder, self._notifier, self.stage = folder, notifier, stage
        self._open: list[Any] = []

    async def begin(
        self,
        org: Organisation,
        text: str = "checkout is down sev1 #checkout",
        before: Callable[[World], None] = lambda world: None,
    ) -> World:
        """A world whose first incident is ``text``; ``before`` is what was the matter already."""
        opened = make_world(self._folder, org, on=self.stage, notifier=self._notifier)
        world = await opened.__aenter__()
        self._open.append(opened)
        self._notifier.clock = world.clock
        before(world)
        await world.person("cy").says(f"/incident declare {text}")
        return world

    async def end(self) -> None:
        for opened in reversed(self._open):
            await opened.__aexit__(None, None, None)


def adopt(world: World, org: Organisation) -> None:
    """As applying another organisation file does; everybody keeps their identities on the stage."""
    was = world.org.people
    people = {
        who: replace(known, identities=was[who].identities) for who, known in org.people.items()
    }
    known = replace(org, people=people, chat=world.org.chat)
    world.memory.installation = replace(world.memory.installation, org=known)


async def told(world: World) -> list[str]:
    """Who was paged, in order, with the minutes since the beginning."""
    entries = await world.timeline("INC-1")
    start = entries[0].recorded_at
    return [
        f"{e.data['person']} {int((e.recorded_at - start) / MINUTE)}"
        for e in entries
        if e.kind is Kind.PAGED
    ]


async def pages(world: World) -> list[Page]:
    return await world.read(lambda uow: uow.pages.of(IncidentId(1)))


RULES = {
    "phone": "+49 30 5550100",
    "rules": {Urgency.HIGH: (Rule(("chat",)), Rule(("sms",), 3 * MINUTE))},
}
