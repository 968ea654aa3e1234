"""Changing what a form asks, on both databases: nothing that was answered is lost."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.event_creating import copy_event
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.questions.answering import keep_answers
from eventreg.questions.correcting_answers import (
    CannotCorrectAnswers,
    Corrected,
    OptionsFull,
    correct_answers,
)
from eventreg.questions.editing_rules import MOST_QUESTIONS, OptionDraft, QuestionDraft, mark_of
from eventreg.questions.models import Question
from eventreg.questions.queries import answers_of, live_questions
from eventreg.questions.question_editing import (
    CannotEdit,
    Removed,
    Saved,
    add_question,
    add_ready_made,
    change_question,
    move_question,
    remove_question,
    restore_question,
)
from eventreg.questions.question_rules import AskedQuestion, GivenAnswer
from eventreg.questions.totals import totals_of
from tests.factories import Factory
from tests.question_steps import ask, asked, row

pytestmark = pytest.mark.usefixtures("each_database")


def draft_of(question: AskedQuestion, **changes: object) -> QuestionDraft:
    draft = QuestionDraft(
        kind=question.kind,
        label=question.label,
        purpose=question.purpose,
        options=tuple(OptionDraft(option.label, option.places, option.id) for option in question.options),
    )
    return replace(draft, **changes)  # type: ignore[arg-type]  # names of its fields


def labels(event: Event) -> list[str]:
    db.session.rollback()
    return [question.label for question in live_questions(event.id)]


def revision(event: Event) -> int:
    db.session.rollback()
    return db.session.scalars(select(Event.revision).where(Event.id == event.id)).one()


def test_every_change_raises_the_revision_and_stands_in_the_trail(factory: Factory, now: datetime) -> None:
    event = factory.event()
    first, second = ask(event, label="Pierwsze"), ask(event, label="Drugie")
    before = revision(event)
    change_question(event.id, first.id, draft_of(first, label="Nowe"), mark_of(first), None, now)
    move_question(event.id, second.id, -1, None, now)
    remove_question(event.id, first.id, None, now)
    assert revision(event) == before + 3
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "question_added", "question_added", "question_changed", "question_moved", "question_removed",
    ]  # fmt: skip
    assert db.session.scalars(select(Event.updated_at).where(Event.id == event.id)).one() == now


def test_ready_made_questions_speak_the_events_language_and_come_once(factory: Factory, now: datetime) -> None:
    event = factory.event(language="en")
    assert add_ready_made(event.id, ["diet", "institution", "diet"], None, now) == 2
    assert add_ready_made(event.id, ["institution"], None, now) == 0
    assert labels(event) == ["Meal", "Institution"]


def test_a_form_has_an_end(factory: Factory, now: datetime) -> None:
    event = factory.event()
    for number in range(MOST_QUESTIONS):
        ask(event, label=f"Pytanie {number}")
    assert add_question(event.id, QuestionDraft("short_text", "Jeszcze", "Cel"), None, now) is CannotEdit.TOO_MANY
    assert add_ready_made(event.id, ["diet"], None, now) is CannotEdit.TOO_MANY


def test_a_question_nobody_answered_is_deleted(factory: Factory, now: datetime) -> None:
    question = ask(event := factory.event(), "one_of", "Nocleg", "tak", "nie")
    assert remove_question(event.id, question.id, None, now) == Removed(kept=False)
    assert row(question.id) is None
    assert remove_question(event.id, question.id, None, now) is CannotEdit.GONE


def test_an_answered_question_is_only_taken_off_and_can_come_back(factory: Factory, now: datetime) -> None:
    event = factory.event()
    question = ask(event, "one_of", "Nocleg", "tak", "nie")
    ask(event, label="Skąd?")
    person = factory.registration(event, state="cancelled")
    keep_answers(person.id, [GivenAnswer(question.id, option_ids=(question.options[0].id,))])
    assert remove_question(event.id, question.id, None, now) == Removed(kept=True)
    assert labels(event) == ["Skąd?"]
    assert [answer.words for answer in answers_of(person.id, "pl")] == ["tak"]
    assert change_question(event.id, question.id, draft_of(question), mark_of(question), None, now) is CannotEdit.GONE
    assert restore_question(event.id, question.id, None, now) == Saved(question.id)
    assert labels(event) == ["Skąd?", "Nocleg"]
    assert restore_question(event.id, question.id, None, now) is CannotEdit.GONE


def test_its_kind_never_changes(factory: Factory, now: datetime) -> None:
    event = factory.event()
    question = ask(event)
    change_question(event.id, question.id, draft_of(question, kind="long_text"), mark_of(question), None, now)
    assert asked(event.id, question.id).kind == "short_text"


def test_an_option_in_use_is_taken_off_and_the_others_are_deleted(factory: Factory, now: datetime) -> None:
    event = factory.event()
    question = ask(event, "several_of", "Posiłek", "zupa", "ryba", "deser")
    soup, fish, dessert = question.options
    person = factory.registration(event)
    keep_answers(person.id, [GivenAnswer(question.id, option_ids=(soup.id,))])
    only_dessert = draft_of(question, options=(OptionDraft("Deser", None, dessert.id), OptionDraft("kawa")))
    assert change_question(event.id, question.id, only_dessert, mark_of(question), None, now) == Saved(question.id)
    assert [option.label for option in live_questions(event.id)[0].options] == ["Deser", "kawa"]
    options = {option.label: option for option in asked(event.id, question.id).options}
    assert options["zupa"].is_removed
    assert options["Deser"].id == dessert.id
    assert fish.id not in [option.id for option in options.values()]
    assert [answer.words for answer in answers_of(person.id, "pl")] == ["zupa"]
    now_asked = asked(event.id, question.id)
    back = draft_of(question, options=(OptionDraft("Zupa"), OptionDraft("kawa")))
    change_question(event.id, question.id, back, mark_of(now_asked), None, now)
    assert live_questions(event.id)[0].options[0].id == soup.id


def test_lowering_a_limit_below_what_is_taken_is_allowed_and_told(factory: Factory, now: datetime) -> None:
    event = factory.event()
    question = ask(event, "one_of", "Autokar", ("jadę", 5), "nie jadę")
    for _number in range(3):
        person = factory.registration(event)
        keep_answers(person.id, [GivenAnswer(question.id, option_ids=(question.options[0].id,))])
    lowered = draft_of(
        question,
        options=(OptionDraft("jadę", 2, question.options[0].id), OptionDraft("nie jadę", None, question.options[1].id)),
    )
    outcome = change_question(event.id, question.id, lowered, mark_of(question), None, now)
    assert outcome == Saved(question.id, over_limit=("jadę",))
    assert asked(event.id, question.id).options[0].taken == 3


def test_a_stale_form_changes_nothing(factory: Factory, now: datetime) -> None:
    event = factory.event()
    question = ask(event)
    change_question(event.id, question.id, draft_of(question, label="Ich"), mark_of(question), None, now)
    stale = change_question(event.id, question.id, draft_of(question, label="Nasze"), mark_of(question), None, now)
    assert stale is CannotEdit.CHANGED_MEANWHILE
    assert labels(event) == ["Ich"]


def test_abuse_33_nothing_of_another_event_is_touched(factory: Factory, now: datetime) -> None:
    event, other = factory.event(), factory.event()
    theirs = ask(other, "one_of", "Nocleg", "tak", "nie")
    mine = ask(event, "one_of", "Autokar", "tak", "nie")
    assert change_question(event.id, theirs.id, draft_of(theirs), mark_of(theirs), None, now) is CannotEdit.GONE
    assert remove_question(event.id, theirs.id, None, now) is CannotEdit.GONE
    assert move_question(event.id, theirs.id, 1, None, now) is CannotEdit.GONE
    forged = draft_of(mine, options=(OptionDraft("a", 1, theirs.options[0].id), OptionDraft("b")))
    change_question(event.id, mine.id, forged, mark_of(mine), None, now)
    assert asked(other.id, theirs.id) == theirs
    assert theirs.options[0].id not in [option.id for option in asked(event.id, mine.id).options]


def test_nothing_changes_in_the_archive(factory: Factory, now: datetime) -> None:
    event = factory.event(state="archived")
    assert add_question(event.id, QuestionDraft("short_text", "Skąd?", "Cel"), None, now) is CannotEdit.GONE
    assert add_ready_made(event.id, ["diet"], None, now) is CannotEdit.GONE


def test_a_copied_event_asks_the_same(factory: Factory, now: datetime) -> None:
    event = factory.event()
    question = ask(event, "one_of", "Autokar", ("jadę", 5), "nie jadę", required=True, required_purpose="Zamówienie")
    gone = ask(event, label="Dawne")
    person = factory.registration(event)
    keep_answers(
        person.id,
        [GivenAnswer(question.id, option_ids=(question.options[0].id,)), GivenAnswer(gone.id, "x")],
    )
    remove_question(event.id, gone.id, None, now)
    copy = copy_event(event.id, None, "Anna", now)
    assert copy is not None
    [copied] = live_questions(copy.id)
    assert (copied.label, copied.required, copied.required_purpose) == ("Autokar", True, "Zamówienie")
    assert [(option.label, option.places, option.taken) for option in copied.options] == [
        ("jadę", 5, 0),
        ("nie jadę", None, 0),
    ]
    assert copied.id != question.id
    assert db.session.query(Question).filter_by(event_id=event.id).count() == 2


def test_correcting_answers(factory: Factory, now: datetime) -> None:
    event = factory.event()
    bus = ask(event, "one_of", "Autokar", ("jadę", 1), "nie jadę")
    seat, none = (GivenAnswer(bus.id, option_ids=(option.id,)) for option in bus.options)
    anna, ewa = factory.registration(event), factory.registration(event)
    assert correct_answers(anna.id, [seat], now) == Corrected()
    assert correct_answers(anna.id, [seat], now) == Corrected()
    assert correct_answers(ewa.id, [seat], now) == OptionsFull(("jadę",))
    assert answers_of(ewa.id, "pl") == []
    assert correct_answers(anna.id, [none], now) == Corrected()
    assert correct_answers(ewa.id, [seat], now) == Corrected()


def test_a_lowered_limit_takes_nothing_from_who_corrects_something_else(factory: Factory, now: datetime) -> None:
    event = factory.event()
    meal = ask(event, "several_of", "Posiłek", ("zupa", 2), "deser")
    soup, dessert = meal.options
    people = [factory.registration(event) for _number in range(2)]
    for person in people:
        keep_answers(person.id, [GivenAnswer(meal.id, option_ids=(soup.id,))])
    lowered = draft_of(meal, options=(OptionDraft("zupa", 1, soup.id), OptionDraft("deser", None, dessert.id)))
    change_question(event.id, meal.id, lowered, mark_of(meal), None, now)
    both = GivenAnswer(meal.id, option_ids=(soup.id, dessert.id))
    assert correct_answers(people[0].id, [both], now) == Corrected()
    assert [answer.words for answer in answers_of(people[0].id, "pl")] == ["zupa; deser"]


def test_answers_of_who_does_not_come_stay_as_they_are(factory: Factory, now: datetime) -> None:
    event, over = (
        factory.event(),
        factory.event(starts_at=now.replace(year=2025), ends_at=now.replace(year=2025, hour=12)),
    )
    question = ask(event)
    gone, past = factory.registration(event, state="cancelled"), factory.registration(over)
    answer = [GivenAnswer(question.id, "x")]
    assert correct_answers(gone.id, answer, now) is CannotCorrectAnswers.NOT_SIGNED_UP
    assert correct_answers(past.id, answer, now) is CannotCorrectAnswers.EVENT_CLOSED
    assert correct_answers(999_999, answer, now) is CannotCorrectAnswers.NOT_FOUND


def test_totals_for_the_caterer(factory: Factory, now: datetime) -> None:
    event = factory.event()
    meal = ask(event, "several_of", "Posiłek", ("wegański", 9), "bezglutenowy")
    bus, where = ask(event, "yes_no", "Autokar?"), ask(event, label="Skąd?")
    ask(event, "access_needs", "Wsparcie")
    vegan, gluten = (option.id for option in meal.options)

    def come(state: str, *answers: GivenAnswer) -> None:
        waits = {"waiting_order": 1} if state == "waitlisted" else {}
        keep_answers(factory.registration(event, state=state, **waits).id, answers)

    come("confirmed", GivenAnswer(meal.id, option_ids=(vegan, gluten)), GivenAnswer(bus.id, "yes"))
    come("confirmed", GivenAnswer(where.id, "Łódź"))
    come("waitlisted", GivenAnswer(meal.id, option_ids=(vegan,)), GivenAnswer(bus.id, "no"))
    come("cancelled", GivenAnswer(meal.id, option_ids=(vegan,)))
    db.session.rollback()
    numbers = {
        one.question.label: [(t.label, t.placed, t.live) for t in (*one.totals, one.answered, one.silent)]
        for one in totals_of(event.id, "pl")
    }
    assert numbers == {
        "Posiłek": [("wegański", 1, 2), ("bezglutenowy", 1, 1), ("", 1, 2), ("", 1, 1)],
        "Autokar?": [("tak", 1, 1), ("nie", 0, 1), ("", 1, 2), ("", 1, 1)],
        "Skąd?": [("", 1, 1), ("", 1, 2)],
    }
