"""The first tables, and the triggers that keep the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    _plans()
    _jobs()
    _feeds()
    _access()
    _log()
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def _plans() -> None:
    op.create_table(
        "instances",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_instances")),
    )
    op.create_index(op.f("ix_instances_area"), "instances", ["area"], unique=False)
    op.create_table(
        "current_instances",
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance"], ["instances.hash"], name=op.f("fk_current_instances_instance")
        ),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_current_instances")),
    )
    op.create_table(
        "rosters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["instance"], ["instances.hash"], name=op.f("fk_rosters_instance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
        sa.UniqueConstraint(
            "area", "month", "revision", name=op.f("uq_rosters_area_month_revision")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_rosters_area_month_id"), "rosters", ["area", "month", "id"], unique=False
    )
    op.create_index(
        "ix_rosters_one_published",
        "rosters",
        ["area", "month"],
        unique=True,
        sqlite_where=sa.text("stage = 'published'"),
        postgresql_where=sa.text("stage = 'published'"),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("part", sa.String(20), nullable=True),
        sa.Column("person", sa.String(length=60), nullable=True),
        sa.Column("standby", sa.Boolean(), nullable=False),
        sa.Column("lecture", sa.Boolean(), nullable=False),
        sa.Column("host", sa.String(length=60), nullable=True),
        sa.Column("site", sa.String(length=60), nullable=True),
        sa.Column("township", sa.String(length=60), nullable=True),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_assignments_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_assignments_date"), "assignments", ["date"], unique=False)
    op.create_index(
        op.f("ix_assignments_person_date"), "assignments", ["person", "date"], unique=False
    )
    op.create_index(op.f("ix_assignments_roster"), "assignments", ["roster"], unique=False)
    op.create_index(op.f("ix_assignments_site_date"), "assignments", ["site", "date"], unique=False)
    op.create_index(
        op.f("ix_assignments_township_date"), "assignments", ["township", "date"], unique=False
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("instance", sa.String(length=64), nullable=True),
        sa.Column("roster", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["instance"], ["instances.hash"], name=op.f("fk_jobs_instance")),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_jobs_roster")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(
        op.f("ix_jobs_area_created_at_id"), "jobs", ["area", "created_at", "id"], unique=False
    )
    op.create_table(
        "job_files",
        sa.Column("job", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_files")),
    )
    op.create_table(
        "pins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("part", sa.String(20), nullable=True),
        sa.Column("strength", sa.String(20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pins")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_pins_area_date"), "pins", ["area", "date"], unique=False)


def _feeds() -> None:
    op.create_table(
        "feed_rows",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("slot", sa.String(length=255), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("roster", sa.Integer(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["roster"], ["rosters.id"], name=op.f("fk_feed_rows_roster")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feed_rows")),
    )
    op.create_index(op.f("ix_feed_rows_area_month"), "feed_rows", ["area", "month"], unique=False)
    op.create_index(op.f("ix_feed_rows_slot"), "feed_rows", ["slot"], unique=False)
    op.create_table(
        "feed_places",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["key"], ["feed_rows.key"], name=op.f("fk_feed_places_key")),
        sa.PrimaryKeyConstraint("kind", "target", "key", name=op.f("pk_feed_places")),
    )
    op.create_index(op.f("ix_feed_places_key"), "feed_places", ["key"], unique=False)
    op.create_table(
        "feed_versions",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("tag", sa.Integer(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "target", name=op.f("pk_feed_versions")),
    )
    op.create_table(
        "feed_tokens",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_feed_tokens")),
    )
    op.create_index(
        op.f("ix_feed_tokens_kind_target"), "feed_tokens", ["kind", "target"], unique=False
    )


def _access() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=True),
        sa.Column("firm", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_index(op.f("ix_users_area"), "users", ["area"], unique=False)
    op.create_table(
        "api_tokens",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_api_tokens_user")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_api_tokens")),
    )
    op.create_index(op.f("ix_api_tokens_user"), "api_tokens", ["user"], unique=False)
    op.create_table(
        "browser_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_browser_sessions_user")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_browser_sessions")),
    )
    op.create_index(
        op.f("ix_browser_sessions_seen_at"), "browser_sessions", ["seen_at"], unique=False
    )
    op.create_index(op.f("ix_browser_sessions_user"), "browser_sessions", ["user"], unique=False)
    op.create_table(
        "devices",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_devices_user")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_seen_at"), "devices", ["seen_at"], unique=False)
    op.create_index(op.f("ix_devices_user"), "devices", ["user"], unique=False)
    op.create_table(
        "sign_in_failures",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(
        op.f("ix_sign_in_failures_last_at"), "sign_in_failures", ["last_at"], unique=False
    )
    op.create_table(
        "handshakes",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=255), nullable=False),
        sa.Column("verifier", sa.String(length=255), nullable=False),
        sa.Column("target", sa.String(length=2000), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_handshakes")),
    )
    op.create_index(op.f("ix_handshakes_opened_at"), "handshakes", ["opened_at"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_expires_at"), "idempotency_keys", ["expires_at"], unique=False
    )


def _log() -> None:
    op.create_table(
        "log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_log_at"), "log", ["at"], unique=False)
    op.create_index(op.f("ix_log_target_id"), "log", ["target", "id"], unique=False)


# REPLACE INTO deletes without firing the trigger of DELETE unless recursive_triggers is on,
# so an id that exists is refused on INSERT as well.
_TRIGGERS = {
    "sqlite": [
        """
        CREATE TRIGGER log_no_update BEFORE UPDATE ON log
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
        """,
        """
        CREATE TRIGGER log_no_delete BEFORE DELETE ON log
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
        """,
        """
        CREATE TRIGGER log_no_replace BEFORE INSERT ON log
        WHEN EXISTS (SELECT 1 FROM log WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
        """,
    ],
    "postgresql": [
        """
        CREATE FUNCTION log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the log is append-only'; END $$
        """,
        """
        CREATE TRIGGER log_no_change BEFORE UPDATE OR DELETE ON log
        FOR EACH ROW EXECUTE FUNCTION log_append_only()
        """,
        """
        CREATE TRIGGER log_no_truncate BEFORE TRUNCATE ON log
        FOR EACH STATEMENT EXECUTE FUNCTION log_append_only()
        """,
    ],
}
