"""What strangers can trigger for one event: above an hour's quota the mails wait (abuse 15)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert, select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.models import Mail
from eventreg.outbox.retry_rules import EVENT_QUOTA, EVENT_QUOTA_PER_PLACE, QUOTA_PER_ADDRESS, QUOTA_WINDOW
from eventreg.registrations.address_changing import ask_address_change
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.finding_links import mail_links
from eventreg.registrations.registration_mails import tell_already_registered
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import Confirmed, SignUpRequest
from eventreg.registrations.substitution import Substitute, substitute
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def last_mail() -> Mail:
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    return mail


def fill_up(event: Event, number: int, at: datetime, **values: Any) -> None:
    """As many mails of this event as if strangers had posted its form that often, each to another address."""
    first = last_mail()
    columns = [column.name for column in Mail.__table__.columns if column.name not in ("id", "message_id")]
    row = {name: getattr(first, name) for name in columns}
    row.update(registration_id=None, event_id=event.id, created_at=at, **values)
    rows = [
        {**row, "message_id": f"<{event.id}-{at:%H%M}-{n}@x>", "quota_key": f"o{n}@x", "order_key": f"e:{n}"}
        for n in range(number)
    ]
    with transaction() as session:
        session.execute(insert(Mail), rows)


def ask(name: str, email: str) -> SignUpRequest:
    return SignUpRequest(name, email, "pl")


def test_abuse_15_above_the_quota_of_an_event_mails_wait_and_sign_ups_go_on(factory: Factory, now: datetime) -> None:
    event, other = factory.event(capacity=10), factory.event(capacity=10)
    sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)
    assert last_mail().next_try_at == now
    fill_up(event, EVENT_QUOTA + 10 * EVENT_QUOTA_PER_PLACE - 2, now)
    sign_up(event.id, ask("Jan Łoś", "jan@example.org"), now)
    assert last_mail().next_try_at == now, "the last one within the quota"
    late = sign_up(event.id, ask("Ewa Ćwik", "ewa@example.org"), now)
    assert isinstance(late, Confirmed)
    assert (last_mail().to_address, last_mail().state) == ("ewa@example.org", "queued")
    assert last_mail().next_try_at == now + timedelta(hours=1)
    sign_up(other.id, ask("Ewa Ćwik", "ewa@example.org"), now)
    assert last_mail().next_try_at == now, "other events go on as ever"
    sign_up(event.id, ask("Piotr Żak", "piotr@example.org"), now + timedelta(hours=1, minutes=1))
    assert last_mail().next_try_at == now + timedelta(hours=1, minutes=1), "an hour later it is over"


def test_abuse_15_what_follows_from_a_persons_own_link_does_not_wait(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=10)
    signed_up = sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)
    assert isinstance(signed_up, Confirmed)
    fill_up(event, 2 * (EVENT_QUOTA + 10 * EVENT_QUOTA_PER_PLACE), now)
    cancel_registration(signed_up.registration_id, now, by="person")
    assert (last_mail().occasion, last_mail().next_try_at) == ("registration_cancelled", now)


def test_abuse_15_whoever_is_named_by_a_person_counts_and_waits(factory: Factory, now: datetime) -> None:
    """A stranger who signs himself up has a page of his own, where he can type others' addresses."""
    event = factory.event(capacity=10)
    signed_up = sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)
    assert isinstance(signed_up, Confirmed)
    fill_up(event, EVENT_QUOTA + 10 * EVENT_QUOTA_PER_PLACE, now)
    ask_address_change(signed_up.registration_id, "obca@example.org", now)
    assert (last_mail().to_address, last_mail().next_try_at) == ("obca@example.org", now + timedelta(hours=1))
    substitute(signed_up.registration_id, Substitute("Jan Łoś", "jan@example.org", "pl"), now)
    assert (last_mail().to_address, last_mail().next_try_at) == ("jan@example.org", now + timedelta(hours=1))


def test_abuse_15_a_flooded_mailbox_reads_of_its_place_in_time(factory: Factory, now: datetime) -> None:
    """An offer that waited for the quota would run out unread."""
    event = factory.event(capacity=1, waiting_list="when_full", promotion="offer")
    first = sign_up(event.id, ask("Jan Łoś", "jan@example.org"), now)
    assert isinstance(first, Confirmed)
    sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)
    for number in range(QUOTA_PER_ADDRESS):
        other = factory.event()
        sign_up(other.id, ask(f"Obcy {chr(65 + number)}", f"anna+{number}@example.org"), now)
    assert last_mail().next_try_at == now + QUOTA_WINDOW, "what strangers trigger waits"
    cancel_registration(first.registration_id, now, by="person")
    assert (last_mail().occasion, last_mail().to_address) == ("place_offered", "anna@example.org")
    assert last_mail().next_try_at == now
    mail_links("anna@example.org", "pl", now)
    assert (last_mail().occasion, last_mail().next_try_at) == ("links_found", now + QUOTA_WINDOW)


def test_abuse_15_a_reminder_of_being_signed_up_counts_and_waits_too(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=10)
    sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)
    fill_up(event, 2 * (EVENT_QUOTA + 10 * EVENT_QUOTA_PER_PLACE), now)
    person = factory.registration(event, name="Jan Łoś", email="jan@example.org")
    tell_already_registered(event, person, now)
    assert last_mail().next_try_at == now + timedelta(hours=2)


def test_abuse_15_what_was_superseded_puts_off_nothing(factory: Factory, now: datetime) -> None:
    """Else 'cancel' and 'restore' pressed without end would hold up the confirmations of everybody."""
    event = factory.event(capacity=10)
    sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)
    fill_up(event, 2 * (EVENT_QUOTA + 10 * EVENT_QUOTA_PER_PLACE), now, state="superseded")
    sign_up(event.id, ask("Jan Łoś", "jan@example.org"), now)
    assert (last_mail().to_address, last_mail().next_try_at) == ("jan@example.org", now)


def test_the_quotas_cost_one_statement(factory: Factory, now: datetime) -> None:
    event = factory.event()
    sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "count(" in statement and "FROM mails" in statement:
            seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        sign_up(event.id, ask("Jan Łoś", "jan@example.org"), now)
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) == 1
