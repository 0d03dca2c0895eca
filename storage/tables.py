"""Every table, in SQLAlchemy Core. Conditions of partial indexes are literals: SQLite ignores such an
index when the condition is a bound parameter."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

from storage.sql.types import Instant, Json, YesOrNothing

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _flag(name: str) -> tuple[Column[bool], Column[bool]]:
    """A flag, and beside it the column of before v0009, which is written and not read."""
    new = Column(f"is_{name}", Boolean, nullable=False, server_default=false())
    return new, Column(name, YesOrNothing, nullable=False)


# SQLite numbers rows only by INTEGER PRIMARY KEY; PostgreSQL gets 64 bits.
_BIG = BigInteger().with_variant(Integer(), "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("applied_by", String(80), nullable=False),
)

# --- incidents -----------------------------------------------------------------------------------

incidents = Table(
    "incidents",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("title", Text, nullable=False),
    Column("reporter", String(80), nullable=False),
    Column("declared_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("severity", Integer),
    Column("major", String(3), nullable=False),
    Column("summary", Text, nullable=False),
    Column("impact", Text, nullable=False),
    Column("services", Json, nullable=False),
    Column("mode", String(20), nullable=False),
    Column("visibility", String(10), nullable=False),
    Column("roles", Json, nullable=False),
    Column("times", Json, nullable=False),
    Column("next_update_at", Instant),
    Column("paused_at", Instant),
    Column("pause_reason", Text, nullable=False),
    Column("merged_into", _BIG),
    Column("call_url", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Index(
        "ix_incidents_open",
        "id",
        sqlite_where=text("status IN ('triage','investigating','identified','monitoring')"),
        postgresql_where=text("status IN ('triage','investigating','identified','monitoring')"),
    ),
    sqlite_autoincrement=True,
)

incident_services = Table(
    "incident_services",
    metadata,
    Column("service", String(80), primary_key=True),
    Column("incident", ForeignKey("incidents.id"), primary_key=True),
)

members = Table(
    "members",
    metadata,
    Column("incident", ForeignKey("incidents.id"), primary_key=True),
    Column("person", String(80), primary_key=True),
    Column("membership", String(10), nullable=False),
    Index("ix_members_person", "person", "incident"),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("incident", ForeignKey("incidents.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("author", String(80)),
    Column("platform", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("source", String(255), nullable=False),
    Column("url", Text, nullable=False),
    Column("supersedes", _BIG),
    Column("act", String(16), nullable=False, server_default=text("''")),
    Index("ix_timeline_incident", "incident", "id"),
    Index(
        "ix_timeline_source",
        "source",
        sqlite_where=text("source <> ''"),
        postgresql_where=text("source <> ''"),
    ),
)

events = Table(
    "events",
    metadata,
    Column("act", String(16), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("name", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("incident", _BIG),
    Column("cause", String(16), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("data", Json, nullable=False),
    Index("ix_events_at", "at"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("incident", ForeignKey("incidents.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("horizon", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("owner", String(80)),
    Column("due_at", Instant),
    Column("priority", Integer),
    Column("done_at", Instant),
    Column("done_by", String(80)),
    Index("ix_tasks_incident_number", "incident", "number", unique=True),
    Index("ix_tasks_owner", "owner"),
)

# --- jobs and what they remember -------------------------------------------------------------------

READY = text("state = 'ready'")
LEASED = text("state = 'leased'")
LIVE = text("state IN ('ready','leased')")

jobs = Table(
    "jobs",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("task", String(40), nullable=False),
    Column("queue", String(10), nullable=False),
    Column("lane", String(120)),
    Column("args", Json, nullable=False),
    Column("incident", _BIG),
    Column("run_at", Instant, nullable=False),
    Column("dedupe", String(120)),
    Column("destination", String(80)),
    Column("attempts", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner", String(40)),
    Column("lease_until", Instant),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Index("ix_jobs_ready", "queue", "run_at", "id", sqlite_where=READY, postgresql_where=READY),
    Index("ix_jobs_due", "run_at", sqlite_where=READY, postgresql_where=READY),
    Index("ix_jobs_lane_live", "lane", "id", sqlite_where=LIVE, postgresql_where=LIVE),
    Index("ux_jobs_lane_leased", "lane", unique=True, sqlite_where=LEASED, postgresql_where=LEASED),
    Index("ux_jobs_dedupe", "dedupe", unique=True, sqlite_where=READY, postgresql_where=READY),
    Index("ix_jobs_leased", "owner", sqlite_where=LEASED, postgresql_where=LEASED),
    Index("ix_jobs_finished", "state", "finished_at"),
    Index("ix_jobs_incident", "incident"),
    sqlite_autoincrement=True,
)

parked = Table(
    "parked",
    metadata,
    Column("destination", String(80), primary_key=True),
    Column("until", Instant, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    Column("incident", ForeignKey("incidents.id"), primary_key=True),
    Column("platform", String(40), primary_key=True),
    Column("step", String(20), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("error", Text, nullable=False),
)

nudges = Table(
    "nudges",
    metadata,
    Column("incident", ForeignKey("incidents.id"), primary_key=True),
    Column("cause", String(20), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("not_before", Instant),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("incident", ForeignKey("incidents.id"), primary_key=True),
    Column("person", String(80), primary_key=True),
)

rooms = Table(
    "rooms",
    metadata,
    Column("platform", String(40), primary_key=True),
    Column("room", String(80), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("url", Text, nullable=False),
    Column("incident", ForeignKey("incidents.id"), nullable=False),
    Index("ix_rooms_incident", "incident"),
)

remembered = Table(
    "remembered",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("platform", String(40), nullable=False),
    Column("room", String(80), nullable=False),
    Column("message", String(80), nullable=False),
    Column("url", Text, nullable=False),
    Column("incident", _BIG),
    Column("sent_at", Instant),
    Column("digest", String(64), nullable=False),
    Column("mark", String(20), nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("reply", Text, nullable=False),
    Column("incident", _BIG),
    Index("ix_deliveries_at", "at"),
)

kept = Table(
    "kept",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("text", Text, nullable=False),
    Column("until", Instant),
    Index("ix_kept_until", "until"),
)

# --- people and pages --------------------------------------------------------------------------------

people = Table(
    "people",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("timezone", String(60), nullable=False),
    Column("email", String(254)),
)

identities = Table(
    "identities",
    metadata,
    Column("platform", String(40), primary_key=True),
    Column("native", String(80), primary_key=True),
    Column("person", ForeignKey("people.id"), nullable=False),
)

# --- logging in -----------------------------------------------------------------------------------

login_links = Table(
    "login_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person", String(80), nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("spent_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("person", String(80), nullable=False),
    Column("via", String(10), nullable=False),
    Column("device", String(80), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Index("ix_sessions_person", "person"),
)

pages = Table(
    "pages",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("incident", ForeignKey("incidents.id"), nullable=False),
    Column("policy", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Column("level", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_by", String(80)),
    Column("acknowledged_by", String(80)),
    Column("acknowledged_at", Instant),
    Column("origin", Integer, nullable=False, server_default=text("0")),
    Column("snoozed_until", Instant),
    Index("ix_pages_incident", "incident"),
    Index("ix_pages_asked_by", "asked_by", "created_at"),
)

notices = Table(
    "notices",
    metadata,
    Column("page", ForeignKey("pages.id"), primary_key=True),
    Column("person", String(80), primary_key=True),
    Column("platform", String(40), primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("remark", Text, nullable=False),
    Index("ix_notices_person", "person", "page"),
)

turns = Table(
    "turns",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("position", Integer, nullable=False),
)

trials = Table(
    "trials",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("person", String(80), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("batch", String(12), nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("remark", Text, nullable=False),
    Column("seen_at", Instant),
    Index("ix_trials_batch", "batch"),
)

# --- on call: what is changed in chat --------------------------------------------------------------

oncall_overrides = Table(
    "oncall_overrides",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("schedule", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("person", String(80)),
    Column("replaces", String(80)),
    Column("begins", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index("ix_oncall_overrides_schedule", "schedule", "ends"),
)

oncall_swaps = Table(
    "oncall_swaps",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("schedule", String(64), nullable=False),
    Column("requester", String(80), nullable=False),
    Column("taker", String(80)),
    Column("begins", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("taken_at", Instant),
    Column("removed_at", Instant),
    Index("ix_oncall_swaps_schedule", "schedule", "ends"),
)

oncall_roster = Table(
    "oncall_roster",
    metadata,
    Column("id", _BIG, primary_key=True, autoincrement=True),
    Column("schedule", String(64), nullable=False),
    Column("layer", Integer, nullable=False),
    Column("change", String(10), nullable=False),
    Column("person", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Index("ix_oncall_roster_schedule", "schedule"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("schedule", String(64)),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("ix_feeds_owner", "owner"),
)

# --- the status page ------------------------------------------------------------------------------

publications = Table(
    "publications",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("incident", ForeignKey("incidents.id"), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("components", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Index("ix_publications_resolved_at", "resolved_at"),
)

publication_updates = Table(
    "publication_updates",
    metadata,
    Column("id", String(12), primary_key=True),
    Column("publication", ForeignKey("publications.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ux_publication_updates_number", "publication", "number", unique=True),
)

maintenances = Table(
    "maintenances",
    metadata,
    Column("number", _BIG, primary_key=True, autoincrement=True),
    Column("id", String(12), nullable=False),
    Column("title", Text, nullable=False),
    Column("components", Json, nullable=False),
    Column("begins", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("phase", String(20), nullable=False),
    Column("over_at", Instant),
    Column("changed_by", String(80)),
    Column("updates", Json, nullable=False),
    Index("ix_maintenances_over_at", "over_at"),
)

statuspage_files = Table(
    "statuspage_files",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("content_type", String(60), nullable=False),
    Column("body", Text, nullable=False),
)

# --- the console ---------------------------------------------------------------------------------

console_rooms = Table(
    "console_rooms",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(120), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),
    Column("topic", Text, nullable=False),
    *_flag("private"),
    *_flag("archived"),
    Column("seq", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("marker", String(120)),
    Column("bookmarks", Json, nullable=False),
    Index("ux_console_rooms_marker", "marker", unique=True),
)

console_members = Table(
    "console_members",
    metadata,
    Column("room", ForeignKey("console_rooms.id"), primary_key=True),
    Column("person", String(80), primary_key=True),
    *_flag("invited"),
    Column("read", Integer, nullable=False),
    Index("ix_console_members_person", "person"),
)

console_messages = Table(
    "console_messages",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("room", ForeignKey("console_rooms.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("author", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("card", Text),
    Column("thread", String(40), nullable=False),
    Column("replies", Integer, nullable=False),
    Column("reactions", Json, nullable=False),
    *_flag("pinned"),
    *_flag("edited"),
    *_flag("deleted"),
    Column("marker", String(120)),
    Column("files", Json, nullable=False, server_default="[]"),
    Index(
        "ix_console_messages_thread",
        "thread",
        "seq",
        sqlite_where=text("thread <> ''"),
        postgresql_where=text("thread <> ''"),
    ),
    Index("ux_console_messages_seq", "room", "seq", unique=True),
    Index("ux_console_messages_changed", "room", "changed", unique=True),
    Index("ux_console_messages_marker", "room", "marker", unique=True),
)

console_mentions = Table(
    "console_mentions",
    metadata,
    Column("person", String(80), primary_key=True),
    Column("room", ForeignKey("console_rooms.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
)

console_files = Table(
    "console_files",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("room", ForeignKey("console_rooms.id"), nullable=False),
    Column("person", String(80), nullable=False),
    Column("name", String(120), nullable=False),
    Column("type", String(40), nullable=False),
    Column("size", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("brought_at", Instant, nullable=False),
    *_flag("said"),
)
