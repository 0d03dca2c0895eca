"""What can be wrong with an organisation file: its shape, names of things that are not there, and pages
that would reach nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bot.core.declared.fields import near
from bot.core.escalation import Target, TargetKind
from bot.core.people import CHAT
from bot.core.ports.declarations import PlatformModule
from bot.organisation.format import Document, Problem
from bot.organisation.format import Path as Where
from bot.organisation.models import FileModel, PersonModel, ServiceModel
from bot.organisation.schedules.cells import ScheduleError
from bot.organisation.schedules.parser import parse_schedule

Wrong = tuple[Where, str]
Reference = tuple[Where, str, Mapping[str, Any], str]

_WHY: dict[Where, str] = {
    ("organisation",): "is required: the name that everybody reads.",
    ("people",): "is required: somebody must be there to be paged.",
    # Without it nobody would hear that a page was not answered.
    ("catch_all",): "is required: where a page goes that reaches nobody, {notify: [team:…]}.",
}
_SHAPES = {
    "list_type": "must be a list, such as [a, b].",
    "too_short": "must not be empty.",
}


# --- its shape ---------------------------------------------------------------------------------


def explained(error: ValidationError, document: Document, kind: type[FileModel]) -> list[Problem]:
    """Pydantic's findings in our words. ``kind`` is the model that the file was read with."""
    return [_problem(fault, document, kind) for fault in error.errors(include_url=False)]


def _problem(fault: Mapping[str, Any], document: Document, kind: type[FileModel]) -> Problem:
    where = tuple(part for part in fault["loc"] if part != "[key]")
    return Problem(document.line(where), where, _sentence(fault, where, kind))


def _sentence(fault: Mapping[str, Any], where: Where, kind: type[FileModel]) -> str:
    match fault["type"]:
        case "value_error":
            return str(fault["ctx"]["error"])
        case "missing":
            return _WHY.get(where, "is required.")
        case "extra_forbidden":
            return _no_field(where, kind)
        case other:
            return _SHAPES.get(other, "must hold fields, such as {name: Ana}.")


def _no_field(where: Where, kind: type[FileModel]) -> str:
    allowed = _fields_at(where[:-1], kind)
    hint = near(str(where[-1]), allowed)
    return f"is not a field here;{hint} Allowed: {', '.join(allowed)}."


def _fields_at(where: Where, whole: type[FileModel]) -> list[str]:
    """The fields of the model at a place in the file."""
    kind: Any = whole
    for part in where:
        models = isinstance(kind, type) and issubclass(kind, BaseModel)
        kind = kind.model_fields[part].annotation if models else get_args(kind)[-1]
    either = [kind, *get_args(kind)]  # a field may also be left out, or be one of several
    found = [one for one in either if isinstance(one, type) and issubclass(one, BaseModel)]
    return list(dict.fromkeys(field for one in found for field in one.model_fields))


# --- what it says ------------------------------------------------------------------------------


def cross_checked(
    found: FileModel, document: Document, platforms: Sequence[PlatformModule]
) -> list[Problem]:
    """What no single field can tell."""
    wrong = [
        *_dangling(found),
        *_own_dependencies(found),
        *_wrong_schedules(found),
        *_shared_identities(found, platforms),
        *_keys_alike(found),
        *_late_beginnings(found),
        *_without_anybody(found),
        *_unset(found, platforms),
        *_channel_names(found, platforms),
    ]
    return [Problem(document.line(where), where, text) for where, text in wrong]


def _dangling(found: FileModel) -> Iterator[Wrong]:
    for where, name, known, what in _references(found):
        if name not in known:
            hint = near(name, list(known))
            yield where, f"no {what} of this file is called {name}{f';{hint}' if hint else '.'}"


def _references(found: FileModel) -> Iterator[Reference]:
    for team, model in found.teams.items():
        for key, people in (("members", model.members), ("managers", model.managers)):
            for at, person in enumerate(people):
                yield ("teams", team, key, at), person, found.people, "person"
    for service, entry in found.services.items():
        yield from _of_service(("services", service), entry, found)
    yield from _targets_named(found)
    for where, channel in _channels_named(found):
        yield where, channel, {**found.channels, CHAT: None}, "channel"


def _targets_named(found: FileModel) -> Iterator[Reference]:
    kinds: dict[TargetKind, Mapping[str, Any]] = {
        TargetKind.PERSON: found.people,
        TargetKind.TEAM: found.teams,
        TargetKind.SCHEDULE: found.schedules,
        TargetKind.NEXT: found.schedules,
    }
    for where, targets in _notified(found):
        for at, target in enumerate(targets):
            if target.kind in kinds:
                what = "schedule" if target.kind is TargetKind.NEXT else target.kind
                yield (*where, at), target.name, kinds[target.kind], what


def _of_service(at: Where, entry: ServiceModel, found: FileModel) -> Iterator[Reference]:
    if entry.team:
        yield (*at, "team"), entry.team, found.teams, "team"
    if entry.escalation:
        yield (*at, "escalation"), entry.escalation, found.escalations, "escalation policy"
    if entry.component:
        yield (*at, "component"), entry.component, found.components, "component"
    for number, other in enumerate(entry.depends_on):
        yield (*at, "depends_on", number), other, found.services, "service"


def _notified(found: FileModel) -> Iterator[tuple[Where, list[Target]]]:
    yield ("catch_all", "notify"), found.catch_all.notify
    for policy, model in found.escalations.items():
        for number, step in enumerate(model.steps):
            yield ("escalations", policy, "steps", number, "notify"), step.notify


def _channels_named(found: FileModel) -> Iterator[tuple[Where, str]]:
    for person, model in found.people.items():
        for urgency in ("high", "low"):
            for number, rule in enumerate(getattr(model.rules, urgency)):
                for at, channel in enumerate(rule.by):
                    yield ("people", person, "rules", urgency, number, "by", at), channel
        for channel in model.addresses:
            yield ("people", person, "addresses", channel), channel


def _channel_names(found: FileModel, platforms: Sequence[PlatformModule]) -> Iterator[Wrong]:
    taken = {CHAT, *(platform.name for platform in platforms)}
    for name in found.channels:
        if name in taken:
            yield ("channels", name), "is what chat is called; take another name, such as sms."


def _own_dependencies(found: FileModel) -> Iterator[Wrong]:
    for service, model in found.services.items():
        if service in model.depends_on:
            where = ("services", service, "depends_on", model.depends_on.index(service))
            yield where, "cannot be the service itself."


def _wrong_schedules(found: FileModel) -> Iterator[Wrong]:
    for name, data in found.schedules.items():
        try:
            parse_schedule(zoned(data, found), found.people)
        except ScheduleError as error:
            yield ("schedules", name, *error.path), error.text


def zoned(data: Mapping[str, Any], found: FileModel) -> dict[str, Any]:
    """A schedule without a zone has the organisation's."""
    return {**data, "timezone": data.get("timezone") or found.timezone}


def _shared_identities(found: FileModel, platforms: Sequence[PlatformModule]) -> Iterator[Wrong]:
    """Two people with one address would answer each other's pages."""
    owners: dict[tuple[str, str], str] = {}
    for person, model in found.people.items():
        for where, kind, address in _identities(person, model, platforms):
            owner = owners.setdefault((kind, address.casefold()), person)
            if owner != person:
                yield where, f"{address} is {owner}'s already."


def _identities(
    person: str, model: PersonModel, platforms: Sequence[PlatformModule]
) -> Iterator[tuple[Where, str, str]]:
    """Where each stands, what it is an identity of, and itself."""
    at: Where = ("people", person)
    if model.email:
        yield (*at, "email"), "email", model.email
    for platform, field, address in declared_identities(model, platforms):
        yield (*at, field), platform, address
    for platform, address in model.identities.items():
        yield (*at, "identities", platform), platform, address


def declared_identities(
    model: PersonModel, platforms: Sequence[PlatformModule]
) -> Iterator[tuple[str, str, str]]:
    """Of the fields that platforms declare: the platform, its field, and who the person is there."""
    values = dict(model)
    for platform in platforms:
        if platform.identity and (address := values[platform.identity.field]):
            yield platform.name, platform.identity.field, address


def _keys_alike(found: FileModel) -> Iterator[Wrong]:
    """Commands do not tell capitals apart."""
    for kind in ("people", "teams", "services", "schedules"):
        seen: dict[str, str] = {}
        for key in getattr(found, kind):
            other = seen.setdefault(key.casefold(), key)
            if other != key:
                yield (kind, key), f"differs from {other} in capitals only; rename one of them."


def _late_beginnings(found: FileModel) -> Iterator[Wrong]:
    for policy, model in found.escalations.items():
        if model.steps[0].after:
            where = ("escalations", policy, "steps", 0, "after")
            yield where, "must be 0m or absent: the first step fires at once."


def _without_anybody(found: FileModel) -> Iterator[Wrong]:
    for where, targets in _notified(found):
        # A channel may be read; the catch-all is the last resort and must be a person's own page.
        last = where[0] == "catch_all"
        enough = set(TargetKind) - ({TargetKind.CHANNEL} if last else set())
        if not any(target.kind in enough and _anybody(target, found) for target in targets):
            yield where, "reaches nobody; name a person, a team with members or a schedule."


def _anybody(target: Target, found: FileModel) -> bool:
    """Whether a target can reach somebody; one that is not there has been pointed out already."""
    match target.kind:
        case TargetKind.TEAM:
            team = found.teams.get(target.name)
            return team is None or bool(team.members)
        case TargetKind.SCHEDULE | TargetKind.NEXT:
            return target.name not in found.schedules or _staffed(found.schedules[target.name])
        case TargetKind.PERSON | TargetKind.CHANNEL:
            return True


def _staffed(value: object) -> bool:
    """Whether a schedule names anybody at all."""
    if isinstance(value, list):
        return any(_staffed(item) for item in value)
    if not isinstance(value, Mapping):
        return False
    return any(bool(item) if key in _STAFF else _staffed(item) for key, item in value.items())


_STAFF = ("participants", "users", "user")


def _unset(found: FileModel, platforms: Sequence[PlatformModule]) -> Iterator[Wrong]:
    """What a platform that the file makes use of cannot do without."""
    for platform in platforms:
        for setting in platform.settings:
            given = dict(dict(found.chat)[platform.name])[setting.name]
            if setting.required and not given and _used(found, platform):
                yield ("chat", platform.name, setting.name), setting.required


def _used(found: FileModel, platform: PlatformModule) -> bool:
    chat, field = found.chat, platform.identity.field if platform.identity else ""
    return (
        platform.name in chat.model_fields_set
        or platform.name in chat.announce
        or platform.name in chat.rooms
        or any(dict(person).get(field) for person in found.people.values())
    )
