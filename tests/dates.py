"""``make dates``: the tests at eight moments, under Debian's ``faketime``. None may depend on today's date.

    .venv/bin/python -m tests.dates [MOMENT ...]

Left out are browser, process and gate tests: they start programs that the faked clock does not suit, or measure.
``tests/faults`` runs at two of the moments.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.wiring.clock import SystemClock

_MARKS = "not soak and not gate and not process and not browser"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a run begins, and in which zone the machine believes to be. ``faults``: tests/faults, too."""

    name: str
    at: datetime
    zone: str = "UTC"
    faults: bool = False


MOMENTS = (
    # Two minutes before the sample organisation's hand-off, in Berlin's winter.
    Moment("monday", datetime(2026, 12, 7, 7, 58, tzinfo=UTC), faults=True),
    Moment("wednesday", datetime(2027, 6, 16, 12, 0, tzinfo=UTC)),
    Moment("saturday", datetime(2027, 1, 16, 22, 30, tzinfo=UTC)),
    # Ten minutes before Europe's clocks change.
    Moment("spring", datetime(2027, 3, 28, 0, 50, tzinfo=UTC)),
    Moment("autumn", datetime(2027, 10, 31, 0, 50, tzinfo=UTC), "Europe/Berlin"),
    Moment("new-year", datetime(2027, 12, 31, 23, 50, tzinfo=UTC), faults=True),
    Moment("leap-day", datetime(2028, 2, 29, 12, 0, tzinfo=UTC)),
    Moment("later", datetime(2029, 8, 14, 9, 0, tzinfo=UTC), "Pacific/Auckland"),
)


def command(moment: Moment, ahead: float) -> list[str]:
    """The run of one moment that is ``ahead`` seconds of now."""
    left_out = [] if moment.faults else ["--ignore", "tests/faults"]
    return [
        "faketime", "-f", f"{ahead:+.0f}", sys.executable, "-m", "pytest", "-p", "tests.faketime",
        "-n", "auto", "--dist", "worksteal", "-q", "-m", _MARKS, *left_out,
    ]  # fmt: skip


def environment(moment: Moment) -> dict[str, str]:
    """Monotonic time stays true: timeouts are not what is tried here. The second setting keeps
    ``pthread_cond_timedwait`` true as well; without it Python's threads wake one another all the time, and a
    run takes one and a half times as long, three times on a busy machine."""
    faked = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"}
    return {**os.environ, **faked, "TZ": moment.zone}


def run(moment: Moment) -> bool:
    """Whether the tests pass at that moment; what pytest says goes to the terminal."""
    ahead = (moment.at - SystemClock().now()).total_seconds()
    print(f"--- {moment.name}: {moment.at:%A, %d %B %Y, %H:%M} UTC, TZ={moment.zone}", flush=True)
    return subprocess.run(command(moment, ahead), env=environment(moment), check=False).returncode == 0  # fmt: skip


def main(words: Sequence[str]) -> int:
    """The exit code: 0 when all passed, or when there is no ``faketime`` and nothing was tried."""
    if shutil.which("faketime") is None:
        print("dates: skipped, faketime is not installed (apt install faketime)")
        return 0
    known = {moment.name: moment for moment in MOMENTS}
    unknown = [word for word in words if word not in known]
    if unknown:
        print(f"dates: no moment {unknown[0]!r}; there are: {', '.join(known)}")
        return 2
    outcomes = {name: run(known[name]) for name in words or known}
    for name, passed in outcomes.items():
        print(f"{name}: {'passed' if passed else 'FAILED'}")
    return 0 if all(outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
