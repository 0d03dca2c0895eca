"""On call at the command line: what a page would do, without waking anyone."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.errors import Invalid
from bot.domain.people import ServiceId
from bot.domain.priority import Severity
from bot.office.desk import Answer, Args, Office, text
from bot.ports import UnitOfWork
from bot.services.whatif import as_data, as_text, policy_of, whatif


async def would_page(office: Office, args: Args) -> Answer:
    """Whom paging ``service`` would wake, at ``at`` (ISO 8601; now when empty)."""
    service = text(args, "service")
    severity = text(args, "severity").removeprefix("sev")

    def read(uow: UnitOfWork) -> Answer:
        if service not in uow.org.services:
            raise Invalid(f"There is no service {service}: {', '.join(sorted(uow.org.services))}.")
        at = _moment(text(args, "at")) or uow.now
        bad = severity and severity not in {str(each.value) for each in Severity}
        if bad:
            raise Invalid("Severity is sev1 to sev5.")
        worst = Severity(int(severity)) if severity else None
        stages = whatif(uow, policy_of(uow, ServiceId(service)), worst, at)
        return {"at": at.isoformat(), "stages": as_data(stages), "text": as_text(stages, at)}

    return await office.memory.read(read)


def _moment(words: str) -> datetime | None:
    if not words:
        return None
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise Invalid("Write the time as 2026-01-06T03:00+01:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
