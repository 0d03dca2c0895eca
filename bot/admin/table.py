"""The table of the office's verbs, and the one way in."""

from __future__ import annotations

from collections.abc import Mapping

from bot.admin import drills, incidents, jobs, logins, oncall, organisation, plugins, statuspage
from bot.admin.desk import Answer, Args, Office, Verb
from bot.core.errors import Invalid

VERBS: Mapping[str, Verb] = {
    "about": incidents.about,
    "say": incidents.say,
    "declare": incidents.declare,
    "incidents": incidents.listed,
    "show": incidents.show,
    "record": incidents.record,
    "references": incidents.references,
    "progress": incidents.progress,
    "drill": drills.drill,
    "jobs": jobs.state,
    "replay": jobs.replay,
    "login_link": logins.link,
    "plugins": plugins.plugins,
    "org_diff": organisation.diff,
    "org_apply": organisation.apply,
    "statuspage": statuspage.files,
    "would_page": oncall.would_page,
    "shared_out": oncall.shared_out,
}


async def ask(office: Office, verb: str, args: Args) -> Answer:
    """Raises ``UserError`` with what to do next, or what memory raises."""
    found = VERBS.get(verb)
    if found is None:
        raise Invalid(
            f"This Tocsin does not know {verb!r}; the bot and the command differ in version."
        )
    return await found(office, args)
