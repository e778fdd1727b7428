"""The tables of `storage.tables_plans`."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0010"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970


def upgrade() -> None:
    """Makes them."""
    due = sa.text("next_at IS NOT NULL")
    op.create_table(
        "plan_entries",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("parent", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("progress_at", moment, nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("sealed_said", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("plan_entries_of_patient", "plan_entries", ["org", "patient", "number"])
    op.create_index("plan_entries_of_source", "plan_entries", ["org", "source", "number"])
    op.create_index("plan_entries_of_team", "plan_entries", ["org", "team", "sort", "at"])
    op.create_table(
        "actions",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", moment, nullable=True),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", moment, nullable=True),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("agenda_at", moment, nullable=True),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("next_at", moment, nullable=True),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("sealed_said", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("actions_due", "actions", ["org", "next_at"], sqlite_where=due, postgresql_where=due)
    op.create_index("actions_of_patient", "actions", ["org", "patient", "number"])
    op.create_index("actions_of_owner", "actions", ["org", "owner", "open", "due_at"])
    op.create_index("actions_of_team", "actions", ["org", "team", "open", "due_at"])
    op.create_index("actions_of_source", "actions", ["org", "source", "number"])
    op.create_index("actions_of_entry", "actions", ["org", "entry", "number"])
    op.create_table(
        "plan_changes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("undoes", sa.BigInteger(), nullable=False),
        sa.Column("undone_by", sa.BigInteger(), nullable=False),
        sa.Column("sealed_change", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "patient", "version"),
    )
    op.create_index("plan_changes_of_subject", "plan_changes", ["org", "subject", "version"])
    op.create_index("plan_changes_of_member", "plan_changes", ["org", "by", "at"])
    op.create_index("plan_changes_of_source", "plan_changes", ["org", "source", "at"])
    op.create_table(
        "plan_clashes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("sealed_wanted", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "entry"),
    )
    op.create_index("plan_clashes_due", "plan_clashes", ["org", "due_at"])
