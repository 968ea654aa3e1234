"""Importing a list: everybody or nobody, judged anew at the last moment, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers.models import Account, AuditEntry
from eventreg.outbox.models import Mail
from eventreg.questions.models import Answer, ChosenOption, Question, QuestionOption
from eventreg.registrations.import_columns_rules import Columns, guess_columns
from eventreg.registrations.import_drafts import (
    KEPT_FOR,
    NoDraft,
    UploadedList,
    delete_draft,
    delete_old_drafts,
    keep_draft,
    open_draft,
)
from eventreg.registrations.importing import (
    DraftGone,
    Imported,
    ImportWish,
    NotImported,
    Obstacle,
    WithoutPlaces,
    import_people,
    import_questions,
)
from eventreg.registrations.list_reading_rules import ListRow, read_list
from eventreg.registrations.models import ImportDraft, Registration
from eventreg.registrations.unreadable_list_rules import CannotRead
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

THREE = "Imię;Nazwisko;E-mail\nŁucja;Żak;lucja@example.org\nJan;Łoś;biuro@example.org\nEwa;Lis;biuro@example.org\n"


class Desk:
    """An organiser's account at an event, with a list in her hand."""

    def __init__(self, factory: Factory, now: datetime, **event: object) -> None:
        self.event: Event = factory.event(**event)
        self.account: Account = factory.account(self.event.organiser)
        self.now = now

    def upload(self, text: str = THREE) -> tuple[UploadedList, tuple[ListRow, ...]]:
        token = keep_draft(self.event.id, self.account.id, "lista.csv", text.encode("cp1250"), self.now)
        draft = open_draft(token, self.event.id, self.account.id, self.now)
        assert isinstance(draft, UploadedList)
        rows = read_list(draft.content)
        assert not isinstance(rows, CannotRead)
        return draft, rows

    def run(self, text: str = THREE, **wish: object) -> Imported | NotImported | DraftGone:
        draft, rows = self.upload(text)
        columns = guess_columns(rows, import_questions(self.event.id))
        decided = ImportWish(columns, "pl", **wish)  # type: ignore[arg-type]  # each test names its own
        return import_people(draft, rows, decided, self.now)

    def taken(self) -> int:
        db.session.rollback()
        return db.session.scalars(select(Event.places_taken).where(Event.id == self.event.id)).one()


@pytest.fixture
def desk(factory: Factory, now: datetime) -> Desk:
    return Desk(factory, now)


def people() -> list[tuple[str, str, str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Registration).order_by(Registration.id))
    return [(row.name, row.surname, row.state, row.source) for row in rows]


def mails() -> list[tuple[str, str, int]]:
    rows = db.session.scalars(select(Mail).order_by(Mail.to_address, Mail.id))
    return [(mail.occasion, mail.to_address, len(mail.facts["people"])) for mail in rows]


def drafts() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ImportDraft)) or 0


def trail() -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "registrations_imported")))


def test_everybody_gets_a_place_and_each_mailbox_one_mail(desk: Desk) -> None:
    assert desk.run() == Imported(added=3, waiting=0, duplicates=0, wrong=0)
    assert people() == [
        ("Łucja Żak", "Żak", "confirmed", "import"),
        ("Jan Łoś", "Łoś", "confirmed", "import"),
        ("Ewa Lis", "Lis", "confirmed", "import"),
    ]
    assert desk.taken() == 3
    assert mails() == [("sign_up_confirmed", "biuro@example.org", 2), ("sign_up_confirmed", "lucja@example.org", 1)]
    assert all(mail.facts["added_by_organiser"] for mail in db.session.scalars(select(Mail)))  # RODO art. 14
    assert drafts() == 0
    [entry] = trail()
    assert (entry.account_id, entry.event_id) == (desk.account.id, desk.event.id)
    assert entry.detail == {
        "added": 3, "waiting": 0, "duplicates": 0, "wrong": 0, "told": True, "without_places": "refuse",
    }  # fmt: skip


def test_without_mails_if_the_organiser_says_so(desk: Desk) -> None:
    assert desk.run(tell=False) == Imported(3, 0, 0, 0)
    assert mails() == []


def test_abuse_21_the_same_list_twice_adds_nobody_the_second_time(desk: Desk) -> None:
    desk.run()
    assert desk.run() == Imported(added=0, waiting=0, duplicates=3, wrong=0)
    assert (desk.taken(), len(people()), len(mails())) == (3, 3, 2)


def test_abuse_21_a_double_click_imports_once(desk: Desk) -> None:
    draft, rows = desk.upload()
    wish = ImportWish(guess_columns(rows, ()), "pl")
    assert import_people(draft, rows, wish, desk.now) == Imported(3, 0, 0, 0)
    assert import_people(draft, rows, wish, desk.now) == DraftGone()
    assert (desk.taken(), len(trail())) == (3, 1)


def at_once(app: Flask, imports: list[tuple[UploadedList, tuple[ListRow, ...]]], now: datetime) -> list[object]:
    def run(one: tuple[UploadedList, tuple[ListRow, ...]]) -> object:
        with app.app_context():
            return import_people(*one, ImportWish(guess_columns(one[1], ()), "pl"), now)

    with ThreadPoolExecutor(len(imports)) as pool:
        return list(pool.map(run, imports))


def test_abuse_21_several_organisers_at_once_add_everybody_once(
    each_database: Flask, factory: Factory, desk: Desk
) -> None:
    uploads = []
    for _ in range(4):
        desk.account = factory.account(desk.event.organiser)
        uploads.append(desk.upload())
    done = at_once(each_database, uploads, desk.now)
    assert Counter(done) == {Imported(3, 0, 0, 0): 1, Imported(0, 0, 3, 0): 3}
    assert (desk.taken(), len(people()), len(mails())) == (3, 3, 2)


def test_abuse_21_one_draft_sent_many_times_at_once_is_imported_once(each_database: Flask, desk: Desk) -> None:
    done = at_once(each_database, [desk.upload()] * 6, desk.now)
    assert Counter(done) == {Imported(3, 0, 0, 0): 1, DraftGone(): 5}
    assert (desk.taken(), len(people()), len(trail())) == (3, 3, 1)


def test_who_signed_up_since_the_preview_is_passed_over(desk: Desk, factory: Factory) -> None:
    draft, rows = desk.upload()
    factory.registration(desk.event, name="Łucja Żak", email="Lucja@example.org")
    factory.registration(desk.event, name="Jan Łoś", email="biuro@example.org", state="cancelled")
    done = import_people(draft, rows, ImportWish(guess_columns(rows, ()), "pl"), desk.now)
    assert done == Imported(added=1, waiting=0, duplicates=2, wrong=0)
    assert [row[:3:2] for row in people()] == [
        ("Łucja Żak", "confirmed"),
        ("Jan Łoś", "cancelled"),
        ("Ewa Lis", "confirmed"),
    ]


def test_a_wrong_row_stops_everything_unless_it_is_to_be_left_out(desk: Desk) -> None:
    text = THREE + "Zły;Adres;nie-adres\n"
    assert desk.run(text) == NotImported(Obstacle.WRONG_ROWS, 1)
    assert (people(), mails(), drafts(), trail()) == ([], [], 1, [])
    assert desk.run(text, leave_out_wrong=True) == Imported(added=3, waiting=0, duplicates=0, wrong=1)


def test_nothing_but_wrong_rows(desk: Desk) -> None:
    assert desk.run("Imię;E-mail\nJan;x\n", leave_out_wrong=True) == NotImported(Obstacle.NOBODY_LEFT)


def test_too_few_places_add_nobody(factory: Factory, now: datetime) -> None:
    desk = Desk(factory, now, capacity=1)
    assert desk.run() == NotImported(Obstacle.TOO_FEW_PLACES, 2)
    assert (people(), desk.taken(), drafts()) == ([], 0, 1)


def test_the_rest_goes_on_the_waiting_list_in_the_order_of_the_file(factory: Factory, now: datetime) -> None:
    desk = Desk(factory, now, capacity=1, waiting_list="when_full")
    assert desk.run(without_places=WithoutPlaces.WAITING_LIST) == Imported(added=1, waiting=2, duplicates=0, wrong=0)
    assert [row[2] for row in people()] == ["confirmed", "waitlisted", "waitlisted"]
    rows = db.session.scalars(select(Registration).order_by(Registration.waiting_order.asc()))
    assert [row.name for row in rows if row.waiting_order] == ["Jan Łoś", "Ewa Lis"]
    assert desk.taken() == 1
    assert sorted(mail[:2] for mail in mails()) == [
        ("sign_up_confirmed", "lucja@example.org"),
        ("sign_up_waitlisted", "biuro@example.org"),
    ]


def test_without_a_waiting_list_nobody_waits(factory: Factory, now: datetime) -> None:
    desk = Desk(factory, now, capacity=1, waiting_list="off")
    assert desk.run(without_places=WithoutPlaces.WAITING_LIST) == NotImported(Obstacle.TOO_FEW_PLACES, 2)
    assert people() == []


def test_over_the_capacity_if_the_organiser_says_so(factory: Factory, now: datetime) -> None:
    desk = Desk(factory, now, capacity=1)
    assert desk.run(without_places=WithoutPlaces.OVER_CAPACITY) == Imported(3, 0, 0, 0)
    assert desk.taken() == 3


def test_no_place_counts_for_people_who_stand_on_the_list(factory: Factory, now: datetime) -> None:
    desk = Desk(factory, now, capacity=1)
    factory.registration(desk.event, name="Łucja Żak", email="lucja@example.org")
    assert desk.run("Jan Kos;jan@example.org\nŁucja Żak;lucja@example.org") == NotImported(Obstacle.TOO_FEW_PLACES, 1)


def test_a_cancelled_event_takes_nobody(factory: Factory, now: datetime) -> None:
    desk = Desk(factory, now, state="cancelled")
    assert desk.run() == NotImported(Obstacle.NOT_OPEN)
    assert (people(), drafts()) == ([], 1)


def test_everything_that_the_list_says_of_a_person_is_kept(desk: Desk) -> None:
    text = (
        "Tytuł;Imię;Nazwisko;E-mail;Kategoria;Znak sprawy;Uwagi\n"
        "dr;Maria;Anna Ferrari;maria@example.org;gość;OR.12.2026;na wózku\n"
    )
    desk.run(text)
    db.session.rollback()
    [row] = db.session.scalars(select(Registration))
    assert (row.name, row.surname, row.academic_title) == ("Maria Anna Ferrari", "Anna Ferrari", "dr")
    assert (row.category, row.case_number, row.note) == ("guest", "OR.12.2026", "na wózku")
    assert (row.language, row.source, row.clause_id) == ("pl", "import", desk.event.organiser.current_clause_id)


def bus(event: Event, places: int | None) -> None:
    with transaction() as session:
        question = Question(event_id=event.id, position=1, kind="one_of", label="Dojazd", purpose="x")
        question.options = [QuestionOption(position=1, label="Autobus", places=places)]
        session.add(question)


def test_answers_are_kept_with_the_person(desk: Desk) -> None:
    bus(desk.event, None)
    assert desk.run("Osoba;mail;dojazd\nJan;jan@example.org;autobus\nEwa;ewa@example.org;\n") == Imported(2, 0, 0, 0)
    [answer] = db.session.scalars(select(Answer))
    assert answer.registration.name == "Jan"
    assert [chosen.option.label for chosen in answer.chosen] == ["Autobus"]


def test_seats_that_the_list_itself_uses_up_stop_everything(desk: Desk) -> None:
    bus(desk.event, 1)
    text = "Osoba;mail;dojazd\nJan;jan@example.org;autobus\nEwa;ewa@example.org;autobus\n"
    assert desk.run(text) == NotImported(Obstacle.OPTION_FULL, 3, ("Autobus",))
    assert (people(), list(db.session.scalars(select(ChosenOption)))) == ([], [])


def test_access_needs_are_never_imported(desk: Desk) -> None:
    with transaction() as session:
        session.add(Question(event_id=desk.event.id, position=1, kind="access_needs", label="Potrzeby", purpose="x"))
    assert import_questions(desk.event.id) == ()


def test_abuse_28_a_draft_is_its_accounts_and_its_events_own(desk: Desk, factory: Factory, now: datetime) -> None:
    token = keep_draft(desk.event.id, desk.account.id, "lista.csv", b"x", now)
    colleague = factory.account(desk.event.organiser)
    other = factory.event(desk.event.organiser)
    assert isinstance(open_draft(token, desk.event.id, desk.account.id, now), UploadedList)
    assert open_draft(token, desk.event.id, colleague.id, now) is NoDraft.NOT_FOUND
    assert open_draft(token, other.id, desk.account.id, now) is NoDraft.NOT_FOUND
    for forged in ("", "x", token[:-1], token[::-1], "a.b"):
        assert open_draft(forged, desk.event.id, desk.account.id, now) is NoDraft.NOT_FOUND


def test_a_draft_lives_for_a_day(desk: Desk, now: datetime) -> None:
    token = keep_draft(desk.event.id, desk.account.id, "lista.csv", b"x", now)
    assert delete_old_drafts(now + KEPT_FOR - timedelta(seconds=1)) == 0
    assert open_draft(token, desk.event.id, desk.account.id, now + KEPT_FOR) is NoDraft.GONE
    assert delete_old_drafts(now + KEPT_FOR) == 1
    assert drafts() == 0
    assert open_draft(token, desk.event.id, desk.account.id, now) is NoDraft.GONE


def test_a_new_upload_takes_the_place_of_the_old_one(desk: Desk, now: datetime) -> None:
    first = keep_draft(desk.event.id, desk.account.id, "lista.csv", b"x", now)
    second = keep_draft(desk.event.id, desk.account.id, "lista.csv", b"y", now)
    assert open_draft(first, desk.event.id, desk.account.id, now) is NoDraft.GONE
    draft = open_draft(second, desk.event.id, desk.account.id, now)
    assert isinstance(draft, UploadedList)
    assert (delete_draft(draft.id), delete_draft(draft.id)) == (True, False)


def test_abuse_13_only_the_last_part_of_a_file_name_is_kept(desk: Desk, now: datetime) -> None:
    token = keep_draft(desk.event.id, desk.account.id, "..\\../etc/lista\r\n.csv", b"x", now)
    draft = open_draft(token, desk.event.id, desk.account.id, now)
    assert isinstance(draft, UploadedList)
    assert draft.file_name == "lista.csv"


def test_a_column_left_out_is_not_read(desk: Desk) -> None:
    draft, rows = desk.upload("Jan;Kowalski;jan@example.org\n")
    wish = ImportWish(Columns(("", "surname", "email"), has_headings=False), "en")
    assert import_people(draft, rows, wish, desk.now) == Imported(1, 0, 0, 0)
    assert people() == [("Kowalski", "Kowalski", "confirmed", "import")]
