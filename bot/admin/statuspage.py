"""The status page as files, for a web server that does not need the bot."""

from __future__ import annotations

from dataclasses import dataclass

from bot.admin.context import AdminContext
from bot.admin.request import Answer, Request
from bot.statuspage.pages import rendered
from bot.statuspage.service import current


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile(Answer):
    """``name`` is a path from the folder that a web server serves."""

    name: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFiles(Answer):
    files: tuple[PageFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportStatusPage(Request[PageFiles]):
    """Every file of the public page, by its path. Idempotent; refused by nothing."""


async def files(context: AdminContext, request: ExportStatusPage) -> PageFiles:
    """What is served as a page lies in a folder as ``index.html``."""
    made = await context.memory.read(lambda uow: rendered(current(uow), context.about.public))
    return PageFiles(
        files=tuple(
            PageFile(name=_path(name, kind), body=body)
            for name, (kind, body) in sorted(made.items())
        )
    )


def _path(name: str, kind: str) -> str:
    if kind != "text/html":
        return name
    return f"{name}/index.html".lstrip("/")
