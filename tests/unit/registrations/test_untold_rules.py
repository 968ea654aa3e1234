"""What a mail must tell that replaces mails which never left."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from eventreg.outbox.mail_facts import EventFacts, OrganiserFacts, RegistrationFacts, RegistrationMailFacts
from eventreg.registrations.untold_rules import Untold, untold_of, with_untold

START = datetime(2026, 12, 9, 11, 0, tzinfo=UTC)
FIRST = EventFacts(1, "w", "Warsztaty", "workshop", START, START + timedelta(minutes=90), venue="Urząd", city="Łódź")
LATER = replace(FIRST, starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2))
MOVED = replace(LATER, venue="Dom Kultury")


def mail(event: EventFacts, *people: int, **more: object) -> RegistrationMailFacts:
    persons = tuple(RegistrationFacts(id_, f"Osoba {id_}", "confirmed", "key") for id_ in people)
    return RegistrationMailFacts(event, OrganiserFacts("Biuro", "b@example.org"), persons, **more)  # type: ignore[arg-type]


def test_two_changes_of_which_the_first_never_left_are_told_as_one_from_what_the_person_knew() -> None:
    untold = untold_of([("event_changed", mail(LATER, 7, changed=("time",), before=FIRST))])
    occasion, facts = with_untold(mail(MOVED, 7, changed=("place",), before=LATER), untold)
    assert (occasion, facts.changed, facts.before, facts.event) == ("event_changed", ("time", "place"), FIRST, MOVED)


def test_what_is_again_as_it_was_is_not_told() -> None:
    untold = untold_of([("event_changed", mail(MOVED, 7, changed=("time", "place"), before=FIRST))])
    back = replace(MOVED, starts_at=FIRST.starts_at, ends_at=FIRST.ends_at)
    occasion, facts = with_untold(mail(back, 7, changed=("time",), before=MOVED), untold)
    assert (occasion, facts.changed, facts.before) == ("event_changed", ("place",), FIRST)


def test_texts_and_titles_and_online_addresses() -> None:
    before = replace(FIRST, online_url="https://a.example.org")
    untold = untold_of([("event_changed", mail(FIRST, 7, changed=("programme", "online", "title"), before=before))])
    _, facts = with_untold(mail(FIRST, 7, changed=("other",), before=FIRST), untold)
    assert facts.changed == ("programme", "online", "other")


def test_who_has_not_heard_of_her_place_gets_the_confirmation_with_the_event_as_it_is_now() -> None:
    untold = untold_of([("sign_up_confirmed", mail(FIRST, 7, added_by_organiser=True))])
    occasion, facts = with_untold(mail(LATER, 7, changed=("time",), before=FIRST), untold)
    assert (occasion, facts.event, facts.changed, facts.before) == ("sign_up_confirmed", LATER, (), None)
    assert facts.added_by_organiser


def test_a_mailbox_where_somebody_was_told_before_hears_of_the_change() -> None:
    untold = untold_of([("sign_up_confirmed", mail(FIRST, 8))])
    occasion, facts = with_untold(mail(LATER, 7, 8, changed=("time",), before=FIRST), untold)
    assert (occasion, facts.changed, facts.before) == ("event_changed", ("time",), FIRST)


def test_other_mails_leave_nothing_untold() -> None:
    assert untold_of([("already_registered", mail(FIRST, 7))]) == Untold()
    change = mail(LATER, 7, changed=("time",), before=FIRST)
    assert with_untold(change, Untold()) == ("event_changed", change)
