"""The tables of `storage.tables_flags`."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970
due = sa.text("due_at IS NOT NULL")
still_open = sa.text("open")


def upgrade() -> None:
    """Makes them."""
    _flags()


def _flags() -> None:
    op.create_table(
        "flags",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rung", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("declined", sa.JSON(), nullable=False),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("sealed_causes", sa.Text(), nullable=False),
        sa.Column("sealed_said", sa.Text(), nullable=False),
        sa.Column("changed_at", moment),
        sa.Column("claimed_at", moment),
        sa.Column("snoozed_from", moment),
        sa.Column("snoozed_until", moment),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", moment),
        sa.Column("asked_at", moment),
        sa.Column("answer_by", moment),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("due_at", moment),
        sa.Column("nagged", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("flags_due", "flags", ["org", "due_at"], sqlite_where=due, postgresql_where=due)
    op.create_index(
        "flags_open_of_patient", "flags", ["org", "patient", "reason"], unique=True,
        sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
    op.create_index("flags_of_patient", "flags", ["org", "patient", "number"])
    op.create_index("flags_open", "flags", ["org", "team", "open", "raised_at"])
    op.create_index("flags_of_holder", "flags", ["org", "holder", "open"])
    closed = sa.text("closed_at IS NOT NULL")
    op.create_index(
        "flags_closed", "flags", ["org", "closed_at"], sqlite_where=closed, postgresql_where=closed
    )
