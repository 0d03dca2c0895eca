"""Severity and its ITIL priority, from the impact × urgency matrix."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum


class Severity(IntEnum):
    """SEV1 (worst) to SEV5; maps one to one to ITIL priority P1 to P5."""

    SEV1 = 1
    SEV2 = 2
    SEV3 = 3
    SEV4 = 4
    SEV5 = 5

    @property
    def label(self) -> str:
        return f"SEV{int(self)}"


class Level(IntEnum):
    """One answer of the two priority questions: 1 is high, 3 is low."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3


# Sum of the two levels -> priority; the matrix of ITIL 4 service desk practice is symmetric.
_BY_SUM = {2: Severity.SEV1, 3: Severity.SEV2, 4: Severity.SEV3, 5: Severity.SEV4, 6: Severity.SEV5}

IMPACT_QUESTION = "Who is affected?"
IMPACT_ANSWERS = {
    Level.HIGH: "Everyone, or many customers",
    Level.MEDIUM: "Some customers, or a whole team",
    Level.LOW: "A few people",
}
URGENCY_QUESTION = "How fast does it get worse?"
URGENCY_ANSWERS = {
    Level.HIGH: "By the minute",
    Level.MEDIUM: "Over hours",
    Level.LOW: "It is stable",
}


def priority(impact: Level, urgency: Level) -> Severity:
    """1·1 is P1; 1·2 and 2·1 P2; 1·3, 2·2 and 3·1 P3; 2·3 and 3·2 P4; 3·3 P5."""
    return _BY_SUM[impact + urgency]


def cadence(severity: Severity | None, age: timedelta) -> timedelta | None:
    """How often an update is promised: SEV1 20 min (30 after 2 h), SEV2 60 min, SEV3 daily, lower never."""
    match severity:
        case Severity.SEV1:
            return timedelta(minutes=30 if age >= timedelta(hours=2) else 20)
        case Severity.SEV2:
            return timedelta(minutes=60)
        case Severity.SEV3:
            return timedelta(days=1)
        case _:
            return None
