"""people and places

Revision: 0002
Follows: 0001
"""

from alembic import op
import sqlalchemy as sa
from eventreg.database import UTCDateTime

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


EVENT_CHECKS = {
    "waiting_count": "waiting_count >= 0",
    "waiting_list": "waiting_list IN ('off', 'when_full', 'always')",
    "promotion": "promotion IN ('at_once', 'offer', 'by_hand')",
}
REGISTRATION_CHECKS = {
    "state": "state IN ('unconfirmed', 'pending', 'confirmed', 'waitlisted', 'declined', 'cancelled')",
    "confirmed_holds_place": "state <> 'confirmed' OR holds_place",
    "others_hold_no_place": "state NOT IN ('pending', 'declined', 'cancelled') OR NOT holds_place",
    "waiting_order": "(state = 'waitlisted') = (waiting_order IS NOT NULL)",
    "offer": "state = 'waitlisted' AND holds_place = (offer_until IS NOT NULL) "
    "OR state <> 'waitlisted' AND offer_until IS NULL",
    "hold": "(state = 'unconfirmed') = (hold_until IS NOT NULL)",
    "category": "category IN ('participant', 'speaker', 'guest', 'media')",
}
STATES_BEFORE = "state IN ('confirmed', 'cancelled')"
MAIL_STATES = "state IN ('queued', 'sending', 'sent', 'filed', 'failed', 'superseded', 'held', 'stopped')"
MAIL_STATES_BEFORE = "state IN ('queued', 'sending', 'sent', 'filed', 'failed', 'superseded')"


def upgrade() -> None:
    """Events that are there already stay as they were: no waiting list, no groups, no reminders."""
    op.create_table('client_forms',
    sa.Column('mark', sa.String(length=32), nullable=False),
    sa.Column('since', UTCDateTime(), nullable=False),
    sa.Column('forms', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('mark', 'since', name=op.f('pk_client_forms'))
    )
    op.create_table('event_messages',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('updated_at', UTCDateTime(), nullable=False),
    sa.Column('started_at', UTCDateTime(), nullable=True),
    sa.Column('finished_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'sending', 'paused', 'stopped', 'done')", name=op.f('ck_event_messages_state')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_event_messages_account_id_accounts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_messages_event_id_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_messages'))
    )
    with op.batch_alter_table('event_messages', schema=None) as batch_op:
        batch_op.create_index('ix_event_messages_event', ['event_id', 'id'], unique=False)

    op.create_table('import_drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_import_drafts_account_id_accounts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_import_drafts_event_id_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_drafts')),
    sa.UniqueConstraint('key', name=op.f('uq_import_drafts_key'))
    )
    with op.batch_alter_table('import_drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_drafts_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_drafts_event_id'), ['event_id'], unique=False)

    op.create_table('questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('ready_made', sa.String(length=20), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('hint', sa.String(length=300), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('purpose', sa.String(length=300), nullable=False),
    sa.Column('required_purpose', sa.String(length=300), nullable=False),
    sa.Column('removed_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint("kind <> 'access_needs' OR NOT required", name=op.f('ck_questions_access_needs_are_optional')),
    sa.CheckConstraint("kind IN ('short_text', 'long_text', 'one_of', 'several_of', 'yes_no', 'institution', 'access_needs')", name=op.f('ck_questions_kind')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_questions_event_id_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions'))
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index('ix_questions_event', ['event_id', 'position'], unique=False)

    op.create_table('registration_groups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('address_key', sa.String(length=254), nullable=False),
    sa.Column('quota_key', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('link_key', sa.String(length=40), nullable=False),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_registration_groups_event_id_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_groups')),
    sa.UniqueConstraint('event_id', 'address_key', name=op.f('uq_registration_groups_event_id_address_key')),
    sa.UniqueConstraint('link_key', name=op.f('uq_registration_groups_link_key'))
    )
    with op.batch_alter_table('registration_groups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_groups_address_key'), ['address_key'], unique=False)
        batch_op.create_index('ix_registration_groups_quota', ['event_id', 'quota_key'], unique=False)

    op.create_table('reminder_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('starts_at', UTCDateTime(), nullable=False),
    sa.Column('due_at', UTCDateTime(), nullable=False),
    sa.Column('ran_at', UTCDateTime(), nullable=False),
    sa.Column('mails', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('days', 'hours', 'thanks')", name=op.f('ck_reminder_runs_kind')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_reminder_runs_event_id_events'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_runs')),
    sa.UniqueConstraint('event_id', 'kind', 'starts_at', name=op.f('uq_reminder_runs_event_id_kind_starts_at'))
    )
    op.create_table('question_options',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.Column('removed_at', UTCDateTime(), nullable=True),
    sa.CheckConstraint('places IS NULL OR places >= 1', name=op.f('ck_question_options_places')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_options_question_id_questions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_options'))
    )
    with op.batch_alter_table('question_options', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_options_question_id'), ['question_id'], unique=False)

    op.create_table('address_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('new_email', sa.String(length=254), nullable=False),
    sa.Column('old_link_key', sa.String(length=40), nullable=False),
    sa.Column('new_link_key', sa.String(length=40), nullable=False),
    sa.Column('old_confirmed_at', UTCDateTime(), nullable=True),
    sa.Column('new_confirmed_at', UTCDateTime(), nullable=True),
    sa.Column('created_at', UTCDateTime(), nullable=False),
    sa.Column('expires_at', UTCDateTime(), nullable=False),
    sa.Column('done_at', UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_address_changes_registration_id_registrations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_address_changes')),
    sa.UniqueConstraint('new_link_key', name=op.f('uq_address_changes_new_link_key')),
    sa.UniqueConstraint('old_link_key', name=op.f('uq_address_changes_old_link_key'))
    )
    with op.batch_alter_table('address_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_address_changes_registration_id'), ['registration_id'], unique=False)

    op.create_table('answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_answers_question_id_questions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_answers_registration_id_registrations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers')),
    sa.UniqueConstraint('registration_id', 'question_id', name=op.f('uq_answers_registration_id_question_id'))
    )
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answers_question_id'), ['question_id'], unique=False)

    op.create_table('chosen_options',
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('option_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answers.id'], name=op.f('fk_chosen_options_answer_id_answers'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['option_id'], ['question_options.id'], name=op.f('fk_chosen_options_option_id_question_options'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('answer_id', 'option_id', name=op.f('pk_chosen_options'))
    )
    with op.batch_alter_table('chosen_options', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chosen_options_option_id'), ['option_id'], unique=False)

    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waiting_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('waiting_list', sa.String(length=10), nullable=False, server_default='off'))
        batch_op.add_column(sa.Column('promotion', sa.String(length=10), nullable=False, server_default='at_once'))
        batch_op.add_column(sa.Column('offer_hours', sa.Integer(), nullable=False, server_default='16'))
        batch_op.add_column(sa.Column('approval', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('confirm_hours', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('allowed_domains', sa.String(length=1000), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('group_limit', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('remind_days', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('remind_hours', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('day_phone', sa.String(length=60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('materials_url', sa.String(length=500), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('sends_thanks', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.add_column(sa.Column('event_message_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_bulk', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index('ix_mails_claim')
        batch_op.create_index('ix_mails_due', ['state', 'is_bulk', 'next_try_at'], unique=False)
        batch_op.create_index('ix_mails_event_quota', ['event_id', 'created_at', 'occasion'], unique=False)
        batch_op.create_index('ix_mails_message', ['event_message_id', 'state'], unique=False)
        batch_op.create_index('ix_mails_sent', ['sent_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_mails_event_message_id_event_messages'), 'event_messages', ['event_message_id'], ['id'], ondelete='CASCADE')

    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('holds_place', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('academic_title', sa.String(length=60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('category', sa.String(length=12), nullable=False, server_default='participant'))
        batch_op.add_column(sa.Column('channel', sa.String(length=12), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('case_number', sa.String(length=60), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('group_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('stands_for_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('waiting_order', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('offer_until', UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('hold_until', UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('reason', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('decided_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('decided_at', UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column('attended', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('note', sa.String(length=2000), nullable=False, server_default=''))
        batch_op.alter_column('cancelled_by',
               existing_type=sa.VARCHAR(length=10),
               type_=sa.String(length=12),
               existing_nullable=True)
        batch_op.create_index('ix_registrations_address', ['address_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_registrations_group_id'), ['group_id'], unique=False)
        batch_op.create_index('ix_registrations_hold', ['hold_until'], unique=False)
        batch_op.create_index('ix_registrations_offer', ['offer_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_registrations_stands_for_id'), ['stands_for_id'], unique=False)
        batch_op.create_index('ix_registrations_waiting', ['event_id', 'waiting_order'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_registrations_stands_for_id_registrations'), 'registrations', ['stands_for_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_registrations_group_id_registration_groups'), 'registration_groups', ['group_id'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_registrations_decided_by_id_accounts'), 'accounts', ['decided_by_id'], ['id'], ondelete='SET NULL')

    op.execute("UPDATE registrations SET holds_place = (state = 'confirmed')")
    _check("events", {}, EVENT_CHECKS)
    _check("registrations", {"state": ""}, REGISTRATION_CHECKS)
    _check("mails", {"state": ""}, {"state": MAIL_STATES})


def _check(table: str, old: dict[str, str], new: dict[str, str]) -> None:
    """Put other constraints on a table (SQLite has to copy it for that)."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in old:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        for name, condition in new.items():
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def downgrade() -> None:
    """People who neither hold a place nor cancelled cannot be told there: they count as cancelled."""
    op.execute("UPDATE mails SET state = 'superseded' WHERE state IN ('held', 'stopped')")
    op.execute("UPDATE events SET places_taken = (SELECT count(*) FROM registrations WHERE "
               "registrations.event_id = events.id AND registrations.state = 'confirmed')")
    _check("mails", {"state": ""}, {"state": MAIL_STATES_BEFORE})
    _check("registrations", REGISTRATION_CHECKS, {})
    op.execute("UPDATE registrations SET state = 'cancelled' WHERE state <> 'confirmed'")
    _check("registrations", {}, {"state": STATES_BEFORE})
    _check("events", EVENT_CHECKS, {})
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_registrations_decided_by_id_accounts'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_registrations_group_id_registration_groups'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_registrations_stands_for_id_registrations'), type_='foreignkey')
        batch_op.drop_index('ix_registrations_waiting')
        batch_op.drop_index(batch_op.f('ix_registrations_stands_for_id'))
        batch_op.drop_index('ix_registrations_offer')
        batch_op.drop_index('ix_registrations_hold')
        batch_op.drop_index(batch_op.f('ix_registrations_group_id'))
        batch_op.drop_index('ix_registrations_address')
        batch_op.alter_column('cancelled_by',
               existing_type=sa.String(length=12),
               type_=sa.VARCHAR(length=10),
               existing_nullable=True)
        batch_op.drop_column('note')
        batch_op.drop_column('attended')
        batch_op.drop_column('decided_at')
        batch_op.drop_column('decided_by_id')
        batch_op.drop_column('reason')
        batch_op.drop_column('hold_until')
        batch_op.drop_column('offer_until')
        batch_op.drop_column('waiting_order')
        batch_op.drop_column('stands_for_id')
        batch_op.drop_column('group_id')
        batch_op.drop_column('case_number')
        batch_op.drop_column('channel')
        batch_op.drop_column('category')
        batch_op.drop_column('academic_title')
        batch_op.drop_column('holds_place')

    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_mails_event_message_id_event_messages'), type_='foreignkey')
        batch_op.drop_index('ix_mails_sent')
        batch_op.drop_index('ix_mails_message')
        batch_op.drop_index('ix_mails_event_quota')
        batch_op.drop_index('ix_mails_due')
        batch_op.create_index('ix_mails_claim', ['state', 'next_try_at'], unique=False)
        batch_op.drop_column('is_bulk')
        batch_op.drop_column('event_message_id')

    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_column('sends_thanks')
        batch_op.drop_column('materials_url')
        batch_op.drop_column('day_phone')
        batch_op.drop_column('remind_hours')
        batch_op.drop_column('remind_days')
        batch_op.drop_column('group_limit')
        batch_op.drop_column('allowed_domains')
        batch_op.drop_column('confirm_hours')
        batch_op.drop_column('approval')
        batch_op.drop_column('offer_hours')
        batch_op.drop_column('promotion')
        batch_op.drop_column('waiting_list')
        batch_op.drop_column('waiting_count')

    with op.batch_alter_table('chosen_options', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_chosen_options_option_id'))

    op.drop_table('chosen_options')
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answers_question_id'))

    op.drop_table('answers')
    with op.batch_alter_table('address_changes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_address_changes_registration_id'))

    op.drop_table('address_changes')
    with op.batch_alter_table('question_options', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_options_question_id'))

    op.drop_table('question_options')
    op.drop_table('reminder_runs')
    with op.batch_alter_table('registration_groups', schema=None) as batch_op:
        batch_op.drop_index('ix_registration_groups_quota')
        batch_op.drop_index(batch_op.f('ix_registration_groups_address_key'))

    op.drop_table('registration_groups')
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index('ix_questions_event')

    op.drop_table('questions')
    with op.batch_alter_table('import_drafts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_drafts_event_id'))
        batch_op.drop_index(batch_op.f('ix_import_drafts_account_id'))

    op.drop_table('import_drafts')
    with op.batch_alter_table('event_messages', schema=None) as batch_op:
        batch_op.drop_index('ix_event_messages_event')

    op.drop_table('event_messages')
    op.drop_table('client_forms')
