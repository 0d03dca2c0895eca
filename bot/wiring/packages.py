"""What the bus is made of: the timeline first, then what follows as jobs, then every feature in its order."""

from __future__ import annotations

from bot.core.bus import Bus, Package
from bot.core.events import people
from bot.core.events.base import Event, kinds
from bot.core.timeline import Lines
from bot.incidents.notes import captures
from bot.incidents.nudges import service as nudges
from bot.incidents.roles.service import join
from bot.language.beside import Listeners
from bot.timeline.handlers import written_by
from bot.warrooms import platforms
from bot.warrooms.reacting import reacting_to
from bot.wiring.features import FEATURES
from bot.wiring.reactions import REACTIONS, SHOWN

# Each event of an incident: its line, or why it has none.
LINES: Lines = {kind: line for feature in FEATURES for kind, line in feature.lines.items()}

# The modules that declare events, in the order of docs/events.md.
EVENT_MODULES = (*(module for feature in FEATURES for module in feature.events), people)
EVENTS: tuple[type[Event], ...] = tuple(kinds(*EVENT_MODULES))

# The timeline is the record and comes first.
PACKAGES = (
    Package("timeline", written_by(LINES)),
    Package("jobs", reacting_to(REACTIONS, SHOWN)),
    *(feature.package for feature in FEATURES),
)

BUS = Bus(PACKAGES)

# Functions that the dispatcher calls for what is no command.
LISTENERS = Listeners(nudges.heard, captures.followed, platforms.heard, join)
