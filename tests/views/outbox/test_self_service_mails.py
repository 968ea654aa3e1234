"""Mails of self-service read aloud: substitutes, another address, lost links; in both languages."""

import re
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.links import signed_token
from eventreg.outbox.composing import Readable, mask_secret_links, words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.questions.models import Question
from eventreg.registrations.address_changing import agree, ask_address_change
from eventreg.registrations.finding_links import mail_links
from eventreg.registrations.models import AddressChange, Registration, RegistrationGroup
from eventreg.registrations.substitution import Substitute, Substituted, substitute
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("app")


def newest(count: int, language: str) -> list[Readable]:
    """The newest mails, the oldest of them first, with ordinary spaces."""
    db.session.rollback()
    mails = list(db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(count)))[::-1]
    return [_plain(words_of(mail.occasion, facts_from_json(mail.facts), language)) for mail in mails]


def _plain(words: Readable) -> Readable:
    return Readable(*(part.replace("\u00a0", " ") for part in (words.subject, words.text, words.html)))


def link_of(person: Registration) -> str:
    return "/registrations/" + signed_token("registration", person.link_key)


def handed_over(factory: Factory, now: datetime, **values: Any) -> tuple[Registration, Registration]:
    event = factory.event(title="Warsztaty", waiting_list="when_full")
    old = factory.registration(event, name="Anna Nowak", email="anna@example.org", **values)
    outcome = substitute(old.id, Substitute("Jan Bąk", "jan@example.org", "pl"), now)
    assert isinstance(outcome, Substituted)
    return old, db.session.get_one(Registration, outcome.registration_id)


def test_who_hands_over_reads_who_comes(factory: Factory, now: datetime) -> None:
    old, new = handed_over(factory, now)
    words = newest(2, "pl")[0]
    assert words.subject == "Zgłoszono zastępstwo: Warsztaty"
    for text in (words.text, words.html):
        assert "to zgłoszenie przekazano w ramach zastępstwa i jest już nieaktualne." in text
        assert "Nie weźmie udziału: Anna Nowak" in text
        assert "Zastępstwo: Jan Bąk" in text
        assert "usunie z niego ten wpis" in text
        assert link_of(new) not in text
        assert "jan@example.org" not in text
    english = newest(2, "en")[0]
    assert english.subject == "Somebody else comes instead: Warsztaty"
    assert "Comes instead: Jan Bąk" in english.text
    assert link_of(old) not in english.text


def test_the_substitute_reads_where_her_data_come_from(factory: Factory, now: datetime) -> None:
    old, new = handed_over(factory, now)
    words = newest(1, "pl")[0]
    assert words.subject == "Udział w zastępstwie: Warsztaty"
    for text in (words.text, words.html):
        assert "osoba zgłoszona wcześniej (Anna Nowak) nie może wziąć udziału" in text
        assert "jej udział jest potwierdzony" in text
        assert "Imię, nazwisko i adres e-mail podała osoba: Anna Nowak." in text  # RODO art. 14(2)(f)
        assert f"/privacy/{new.event.organiser.slug}" in text
        assert link_of(new) in text
        assert link_of(old) not in text
        assert "anna@example.org" not in text
    assert "participation is confirmed" in newest(1, "en")[0].text


def test_the_substitute_in_line_reads_her_position(factory: Factory, now: datetime) -> None:
    handed_over(factory, now, state="waitlisted", waiting_order=3, confirmed_at=None)
    before, words = newest(2, "pl")
    for text in (words.text, words.html):
        assert "Pozycja na liście rezerwowej przechodzi na osobę wymienioną poniżej." in text
        assert "Lista rezerwowa: pozycja 1" in text
        assert "udział jest potwierdzony" not in text
        assert "zaproszenie" not in text.lower()
    assert "kalendarza" not in before.text


@pytest.fixture
def asked(factory: Factory, now: datetime) -> Registration:
    person = factory.registration(factory.event(title="Warsztaty"), name="Anna Nowak", email="anna@example.org")
    ask_address_change(person.id, "nowa@example.org", now)
    return person


def test_both_mailboxes_are_asked_each_by_its_own_link(asked: Registration) -> None:
    change = db.session.scalars(select(AddressChange)).one()
    to_old, to_new = newest(2, "pl")
    assert to_old.subject == to_new.subject == "Prosimy o potwierdzenie zmiany adresu e-mail: Warsztaty"
    links = [
        "/address-change/" + signed_token("address_change", key) for key in (change.old_link_key, change.new_link_key)
    ]
    for text in (to_old.text, to_old.html):
        assert "ma zostać przypisane do innego adresu e-mail: nowa@example.org." in text
        assert links[0] in text
        assert links[1] not in text
    for text in (to_new.text, to_new.html):
        assert "ma zostać przypisane do tego adresu e-mail" in text
        assert "anna@example.org" not in text
        assert links[1] in text
        assert links[0] not in text
    for text in (to_old.text, to_new.text):
        assert "Prosimy do 24 listopada 2026 r., godz. 10.00 otworzyć link" in text
        assert "przycisk: http://localhost/address-change/" in text
        assert "bez obu potwierdzeń nic się nie zmieni" in text
        assert "/registrations/" not in text
    assert "press the button there by 24 November 2026, 10:00" in newest(2, "en")[0].text


def test_after_the_change_the_link_goes_to_the_new_mailbox_alone(asked: Registration, now: datetime) -> None:
    change = db.session.scalars(select(AddressChange)).one()
    for key in (change.old_link_key, change.new_link_key):
        agree(key, now)
    to_old, to_new = newest(2, "pl")
    person = db.session.get_one(Registration, asked.id, populate_existing=True)
    for text in (to_old.text, to_old.html):
        assert "/registrations/" not in text
        assert "usuwa wpis z kalendarza tej skrzynki" in text
    for text in (to_new.text, to_new.html):
        assert link_of(person) in text
        assert "Linki z wcześniejszych wiadomości straciły ważność" in text
        assert "zaproszenie" in text.lower()
    assert newest(1, "en")[0].subject == "Address changed: Warsztaty"


@pytest.mark.parametrize(("people", "subject"), [(1, "Link do zgłoszenia"), (2, "Linki do zgłoszeń")])
def test_found_links_count_right(factory: Factory, now: datetime, people: int, subject: str) -> None:
    event = factory.event(title="Warsztaty")
    found = [factory.registration(event, email="anna@example.org") for _number in range(people)]
    mail_links("anna@example.org", "pl", now)
    words = newest(1, "pl")[0]
    assert words.subject == subject
    for person in found:
        for text in (words.text, words.html):
            assert person.name in text
            assert link_of(person) in text
    assert "Warsztaty" in words.text
    assert "środa, 9 grudnia 2026 r." in words.text


def test_the_link_of_a_group_is_told_as_such(factory: Factory, now: datetime) -> None:
    event = factory.event(title="Warsztaty")
    group = RegistrationGroup(
        event_id=event.id,
        email="biuro@example.org",
        address_key="biuro@example.org",
        quota_key="biuro@example.org",
        link_key="klucz-grupy",
        created_at=now,
    )
    with transaction() as session:
        session.add(group)
    factory.registration(event, email="jan@example.org", group_id=group.id)
    mail_links("biuro@example.org", "pl", now)
    words = newest(1, "pl")[0]
    link = "http://localhost/groups/" + signed_token("group", "klucz-grupy")
    assert f"Wszystkie osoby zgłoszone razem: {link}" in words.text
    assert f'href="{link}"' in words.html


def test_abuse_26_previews_show_none_of_these_links(factory: Factory, now: datetime, asked: Registration) -> None:
    mail_links("anna@example.org", "pl", now)
    for words in newest(3, "pl"):
        for text in (mask_secret_links(words.text), mask_secret_links(words.html)):
            assert not re.search(r"/(registrations|address-change|groups)/[A-Za-z0-9]", text)


def test_the_substitute_is_told_of_questions_where_there_are_any(factory: Factory, now: datetime) -> None:
    event = factory.event()
    for number, asks in enumerate((False, True)):
        if asks:
            with transaction() as session:
                session.add(Question(event_id=event.id, position=1, kind="short_text", label="Dieta", purpose="Obiad"))
        old = factory.registration(event)
        substitute(old.id, Substitute("Jan Bąk", f"jan{number}@example.org", "pl"), now)
        assert ("odpowiedzieć na pytania organizatora" in newest(1, "pl")[0].text) is asks
