"""An event with a programme: its sessions stand in the invitation, frozen, and in no other mail."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from eventreg.calendars.event_feeds import feed_event
from eventreg.calendars.feed import LONGEST_DESCRIPTION
from eventreg.calendars.programme_rules import LONGEST_PROGRAMME
from eventreg.calendars.registration_calendar import calendar_of_registration
from eventreg.database import db, transaction
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.models import Event
from eventreg.messages.reminder_mails import remind
from eventreg.outbox.composing import compose
from eventreg.outbox.delivering import Delivery
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.mail_facts import RegistrationMailFacts
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import claim_due
from eventreg.registrations.address_change_mails import tell_moved
from eventreg.registrations.models import Registration
from eventreg.registrations.registration_mails import tell_standing
from tests.database.outbox.test_registration_mails import changed
from tests.factories import Factory, confirm_sign_up

MakeDelivery = Callable[..., Delivery]
pytestmark = pytest.mark.usefixtures("each_database")

PROGRAMME = "## Program\n\n- 9.00 – powitanie\n- 9.30 – debata o partnerstwie"
SESSIONS = "Program\n\n- 9.00 – powitanie\n- 9.30 – debata o partnerstwie"
LONG = "## Program\n\n" + "\n".join(f"- punkt {number}: współpraca miast i regionów" for number in range(400))


def stored() -> list[tuple[str, str]]:
    """Occasion and frozen programme of every mail."""
    db.session.rollback()
    mails = db.session.scalars(select(Mail).order_by(Mail.id))
    return [(mail.occasion, mail.facts["event"]["programme"]) for mail in mails]


def description(source: bytes) -> str:
    (entry,) = Calendar.from_ical(source).walk("VEVENT")
    return str(entry["DESCRIPTION"])


def invitations(now: datetime) -> list[bytes]:
    """The calendar of every mail that is due, as it would leave."""
    found = []
    for mail in claim_due(now + timedelta(days=1), "host:1:mark", 50):
        for part in compose(mail).walk():
            if part.get_content_type() == "text/calendar":
                payload = part.get_payload(decode=True)
                assert isinstance(payload, bytes)
                found.append(payload)
    return found


def test_the_invitation_lists_the_sessions_after_everything_else(factory: Factory, now: datetime) -> None:
    event = factory.event(programme=PROGRAMME, summary="Jedno zdanie.")
    confirm_sign_up(event, factory.registration(event), now)
    (source,) = invitations(now)
    text = description(source)
    assert text.startswith("Jedno zdanie.\n")
    assert text.endswith(f"/events/{event.slug}\n\n{SESSIONS}")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", "\n… Dalszy ciąg programu jest na stronie wydarzenia."),
        ("en", "\n… The rest of the programme is on the page of the event."),
    ],
)
def test_of_a_long_programme_the_beginning_is_told_and_where_the_rest_is(
    factory: Factory, now: datetime, language: str, words: str
) -> None:
    event = factory.event(programme=LONG)
    confirm_sign_up(event, factory.registration(event, language=language), now)
    assert len(stored()[0][1]) <= LONGEST_PROGRAMME
    (source,) = invitations(now)
    assert "- punkt 0: współpraca" in description(source)
    assert description(source).endswith(words)
    assert "- punkt 399" not in description(source)


def test_it_is_frozen_with_the_mail(factory: Factory, now: datetime) -> None:
    event = factory.event(programme=PROGRAMME)
    confirm_sign_up(event, factory.registration(event), now)
    with transaction() as session:
        session.get_one(Event, event.id).programme = "Zupełnie co innego"
    (source,) = invitations(now)
    assert SESSIONS in description(source)
    assert "co innego" not in description(source)


def test_only_mails_with_an_invitation_carry_it(factory: Factory, now: datetime) -> None:
    event = factory.event(programme=PROGRAMME, capacity=1, waiting_list="always")
    anna = factory.registration(event, email="anna@example.org")
    jan = factory.registration(event, state="waitlisted", waiting_order=1, confirmed_at=None, email="jan@example.org")
    tell_standing(event, [anna, jan], now)
    assert sorted(stored()) == [("sign_up_confirmed", SESSIONS), ("sign_up_waitlisted", "")]
    changed(event.id, now, venue="Dom Kultury")
    assert sorted(stored()[2:]) == [("event_changed", ""), ("sign_up_confirmed", SESSIONS)]
    assert all(
        mail.facts["before"]["programme"] == "" for mail in db.session.scalars(select(Mail)) if mail.facts["before"]
    )
    event = db.session.get_one(Event, event.id)
    remind(event, now + timedelta(minutes=1), now + timedelta(minutes=1))
    assert stored()[4:] == [("reminder", "")]
    cancel_event(event.id, "", None, now)
    assert stored()[5:] == [("event_cancelled", ""), ("event_cancelled", "")]


def test_files_to_pass_on_list_the_sessions_too(factory: Factory, now: datetime) -> None:
    event = factory.event(programme=PROGRAMME)
    people = [factory.registration(event, email="biuro@example.org") for _ in range(2)]
    tell_standing(event, people, now)
    (mail,) = claim_due(now, "host:1:mark", 50)
    files = [part.get_payload(decode=True) for part in compose(mail).iter_attachments()]
    assert len(files) == 2
    for source in files:
        assert isinstance(source, bytes)
        assert SESSIONS in description(source)


def test_the_cancel_to_an_old_mailbox_goes_without(factory: Factory, now: datetime) -> None:
    event = factory.event(programme=PROGRAMME)
    anna = factory.registration(event, email="nowa@example.org")
    with transaction() as session:
        event, anna = session.merge(event), session.merge(anna)
        tell_moved(event, anna, "stara@example.org", now)
    assert [programme for _occasion, programme in stored()] == ["", SESSIONS]


def test_mails_queued_by_an_older_version_stay_readable(factory: Factory, now: datetime) -> None:
    event = factory.event()
    confirm_sign_up(event, factory.registration(event), now)
    old: dict[str, Any] = json.loads(json.dumps(db.session.scalars(select(Mail.facts)).one()))
    del old["event"]["programme"]
    facts = facts_from_json(old)
    assert isinstance(facts, RegistrationMailFacts)
    assert facts.event.programme == ""


def test_calendar_05_the_file_of_somebody_who_was_never_invited_begins_with_sequence_0(factory: Factory) -> None:
    anna = factory.registration(factory.event(), ical_sequence=-1)
    (entry,) = Calendar.from_ical(calendar_of_registration(anna)).walk("VEVENT")
    assert (entry["SEQUENCE"], str(entry["UID"])) == (0, anna.uid)


def test_the_file_of_the_own_page_and_the_feed_tell_it(factory: Factory) -> None:
    event = factory.event(programme=PROGRAMME)
    anna: Registration = factory.registration(event)
    assert description(calendar_of_registration(anna)).endswith(f"\n\n{SESSIONS}")
    assert feed_event(event, "pl").description.endswith(f"\n\n{SESSIONS}")
    long = factory.event(event.organiser, programme=LONG)
    text = feed_event(long, "pl").description
    assert len(text) <= LONGEST_DESCRIPTION
    assert text.endswith("\n…")
