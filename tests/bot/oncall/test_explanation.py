"""Why somebody is on call, told part by part."""

from __future__ import annotations

from typing import Any

from bot.oncall.engine.explanation import Part, Verdict, explain
from bot.oncall.engine.schedule import Schedule
from tests.schedules import recurrence, rotation, schedule, users, utc

NOON = {"start": "2026-01-06T10:00Z", "end": "2026-01-06T14:00Z"}


def told(plan: Schedule, at: str = "2026-01-06 12:00") -> list[str]:
    """One line a part: its name, the verdict, whom it names, why."""
    return [
        ": ".join([r.name, r.verdict, " ".join(sorted(r.people)) or "nobody", r.why])
        for r in explain(plan, utc(at)).reasons
    ]


def test_the_highest_layer_decides_and_hides_the_others() -> None:
    weekly = rotation("week", "2026-01-05T09:00", "ana", "bo", name="weekly")
    weekend = recurrence("week", "2026-01-10T00:00", 86400, "cy", by_day=["SA", "SU"])
    plan = schedule(users("mia", priority=-1), weekly, {**weekend, "priority": 1})
    assert told(plan) == [
        "layer 3: idle: nobody: it has nobody now",
        "layer weekly: decided: ana: its turn",
        "layer 1: hidden: mia: layer weekly (priority 0) hides it",
    ]


def test_a_turn_is_told_whole() -> None:
    plan = schedule(rotation("week", "2026-01-05T09:00", "ana", "bo"))
    (reason,) = explain(plan, utc("2026-01-06 12:00")).reasons
    assert (reason.part, reason.place) == (Part.LAYER, 0)
    assert (reason.since, reason.until) == (utc("2026-01-05 08:00"), utc("2026-01-12 08:00"))


def test_a_silent_layer_says_why() -> None:
    hours = {"start": "18:00", "end": "20:00"}
    plan = schedule(
        users("ana", effective_from="2026-02-01"),
        users("ana", effective_until="2026-01-01"),
        users("ana", restrictions=[hours]),
    )
    assert [line.rsplit(": ", 1)[1] for line in told(plan)] == [
        "it has not begun",
        "it has ended",
        "outside its restrictions",
    ]


def test_overrides_and_swaps_tell_what_they_did() -> None:
    def over(kind: str, **who: str) -> dict[str, Any]:
        return {"kind": kind, **who, **NOON}

    plan = schedule(
        users("ana"),
        overrides=[
            over("replace_all", user="bo"),
            over("replace_all", user="cy"),
            over("replace_user", user="ana", replaces="bo"),
            over("replace_user", user="ana", replaces="cy"),
            over("add", user="ana"),
            over("add", user="mia"),
            over("remove", replaces="mia"),
        ],
        swaps=[
            {"requester": "ana", "taker": "bo", **NOON},
            {"requester": "cy", **NOON},
            {"requester": "bo", "taker": "ana", "deleted": "yes", **NOON},
        ],
    )
    assert told(plan) == [
        "layer 1: hidden: ana: override 2 hides it",
        "override 1: hidden: bo: override 2 goes before it",
        "override 2: decided: cy: it hides every layer",
        "override 3: idle: ana: bo is not on call",
        "override 4: changed: ana: instead of cy",
        "override 5: idle: ana: already on call",
        "override 6: changed: mia: in addition",
        "override 7: changed: nobody: without mia",
        "swap 1: changed: bo: instead of ana",
        "swap 2: idle: nobody: nobody has taken it from cy",
    ]


def test_a_fixed_period_hides_the_rest() -> None:
    plan = schedule(
        users("ana"),
        fixed_periods=[{**NOON, "shifts": [{**NOON, "user": "mia"}]}, NOON],
        overrides=[{"kind": "replace_all", "user": "cy", **NOON}],
        swaps=[{"requester": "mia", "taker": "bo", **NOON}],
    )
    assert told(plan) == [
        "fixed period 1: decided: mia: only its own shifts count",
        "fixed period 2: decided: nobody: it has no shift now, and hides the rest",
        "layer 1: hidden: ana: fixed period 1 hides it",
        "override 1: hidden: cy: fixed period 1 hides it",
        "swap 1: hidden: bo: fixed period 1 hides it",
    ]


def test_the_decisive_reasons_are_those_that_made_the_answer() -> None:
    plan = schedule(
        users("ana"), users("bo"), overrides=[{"kind": "remove", "replaces": "ana", **NOON}]
    )
    found = explain(plan, utc("2026-01-06 12:00"))
    assert found.people == {"bo"}
    verdicts = [Verdict.DECIDED, Verdict.DECIDED, Verdict.CHANGED]
    assert [reason.verdict for reason in found.decisive] == verdicts
