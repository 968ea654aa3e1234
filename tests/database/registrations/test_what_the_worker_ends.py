"""What runs out ends by itself: the worker does it without being told, on both databases."""

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from eventreg.database import db
from eventreg.outbox.models import Mail
from eventreg.registrations.address_changing import ask_address_change
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.import_drafts import keep_draft
from eventreg.registrations.models import AddressChange, ImportDraft, Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import AwaitingConfirmation, SignUpRequest
from eventreg.registrations.substitution import Substitute, Substituted, substitute
from eventreg.worker import Worker
from tests.factories import Factory


def test_abuse_19_the_worker_ends_what_has_run_out(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=5, confirm_hours=1)
    held = sign_up(event.id, SignUpRequest("Anna Nowak", "anna@example.org", "pl"), now)
    assert isinstance(held, AwaitingConfirmation)
    ask_address_change(factory.registration(event).id, "obca@example.org", now)
    keep_draft(event.id, factory.account(event.organiser).id, "lista.csv", b"x", now)

    def left() -> tuple[str, int | None, int | None]:
        db.session.rollback()
        state = db.session.scalar(select(Registration.state).where(Registration.id == held.registration_id)) or "gone"
        rows = [db.session.scalar(select(func.count()).select_from(table)) for table in (ImportDraft, AddressChange)]
        return state, rows[0], rows[1]

    ends = {
        timedelta(minutes=59): ("unconfirmed", 1, 1),
        timedelta(hours=1): ("cancelled", 1, 1),
        timedelta(days=1): ("cancelled", 0, 1),
        timedelta(days=3, minutes=1): ("gone", 0, 0),
    }
    moment = [now]
    for after, expected in ends.items():
        moment[0] = now + after
        Worker(each_database, lambda: moment[0]).run_once()
        assert left() == expected, after


def test_a_substitute_who_cancels_at_once_is_still_told_where_her_data_came_from(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    """RODO art. 14: she did not give her data herself."""
    person = factory.registration(factory.event())
    done = substitute(person.id, Substitute("Jan Łoś", "jan@example.org", "pl"), now)
    assert isinstance(done, Substituted)
    cancel_registration(done.registration_id, now, by="person")
    mails = select(Mail.occasion, Mail.state).where(Mail.to_address == "jan@example.org").order_by(Mail.id)
    assert [tuple(row) for row in db.session.execute(mails)] == [
        ("substitute_invited", "queued"),
        ("registration_cancelled", "queued"),
    ]
