"""The tables of `storage.tables_conferences`."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "conferences",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("sealed_title", sa.Text(), nullable=False),
        sa.Column("starts", moment, nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("series", sa.BigInteger(), nullable=False),
        sa.Column("recurs_at", moment, nullable=True),
        sa.Column("sealed_where", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("chair", sa.Text(), nullable=False),
        sa.Column("scribe", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("agenda_posted_at", moment, nullable=True),
        sa.Column("began_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("signed_at", moment, nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("conferences_of_team", "conferences", ["org", "team", "state", "starts"])
    op.create_index("conferences_of_series", "conferences", ["org", "series", "recurs_at"])
    op.create_table(
        "conference_deadlines",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conference", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("org", "kind", "conference"),
    )
    op.create_index("conference_deadlines_due", "conference_deadlines", ["org", "kind", "due_at"])
