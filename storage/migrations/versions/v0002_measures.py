"""The tables of `storage.tables_measures`. Patients who are known already are looked at from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "measures",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("taken_at", moment, nullable=False),
        sa.Column("entered_at", moment, nullable=False),
        sa.Column("replaces", sa.BigInteger(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("sealed_entry", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "number"),
    )
    op.create_index("measures_of_patient", "measures", ["org", "patient", "current"])
    op.create_table(
        "reviews",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("told_until", moment, nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "patient"),
    )
    op.create_index("reviews_next", "reviews", ["org", "next_at"])
    op.create_index("reviews_due", "reviews", ["org", "team", "due_at"])
    op.execute(
        "INSERT INTO reviews (org, patient, team, next_at, told_until, changes, version) "
        "SELECT org, code, team, added_at, added_at, 0, 1 FROM patients"
    )
