"""Contacts keep when they were noted, so that they can be taken back; of older ones it is not known."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds it, and finds what a member noted last."""
    op.add_column("contacts", sa.Column("noted_at", Utc(), nullable=True))
    op.create_index("contacts_of_member", "contacts", ["org", "member", "noted_at"])
    op.create_index("reports_of_member", "reports", ["org", "member", "at"])
