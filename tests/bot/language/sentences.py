"""Reading sentences of the sample organisation, in a room and out of it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.core.chat.vocabulary import Group
from bot.core.incident import IncidentId
from bot.language.outcomes import Outcome
from bot.language.reading.grammar import parse
from bot.language.reading.lexicon import OrgLexicon, Words
from bot.language.table import all_commands
from bot.org import sample_org

NOW = datetime(2026, 3, 3, 14, 40, tzinfo=UTC)
ROOM = IncidentId(7)


NOUNS = Words().of(sample_org())


def lexicon(here: IncidentId | None) -> OrgLexicon:
    return OrgLexicon(NOUNS, lambda name: None, here, NOW, ZoneInfo("Europe/Berlin"))


def read(text: str, here: IncidentId | None = None, group: Group = Group.INCIDENT) -> Outcome:
    return parse(text, group, all_commands(), lexicon(here))
