"""Calendar feeds out: one's own shifts, or a schedule's, as iCalendar (RFC 5545) behind a secret address."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from bot.core.ports.unit_of_work import Memory
from bot.oncall.feeds import Calendar, calendar

# How often calendars should look again.
_EVERY = "PT1H"


@dataclass(frozen=True, slots=True)
class Feeds:
    memory: Memory
    organisation: str

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.get(r"/feeds/{secret:[A-Za-z0-9_-]{20,64}}.ics", self.feed)]

    async def feed(self, request: web.Request) -> web.Response:
        secret = request.match_info["secret"]
        found = await self.memory.read(lambda uow: calendar(uow, secret))
        if found is None:
            raise web.HTTPNotFound(text="There is no such calendar.")
        headers = {"Cache-Control": "private, max-age=300"}
        return web.Response(
            body=written(found, self.organisation), content_type="text/calendar", headers=headers
        )


def written(found: Calendar, organisation: str) -> bytes:
    """As iCalendar. Transparent: being on call is not being busy."""
    import icalendar  # noqa: PLC0415 - only who reads feeds pays for it

    whole = icalendar.Calendar()
    whole.add("prodid", "-//Tocsin//On call//EN")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", f"{organisation}: {found.name}")
    whole.add("refresh-interval", _EVERY, parameters={"VALUE": "DURATION"}, encode=False)
    for duty in found.duties:
        event = icalendar.Event()
        event.add("uid", duty.uid)
        event.add("dtstamp", duty.start)
        event.add("dtstart", duty.start)
        event.add("dtend", duty.end)
        event.add("summary", f"{duty.person} on call: {duty.schedule}")
        event.add("transp", "TRANSPARENT")
        whole.add_component(event)
    return bytes(whole.to_ical())
