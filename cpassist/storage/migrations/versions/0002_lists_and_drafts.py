"""One line a plan for lists and counts, drafts beside the plans, and what was written stays on PostgreSQL too."""

import datetime
import json

import sqlalchemy as sa
from alembic import op

from cpassist.catalogue.strict_yaml import build
from cpassist.codec import canonical
from cpassist.plans.plan import CasePlan
from cpassist.plans.summary import summary_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("plan", sa.String(32), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("begun_by", sa.String(120), nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("saved_by", sa.String(120), nullable=False),
        sa.Column("saved_at", sa.String(40), nullable=False),
        sa.Column("sent_at", sa.String(40), nullable=False),
        sa.Column("keep_until", sa.String(10), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
    )
    op.create_index("plans_by_state", "plans", ["state", "sent_at"])
    op.create_table(
        "drafts",
        sa.Column("draft", sa.String(16), primary_key=True),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("kept", sa.String(40), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("plan", sa.String(32), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("family", sa.Text, nullable=False),
    )
    op.create_index("drafts_by_owner", "drafts", ["owner", "kept"])
    _list_plans(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'what was written stays as it is'; END $$"
        )
        for table, acts in (("acts", "UPDATE OR DELETE"), ("plan_saves", "UPDATE")):
            op.execute(
                f"CREATE TRIGGER {table}_stays BEFORE {acts} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION stays()"
            )


def _sortable(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).isoformat()


def _list_plans(bind: sa.Connection) -> None:
    """A line for each plan that is there already."""
    rows = bind.execute(
        sa.text(
            "SELECT s.plan, s.revision, s.version, s.state, s.saved_by, s.saved_at, s.content "
            "FROM plan_saves s JOIN (SELECT plan, max(revision) AS revision FROM plan_saves GROUP BY plan) n "
            "ON s.plan = n.plan AND s.revision = n.revision"
        )
    ).all()
    for row in rows:
        plan = build(CasePlan, json.loads(row.content), "plan")
        sent = [_sortable(d.at) for d in plan.decisions if d.state == "submitted"]
        bind.execute(
            sa.text(
                "INSERT INTO plans VALUES (:plan, :revision, :version, :state, :label, :begun_by, :team, :saved_by, "
                ":saved_at, :sent_at, :keep_until, :summary)"
            ),
            {
                "plan": row.plan,
                "revision": row.revision,
                "version": row.version,
                "state": row.state,
                "label": plan.family.label,
                "begun_by": plan.authors[0],
                "team": "".join(f"\n{name}\n" for name in plan.team or plan.authors),
                "saved_by": row.saved_by,
                "saved_at": _sortable(datetime.datetime.fromisoformat(row.saved_at)),
                "sent_at": sent[-1] if sent else "",
                "keep_until": plan.keep_until,
                "summary": canonical(summary_of(plan)),
            },
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION stays() CASCADE")
    op.drop_table("drafts")
    op.drop_table("plans")
