"""The organisation file as values of the core. A mistake names the line, the field and what is allowed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from bot.core.declared.fields import Strict
from bot.core.escalation import Policy, Step
from bot.core.organisation import ChatRules, Component, Organisation
from bot.core.people import (
    Hours,
    Person,
    PersonId,
    Rule,
    Service,
    ServiceId,
    Standing,
    Team,
    TeamId,
    Urgency,
)
from bot.core.reaching import Channel
from bot.organisation.checks import cross_checked, declared_identities, explained, zoned
from bot.organisation.format import OrgError, Problem, read
from bot.organisation.models import (
    ChatModel,
    FileModel,
    PersonModel,
    ServiceModel,
    TeamModel,
    file_model,
)
from bot.organisation.reach import PolicyModel, StepModel
from bot.organisation.schedules.parser import parse_schedule
from bot.wiring.discovery import Declared, built_in
from bot.wiring.features import SECTIONS

__all__ = ["OrgError", "load_org", "parse_org", "parse_schedule", "sample_org"]


def load_org(path: str | Path, platforms: Declared | None = None) -> Organisation:
    """Raises ``OrgError`` with every problem found. For ``platforms`` see ``parse_org``."""
    name = Path(path).name
    try:
        # Editors of one system put a mark before the first letter.
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise OrgError(name, [Problem(1, (), f"cannot be read: {error.strerror}.")]) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise OrgError(name, [Problem(line, (), "is not written in UTF-8.")]) from None
    return parse_org(text, name, platforms=platforms)


def sample_org() -> Organisation:
    """Acme, to try Tocsin with."""
    text = files("bot").joinpath("sample_org.yaml").read_text(encoding="utf-8")
    return parse_org(text, "sample_org.yaml", sample=True)


def parse_org(
    text: str, name: str, *, sample: bool = False, platforms: Declared | None = None
) -> Organisation:
    """The text of an organisation file as one value. Raises ``OrgError``.

    ``platforms`` declare fields of the file; when they are not given, those that come with Tocsin do.
    """
    known = tuple(sorted(built_in() if platforms is None else platforms, key=lambda p: p.rank))
    kind = file_model(known, SECTIONS)
    document = read(text)
    if document.problems:
        raise OrgError(name, document.problems)
    try:
        found = kind.model_validate(document.data, context=tuple(each.name for each in known))
    except ValidationError as error:
        raise OrgError(name, explained(error, document, kind)) from None
    problems = cross_checked(found, document, known)
    if problems:
        raise OrgError(name, problems)
    return _organisation(found, known, sample=sample)


# --- the values --------------------------------------------------------------------------------


def _organisation(found: FileModel, known: Declared, *, sample: bool) -> Organisation:
    zone = found.timezone
    return Organisation(
        found.organisation,
        zone,
        _chat(found.chat, known),
        {PersonId(key): _person(key, model, zone, known) for key, model in found.people.items()},
        {TeamId(key): _team(key, model) for key, model in found.teams.items()},
        {ServiceId(key): _service(key, model) for key, model in found.services.items()},
        {key: parse_schedule(zoned(data, found)) for key, data in found.schedules.items()},
        {key: _policy(key, model) for key, model in found.escalations.items()},
        tuple(found.catch_all.notify),
        {k: Component(k, m.name, m.group, m.description) for k, m in found.components.items()},
        sample,
        {key: Channel(key, model.url) for key, model in found.channels.items()},
        _sections(found),
    )


def _sections(found: FileModel) -> dict[str, object]:
    """The values of the sections that features declare, of those that the file has."""
    given = {each: getattr(found, each.name) for each in SECTIONS}
    return {each.name: each.value(model) for each, model in given.items() if model is not None}


def _chat(model: ChatModel, known: Declared) -> ChatRules:
    given = dict(model)
    allowed = {each.name: _settings(given[each.name]) for each in known if each.settings}
    by_severity = {severity: tuple(rooms) for severity, rooms in model.rooms_by_severity.items()}
    said = "rooms" in model.model_fields_set
    rooms = tuple(model.rooms) if said else tuple(each.name for each in known)
    return ChatRules(model.announce, model.call, rooms, by_severity, allowed)


def _settings(model: Strict) -> dict[str, object]:
    """What a platform's own settings say; lists are tuples."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in model}


def _person(key: str, model: PersonModel, zone: str, known: Declared) -> Person:
    on = {platform: native for platform, _, native in declared_identities(model, known)}
    return Person(
        PersonId(key),
        model.name,
        model.timezone or zone,
        model.email,
        Standing.ADMIN if model.admin else Standing.MEMBER,
        {**model.identities, **on},
        model.phone,
        model.addresses,
        _rules(model),
        None if model.quiet is None else Hours(model.quiet.start, model.quiet.end),
    )


def _rules(model: PersonModel) -> dict[Urgency, tuple[Rule, ...]]:
    given = {Urgency.HIGH: model.rules.high, Urgency.LOW: model.rules.low}
    return {
        urgency: tuple(Rule(tuple(rule.by), rule.after) for rule in rules)
        for urgency, rules in given.items()
        if rules
    }


def _team(key: str, model: TeamModel) -> Team:
    members = tuple(PersonId(p) for p in model.members)
    return Team(TeamId(key), model.name or key, members, tuple(PersonId(p) for p in model.managers))


def _service(key: str, model: ServiceModel) -> Service:
    return Service(
        ServiceId(key),
        TeamId(model.team) if model.team else None,
        model.tier,
        tuple(ServiceId(other) for other in model.depends_on),
        model.escalation,
        model.component,
        tuple(model.runbooks),
        tuple(model.rooms),
    )


def _policy(key: str, model: PolicyModel) -> Policy:
    return Policy(key, tuple(_step(step) for step in model.steps), model.repeat, model.ack_timeout)


def _step(model: StepModel) -> Step:
    return Step(
        tuple(model.notify),
        model.after,
        model.kind,
        tuple(model.severity),
        None if model.hours is None else Hours(model.hours.start, model.hours.end),
        model.choose,
    )
