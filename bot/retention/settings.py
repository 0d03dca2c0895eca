"""How long things are kept."""

from __future__ import annotations

from datetime import timedelta

from bot.core.declared.settings import Setting, days

KEEP_DONE: Setting[timedelta] = Setting(
    "TOCSIN_KEEP_DONE_DAYS",
    timedelta(days=14),
    "Done jobs and the ids of deliveries are forgotten after so many days.",
    days,
)
KEEP_EVENTS: Setting[timedelta] = Setting(
    "TOCSIN_KEEP_EVENTS_DAYS",
    timedelta(days=90),
    "What was stored of acts for plug-ins and others who hear of them afterwards is forgotten after so many days. Where "
    "nobody listens nothing is stored.",
    days,
)
KEEP_CONSOLE: Setting[timedelta | None] = Setting(
    "TOCSIN_KEEP_CONSOLE_DAYS",
    None,
    "The console's messages outside of open incidents are forgotten after so many days. Unset: never.",
    days,
)
KEEP_INCIDENTS: Setting[timedelta | None] = Setting(
    "TOCSIN_KEEP_INCIDENTS_DAYS",
    None,
    "The words of an incident are forgotten so many days after it was over; numbers, times and severities stay. Unset: "
    "never.",
    days,
)
SETTINGS = (KEEP_DONE, KEEP_EVENTS, KEEP_CONSOLE, KEEP_INCIDENTS)
