"""Which SEQUENCE each person was last sent, kept when a mail leaves, and the cancel that is made up for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select, update

from eventreg.config import MailServer
from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.outbox.models import Mail
from eventreg.outbox.sent_sequences import note_sent_sequences
from eventreg.registrations.cancelling import cancel_registration, restore_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.registration_mails import tell_standing
from eventreg.registrations.resending import resend_confirmation
from tests.database.outbox.conftest import Postbox, free_port, mail_server_set
from tests.database.outbox.test_registration_mails import changed
from tests.factories import Factory, confirm_sign_up

MakeDelivery = Callable[..., Delivery]


def deliver(delivery: Delivery) -> None:
    while deliver_due(delivery).claimed:
        pass


def sent(registration: Registration) -> tuple[int | None, datetime | None]:
    db.session.rollback()
    fresh = db.session.get_one(Registration, registration.id, populate_existing=True)
    return fresh.sent_sequence, fresh.sent_sequence_at


def facts(**sequences: int) -> dict[str, Any]:
    """As they are stored: a person's id (after an underscore) and the SEQUENCE that was sent."""
    return {
        "people": [
            {"id": int(id_.removeprefix("_")), "invitation": {"sequence": sequence}}
            for id_, sequence in sequences.items()
        ]
    }


def test_nothing_counts_as_sent_before_it_has_left(
    sending_app: Flask, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = factory.registration(event)
    confirm_sign_up(event, anna, now)
    assert sent(anna) == (None, None)
    deliver(delivery(now + timedelta(minutes=1)))
    assert sent(anna) == (0, now + timedelta(minutes=1))


def test_a_mail_that_the_server_refuses_leaves_the_number_as_it_is(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = factory.registration(event, email="anna@example.org")
    confirm_sign_up(event, anna, now)
    deliver(delivery())
    resend_confirmation(anna.id, event.id, factory.account(event.organiser).id, now)
    postbox.answers["anna@example.org"] = "550 no such mailbox"
    deliver(delivery(now + timedelta(hours=1)))
    assert db.session.scalars(select(Mail.state).order_by(Mail.id)).all() == ["sent", "failed"]
    assert sent(anna) == (0, now)


def test_while_the_server_is_away_nothing_counts_as_sent(
    each_database: Flask, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = factory.registration(event)
    confirm_sign_up(event, anna, now)
    with mail_server_set(each_database, MailServer("127.0.0.1", free_port(), None, None, "none")):
        assert deliver_due(delivery()).server_away is not None
    assert sent(anna) == (None, None)


def test_a_filed_mail_counts_as_sent(
    each_database: Flask, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = factory.registration(event)
    confirm_sign_up(event, anna, now)
    deliver(delivery())
    assert db.session.scalars(select(Mail.state)).all() == ["filed"]
    assert sent(anna) == (0, now)


def test_a_late_older_mail_lowers_nothing(each_database: Flask, factory: Factory, now: datetime) -> None:
    anna = factory.registration(factory.event())
    note_sent_sequences(facts(**{f"_{anna.id}": 4}), now)
    for sequence in (3, 4, 0):
        note_sent_sequences(facts(**{f"_{anna.id}": sequence}), now + timedelta(hours=1))
    assert sent(anna) == (4, now)
    note_sent_sequences(facts(**{f"_{anna.id}": 5}), now + timedelta(hours=2))
    assert sent(anna) == (5, now + timedelta(hours=2))


def test_a_mail_that_leaves_is_no_change_for_who_subscribes(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    anna = factory.registration(factory.event())
    marks = select(Registration.revision, Registration.updated_at).where(Registration.id == anna.id)
    before = db.session.execute(marks).one()
    note_sent_sequences(facts(**{f"_{anna.id}": 1}), now)
    db.session.rollback()
    assert sent(anna) == (1, now)
    assert db.session.execute(marks).one() == before


def test_several_people_of_one_mail_are_noted_each_with_her_own_number_in_one_statement(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    event = factory.event()
    people = [factory.registration(event) for _ in range(3)]
    other = factory.registration(event)
    note_sent_sequences(facts(**{f"_{people[1].id}": 9}), now)
    statements: list[str] = []

    @sqlalchemy_event.listens_for(db.engine, "before_cursor_execute")
    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    try:
        note_sent_sequences(facts(**{f"_{one.id}": number for number, one in enumerate(people)}), now)
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", count)
    assert len([one for one in statements if one.startswith("UPDATE")]) == 1
    assert [sent(one)[0] for one in people] == [0, 9, 2]
    assert sent(other) == (None, None)


@pytest.mark.parametrize(
    "stored", [{}, {"about": "account", "link": ""}, {"people": []}, {"people": [{"id": 1, "invitation": None}]}]
)
def test_mails_without_an_invitation_note_nothing(
    each_database: Flask, factory: Factory, now: datetime, stored: dict[str, Any]
) -> None:
    anna = factory.registration(factory.event(), id=1)
    note_sent_sequences(stored, now)
    assert sent(anna) == (None, None)


def test_a_registration_that_is_gone_meanwhile_stops_nobody(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    anna = factory.registration(factory.event())
    note_sent_sequences(facts(**{f"_{anna.id}": 1, "_987654": 3}), now)
    assert sent(anna) == (1, now)


class TestACancelThatWasReplacedBeforeItLeft:
    """She cancels and comes back to the waiting list while mails wait: her calendar must not keep the entry."""

    @pytest.fixture
    def event(self, factory: Factory) -> Event:
        return factory.event(capacity=1, waiting_list="always", promotion="by_hand")

    @pytest.fixture
    def anna(
        self, sending_app: Flask, factory: Factory, event: Event, delivery: MakeDelivery, now: datetime
    ) -> Registration:
        anna = factory.registration(event, email="anna@example.org")
        confirm_sign_up(event, anna, now)
        deliver(delivery())
        return anna

    def methods(self, postbox: Postbox) -> list[tuple[str, int]]:
        found = []
        for raw in postbox.raw:
            for part in message_from_bytes(raw).walk():
                if part.get_content_type() == "text/calendar":
                    payload = part.get_payload(decode=True)
                    assert isinstance(payload, bytes)
                    calendar = Calendar.from_ical(payload)
                    found.append((str(calendar["METHOD"]), int(calendar.walk("VEVENT")[0]["SEQUENCE"])))
        return found

    def test_the_mail_that_replaces_it_carries_it(
        self, anna: Registration, postbox: Postbox, delivery: MakeDelivery, now: datetime
    ) -> None:
        cancel_registration(anna.id, now, by="person")
        restore_registration(anna.id, now, by="person")
        deliver(delivery())
        assert db.session.scalars(select(Mail.occasion).where(Mail.state == "sent").order_by(Mail.id)).all() == [
            "sign_up_confirmed",
            "sign_up_waitlisted",
        ]
        assert self.methods(postbox) == [("REQUEST", 0), ("CANCEL", 2)]
        body = message_from_bytes(postbox.raw[1]).get_payload()[0].get_payload()[0].get_payload(decode=True).decode()
        assert "zaproszenie" not in body.lower()

    def test_once_it_has_left_it_does_not_come_again(
        self, anna: Registration, event: Event, postbox: Postbox, delivery: MakeDelivery, now: datetime
    ) -> None:
        cancel_registration(anna.id, now, by="person")
        restore_registration(anna.id, now, by="person")
        deliver(delivery())
        with transaction() as session:
            tell_standing(session.get_one(Event, event.id), [session.get_one(Registration, anna.id)], now)
        deliver(delivery())
        assert self.methods(postbox) == [("REQUEST", 0), ("CANCEL", 2)]
        assert len(postbox.raw) == 3

    def test_who_cancels_again_from_the_waiting_list_still_gets_it(
        self, anna: Registration, postbox: Postbox, delivery: MakeDelivery, now: datetime
    ) -> None:
        cancel_registration(anna.id, now, by="person")
        restore_registration(anna.id, now, by="person")
        cancel_registration(anna.id, now, by="person")
        deliver(delivery())
        assert self.methods(postbox) == [("REQUEST", 0), ("CANCEL", 3)]

    def test_a_change_told_to_everybody_carries_it_too(
        self, anna: Registration, event: Event, postbox: Postbox, delivery: MakeDelivery, now: datetime
    ) -> None:
        cancel_registration(anna.id, now, by="person")
        restore_registration(anna.id, now, by="person")
        changed(event.id, now, venue="Dom Kultury")
        deliver(delivery())
        assert self.methods(postbox) == [("REQUEST", 0), ("CANCEL", 2)]


def test_who_was_never_invited_is_sent_no_cancel_from_the_waiting_list(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(capacity=1, waiting_list="when_full")
    jan = factory.registration(event, state="waitlisted", waiting_order=1, confirmed_at=None)
    with transaction() as session:
        session.execute(update(Registration).where(Registration.id == jan.id).values(ical_sequence=0))
        tell_standing(session.get_one(Event, event.id), [session.get_one(Registration, jan.id)], now)
    cancel_registration(jan.id, now, by="person")
    deliver(delivery())
    assert postbox.raw
    assert not any(b"calendar" in raw.split(b"\r\n\r\n")[0] or b"text/calendar" in raw for raw in postbox.raw)
    assert sent(jan) == (None, None)
