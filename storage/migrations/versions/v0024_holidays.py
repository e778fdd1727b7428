"""Teams say whose public holidays they keep; those there are keep their country's."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds it."""
    op.add_column("teams", sa.Column("holidays", sa.Text(), nullable=False, server_default=""))
