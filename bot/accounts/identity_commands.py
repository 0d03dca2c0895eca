"""Being one person on several platforms."""

from __future__ import annotations

from bot.accounts.linking import link, new_code, offered_link
from bot.core.chat.card import Button, Buttons, Card, Code, Style, Tone, text
from bot.core.chat.replies import done
from bot.core.chat.vocabulary import Reply
from bot.language.call import CONFIRMED, Call
from bot.language.spec import Access, Arg, ArgKind, Command, Place, Who


def _identity(call: Call) -> Reply:
    code = call.given("code", str)
    if code is None:
        made = new_code(call.uow, call.actor)
        words = text(
            "On your other platform, within ten minutes, type ",
            Code(f"/incident identity {made}"),
            ".",
        )
        return Reply(Card("One person on both platforms", (words,)))
    if not call.sure:
        found = offered_link(call.uow, call.actor, code)
        where = f"{found.asked.name} on {found.platform.capitalize()} and {found.here.name} here become one."
        yes = Button("Both are me", f"{CONFIRMED}identity {code}", Style.PRIMARY)
        return Reply(Card("Are both of them you?", (text(where), Buttons((yes,))), Tone.WARNING))
    person = link(call.uow, call.actor, code)
    places = ", ".join(sorted(name.capitalize() for name in person.identities))
    return Reply(done(f"You are {person.name} here too ({places})."))


COMMANDS = (
    Command(
        name="identity",
        help="Be one person on several platforms: get a code, type it on the other.",
        who=Who.ANYONE,
        place=Place.ANYWHERE,
        access=Access.WRITE,
        examples=("identity", "identity ABCD-2345"),
        args=(Arg("code", ArgKind.CODE, help="The code from the other platform"),),
        run=_identity,
    ),
)
