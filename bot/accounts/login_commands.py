"""Logging in to the console from another chat: a link for whoever asks, told to them alone."""

from __future__ import annotations

from bot.accounts.logins import make_link
from bot.core.chat.replies import done, login_link
from bot.core.chat.vocabulary import Reply
from bot.core.errors import NotAllowed
from bot.language.call import Call
from bot.language.spec import Access, Command, Place, Who

_CONSOLE = "console"


def _login(call: Call) -> Reply:
    if call.actor.platform == _CONSOLE:
        return Reply(done("You are already logged in. Your sessions: click your name."))
    if call.actor.id not in call.uow.org.people:
        raise NotAllowed(
            f"You are not in the organisation file. Ask an admin to add you, with the identity "
            f"{call.actor.platform}: {call.invocation.speaker.id}."
        )
    made = make_link(call.uow, call.actor.id)
    return Reply(login_link(made.url, made.ends_at), one_time=True)


COMMANDS = (
    Command(
        name="login",
        help="A link that logs you in to the console.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.WRITE,
        examples=("login",),
        run=_login,
    ),
)
