"""Why somebody is on call at an instant, or nobody: what every part of the schedule says, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.oncall.engine.claim import (
    NOBODY,
    TICK,
    Claim,
    Group,
    Stage,
    changed,
    changes,
    claims_at,
    planned,
    ruling,
    utc,
)
from bot.oncall.engine.recurrence import Recurrence
from bot.oncall.engine.restriction import open_hours
from bot.oncall.engine.rotation import Rotation
from bot.oncall.engine.schedule import Always, Layer, Schedule, zone_of


class Part(StrEnum):
    FIXED_PERIOD = "fixed period"
    LAYER = "layer"
    OVERRIDE = "override"
    SWAP = "swap"


class Verdict(StrEnum):
    """DECIDED named people, CHANGED named others instead, HIDDEN had to give way, IDLE says nothing now."""

    DECIDED = "decided"
    CHANGED = "changed"
    HIDDEN = "hidden"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Reason:
    """What one part of the schedule says at the instant. ``why`` is a phrase for people.

    ``place`` is where the part stands in its list, from 0. ``people`` are those whom it names,
    from ``since`` until just before ``until`` by its own reckoning, where it has one.
    """

    part: Part
    place: int
    name: str
    verdict: Verdict
    why: str
    people: Group = NOBODY
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """``people`` are on call at ``at``, for these reasons: in the order in which they are weighed."""

    at: datetime
    people: Group
    reasons: tuple[Reason, ...]

    @property
    def decisive(self) -> tuple[Reason, ...]:
        """Those that made ``people`` what they are."""
        verdicts = (Verdict.DECIDED, Verdict.CHANGED)
        return tuple(reason for reason in self.reasons if reason.verdict in verdicts)


def explain(schedule: Schedule, at: datetime) -> Explanation:
    """What every part of the schedule that is about the instant says. Layers always have their say."""
    at = utc(at)
    claims = sorted(claims_at(schedule, at))
    rulers = ruling(claims)
    people = NOBODY.union(*(claim.people for claim in rulers))
    reasons = [
        *_fixed(claims),
        *(_layer(schedule, place, at, claims, rulers) for place in by_priority(schedule)),
        *(_cover(claim, rulers) for claim in claims if claim.stage is Stage.COVER),
    ]
    effective = changes(claims)
    for change in (claim for claim in claims if claim.stage >= Stage.CHANGE):
        after = changed(people, change) if change in effective else people
        reasons.append(_change(change, people, after, rulers))
        people = after
    return Explanation(at, people, (*reasons, *_untaken(schedule, at)))


def by_priority(schedule: Schedule) -> list[int]:
    """Places of the layers, the highest first."""
    layers = schedule.layers
    return sorted(range(len(layers)), key=lambda place: -layers[place].priority)


def _fixed(claims: Sequence[Claim]) -> Iterator[Reason]:
    fixed = [claim for claim in claims if claim.stage is Stage.FIXED]
    for place in sorted({claim.place for claim in fixed}):
        people = NOBODY.union(*(claim.people for claim in fixed if claim.place == place))
        why = "only its own shifts count" if people else "it has no shift now, and hides the rest"
        name = _numbered(Part.FIXED_PERIOD, place)
        yield Reason(Part.FIXED_PERIOD, place, name, Verdict.DECIDED, why, people)


def _layer(
    schedule: Schedule, place: int, at: datetime, claims: Sequence[Claim], rulers: Sequence[Claim]
) -> Reason:
    layer = schedule.layers[place]
    own = [claim for claim in claims if claim.stage is Stage.LAYER and claim.place == place]
    people = NOBODY.union(*(claim.people for claim in own))
    if not people:
        verdict, why = Verdict.IDLE, _why_idle(schedule, layer, at)
    elif any(claim in rulers for claim in own):
        verdict, why = Verdict.DECIDED, _why_on(layer)
    else:
        verdict, why = Verdict.HIDDEN, f"{_ruler(schedule, rulers)} hides it"
    since, until = _own_time(schedule, layer, at)
    name = _layer_name(schedule, place)
    return Reason(Part.LAYER, place, name, verdict, why, people, since, until)


def _why_on(layer: Layer) -> str:
    match layer.source:
        case Rotation():
            return "its turn"
        case Recurrence():
            return "its shift"
        case Always():
            return "always"


def _why_idle(schedule: Schedule, layer: Layer, at: datetime) -> str:
    if layer.effective_from is not None and at < layer.effective_from:
        return "it has not begun"
    if layer.effective_until is not None and at >= layer.effective_until:
        return "it has ended"
    zone, just_now = zone_of(schedule, layer), at + TICK
    if layer.restrictions and not open_hours(layer.restrictions, at, just_now, zone):
        return "outside its restrictions"
    return "it has nobody now"


def _own_time(
    schedule: Schedule, layer: Layer, at: datetime
) -> tuple[datetime, datetime] | tuple[None, None]:
    """The turn or shift that contains the instant, whole."""
    if isinstance(layer.source, Always):
        return None, None
    found = planned(layer.source, at, at + TICK, zone_of(schedule, layer))
    return next(((since, until) for since, until, _ in found), (None, None))


def _ruler(schedule: Schedule, rulers: Sequence[Claim]) -> str:
    ruler = rulers[0]
    match ruler.stage:
        case Stage.FIXED:
            return _numbered(Part.FIXED_PERIOD, ruler.place)
        case Stage.COVER:
            return _numbered(Part.OVERRIDE, ruler.place)
        case _:
            return f"{_layer_name(schedule, ruler.place)} (priority {ruler.priority})"


def _cover(claim: Claim, rulers: Sequence[Claim]) -> Reason:
    name = _numbered(Part.OVERRIDE, claim.place)
    if claim in rulers:
        verdict, why = Verdict.DECIDED, "it hides every layer"
    elif rulers[0].stage is Stage.FIXED:
        verdict, why = Verdict.HIDDEN, f"{_numbered(Part.FIXED_PERIOD, rulers[0].place)} hides it"
    else:
        verdict, why = Verdict.HIDDEN, f"{_numbered(Part.OVERRIDE, rulers[0].place)} goes before it"
    return Reason(Part.OVERRIDE, claim.place, name, verdict, why, claim.people)


def _change(change: Claim, before: Group, after: Group, rulers: Sequence[Claim]) -> Reason:
    part = Part.SWAP if change.stage is Stage.SWAP else Part.OVERRIDE
    if rulers and rulers[0].stage is Stage.FIXED:
        verdict, why = Verdict.HIDDEN, f"{_numbered(Part.FIXED_PERIOD, rulers[0].place)} hides it"
    elif after != before:
        verdict, why = Verdict.CHANGED, _why_changed(change)
    else:
        who = change.replaces
        verdict, why = Verdict.IDLE, f"{who} is not on call" if who else "already on call"
    return Reason(part, change.place, _numbered(part, change.place), verdict, why, change.people)


def _why_changed(change: Claim) -> str:
    if change.replaces is None:
        return "in addition"
    return f"instead of {change.replaces}" if change.people else f"without {change.replaces}"


def _untaken(schedule: Schedule, at: datetime) -> Iterator[Reason]:
    for place, swap in enumerate(schedule.swaps):
        if swap.start <= at < swap.end and swap.taker is None and not swap.deleted:
            why = f"nobody has taken it from {swap.requester}"
            yield Reason(Part.SWAP, place, _numbered(Part.SWAP, place), Verdict.IDLE, why)


def _layer_name(schedule: Schedule, place: int) -> str:
    name = schedule.layers[place].name
    return f"layer {name}" if name else _numbered(Part.LAYER, place)


def _numbered(part: Part, place: int) -> str:
    return f"{part} {place + 1}"
