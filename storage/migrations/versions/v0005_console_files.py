"""Files and mentions of the console, and its threads by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    files = sa.Column("files", sa.Text(), nullable=False, server_default="[]")
    op.add_column("console_messages", files)
    op.create_index(
        "ix_console_messages_thread",
        "console_messages",
        ["thread", "seq"],
        unique=False,
        sqlite_where=sa.text("thread <> ''"),
        postgresql_where=sa.text("thread <> ''"),
    )
    _mentions()
    _files()


def _mentions() -> None:
    op.create_table(
        "console_mentions",
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room"], ["console_rooms.id"], name=op.f("fk_console_mentions_room")
        ),
        sa.PrimaryKeyConstraint("person", "room", "seq", name=op.f("pk_console_mentions")),
    )


def _files() -> None:
    op.create_table(
        "console_files",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("brought_at", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["room"], ["console_rooms.id"], name=op.f("fk_console_files_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_files")),
    )
