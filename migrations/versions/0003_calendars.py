"""calendars

Revision: 0003
Follows: 0002
"""

import secrets

from alembic import op
import sqlalchemy as sa
from eventreg.database import UTCDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was sent before counts as sent: who was invited holds the version that was written last."""
    public_version = op.create_table('public_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mark', sa.String(length=32), nullable=False),
    sa.Column('changed_at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_version'))
    )
    op.create_table('personal_calendars',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('address_key', sa.String(length=254), nullable=False),
    sa.Column('name_key', sa.String(length=240), nullable=False),
    sa.Column('link_key', sa.String(length=40), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_personal_calendars')),
    sa.UniqueConstraint('address_key', 'name_key', name=op.f('uq_personal_calendars_address_key_name_key')),
    sa.UniqueConstraint('link_key', name=op.f('uq_personal_calendars_link_key'))
    )
    op.create_table('external_calendars',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('feed_url', sa.String(length=500), nullable=False),
    sa.Column('page_url', sa.String(length=500), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=True),
    sa.Column('shows', sa.String(length=8), nullable=False),
    sa.Column('words', sa.String(length=400), nullable=False),
    sa.Column('etag', sa.String(length=300), nullable=False),
    sa.Column('last_modified', sa.String(length=100), nullable=False),
    sa.Column('content_mark', sa.String(length=64), nullable=False),
    sa.Column('checked_at', UTCDateTime(), nullable=True),
    sa.Column('succeeded_at', UTCDateTime(), nullable=True),
    sa.Column('next_check_at', UTCDateTime(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('events_read', sa.Integer(), nullable=False),
    sa.Column('events_left_out', sa.Integer(), nullable=False),
    sa.Column('events_repeating', sa.Integer(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.CheckConstraint("shows IN ('all', 'words', 'by_hand')", name=op.f('ck_external_calendars_shows')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_external_calendars_organiser_id_organisers'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_calendars'))
    )
    with op.batch_alter_table('external_calendars', schema=None) as batch_op:
        batch_op.create_index('ix_external_calendars_due', ['next_check_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_calendars_organiser_id'), ['organiser_id'], unique=False)

    op.create_table('external_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('calendar_id', sa.Integer(), nullable=False),
    sa.Column('source_key', sa.String(length=64), nullable=False),
    sa.Column('uid', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('starts_at', UTCDateTime(), nullable=False),
    sa.Column('ends_at', UTCDateTime(), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('all_day', sa.Boolean(), nullable=False),
    sa.Column('cancelled', sa.Boolean(), nullable=False),
    sa.Column('chosen', sa.Boolean(), nullable=True),
    sa.Column('shown', sa.Boolean(), nullable=False),
    sa.Column('changed_at', UTCDateTime(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_at >= starts_at', name=op.f('ck_external_events_ends_after_start')),
    sa.ForeignKeyConstraint(['calendar_id'], ['external_calendars.id'], name=op.f('fk_external_events_calendar_id_external_calendars'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_events')),
    sa.UniqueConstraint('calendar_id', 'source_key', name=op.f('uq_external_events_calendar_id_source_key')),
    sa.UniqueConstraint('uid', name=op.f('uq_external_events_uid'))
    )
    with op.batch_alter_table('external_events', schema=None) as batch_op:
        batch_op.create_index('ix_external_events_listing', ['shown', 'ends_at'], unique=False)

    # Not in batch mode: SQLite adds nullable columns in place, and copying the table would only cost.
    op.add_column('registrations', sa.Column('sent_sequence', sa.Integer(), nullable=True))
    op.add_column('registrations', sa.Column('sent_sequence_at', UTCDateTime(), nullable=True))
    op.add_column('registrations', sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))
    op.add_column('registrations', sa.Column('updated_at', UTCDateTime(), nullable=True))
    registrations = sa.table('registrations', sa.column('sent_sequence'), sa.column('ical_sequence'), sa.column('confirmed_at'))
    op.execute(
        registrations.update()
        .where(registrations.c.confirmed_at.is_not(None), registrations.c.ical_sequence >= 0)
        .values(sent_sequence=registrations.c.ical_sequence)
    )
    op.execute(public_version.insert().values(id=1, mark=secrets.token_hex(16), changed_at=sa.func.current_timestamp()))


def downgrade() -> None:
    for column in ('updated_at', 'revision', 'sent_sequence_at', 'sent_sequence'):
        op.drop_column('registrations', column)

    with op.batch_alter_table('external_events', schema=None) as batch_op:
        batch_op.drop_index('ix_external_events_listing')

    op.drop_table('external_events')
    with op.batch_alter_table('external_calendars', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_external_calendars_organiser_id'))
        batch_op.drop_index('ix_external_calendars_due')

    op.drop_table('external_calendars')
    op.drop_table('personal_calendars')
    op.drop_table('public_version')
