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
from bot.org import parse_org
from storage.unit_of_work import House

# A signal may be lost with its connection; then the next look finds what was applied.
_NET = timedelta(minutes=1)

log = structlog.get_logger()


class Housed(Memory, Protocol):
    """Memory whose house is replaced as one value: a transaction sees the old one or the new one."""

    house: House


def adopter(memory: Housed) -> Callable[[Organisation], None]:
    def adopt(org: Organisation) -> None:
        memory.house = replace(memory.house, org=org)

    return adopt


async def keep(memory: Housed, path: str, shared: str) -> None:
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
        adopter(memory)(parse_org(newer, "the applied organisation"))


async def follow(memory: Housed, clock: Clock) -> None:
    """Adopt what any replica applies, until cancelled."""
    applied, last = asyncio.Event(), ""
    memory.listen(TOPIC, lambda _: applied.set())
    while True:
        await clock.wait(applied, clock.now() + _NET)
        applied.clear()
        try:
            known = await memory.read(lambda uow: uow.organisations.current())
            if known is not None and known.digest != last:
                adopter(memory)(parse_org(known.text, "the applied organisation"))
                last = known.digest
                log.info("organisation.adopted", digest=last[:12])
        except Fault as error:
            log.warning("organisation.not_adopted", error=str(error))
