"""People and pages, as memory offers them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.core.escalation import Notice, Page, PageId, Policy
from bot.core.incident import IncidentId
from bot.core.people import Person, PersonId


class People(Protocol):
    def get(self, person: PersonId) -> Person:
        """From the organisation, else met in chat, else a person with that id as name; with every
        platform that they are known on."""
        ...

    def name(self, person: PersonId) -> str:
        """What ``get`` says their name is, at less cost."""
        ...

    def known_as(self, person: PersonId, platform: str) -> str | None:
        """Their id on a platform, as ``get`` says it, at less cost."""
        ...

    def by_identity(self, platform: str, native: str) -> Person | None: ...

    def meet(self, person: Person) -> Person: ...

    def merge_people(self, one: PersonId, into: PersonId) -> None:
        """Make one person of two: what ``one`` is known by, is in, owns and follows becomes ``into``'s.
        What was recorded of them stays as it was recorded. Idempotent.
        """
        ...

    def met(self) -> list[Person]:
        """Those of chat who are not in the organisation file."""
        ...

    def met_as(self, person: str) -> PersonId | None:
        """The id of somebody met in chat, in lower case, if there is one."""
        ...

    def all(self) -> list[Person]: ...


class Pages(Protocol):
    def add(self, incident: IncidentId, policy: Policy, text: str, by: PersonId | None) -> Page: ...

    def get(self, page: PageId) -> Page: ...

    def lock(self, page: PageId) -> Page: ...

    def save(self, page: Page) -> None: ...

    def change_policy(self, page: PageId, policy: Policy) -> None:
        """Another snapshot: the page was handed to somebody else."""
        ...

    def of(self, incident: IncidentId) -> list[Page]: ...

    def open_for(self, person: PersonId) -> list[Page]:
        """Pages still triggered of which this person was told, newest first."""
        ...

    def since(self, moment: datetime) -> int:
        """How many pages were opened after a moment."""
        ...

    def asked_since(self, person: PersonId, since: datetime) -> int: ...

    def notice(self, notice: Notice) -> bool:
        """Insert or update; returns False when that person was already told on that level."""
        ...

    def notices(self, page: PageId) -> list[Notice]: ...
