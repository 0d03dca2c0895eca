"""The status page as files, for a web server that does not need the bot."""

from __future__ import annotations

from bot.admin.desk import Answer, Args, Office
from bot.statuspage.pages import rendered
from bot.statuspage.service import current


async def files(office: Office, args: Args) -> Answer:
    """Every file by its path: what is served as a page lies in a folder as ``index.html``."""
    made = await office.memory.read(lambda uow: rendered(current(uow), office.about["public"]))
    return {
        "files": [
            {"name": _path(name, kind), "body": body} for name, (kind, body) in sorted(made.items())
        ]
    }


def _path(name: str, kind: str) -> str:
    if kind != "text/html":
        return name
    return f"{name}/index.html".lstrip("/")
