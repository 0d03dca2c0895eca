"""On call at the command line: what a page would do, without waking anyone; how duty is shared out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.admin.desk import Answer, Args, Office, text
from bot.core.errors import Invalid
from bot.core.people import ServiceId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.severity import Severity
from bot.oncall import duties
from bot.oncall.engine.fairness import Load
from bot.paging.whatif import as_data, as_text, policy_of, whatif


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


async def shared_out(office: Office, args: Args) -> Answer:
    """Each person's hours on call by schedule, within [from, until): ISO 8601, 60 days from now when empty."""
    name = text(args, "schedule")

    def read(uow: UnitOfWork) -> Answer:
        start = _moment(text(args, "from")) or uow.now
        end = _moment(text(args, "until")) or start + duties.AHEAD
        if end <= start or end - start > _LONGEST:
            raise Invalid("The end is after the beginning, and not more than two years.")
        found = duties.shared(uow, name or None, start, end)
        return {
            "from": start.isoformat(),
            "until": end.isoformat(),
            "schedules": {
                each: [_load(uow, one) for one in loads] for each, loads in found.items()
            },
        }

    return await office.memory.read(read)


_LONGEST = timedelta(days=731)


def _load(uow: UnitOfWork, load: Load) -> Answer:
    spans = {"hours": load.whole, "nights": load.nights, "weekends": load.weekends}
    counted = {name: round(length / timedelta(hours=1), 2) for name, length in spans.items()}
    return {"person": load.person, "name": uow.people.name(load.person), **counted}


def _moment(words: str) -> datetime | None:
    if not words:
        return None
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise Invalid("Write the time as 2026-01-06T03:00+01:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
