"""What people write, as the values of requests: for transports on which they write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.core.errors import Invalid
from bot.core.incident import IncidentId
from bot.core.severity import Severity

_SEVERITY = re.compile(r"(?:sev-?|p)?([1-5])")


def incident_id(words: str) -> IncidentId:
    """``INC-42``, ``inc-42`` or ``42``. Raises ``Invalid``."""
    found = words.casefold().removeprefix("inc-").lstrip("#")
    if not (found.isdigit() and found.isascii() and len(found) < 19):
        raise Invalid(f"{words!r} is no incident; write INC-42 or 42.")
    return IncidentId(int(found))


def severity(words: str) -> Severity | None:
    """``sev1``, ``SEV1``, ``p1`` or ``1``; None when empty. Raises ``Invalid``."""
    if not words:
        return None
    found = _SEVERITY.fullmatch(words.casefold())
    if found is None:
        raise Invalid(f"“{words}” is not a severity: sev1 to sev5.")
    return Severity(int(found[1]))


def moment(words: str) -> datetime | None:
    """ISO 8601, in UTC where it has no offset; None when empty. Raises ``Invalid``."""
    if not words:
        return None
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise Invalid("Write the time as 2026-01-06T03:00+01:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
