"""What concerns the speaker: their incidents, tasks and turns on call."""

from __future__ import annotations

from bot.chat import Reply
from bot.commands.call import Call
from bot.commands.spec import Access, Command, Place, Who
from bot.services.reads import concerning
from bot.slots import HOME
from bot.views.home import home_card


def _home(call: Call) -> Reply:
    mine = concerning(call.uow, call.actor)
    more = call.uow.fill(HOME, call.actor)
    return Reply(home_card(mine.incidents, mine.tasks, mine.on_call, more))


COMMANDS = (
    Command(
        name="home",
        help="Your incidents, your tasks, and whether you are on call.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.READ,
        examples=("home",),
        run=_home,
    ),
)
