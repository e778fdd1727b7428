"""The tables of `storage.tables_entries`, and the help lines that a team gives to patients."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True).with_variant(sa.BigInteger(), "sqlite")  # microseconds since 1970
due = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Makes them."""
    op.create_table(
        "entries",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("patient", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("instruments", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("sealed_draft", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org", "digest"),
    )
    op.create_index("entries_due", "entries", ["org", "due_at"], sqlite_where=due, postgresql_where=due)
    op.create_index("entries_of_patient", "entries", ["org", "patient"])
    op.add_column("teams", sa.Column("help_lines", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("teams", "help_lines", server_default=None)
