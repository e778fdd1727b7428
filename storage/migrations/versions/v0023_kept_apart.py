"""A broken glass is kept apart from other reasons to see a patient; a handoff knows who is kept out of it."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both; a glass that is open now closes when it would have."""
    op.add_column("care_team", sa.Column("glass_until", Utc(), nullable=True))
    op.add_column("handoffs", sa.Column("kept_out", sa.JSON(), nullable=False, server_default="[]"))
