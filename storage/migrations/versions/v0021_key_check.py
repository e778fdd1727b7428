"""A sealed text by which the secret keys of a process are seen to be those of the database."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes its place; the text itself is sealed by the first process that has the keys."""
    op.create_table(
        "key_checks",
        sa.Column("org", sa.Text(), nullable=False),
        sa.Column("sealed_check", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org"),
    )
