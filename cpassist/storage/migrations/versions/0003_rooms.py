"""Rooms of workshops: sessions, seats, answers, and wrong codes that were tried."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room_sessions",
        sa.Column("session", sa.String(32), primary_key=True),
        sa.Column("code", sa.String(12), nullable=False, unique=True),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("delete_on", sa.String(10), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("curriculum", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
    )
    op.create_table(
        "room_seats",
        sa.Column("session", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(32), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("joined", sa.String(40), nullable=False),
        sa.Column("seen", sa.String(40), nullable=False),
    )
    op.create_table(
        "room_answers",
        sa.Column("session", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("part", sa.String(60), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("item", sa.String(80), primary_key=True),
        sa.Column("phase", sa.String(12), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
    )
    op.create_table(
        "room_tries",
        sa.Column("door", sa.String(60), primary_key=True),
        sa.Column("since", sa.String(40), nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("room_tries", "room_answers", "room_seats", "room_sessions"):
        op.drop_table(table)
