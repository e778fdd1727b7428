"""Whom of the team a conference by itself invites, also of those who join later; nobody, where it is old."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds it."""
    op.add_column("conferences", sa.Column("whom", sa.JSON(), nullable=False, server_default="[]"))
