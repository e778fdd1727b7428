"""Entries of care plans and actions keep the link to the message that they were made of."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LINKED = sa.text("link != ''")


def upgrade() -> None:
    """Adds it; what there is was made of none."""
    for table in ("plan_entries", "actions"):
        op.add_column(table, sa.Column("link", sa.Text(), nullable=False, server_default=""))
        name = f"{table}_of_message"
        op.create_index(name, table, ["org", "link"], sqlite_where=LINKED, postgresql_where=LINKED)
