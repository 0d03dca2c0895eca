"""What can be wrong with an organisation file: its shape, and references to things that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from pydantic import ValidationError

from bot.org_format import Document, Problem
from bot.org_format import Path as Where
from bot.org_models import (
    ChatModel,
    ComponentModel,
    FileModel,
    PersonModel,
    PolicyModel,
    ServiceModel,
    StepModel,
    TeamModel,
)
from bot.org_schedules import ScheduleError, parse_schedule


def explained(error: ValidationError, document: Document) -> list[Problem]:
    return [
        Problem(document.line(where := tuple(fault["loc"])), where, _sentence(fault))
        for fault in error.errors()
    ]


def _sentence(fault: Mapping[str, Any]) -> str:
    match fault["type"]:
        case "missing":
            return "is required."
        case "extra_forbidden":
            near = get_close_matches(str(fault["loc"][-1]), _FIELDS, 1)
            return f"is not a field here{f'; did you mean {near[0]}?' if near else '.'}"
        case "enum":
            return f"must be {fault['ctx']['expected']}."
        case _:
            return f"{fault['msg']}."


_FIELDS = sorted(
    {
        name
        for model in (
            FileModel,
            PersonModel,
            TeamModel,
            ServiceModel,
            StepModel,
            PolicyModel,
            ComponentModel,
            ChatModel,
        )
        for name in model.model_fields
    }
)


def cross_checked(found: FileModel, document: Document) -> Iterable[Problem]:
    """References to things that are not there, zones that nobody knows, words that cannot be read."""
    wrong = [
        *_dangling(found),
        *_unknown_zones(found),
        *_wrong_schedules(found),
        *_unreadable(found),
    ]
    return [Problem(document.line(where), where, text) for where, text in wrong]


def _dangling(found: FileModel) -> Iterable[tuple[Where, str]]:
    for where, name, known, what in _references(found):
        if name not in known:
            hint = _hint(name, known)
            yield where, f"{name} is no {what} of this file.{hint}"


def _hint(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 1)
    return f" Did you mean {near[0]}?" if near else ""


def _unknown_zones(found: FileModel) -> Iterable[tuple[Where, str]]:
    zones: list[tuple[Where, str]] = [(("timezone",), found.timezone)]
    for person, model in found.people.items():
        zones += [(("people", person, "timezone"), model.timezone)] if model.timezone else []
    for where, zone in zones:
        if zone not in available_timezones():
            yield where, f"{zone} is no IANA time zone.{_hint(zone, available_timezones())}"


def _wrong_schedules(found: FileModel) -> Iterable[tuple[Where, str]]:
    for name, data in found.schedules.items():
        try:
            parse_schedule(zoned(data, found))
        except ScheduleError as error:
            yield ("schedules", name, *error.path), error.text


def _unreadable(found: FileModel) -> Iterable[tuple[Where, str]]:
    for where, text in _targets(found):
        if TARGET.fullmatch(text) is None:
            yield where, f"{text} must be person:…, team:… or schedule:…."
    for policy, model in found.escalations.items():
        for at, step in enumerate(model.steps):
            if DURATION.fullmatch(step.after) is None:
                yield ("escalations", policy, "steps", at, "after"), "must be such as 5m or 1h30m."


TARGET = re.compile(r"(person|team|schedule|channel):(.+)")
DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def _targets(found: FileModel) -> Iterable[tuple[Where, str]]:
    for at, text in enumerate(found.catch_all.notify):
        yield ("catch_all", "notify", at), text
    for policy, model in found.escalations.items():
        for number, step in enumerate(model.steps):
            for at, text in enumerate(step.notify):
                yield ("escalations", policy, "steps", number, "notify", at), text


def _references(found: FileModel) -> Iterable[tuple[Where, str, Mapping[str, Any], str]]:
    for team, model in found.teams.items():
        for key, people in (("members", model.members), ("managers", model.managers)):
            for at, person in enumerate(people):
                yield ("teams", team, key, at), person, found.people, "person"
    for service, entry in found.services.items():
        yield from _service_references(("services", service), entry, found)
    kinds: dict[str, Mapping[str, Any]] = {
        "person": found.people,
        "team": found.teams,
        "schedule": found.schedules,
    }
    for where, text in _targets(found):
        kind, _, name = text.partition(":")
        if kind in kinds:
            yield where, name, kinds[kind], kind


def _service_references(
    at: Where, entry: ServiceModel, found: FileModel
) -> Iterable[tuple[Where, str, Mapping[str, Any], str]]:
    if entry.team:
        yield (*at, "team"), entry.team, found.teams, "team"
    if entry.escalation:
        yield (*at, "escalation"), entry.escalation, found.escalations, "escalation policy"
    if entry.component:
        yield (*at, "component"), entry.component, found.components, "component"
    for number, other in enumerate(entry.depends_on):
        yield (*at, "depends_on", number), other, found.services, "service"


def zoned(data: dict[str, Any], found: FileModel) -> dict[str, Any]:
    """A schedule without a zone has the organisation's."""
    return {"timezone": found.timezone, **data}
