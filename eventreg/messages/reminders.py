"""Reminding people of an event, and thanking those who came: what the worker does by itself.

All mails of one event and the note that it was reminded of (ReminderRun) are one transaction under the event's lock:
killed half way nothing has happened, and of two workers the second finds it done.
"""

from datetime import datetime

from sqlalchemy import select

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.logs import log
from eventreg.messages import reminder_mails
from eventreg.messages.due_reminders import events_due, kinds_run, terms_of
from eventreg.messages.models import ReminderRun
from eventreg.messages.reminder_rules import DueReminder, due_reminder, due_thanks
from eventreg.registrations.queries import lock_event


def send_due_reminders(now: datetime) -> int:
    """Queue every reminder and thanks that is due; returns the number of mails. Doing it again queues nothing.

    An idle look costs one statement and writes nothing. An event that fails is told in the log and tried again at the
    next look; it does not keep the others waiting.
    """
    mails = 0
    for event_id in events_due(now):
        try:
            mails += send_due_of_event(event_id, now)
        except Exception as error:  # whatever is wrong with one event is not wrong with the others
            log.error("reminder_failed", event_id=event_id, error=type(error).__name__)
    return mails


def send_due_of_event(event_id: int, now: datetime) -> int:
    """What is due of this event, judged anew under its lock; returns the number of mails."""
    with transaction():
        event = lock_event(event_id)
        if event is None:
            return 0
        terms = terms_of(event)
        mails = 0
        if (reminder := due_reminder(terms, kinds_run(event), now)) is not None:
            mails = reminder_mails.remind(event, reminder.due_at, now)
            _note(event, reminder, mails, now)
        elif (thanks := due_thanks(terms, now)) is not None:
            mails = reminder_mails.thank(event, now)
            if mails:
                _note(event, thanks, mails, now)
    return mails


def _note(event: Event, reminder: DueReminder, mails: int, now: datetime) -> None:
    """That it went out; thanks go out again to whom the organiser marks as having come later."""
    with transaction() as session:
        run = session.scalar(
            select(ReminderRun).where(
                ReminderRun.event_id == event.id,
                ReminderRun.kind == reminder.kind,
                ReminderRun.starts_at == event.starts_at,
            )
        )
        if run is None:
            run = ReminderRun(
                event_id=event.id,
                kind=str(reminder.kind),
                starts_at=event.starts_at,
                due_at=reminder.due_at,
                mails=0,
            )
            session.add(run)
        run.ran_at = now
        run.mails += mails
    log.info("reminders_queued", event_id=event.id, kind=str(reminder.kind), mails=mails)
