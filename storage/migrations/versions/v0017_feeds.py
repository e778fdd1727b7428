"""The table of `storage.feeds`."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes it."""
    op.create_table(
        "feeds",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("tasks", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("org", "member"),
    )
    op.create_index("feeds_digest", "feeds", ["org", "digest"], unique=True)
