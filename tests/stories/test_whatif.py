"""Asking who would be woken wakes nobody, and says what then happens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.core.escalation import Choose, Step, Target, TargetKind
from bot.core.people import ServiceId
from bot.core.severity import Severity
from bot.core.timeline import Kind
from bot.org import sample_org
from bot.paging.whatif.service import as_text, policy_of, whatif
from tests.fakes.notifier import FakeNotifier
from tests.paging import FIRST_ANA, MINUTE, RULES, THEN_BO, policy, with_policy
from tests.world import make_world

TEAM = Step((Target(TargetKind.TEAM, "payments"),), 5 * MINUTE, choose=Choose.ROUND_ROBIN)
LOW_ONLY = Step((Target(TargetKind.PERSON, "mia"),), 5 * MINUTE, severities=(Severity.SEV4,))
ORG = with_policy(policy(FIRST_ANA, LOW_ONLY, THEN_BO, TEAM, repeat=2), ana=RULES)


async def test_what_is_foretold_is_what_happens(tmp_path: Path) -> None:
    notifier = FakeNotifier()
    async with make_world(tmp_path, ORG, notifier=notifier) as world:
        notifier.clock = world.clock
        begun = world.clock.now()
        stages = await world.read(
            lambda uow: whatif(uow, policy_of(uow, ServiceId("checkout")), Severity.SEV1, begun)
        )
        assert await world.read(lambda uow: uow.pages.since(begun - timedelta(days=1))) == 0
        assert (await world.direct("ana")).by_bot == []

        foretold = [
            (w.person, s.at - begun) for s in stages for w in s.woken if w.channel == "console"
        ]
        await world.person("cy").says("/incident declare checkout is down sev1 #checkout")
        start = (await world.timeline("INC-1"))[0].recorded_at
        await world.passes(hours=1)
        paged = [
            (e.data["person"], e.recorded_at - start)
            for e in await world.timeline("INC-1")
            if e.kind is Kind.PAGED
        ]
        # The first round and, after the second, the catch-all.
        assert [*paged[:3], paged[-1]] == foretold
        sms = next(w for s in stages for w in s.woken if w.channel == "sms")
        assert (sms.person, sms.at - begun) == (notifier.told[0].person, 3 * MINUTE)


async def test_it_is_shown_in_chat_and_at_the_command_line(tmp_path: Path, on_stage: str) -> None:
    async with make_world(tmp_path, sample_org(), on=on_stage) as world:
        said = str(await world.person("bo").says("/incident whatif page checkout"))
        assert "+0 min schedule:payments-primary" in said
        assert "@Ana Lima by console, 06:00 their time" in said
        assert "+15 min person:mia" in said
        assert "+60 min team:payments, person:mia (catch-all)" in said
        assert "(functional)" not in said
        assert "Nobody was paged." in said

        later = await world.person("bo").says(
            "/incident whatif page service:checkout at 2026-01-13 03:00"
        )
        assert "@Bo Chen by console, 03:00 their time" in later

        now = world.clock.now()
        stages = await world.read(
            lambda uow: whatif(uow, policy_of(uow, ServiceId("checkout")), None, now)
        )
        assert "+0 min    Ana Lima, console, 06:00 their time" in as_text(stages, now)
        assert stages[-1].direction == "catch-all"
