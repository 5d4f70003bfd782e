"""Whom to introduce: what people know of contacts, ideas, sittings, meetings, introductions outside rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SET_ASIDE = ("for_good", "later", "not_now")
KINDS = (
    "introduced",
    "withdrawn",
    "passed",
    "answered",
    "thanked",
    "how_did_it_go",
    "drafted",
    "weekly",
    "undeliverable",
)
SYNERGIES = ("same_clients", "team_up", "shared_interest")
SHAPES = ("together", "ask_contact", "ask_member")
NEW_KINDS = ("look_again", "fifteen_minutes")
POINTS_AT_CONTACTS = (
    ("introduction", "contact_id"),
    ("introduction", "other_contact_id"),
    ("commitment", "contact_id"),
)
CONTACT_TEXTS = {"organisation": 120, "position": 120, "line": 300, "where_met": 200, "email": 254}


def upgrade() -> None:
    _table(
        "contact_import",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        _belongs("contact_import", "person", index=True),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_import_public_id")),
    )
    # What waits to be looked at is found among all that was kept.
    op.create_index(
        op.f("ix_contact_import_kept_at_uploaded_at"), "contact_import", ["kept_at", "uploaded_at"]
    )
    _contacts()
    op.create_table(
        "contact_term",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        # Ordered by its bytes, so that what begins alike stands together in the index.
        sa.Column(
            "key",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _key("contact_term", "contact"),
        _key("contact_term", "person"),
        sa.PrimaryKeyConstraint("contact_id", "key", name=op.f("pk_contact_term")),
    )
    op.create_index(
        op.f("ix_contact_term_person_id_key_contact_id"), "contact_term", ["person_id", "key", "contact_id"]
    )
    _thinking()
    _meetings()
    _introductions()
    _add(
        "commitment",
        sa.Column(
            "draft_shape",
            sa.Enum(*SHAPES, name="shape", native_enum=False, create_constraint=True, length=20),
            nullable=False,
            server_default=SHAPES[0],
        ),
        sa.Column("asks_member", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _add("roster_member", sa.Column("wish", sa.String(length=300), nullable=False, server_default=""))
    _add("roster_member", sa.Column("away", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("roster_member", sa.Column("wish_said_at", MOMENT, nullable=True))
    op.add_column("roster_member", sa.Column("sharper_asked_at", MOMENT, nullable=True))
    _add(
        "person",
        sa.Column("quarter_weekdays", sa.String(length=7), nullable=False, server_default=""),
        sa.Column("quarter_hour", sa.Integer(), nullable=False, server_default="8"),
        sa.Column("quarter_in_letter", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("quarter_in_calendar", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("person", sa.Column("quarter_changed_at", MOMENT, nullable=True))
    # Without them every contact erased would look through all introductions and promises.
    for table, column in POINTS_AT_CONTACTS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    _news((*KINDS, *NEW_KINDS))


def downgrade() -> None:
    for table, column in POINTS_AT_CONTACTS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
    _news(KINDS)
    with op.batch_alter_table("person") as table:
        for name in (
            *("quarter_weekdays", "quarter_hour", "quarter_in_letter"),
            *("quarter_in_calendar", "quarter_changed_at"),
        ):
            table.drop_column(name)
    with op.batch_alter_table("commitment") as table:
        table.drop_constraint("shape", type_="check")
        table.drop_column("draft_shape")
        table.drop_column("asks_member")
    with op.batch_alter_table("roster_member") as table:
        table.drop_column("sharper_asked_at")
        table.drop_column("wish_said_at")
        table.drop_column("away")
        table.drop_column("wish")
    op.execute("DELETE FROM introduction WHERE receiver_id IS NULL")
    with op.batch_alter_table("introduction") as table:
        table.drop_constraint(op.f("ck_introduction_for_somebody"), type_="check")
        table.drop_constraint(op.f("fk_introduction_other_contact_id_contact"), type_="foreignkey")
        table.alter_column("receiver_id", existing_type=sa.Integer(), nullable=False)
        for name in ("other_contact_id", "other_name", "outcome_note"):
            table.drop_column(name)
    for name in ("drafted", "meeting_draft", "met", "meeting"):
        op.drop_table(name)
    for name in ("thought", "sitting", "dismissal", "idea", "contact_term"):
        op.drop_table(name)
    with op.batch_alter_table("contact") as table:
        table.drop_index(op.f("ix_contact_import_id"))
        table.drop_index(op.f("ix_contact_terms_version"))
        table.drop_index(op.f("ix_contact_person_id_missing"))
        table.drop_constraint(op.f("fk_contact_import_id_contact_import"), type_="foreignkey")
        for name in (*CONTACT_TEXTS, "archived_at", "import_id", "terms", "terms_version", "missing"):
            table.drop_column(name)
    op.drop_table("contact_import")


def _contacts() -> None:
    texts = [(name, sa.String(length=length)) for name, length in CONTACT_TEXTS.items()]
    texts += [("terms", sa.Text()), ("terms_version", sa.String(length=8)), ("missing", sa.String(length=10))]
    _add("contact", *(sa.Column(name, kind, nullable=False, server_default="") for name, kind in texts))
    with op.batch_alter_table("contact") as table:
        table.add_column(sa.Column("archived_at", MOMENT, nullable=True))
        table.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_contact_import_id_contact_import"),
            "contact_import",
            ["import_id"],
            ["id"],
            ondelete="SET NULL",
        )
        table.create_index(op.f("ix_contact_import_id"), ["import_id"])
        table.create_index(op.f("ix_contact_terms_version"), ["terms_version"])
        table.create_index(op.f("ix_contact_person_id_missing"), ["person_id", "missing"])


def _thinking() -> None:
    _table(
        "idea",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        _belongs("idea", "person", index=True),
        _belongs("idea", "circle", nullable=True, index=True),
        _belongs("idea", "person", column="member_id", nullable=True, index=True),
        _belongs("idea", "contact", nullable=True, index=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("parked_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.UniqueConstraint("public_id", name=op.f("uq_idea_public_id")),
    )
    _table(
        "dismissal",
        _belongs("dismissal", "person", index=True),
        _belongs("dismissal", "contact"),
        _belongs("dismissal", "person", column="member_id", index=True),
        sa.Column(
            "kind",
            sa.Enum(*SET_ASIDE, name="setaside", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.UniqueConstraint("contact_id", "member_id", name=op.f("uq_dismissal_contact_id_member_id")),
    )
    _table(
        "sitting",
        _belongs("sitting", "person", index=True),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
    )
    _table(
        "thought",
        _belongs("thought", "sitting"),
        sa.Column("position", sa.Integer(), nullable=False),
        _belongs("thought", "circle", nullable=True, index=True),
        _belongs("thought", "person", column="member_id", nullable=True, index=True),
        _belongs("thought", "contact", nullable=True, index=True),
        sa.Column("asked", sa.String(length=10), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.UniqueConstraint("sitting_id", "position", name=op.f("uq_thought_sitting_id_position")),
    )


def _meetings() -> None:
    _table(
        "meeting",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        _belongs("meeting", "person", index=True),
        sa.Column("where_met", sa.String(length=200), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, index=True),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_public_id")),
    )
    texts = {"name": 80, "organisation": 120, "position": 120, "line": 300, "email": 254}
    _table(
        "met",
        _belongs("met", "meeting"),
        sa.Column("place", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in texts.items()),
        _belongs("met", "contact", nullable=True, index=True, ondelete="SET NULL"),
        sa.UniqueConstraint("meeting_id", "place", name=op.f("uq_met_meeting_id_place")),
    )
    _table(
        "meeting_draft",
        sa.Column("public_id", sa.String(length=24), nullable=False),
        _belongs("meeting_draft", "meeting", index=True),
        sa.Column(
            "synergy",
            sa.Enum(*SYNERGIES, name="synergy", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.UniqueConstraint("public_id", name=op.f("uq_meeting_draft_public_id")),
    )
    op.create_table(
        "drafted",
        _belongs("drafted", "meeting_draft", column="draft_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        _belongs("drafted", "met", nullable=True, index=True),
        _belongs("drafted", "person", column="member_id", nullable=True, index=True),
        _belongs("drafted", "circle", nullable=True, index=True),
        sa.PrimaryKeyConstraint("draft_id", "place", name=op.f("pk_drafted")),
    )


def _introductions() -> None:
    _add(
        "introduction",
        sa.Column("other_name", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("outcome_note", sa.String(length=500), nullable=False, server_default=""),
    )
    with op.batch_alter_table("introduction") as table:
        table.add_column(sa.Column("other_contact_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_introduction_other_contact_id_contact"),
            "contact",
            ["other_contact_id"],
            ["id"],
            ondelete="SET NULL",
        )
        table.alter_column("receiver_id", existing_type=sa.Integer(), nullable=True)
        table.create_check_constraint(
            op.f("ck_introduction_for_somebody"), "(receiver_id IS NULL) = (other_name <> '')"
        )


def _table(name: str, *parts: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def _belongs(
    name: str,
    to: str,
    *,
    column: str = "",
    nullable: bool = False,
    index: bool = False,
    ondelete: str = "CASCADE",
) -> sa.Column[object]:
    column = column or f"{to}_id"
    points_at = sa.ForeignKey(f"{to}.id", name=op.f(f"fk_{name}_{column}_{to}"), ondelete=ondelete)
    return sa.Column(column, sa.Integer(), points_at, nullable=nullable, index=index)


def _key(name: str, to: str) -> sa.ForeignKeyConstraint:
    column = f"{to}_id"
    constraint = op.f(f"fk_{name}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=constraint, ondelete="CASCADE")


def _add(table_name: str, *columns: sa.Column[object]) -> None:
    """Add columns that rows already there fill with a default which the table then forgets."""
    with op.batch_alter_table(table_name) as table:
        for column in columns:
            table.add_column(column)
    with op.batch_alter_table(table_name) as table:
        for column in columns:
            table.alter_column(column.name, server_default=None)


def _news(kinds: tuple[str, ...]) -> None:
    among = "kind IN (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"
    op.execute("DELETE FROM news WHERE NOT " + among)
    with op.batch_alter_table("news") as table:
        table.drop_constraint("newskind", type_="check")
        table.create_check_constraint("newskind", among)
