"""The packages in their order: what hears an event first stands first. One place to read, and to add to."""

from __future__ import annotations

from bot.bus import Bus, Package
from bot.commands.beside import Listeners
from bot.services import captures, closing, debriefs, drills, news, nudges, outgoing
from bot.services.handlers import (
    following,
    maintenance,
    nudging,
    oncall,
    paging,
    platforms,
    postmortems,
    reacting,
    statuspage,
    timeline,
    warrooms,
)
from bot.services.handlers.timeline import Lines
from bot.services.reactions import REACTIONS, SHOWN
from bot.slots import ROOM_WORDS, Filler

# Each event of an incident: its line, or why it has none.
LINES: Lines = {
    **timeline.INCIDENT_LINES,
    **timeline.UPDATE_LINES,
    **timeline.TASK_LINES,
    **timeline.ROOM_LINES,
    **timeline.PAGE_LINES,
    **timeline.PUBLIC_LINES,
    **timeline.REVIEW_LINES,
    **timeline.DRILL_LINES,
}

# As in the plan of the code: the timeline is the record and comes first, rooms before what they lead to, and what
# customers read after what the team does.
PACKAGES = (
    Package("timeline", timeline.written_by(LINES)),
    Package("jobs", reacting.reacting_to(REACTIONS, SHOWN)),
    Package("nudges", nudging.HANDLERS),
    Package("following", following.HANDLERS),
    Package("warrooms", warrooms.HANDLERS, fillers=(Filler(ROOM_WORDS, outgoing.late_words),)),
    Package("oncall", oncall.HANDLERS),
    Package("paging", paging.HANDLERS, fillers=(Filler(ROOM_WORDS, outgoing.page_words),)),
    Package("statuspage", statuspage.HANDLERS),
    Package("maintenance", maintenance.HANDLERS),
    Package(
        "postmortems",
        postmortems.HANDLERS,
        checks=(closing.unready,),
        fillers=(Filler(ROOM_WORDS, debriefs.debrief_words),),
    ),
    Package("drills", fillers=(Filler(ROOM_WORDS, drills.drill_words),)),
    Package("platforms", platforms.HANDLERS),
)

BUS = Bus(PACKAGES)

# What comes beside commands.
LISTENERS = Listeners(nudges.heard, captures.followed, news.heard)
