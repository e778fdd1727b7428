"""The tables of `storage.tables_polls`."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "polls",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("sealed_title", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("ask_by", moment, nullable=False),
        sa.Column("conference", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("polls_due", "polls", ["org", "due_at"])
    op.create_index("polls_of_team", "polls", ["org", "team", "state"])
    op.create_table(
        "poll_votes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("poll", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("org", "poll", "key"),
    )
    op.create_table(
        "busy_calendars",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("sealed_address", sa.Text(), nullable=False),
        sa.Column("sealed_busy", sa.Text(), nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("look_at", moment, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "member"),
    )
    op.create_index("busy_calendars_due", "busy_calendars", ["org", "look_at"])
