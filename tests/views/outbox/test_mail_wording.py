"""Numbers in mails: how long a link is valid, how many files are attached."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.database import db
from eventreg.outbox.composing import Readable, words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.mail_facts import AccountMailFacts
from eventreg.outbox.models import Mail
from eventreg.registrations.group_cancelling import cancel_of_group
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRequest, GroupSignedUp
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from tests.factories import Factory


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("occasion", ["account_invited", "password_reset"])
@pytest.mark.parametrize(
    ("hours", "polish", "english"),
    [
        (336, "Link jest ważny przez 14 dni i", "The link is valid for 14 days and works once."),
        (48, "Link jest ważny przez 2 dni i", "The link is valid for 2 days and works once."),
        (24, "Link jest ważny przez 24 godziny i", "The link is valid for 24 hours and works once."),
        (49, "Link jest ważny przez 49 godzin i", "The link is valid for 49 hours and works once."),
        (1, "Link jest ważny przez 1 godzinę i", "The link is valid for 1 hour and works once."),
    ],
)
def test_a_link_is_valid_for_days_when_they_are_whole(occasion: str, hours: int, polish: str, english: str) -> None:
    facts = AccountMailFacts("http://localhost/x", "Strona", "anna@example.org", valid_hours=hours)
    for language, expected in (("pl", polish), ("en", english)):
        words = words_of(occasion, facts, language)
        assert expected in words.text
        assert expected in words.html


def last_mail(language: str) -> Readable:
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    return words_of(mail.occasion, facts_from_json(mail.facts), language)


def test_the_second_person_of_a_mailbox_gets_one_file_and_reads_of_one(
    app: Flask, factory: Factory, now: datetime
) -> None:
    event = factory.event()
    for name in ("Jan Bąk", "Ewa Ćwik"):
        sign_up(event.id, SignUpRequest(name, "biuro@example.org", "pl"), now)
    for words in (last_mail("pl").text, last_mail("pl").html):
        assert "Wpis do kalendarza jest w\u00a0załączniku" in words
        assert "załącznikach" not in words
    assert "The entry for the calendar is attached as a file" in last_mail("en").text


@pytest.mark.usefixtures("app")
def test_the_mail_about_a_group_reads_well_in_both_languages(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=2)
    people = (GroupPerson("Jan Bąk"), GroupPerson("Ewa Ćwik", "ewa@example.org"), GroupPerson("Adam Cis"))
    sign_up_group(event.id, GroupRequest("biuro@example.org", "pl", people), now)
    polish, english = last_mail("pl"), last_mail("en")
    assert polish.subject == f"Zgłoszenie kilku osób: {event.title}"
    assert english.subject == f"Sign-up of several people: {event.title}"
    for words in (polish.text, polish.html):
        assert "Wiadomości na własne adresy otrzymają: Ewa Ćwik." in words
        assert "Adam Cis" in words
        assert words.count("/groups/") == 1
        assert "potwierdzić" not in words
    assert "Written to at their own addresses: Ewa Ćwik." in english.text
    assert "There was no place any more for: Adam Cis." in english.text
    assert "Please tell these people that the organiser keeps their names and answers" in english.text


@pytest.mark.usefixtures("app")
def test_rodo_14_whoever_was_signed_up_by_somebody_else_reads_by_whom(factory: Factory, now: datetime) -> None:
    event = factory.event(confirm_hours=24)
    people = (GroupPerson("Ewa Ćwik", "ewa@example.org"),)
    sign_up_group(event.id, GroupRequest("biuro@example.org", "pl", people), now)
    mail = db.session.scalars(select(Mail).where(Mail.occasion == "address_to_confirm")).one()
    facts = facts_from_json(mail.facts)
    for language, said in (("pl", "podając adres kontaktowy biuro@example.org"), ("en", "gave biuro@example.org as")):
        words = words_of(mail.occasion, facts, language)
        for text in (words.text, words.html):
            assert said in text
            assert f"/privacy/{event.organiser.slug}" in text


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("number", "polish", "english"), [(1, "rezygnację osoby", "person named"), (2, "rezygnację osób", "people named")]
)
def test_cancelling_is_told_of_one_person_or_of_several(
    factory: Factory, now: datetime, number: int, polish: str, english: str
) -> None:
    event = factory.event()
    people = tuple(GroupPerson(name) for name in ("Jan Bąk", "Ewa Ćwik", "Adam Cis"))
    result = sign_up_group(event.id, GroupRequest("biuro@example.org", "pl", people), now)
    assert isinstance(result, GroupSignedUp)
    cancel_of_group(result.group_id, result.joined[:number], now)
    assert polish in last_mail("pl").text
    assert english in last_mail("en").text
