"""People who want to be erased: the moment from which nothing of theirs is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("erase_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_person_erase_at"), "person", ["erase_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_person_erase_at"), "person")
    op.drop_column("person", "erase_at")
