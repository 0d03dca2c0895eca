"""What can be named where something is said: the organisation's names, sorted once, and the room."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from bot.core.incident import IncidentId
from bot.core.organisation import Organisation
from bot.core.people import Actor, PersonId, ServiceId, TeamId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.outcomes import Named
from bot.language.spec import Noun


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one noun: by folded key, and in order for prefixes."""

    by_key: Mapping[str, str]
    keys: Sequence[str]
    labels: Mapping[str, str]

    def starting(self, prefix: str, limit: int) -> list[Named]:
        folded = prefix.casefold()
        start = bisect_left(self.keys, folded)
        found = [key for key in self.keys[start : start + limit] if key.startswith(folded)]
        return [Named(self.by_key[key], self.labels[key]) for key in found]


def _names(pairs: Iterable[tuple[str, str]]) -> Names:
    listed = [(name.casefold(), name, label) for name, label in pairs]
    return Names(
        {key: name for key, name, _ in listed},
        sorted(key for key, _, _ in listed),
        {key: label for key, _, label in listed},
    )


@dataclass(slots=True)
class Words:
    """The organisation's names, prepared once for each organisation value."""

    org: Organisation | None = None
    nouns: Mapping[Noun, Names] = field(default_factory=dict)
    by_email: Mapping[str, str] = field(default_factory=dict)

    def of(self, org: Organisation) -> Mapping[Noun, Names]:
        if self.org is not org:
            self.org = org
            self.by_email = {p.email.casefold(): p.id for p in org.people.values() if p.email}
            self.nouns = {
                Noun.PERSON: _names((p.id, p.name) for p in org.people.values()),
                Noun.TEAM: _names((t.id, t.name) for t in org.teams.values()),
                Noun.SERVICE: _names((s, "") for s in org.services),
                Noun.SCHEDULE: _names((s, "") for s in org.schedules),
            }
        return self.nouns


@dataclass(frozen=True, slots=True)
class OrgLexicon:
    """A ``Lexicon`` for one speaker in one place. People met in chat are known by their ids, those of the
    organisation by their e-mail addresses too."""

    nouns: Mapping[Noun, Names]
    met: Callable[[str], PersonId | None]
    here: IncidentId | None
    now: datetime
    zone: tzinfo
    by_email: Mapping[str, str] = field(default_factory=dict)

    def service(self, name: str) -> ServiceId | None:
        found = self._find(Noun.SERVICE, name)
        return None if found is None else ServiceId(found)

    def person(self, name: str) -> PersonId | None:
        found = self._find(Noun.PERSON, name) or self.by_email.get(name.casefold())
        return PersonId(found) if found is not None else self.met(name.casefold())

    def team(self, name: str) -> TeamId | None:
        found = self._find(Noun.TEAM, name)
        return None if found is None else TeamId(found)

    def schedule(self, name: str) -> str | None:
        return self._find(Noun.SCHEDULE, name)

    def names(self, noun: Noun, prefix: str, limit: int) -> Sequence[Named]:
        return self.nouns[noun].starting(prefix, limit)

    def _find(self, noun: Noun, name: str) -> str | None:
        return self.nouns[noun].by_key.get(name.casefold())


def lexicon(uow: UnitOfWork, actor: Actor, here: IncidentId | None, words: Words) -> OrgLexicon:
    """What ``actor`` can name in the room of ``here``."""
    nouns = words.of(uow.org)
    zone = ZoneInfo(actor.timezone)
    return OrgLexicon(nouns, uow.people.met_as, here, uow.now, zone, words.by_email)
