"""Whom somebody else signed up is told where her data came from and who uses them (RODO art. 14)."""

from datetime import datetime

import pytest
from sqlalchemy import select

from eventreg.database import db
from eventreg.outbox.composing import words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.registrations.adding_by_hand import add_by_hand
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import AlreadyRegistered, Confirmed, SignUpRequest, Source, Waitlisted
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def last_text(language: str) -> str:
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    return words_of(mail.occasion, facts_from_json(mail.facts), language).text


def test_by_hand_the_mail_names_the_source_and_leads_to_the_clause(factory: Factory, now: datetime) -> None:
    organiser = factory.organiser(slug="omp", name="Ośrodek Myśli Politycznej")
    event = factory.event(organiser)
    account = factory.account(organiser)
    request = SignUpRequest("Jan Łoś", "jan@example.org", "pl", source=Source.PANEL)
    assert isinstance(add_by_hand(event.id, organiser.id, request, account.id, now), Confirmed)
    text = last_text("pl")
    assert "wprowadził organizator: Ośrodek Myśli Politycznej" in text
    assert "http://localhost/privacy/omp" in text


def test_who_signed_up_herself_has_seen_the_clause(factory: Factory, now: datetime) -> None:
    event = factory.event()
    sign_up(event.id, SignUpRequest("Jan Łoś", "jan@example.org", "pl"), now)
    assert "/privacy/" not in last_text("pl")


def test_a_person_on_the_list_whom_the_office_types_again_gets_no_mail(factory: Factory, now: datetime) -> None:
    """'The form was sent again' would not be true."""
    event = factory.event()
    account = factory.account(event.organiser)
    person = factory.registration(event, name="Anna Nowak", email="anna@example.org")
    request = SignUpRequest("Anna Nowak", "anna@example.org", "pl", source=Source.PANEL)
    outcome = add_by_hand(event.id, event.organiser_id, request, account.id, now)
    assert outcome == AlreadyRegistered(person.id)
    assert db.session.scalar(select(Mail.id).where(Mail.registration_id == person.id)) is None


def test_the_source_is_told_even_if_the_first_mail_was_replaced_before_it_left(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full")
    holder = factory.registration(event)
    account = factory.account(event.organiser)
    request = SignUpRequest("Anna Nowak", "anna@example.org", "pl", source=Source.PANEL, to_waiting_list=True)
    waits = add_by_hand(event.id, event.organiser_id, request, account.id, now)
    assert isinstance(waits, Waitlisted)
    cancel_registration(holder.id, now, by="person")
    mails = list(
        db.session.scalars(select(Mail).where(Mail.registration_id == waits.registration_id).order_by(Mail.id))
    )
    assert [(mail.occasion, mail.state) for mail in mails] == [
        ("sign_up_waitlisted", "superseded"),
        ("place_given", "queued"),
    ]
    assert mails[1].facts["added_by_organiser"] is True
