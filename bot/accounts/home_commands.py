"""What concerns the speaker: their incidents, tasks and turns on call."""

from __future__ import annotations

from bot.accounts.concerns import concerning
from bot.accounts.home_cards import home_card
from bot.core.chat.vocabulary import Reply
from bot.core.slots import HOME
from bot.language.call import Call
from bot.language.spec import Access, Command, Place, Who


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
