"""The tables of `storage.tables_sessions`."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0011"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "session_items",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("conference", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("sealed_said", sa.Text(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("began_at", moment, nullable=True),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("extended", sa.BigInteger(), nullable=False),
        sa.Column("carried_before", sa.BigInteger(), nullable=False),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("comes_again", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "conference", "patient"),
    )
    for name, columns, where in (
        ("session_items_again", ["org", "team", "patient"], "comes_again"),
        ("session_items_closed", ["org", "team", "state", "closed_at"], "closed_at IS NOT NULL"),
    ):
        op.create_index(
            name, "session_items", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    op.create_index("session_items_of_patient", "session_items", ["org", "patient", "state", "closed_at"])
    op.create_table(
        "attendances",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("conference", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("sealed_name", sa.Text(), nullable=False),
        sa.Column("discipline", sa.Text(), nullable=False),
        sa.Column("came_at", moment, nullable=False),
        sa.Column("left_at", moment, nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "conference", "number"),
    )
    op.create_table(
        "conference_minutes",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("conference", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_remark", sa.Text(), nullable=False),
        sa.Column("sealed_signed", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "conference"),
    )
    op.create_table(
        "minutes_amendments",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("conference", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("sealed_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org", "conference", "number"),
    )
