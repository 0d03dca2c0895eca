"""Flags of the console as booleans, beside the columns that say "yes" or nothing (expand).

Whoever writes, writes both in one statement; this release reads the new one. A later release no longer writes
the old columns, and one after it drops them (contract).

A replica of the release before, which may still run during an upgrade, knows the old columns only. So PostgreSQL
sets the new ones from them whenever a row is inserted or updated: what an old replica writes is read right at once,
and so is a row of ours that it changes. A nullable column that is read where it is set would miss the second.
SQLite needs no such trigger: one process at a time holds the file, and one that is older than the schema refuses
to start.

``incidents.major`` stays: it has three states, the values of an enum.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_FLAGS = {
    "console_rooms": ("private", "archived"),
    "console_members": ("invited",),
    "console_messages": ("pinned", "edited", "deleted"),
    "console_files": ("said",),
}


def upgrade() -> None:
    following = op.get_bind().dialect.name == "postgresql"
    for table, flags in _FLAGS.items():
        for flag in flags:
            _add(table, flag)
        if following:
            _follow(table, flags)
        _fill(table, flags)


def _add(table: str, flag: str) -> None:
    kind, off = sa.Boolean(), sa.false()
    op.add_column(table, sa.Column(f"is_{flag}", kind, nullable=False, server_default=off))


def _follow(table: str, flags: tuple[str, ...]) -> None:
    """From now on a row's new columns follow its old ones, whoever writes it."""
    set_all = " ".join(f"NEW.is_{flag} := NEW.{flag} = 'yes';" for flag in flags)
    op.execute(
        f"CREATE FUNCTION {table}_flags() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {set_all} RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_flags BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_flags()"
    )


def _fill(table: str, flags: tuple[str, ...]) -> None:
    set_all = ", ".join(f"is_{flag} = ({flag} = 'yes')" for flag in flags)
    some = " OR ".join(f"{flag} = 'yes'" for flag in flags)
    op.execute(f"UPDATE {table} SET {set_all} WHERE {some}")  # noqa: S608 - our names
