"""The whole life of an invitation as a real SMTP server receives it, compared part by part: calendar.md 1-9."""

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any

import pytest
from icalendar import Calendar, Component
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_loading import fields_of
from eventreg.events.models import Event
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.registrations.approval import Decided, accept, decline
from eventreg.registrations.cancelling import cancel_registration, restore_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.moving_between_events import Moved, move_registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from eventreg.registrations.substitution import Substitute, Substituted, substitute
from eventreg.registrations.waiting_list import promote
from tests.database.outbox.conftest import Postbox
from tests.factories import Factory

MakeDelivery = Callable[..., Delivery]
pytestmark = pytest.mark.usefixtures("sending_app")

ANNA = "anna@example.org"
HOSTILE = "x\r\nBcc: eve@example.org\r\nATTENDEE:mailto:eve@example.org\x00\x0b;,:\"'\\^ 🎓 \u202eשלום\u2066"


@dataclass(frozen=True)
class Received:
    """One mail with an invitation, taken apart byte by byte."""

    raw: bytes
    message: Message
    method: str
    calendar: Calendar
    entry: Component
    source: bytes  # of the calendar

    @property
    def attendee(self) -> str:
        return str(self.entry["ATTENDEE"]).removeprefix("mailto:")


def header(message: Message, name: str) -> str:
    (value,) = message.get_all(name, [])
    return str(make_header(decode_header(str(value))))


def address(message: Message, name: str) -> str:
    ((_, found),) = getaddresses([str(value) for value in message.get_all(name, [])])
    return found


def headers_of(part: Message) -> set[str]:
    return {name.lower() for name in part}


def check_lines(raw: bytes) -> None:
    """RFC 5322 2.1 and 2.2.3: CRLF alone ends a line, headers are folded, everything is seven-bit."""
    assert raw.isascii()
    assert b"\x00" not in raw
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))


def take_apart(raw: bytes) -> Received:
    """Compare the tree with calendar.md 1 and 2, part by part; the compat32 parser changes no header."""
    check_lines(raw)
    message = message_from_bytes(raw)
    assert message.get_content_type() == "multipart/mixed"
    alternative, attached = message.get_payload()
    assert alternative.get_content_type() == "multipart/alternative"
    assert headers_of(alternative) == {"content-type"}
    plain, html, invitation = alternative.get_payload()
    for part, kind in ((plain, "text/plain"), (html, "text/html")):
        assert part.get_content_type() == kind
        assert part.get_content_charset() == "utf-8"
        assert headers_of(part) <= {"content-type", "content-transfer-encoding", "mime-version"}
    calendar = Calendar.from_ical(decoded(invitation))
    method = str(calendar["METHOD"])
    assert re.sub(r'[\s"]', "", invitation["Content-Type"]) == f"text/calendar;method={method};charset=UTF-8"
    assert invitation["Content-Transfer-Encoding"] == "base64"
    assert headers_of(invitation) <= {"content-type", "content-transfer-encoding", "mime-version"}
    assert re.sub(r'[\s"]', "", attached["Content-Type"]) == "application/ics;name=invite.ics"
    assert re.sub(r'[\s"]', "", attached["Content-Disposition"]) == "attachment;filename=invite.ics"
    assert attached["Content-Transfer-Encoding"] == "base64"
    assert decoded(attached) == decoded(invitation)
    (entry,) = calendar.walk("VEVENT")
    assert address(message, "From") == str(entry["ORGANIZER"]).removeprefix("mailto:")
    assert len(message.get_all("To", [])) == 1
    assert address(message, "To") == str(entry["ATTENDEE"]).removeprefix("mailto:")
    assert not {"cc", "bcc", "sender"} & headers_of(message)
    return Received(raw, message, method, calendar, entry, decoded(invitation))


def decoded(part: Message) -> bytes:
    return b64decode(str(part.get_payload()), validate=False)


def all_text(raw: bytes) -> str:
    """Every byte of a mail that somebody could read, the encoded parts decoded."""
    parts = list(message_from_bytes(raw).walk())
    headers = [f"{name}: {value}\n" for part in parts for name, value in part.items()]
    contents = [part.get_payload(decode=True) for part in parts if not part.is_multipart()]
    return "".join(headers) + "".join(content.decode() for content in contents if isinstance(content, bytes)).replace(
        "\r\n ", ""
    )


def sign(event: Event, now: datetime, name: str = "Anna Kowalska", email: str = ANNA) -> Registration:
    sign_up(event.id, SignUpRequest(name=name, email=email, language="pl"), now)
    return db.session.scalars(
        select(Registration).where(Registration.name == name, Registration.event_id == event.id)
    ).one()


def row(registration: Registration) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def change(event: Event, now: datetime, **values: Any) -> None:
    db.session.rollback()
    fresh = db.session.get_one(Event, event.id, populate_existing=True)
    outcome = change_event(fresh.id, replace(fields_of(fresh), **values), fresh.revision, True, None, now)
    assert isinstance(outcome, Changed)


def deliver(delivery: Delivery) -> None:
    while deliver_due(delivery).claimed:
        pass


def has_calendar(raw: bytes) -> bool:
    return b"calendar" in b"".join(line for line in raw.split(b"\r\n") if line.lower().startswith(b"content-type"))


def invitations_to(postbox: Postbox, recipient: str) -> list[Received]:
    """Every mail to the address that carries an invitation, in the order received, each checked part by part."""
    mails = [raw for raw in postbox.raw if address(message_from_bytes(raw), "To") == recipient]
    return [take_apart(raw) for raw in mails if has_calendar(raw)]


def test_calendar_01_the_tree_of_every_mail_in_an_invitations_life(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(
        title="Dobre praktyki: część I", programme="## Program\n\n- 9.00 – powitanie\n- 9.30 – debata"
    )
    start, end = event.starts_at + timedelta(hours=2), event.ends_at + timedelta(hours=2)
    anna = sign(event, now)
    sign(event, now, "Jan Nowak", "jan@example.org")
    deliver(delivery())
    steps: list[Callable[[datetime], object]] = [
        lambda at: change(event, at, starts_at=start, ends_at=end),
        lambda at: cancel_registration(anna.id, at, by="person"),
        lambda at: restore_registration(anna.id, at, by="person"),
        lambda at: change(event, at, venue="Dom Kultury"),
        lambda at: cancel_event(event.id, "Choroba prowadzącego", None, at),
    ]
    for hours, step in enumerate(steps, start=1):
        step(now + timedelta(hours=hours))
        deliver(delivery(now + timedelta(hours=hours)))
        assert row(anna).sent_sequence == row(anna).ical_sequence == hours
        assert row(anna).sent_sequence_at == now + timedelta(hours=hours)
    hers, his = invitations_to(postbox, ANNA), invitations_to(postbox, "jan@example.org")
    assert [one.method for one in hers] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST", "REQUEST", "CANCEL"]
    assert [one.entry["SEQUENCE"] for one in hers] == [0, 1, 2, 3, 4, 5]
    assert {str(one.entry["UID"]) for one in hers} == {anna.uid}
    stamps = [one.entry["DTSTAMP"].dt for one in hers]
    assert stamps == [now + timedelta(hours=hours) for hours in range(6)]
    assert [one.method for one in his] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [one.entry["SEQUENCE"] for one in his] == [0, 1, 2, 3]
    assert len(postbox.raw) == 10
    assert {one.entry["DTSTART"].dt for one in hers[1:]} == {start}
    assert "- 9.00 – powitanie\n- 9.30 – debata" in str(hers[0].entry["DESCRIPTION"])
    assert "powitanie" not in str(hers[5].entry["DESCRIPTION"])


def test_calendar_02_the_method_of_the_mail_is_the_method_of_its_calendar(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    anna = sign(factory.event(), now)
    cancel = now + timedelta(hours=1)
    deliver(delivery())
    cancel_registration(anna.id, cancel, by="person")
    deliver(delivery(cancel))
    said = [re.findall(rb'method="?(\w+)', raw) for raw in postbox.raw]
    assert said == [[b"REQUEST"], [b"CANCEL"]]
    assert [one.method for one in invitations_to(postbox, ANNA)] == ["REQUEST", "CANCEL"]


def test_calendar_03_nobody_elses_address_anywhere_in_the_mail(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(contact_email="kontakt@example.org")
    for number in range(5):
        sign(event, now, f"Osoba {'abcde'[number]}", f"inna{number}@example.org")
    sign(event, now)
    deliver(delivery())
    (mail,) = invitations_to(postbox, ANNA)
    found = set(re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*", all_text(mail.raw)))
    ids = {header(mail.message, "Message-ID").strip("<>"), str(mail.entry["UID"])}
    assert found - ids == {ANNA, "no-reply@example.org", "kontakt@example.org"}
    (attendee,) = [line for line in mail.source.replace(b"\r\n ", b"").split(b"\r\n") if line.startswith(b"ATTENDEE")]
    assert b"PARTSTAT=NEEDS-ACTION" in attendee
    assert b"RSVP=TRUE" in attendee


@pytest.mark.parametrize(
    ("as_itself", "sender", "answers_to"),
    [
        (True, "biuro@urzad.example.org", "biuro@urzad.example.org"),
        (False, "no-reply@example.org", "kontakt@example.org"),
    ],
)
def test_calendar_04_an_answer_in_words_reaches_a_person(
    postbox: Postbox,
    factory: Factory,
    delivery: MakeDelivery,
    now: datetime,
    as_itself: bool,
    sender: str,
    answers_to: str,
) -> None:
    organiser = factory.organiser(sends_as_itself=as_itself, contact_email="biuro@urzad.example.org")
    event = factory.event(organiser, contact_email="kontakt@example.org")
    anna = sign(event, now)
    deliver(delivery())
    cancel_registration(anna.id, now, by="person")
    deliver(delivery())
    for mail in invitations_to(postbox, ANNA):
        assert address(mail.message, "From") == sender
        assert str(mail.entry["ORGANIZER"]) == f"mailto:{sender}"
        assert address(mail.message, "Reply-To") == answers_to
    assert len(postbox.raw) == 2


def test_calendar_04a_a_shared_mailbox_never_gets_a_request_again(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna, jan = sign(event, now, email="biuro@example.org"), sign(event, now, "Jan Łoś", "biuro@example.org")
    deliver(delivery())
    change(event, now, venue="Dom Kultury")
    deliver(delivery())
    assert (row(anna).sent_sequence, row(jan).sent_sequence) == (1, 1)
    cancel_registration(jan.id, now, by="person")
    deliver(delivery())
    first, second, changed, cancelled = postbox.raw
    assert take_apart(first).method == "REQUEST"
    for raw in (second, changed):
        assert b"text/calendar" not in raw
        files = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == "application/ics"]
        assert files
        for part in files:
            calendar = Calendar.from_ical(decoded(part))
            assert str(calendar["METHOD"]) == "PUBLISH"
            assert "ATTENDEE" not in calendar.walk("VEVENT")[0]
            assert part.get_content_disposition() == "attachment"
    assert b"REQUEST" not in cancelled
    assert row(jan).sent_sequence == 2


def test_calendar_05_a_restored_person_has_a_higher_sequence_than_the_event_itself(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = sign(event, now)
    deliver(delivery())
    for number in range(3):
        gone, back = now + timedelta(hours=2 * number), now + timedelta(hours=2 * number + 1)
        cancel_registration(anna.id, gone, by="person")
        deliver(delivery(gone))
        restore_registration(anna.id, back, by="person")
        deliver(delivery(back))
    hers = invitations_to(postbox, ANNA)
    assert [one.entry["SEQUENCE"] for one in hers] == list(range(7))
    assert hers[-1].method == "REQUEST"
    assert db.session.get_one(Event, event.id).sequence == 0
    assert len(bytes.fromhex(anna.uid.partition("@")[0])) >= 16


def test_calendar_06_a_cancel_names_the_entry_it_takes_away(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(all_day=True, starts_at=now + timedelta(days=3), ends_at=now + timedelta(days=5))
    sign(event, now)
    deliver(delivery())
    cancel_event(event.id, "", None, now)
    deliver(delivery())
    asked, cancelled = invitations_to(postbox, ANNA)
    assert (cancelled.method, str(cancelled.entry["STATUS"])) == ("CANCEL", "CANCELLED")
    for name in ("UID", "ORGANIZER", "ATTENDEE"):
        assert str(asked.entry[name]) == str(cancelled.entry[name])
    for name in ("DTSTART", "DTEND"):
        assert asked.entry[name].dt == cancelled.entry[name].dt
    assert cancelled.entry["SEQUENCE"] == asked.entry["SEQUENCE"] + 1
    assert b"RSVP" not in cancelled.source


def test_calendar_07_the_zone_is_two_yearly_rules(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    sign(factory.event(), now)
    deliver(delivery())
    (mail,) = invitations_to(postbox, ANNA)
    assert b"DTSTART;TZID=Europe/Warsaw:20261209T120000\r\n" in mail.source
    assert mail.source.count(b"BEGIN:VTIMEZONE") == 1
    assert mail.source.count(b"RRULE:FREQ=YEARLY") == 2
    assert b"RDATE" not in mail.source
    assert b"COMMENT" not in mail.source


def test_calendar_08_what_people_type_becomes_no_line_of_header_or_calendar(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(
        title=f"Warsztaty {HOSTILE}".replace("\r\n", " ").replace("\x00", "").replace("\x0b", ""),
        summary=HOSTILE.replace("\x00", ""),  # PostgreSQL keeps no NUL
        venue=HOSTILE.replace("\x00", ""),
        programme=HOSTILE.replace("\x00", "") * 400,
        online_url="https://meet.example.org/a?b=c",
        attendance="hybrid",
    )
    sign(event, now, name='Anna ";Eve": <eve@example.org>, Łęcka 🎓 שלום')
    deliver(delivery())
    (mail,) = invitations_to(postbox, ANNA)
    assert address(mail.message, "To") == ANNA
    assert "eve@example.org" not in [address for _, address in getaddresses([str(mail.message["To"])])]
    lines = mail.source.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert sum(line.startswith(b"ATTENDEE") for line in lines) == 1
    assert [line for line in lines if line.startswith((b"BEGIN:", b"END:"))].count(b"BEGIN:VEVENT") == 1
    assert b"\x0b" not in mail.source
    assert str(mail.entry["X-MICROSOFT-DISALLOW-COUNTER"]) == "TRUE"
    assert "🎓" in str(mail.entry["SUMMARY"])
    assert "שלום" in str(mail.entry["SUMMARY"])
    assert len(str(mail.entry["DESCRIPTION"])) <= 8_000


class TestCalendar09:
    """An invitation goes out when the place is hers, and to nobody else."""

    def test_calendar_09_waiting_pending_unconfirmed_and_declined_people_get_none(
        self, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
    ) -> None:
        organiser = factory.organiser()
        account = factory.account(organiser)
        full = factory.event(organiser, capacity=1, waiting_list="when_full")
        factory.registration(full)
        choosy = factory.event(organiser, approval=True)
        careful = factory.event(organiser, confirm_hours=2)
        waiting = sign(full, now, email="waiting@example.org")
        pending = sign(choosy, now, email="pending@example.org")
        refused = sign(choosy, now, "Jan Nowak", "refused@example.org")
        unconfirmed = sign(careful, now, email="unconfirmed@example.org")
        assert isinstance(decline(choosy.id, [refused.id], "", account.id, now), Decided)
        change(full, now, venue="Dom Kultury")
        change(choosy, now, venue="Dom Kultury")
        deliver(delivery())
        people = [row(one) for one in (waiting, pending, refused, unconfirmed)]
        assert [one.state for one in people] == ["waitlisted", "pending", "declined", "unconfirmed"]
        theirs = {one.email for one in people}
        told = [raw for raw in postbox.raw if address(message_from_bytes(raw), "To") in theirs]
        assert {address(message_from_bytes(raw), "To") for raw in told} == theirs
        for raw in told:
            assert not has_calendar(raw)
            assert b"application/ics" not in raw
            check_lines(raw)
        assert [one.sent_sequence for one in people] == [None] * 4

    def test_calendar_09_who_is_promoted_or_admitted_is_invited(
        self, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
    ) -> None:
        organiser = factory.organiser()
        account = factory.account(organiser)
        full = factory.event(organiser, capacity=1, waiting_list="when_full", promotion="by_hand")
        holder = factory.registration(full)
        by_hand, choosy = sign(full, now, email="promoted@example.org"), factory.event(organiser, approval=True)
        admitted = sign(choosy, now, email="admitted@example.org")
        deliver(delivery())
        assert not any(has_calendar(raw) for raw in postbox.raw)
        cancel_registration(holder.id, now, by="person")
        promote(by_hand.id, full.id, account.id, now)
        accept(choosy.id, [admitted.id], account.id, now)
        deliver(delivery())
        for person in (by_hand, admitted):
            (mail,) = invitations_to(postbox, person.email)
            assert (mail.method, str(mail.entry["UID"])) == ("REQUEST", person.uid)
            assert row(person).sent_sequence == mail.entry["SEQUENCE"]

    def test_calendar_09_an_automatic_promotion_invites(
        self, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
    ) -> None:
        event = factory.event(capacity=1, waiting_list="when_full", promotion="at_once")
        anna, jan = sign(event, now), sign(event, now, "Jan Nowak", "jan@example.org")
        cancel_registration(anna.id, now, by="person")
        deliver(delivery())
        (mail,) = invitations_to(postbox, "jan@example.org")
        assert (mail.method, str(mail.entry["UID"])) == ("REQUEST", jan.uid)

    def test_calendar_09_a_substitute_is_invited_and_the_other_one_loses_the_entry(
        self, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
    ) -> None:
        anna = sign(factory.event(), now)
        deliver(delivery())
        outcome = substitute(anna.id, Substitute("Ewa Ćwik", "ewa@example.org", "pl"), now)
        assert isinstance(outcome, Substituted)
        deliver(delivery())
        (invited,) = invitations_to(postbox, "ewa@example.org")
        assert [one.method for one in invitations_to(postbox, ANNA)] == ["REQUEST", "CANCEL"]
        assert invited.method == "REQUEST"
        assert str(invited.entry["UID"]) != anna.uid
        assert ANNA not in all_text(invited.raw)

    def test_calendar_09_who_is_moved_loses_one_entry_and_gets_another(
        self, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
    ) -> None:
        organiser = factory.organiser()
        here, there = factory.event(organiser, title="Tutaj"), factory.event(organiser, title="Tam")
        anna = sign(here, now)
        deliver(delivery())
        assert isinstance(move_registration(anna.id, here.id, there.id, factory.account(organiser).id, now), Moved)
        deliver(delivery())
        told = [(one.method, str(one.entry["SUMMARY"])) for one in invitations_to(postbox, ANNA)]
        assert told[0] == ("REQUEST", "Tutaj")
        assert sorted(told[1:]) == [("CANCEL", "Tutaj"), ("REQUEST", "Tam")]


def test_online_and_hybrid_events_tell_the_link_to_participants(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    link = "https://meet.example.org/abc?pwd=1"
    for attendance in ("online", "hybrid", "place"):
        sign(
            factory.event(attendance=attendance, online_url=link, title=attendance),
            now,
            email=f"{attendance}@example.org",
        )
    deliver(delivery())
    for attendance in ("online", "hybrid"):
        (mail,) = invitations_to(postbox, f"{attendance}@example.org")
        conference = mail.entry["CONFERENCE"]
        assert (str(conference), conference.params["VALUE"], conference.params["FEATURE"]) == (link, "URI", "VIDEO")
        assert link in str(mail.entry["DESCRIPTION"])
        place = link if attendance == "online" else "Urząd Miasta Proszowice, ul. 3 Maja 72, 32-100 Proszowice"
        assert str(mail.entry["LOCATION"]).startswith(place)
        assert "/events/" in str(mail.entry["URL"])
    (mail,) = invitations_to(postbox, "place@example.org")
    assert "CONFERENCE" not in mail.entry
    assert link not in all_text(mail.raw)
