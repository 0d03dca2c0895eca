"""Planned maintenance on the status page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "maintenances",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("over_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_by", sa.String(length=80), nullable=True),
        sa.Column("updates", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_maintenances")),
    )
    op.create_index("ix_maintenances_over_at", "maintenances", ["over_at"], unique=False)
