"""The packages in their order: what hears an event first stands first. One place to read, and to add to."""

from __future__ import annotations

from bot.bus import Bus, Package
from bot.services import closing
from bot.services.handlers import (
    following,
    maintenance,
    nudging,
    oncall,
    paging,
    platforms,
    reacting,
    statuspage,
    timeline,
    warrooms,
)

# As in the plan of the code: the timeline is the record and comes first, rooms before what they lead to, and what
# customers read after what the team does.
PACKAGES = (
    Package("timeline", timeline.HANDLERS),
    Package("jobs", reacting.HANDLERS),
    Package("nudges", nudging.HANDLERS),
    Package("following", following.HANDLERS),
    Package("warrooms", warrooms.HANDLERS),
    Package("oncall", oncall.HANDLERS),
    Package("paging", paging.HANDLERS),
    Package("statuspage", statuspage.HANDLERS),
    Package("maintenance", maintenance.HANDLERS),
    Package("postmortems", checks=(closing.unready,)),
    Package("platforms", platforms.HANDLERS),
)

BUS = Bus(PACKAGES)
