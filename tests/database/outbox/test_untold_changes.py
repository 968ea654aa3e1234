"""Changes told while earlier mails have not left: nothing that only they would have said is lost."""

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from eventreg.database import db
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_loading import fields_of
from eventreg.events.models import Event
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from tests.database.outbox.conftest import Postbox
from tests.database.outbox.test_registration_mails import MakeDelivery, deliver, entry_of
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("sending_app")


def change(event_id: int, now: datetime, *, tell: bool = True, **values: object) -> None:
    db.session.rollback()
    event = db.session.get_one(Event, event_id)
    fields = replace(fields_of(event), **values)  # type: ignore[arg-type]  # each test names its own
    assert isinstance(change_event(event.id, fields, event.revision, tell, None, now), Changed)


def plain_text(postbox: Postbox) -> str:
    [mail] = postbox.received
    return words_of(mail)


def words_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\u00a0", " ")


def test_two_changes_before_the_first_mail_left_are_one_mail_from_what_she_knew(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()  # 12.00-13.30 in Warsaw
    sign_up(event.id, SignUpRequest("Anna Kowalska", "anna@example.org", "pl"), now)
    deliver(delivery())
    postbox.received.clear()
    start = event.starts_at
    change(event.id, now, starts_at=start + timedelta(hours=1), ends_at=start + timedelta(hours=3))
    change(event.id, now, venue="Nowy Dom Kultury")
    change(event.id, now, starts_at=start + timedelta(hours=2), ends_at=start + timedelta(hours=4))
    deliver(delivery())
    text = plain_text(postbox)
    assert "godz. 14.00–16.00" in text
    assert "godz. 12.00–13.30" in text, "before: what she was told"
    assert "godz. 13.00" not in text, "a time she was never told"
    assert "Nowy Dom Kultury" in text
    method, entry = entry_of(postbox.received[0])
    assert (method, entry.decoded("DTSTART")) == ("REQUEST", start + timedelta(hours=2))


def test_a_confirmation_that_has_not_left_is_replaced_by_a_confirmation(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    sign_up(event.id, SignUpRequest("Anna Kowalska", "anna@example.org", "pl"), now)
    change(event.id, now, venue="Nowy Dom Kultury")
    deliver(delivery())
    [mail] = postbox.received
    assert str(mail["Subject"]).replace("\u00a0", " ").startswith("Potwierdzenie udziału: ")
    assert "Nowy Dom Kultury" in plain_text(postbox)
    assert "Nowy Dom Kultury" in entry_of(mail)[1]["LOCATION"]


def test_a_change_that_nobody_was_told_of_is_told_with_the_next_one(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    begin = now - timedelta(hours=5)
    event = factory.event(venue="Urząd")  # 12.00-13.30 in Warsaw
    sign_up(event.id, SignUpRequest("Anna Kowalska", "anna@example.org", "pl"), begin)
    deliver(delivery())
    start = event.starts_at
    for hours in (1, 2):
        change(
            event.id,
            begin + timedelta(hours=hours),
            tell=False,
            starts_at=start + timedelta(hours=hours),
            ends_at=start + timedelta(hours=hours + 2),
        )
    later = begin + timedelta(hours=3)
    sign_up(event.id, SignUpRequest("Jan Nowak", "jan@example.org", "pl"), later)
    deliver(delivery())
    postbox.received.clear()
    change(event.id, begin + timedelta(hours=4), venue="Nowy Dom Kultury")
    deliver(delivery())
    told = {str(mail["To"].addresses[0].addr_spec): mail for mail in postbox.received}
    anna, jan = (words_of(told[f"{name}@example.org"]) for name in ("anna", "jan"))
    assert "Nowy termin: środa, 9 grudnia 2026 r., godz. 14.00–16.00 (poprzednio: " in anna
    assert "godz. 12.00–13.30)" in anna
    assert "godz. 13.00" not in anna, "a time she was never told"
    assert "Nowe miejsce: " in anna
    assert "Nowe miejsce: " in jan
    assert "Nowy termin" not in jan, "he signed up for the new time"


def test_what_was_told_is_not_told_again(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    begin = now - timedelta(hours=5)
    event = factory.event(venue="Urząd")
    sign_up(event.id, SignUpRequest("Anna Kowalska", "anna@example.org", "pl"), begin)
    start = event.starts_at
    change(event.id, begin + timedelta(hours=1), tell=False, venue="Dworzec")
    change(
        event.id, begin + timedelta(hours=2), starts_at=start + timedelta(hours=1), ends_at=start + timedelta(hours=2)
    )
    deliver(delivery())
    postbox.received.clear()
    change(event.id, begin + timedelta(hours=3), summary="Inaczej opisane.")
    deliver(delivery())
    text = plain_text(postbox)
    assert "Zmienił się opis wydarzenia" in text
    assert "Nowy termin" not in text
    assert "Nowe miejsce" not in text
