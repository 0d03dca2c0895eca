"""A schedule of the organisation file, or of the API, to a ``Schedule`` and back. Who is on call is not decided here."""

from bot.organisation.schedules.cells import ScheduleError
from bot.organisation.schedules.parser import parse_schedule
from bot.organisation.schedules.printer import print_schedule

__all__ = ["ScheduleError", "parse_schedule", "print_schedule"]
