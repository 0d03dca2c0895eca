"""Which organisation counts: the file's at start, what was applied since, and what another replica applies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot.admin.organisation import TOPIC, digest_of
from bot.core.errors import Fault
from bot.core.events.base import Word
from bot.core.events.people import OrganisationApplied
from bot.core.organisation import Organisation
from bot.core.people import BOT
from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from storage.unit_of_work import Installation

# A signal may be lost with its connection; then the next look finds what was applied.
_NET = timedelta(minutes=1)

log = structlog.get_logger()


# An organisation file's text and name to its value, by a caller who knows which platforms there are.
Parsing = Callable[[str, str], Organisation]


class HasInstallation(Memory, Protocol):
    """Memory whose installation is replaced as one value: a transaction sees the old one or the new one."""

    installation: Installation


def adopter(memory: HasInstallation) -> Callable[[Organisation], None]:
    def adopt(org: Organisation) -> None:
        memory.installation = replace(memory.installation, org=org)

    return adopt


async def keep(memory: HasInstallation, path: str, parsing: Parsing, *, shared: bool) -> None:
    """Remember the file of ``path``, read at start, as applied. Where replicas share a database
    (``shared``) a file that was superseded meanwhile does not come back by a restart."""
    if not path:
        return
    text = Path(path).read_text(encoding="utf-8-sig")  # noqa: ASYNC240 - once, at start

    def write(uow: UnitOfWork) -> str:
        known = uow.organisations.current()
        if known is not None and known.digest == digest_of(text):
            return ""
        if known is not None and shared and uow.organisations.superseded(digest_of(text)):
            return known.text
        uow.organisations.apply(text, digest_of(text), "start")
        uow.happened(OrganisationApplied(uow.now, BOT, Word(digest_of(text))))
        uow.signal(TOPIC)
        return ""

    newer = await memory.write(write)
    if newer:
        log.warning(
            "organisation.superseded", file=path, do="tocsin org diff, then tocsin org apply"
        )
        adopter(memory)(parsing(newer, "the applied organisation"))


async def follow(memory: HasInstallation, clock: Clock, parsing: Parsing) -> None:
    """Adopt what any replica applies, until cancelled."""
    applied, last = asyncio.Event(), ""
    memory.listen(TOPIC, lambda _: applied.set())
    while True:
        await clock.wait(applied, clock.now() + _NET)
        applied.clear()
        try:
            known = await memory.read(lambda uow: uow.organisations.current())
            if known is not None and known.digest != last:
                adopter(memory)(parsing(known.text, "the applied organisation"))
                last = known.digest
                log.info("organisation.adopted", digest=last[:12])
        except Fault as error:
            log.warning("organisation.not_adopted", error=str(error))
