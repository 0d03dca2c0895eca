"""Which events may stand for a change in which table and column, and which tables tell no story of their own."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.events.base import kinds, name_of
from bot.paging import events as paging
from bot.wiring.packages import EVENTS

# Tables that tell no story of their own, each with the reason why a change in it has no event.
NO_STORY = {
    "jobs": "what follows from events, as rows",
    "events": "the events themselves",
    "deliveries": "that a command was answered, and how",
    "kept": "what a platform remembers for itself",
    "remembered": "where our messages are; that one is out for the first time is an event",
    "parked": "a platform asked to be left alone for a moment",
    "nudges": "how often was asked; when somebody snoozes one, that is an event",
    "turns": "whose turn it is in a round robin",
    "statuspage_files": "made from what has events",
    "meta": "the installation's own",
    "incident_services": "an index of what the incident's row says",
    "login_links": "until the record of who came in has its own",
    "sessions": "as login_links",
    "console_rooms": "the console is a chat platform: its messages are its own",
    "console_members": "as console_rooms",
    "console_messages": "as console_rooms",
    "console_mentions": "as console_rooms",
    "console_files": "as console_rooms",
    "plan": "a step done as planned is told by what it made; see PLAN for one in trouble",
}

PAGE = frozenset(
    name_of(kind) for kind in kinds(paging) if not kind.__name__.startswith(("Notice", "Person"))
)
# For every other table: which events may stand for a change in it.
TOLD_BY: Mapping[str, frozenset[str]] = {
    "organisations": frozenset({"organisation_applied"}),
    "members": frozenset({"declared", "people_added", "person_left", "people_linked"}),
    "timeline": frozenset(name_of(kind) for kind in EVENTS),
    "tasks": frozenset({"task_added", "task_finished", "task_reopened", "task_removed"}),
    "subscribers": frozenset({"subscription_changed", "people_linked"}),
    "rooms": frozenset({"room_opened", "room_lost", "room_renamed", "room_filed"}),
    "pages": PAGE,
    "notices": frozenset({"person_paged", "notice_sent", "notice_failed", "page_moved"}),
    "publications": frozenset({"incident_published"}),
    "publication_updates": frozenset({"incident_published"}),
    "maintenances": frozenset({"maintenance_changed"}),
    "people": frozenset({"person_met", "people_linked"}),
    "identities": frozenset({"person_met", "people_linked"}),
    "oncall_overrides": frozenset({"override_made", "override_undone"}),
    "oncall_swaps": frozenset({"cover_asked", "cover_taken", "cover_withdrawn"}),
    "oncall_roster": frozenset({"roster_changed"}),
    "trials": frozenset({"trial_started", "trial_settled"}),
    "feeds": frozenset({"feed_changed"}),
}
# Retention takes the words of every row of an incident.
FORGOTTEN = frozenset({"words_forgotten"})
# An incident's row, column by column: each fact has its own event.
COLUMNS: Mapping[str, frozenset[str]] = {
    "status": frozenset({"status_changed"}),
    "severity": frozenset({"severity_changed"}),
    "major": frozenset({"major_changed"}),
    "title": frozenset({"description_changed", "entry_redacted"}),
    "summary": frozenset({"description_changed", "entry_redacted"}),
    "impact": frozenset({"description_changed", "entry_redacted"}),
    "services": frozenset({"services_changed"}),
    "visibility": frozenset({"visibility_changed"}),
    "roles": frozenset({"role_given", "people_linked"}),
    "times": frozenset({"status_changed", "time_corrected"}),
    "next_update_at": frozenset({"promise_changed"}),
    "paused_at": frozenset({"paused", "resumed", "status_changed"}),
    "pause_reason": frozenset({"paused", "resumed", "status_changed", "entry_redacted"}),
    "merged_into": frozenset({"merged_into", "status_changed"}),
    "reporter": frozenset({"people_linked"}),
}
