"""Signing up the people of an uploaded list: everybody or nobody, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from sqlalchemy import select, update

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.questions.queries import live_questions
from eventreg.questions.question_rules import AskedQuestion
from eventreg.registrations import queries, registration_mails
from eventreg.registrations.import_columns_rules import Columns
from eventreg.registrations.import_drafts import UploadedList, delete_draft
from eventreg.registrations.import_judging_rules import JudgedRow, ListedPerson, Verdict, judge_rows, verdict_counts
from eventreg.registrations.list_reading_rules import ListRow
from eventreg.registrations.models import Registration
from eventreg.registrations.name_rules import sort_key, surname_of
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import Refusal, Refused, SignUpRequest, Source


class WithoutPlaces(StrEnum):
    """What becomes of a list that is longer than the places that are free."""

    REFUSE = "refuse"
    WAITING_LIST = "waiting_list"  # the rest, in the order of the file
    OVER_CAPACITY = "over_capacity"


@dataclass(frozen=True, slots=True)
class ImportWish:
    """What the organiser decided at the preview. `language` is that of the mails."""

    columns: Columns
    language: str
    tell: bool = True
    leave_out_wrong: bool = False
    without_places: WithoutPlaces = WithoutPlaces.REFUSE


class Obstacle(Enum):
    """Why nobody was added."""

    WRONG_ROWS = "wrong_rows"  # number: how many
    TOO_FEW_PLACES = "too_few_places"  # number: how many are missing
    NOBODY_LEFT = "nobody_left"  # every row is wrong
    NOT_OPEN = "not_open"  # the event is cancelled or in the archive
    OPTION_FULL = "option_full"  # number: the row; labels: what it chose and cannot have


@dataclass(frozen=True, slots=True)
class NotImported:
    """Nothing was written."""

    obstacle: Obstacle
    number: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """How many people got a place, went into the line, stood there already, and were left out as wrong."""

    added: int
    waiting: int
    duplicates: int
    wrong: int


@dataclass(frozen=True, slots=True)
class DraftGone:
    """Somebody was faster: the list is imported or given up (abuse 21)."""


class _StoppedError(Exception):
    """Rolls everything back."""

    def __init__(self, why: NotImported) -> None:
        super().__init__(why.obstacle.value)
        self.why = why


def import_questions(event_id: int) -> tuple[AskedQuestion, ...]:
    """The questions that a column may answer. Access needs are not: people tell them themselves (RODO art. 9)."""
    return tuple(question for question in live_questions(event_id) if question.kind != "access_needs")


def judge_list(event_id: int, rows: Sequence[ListRow], columns: Columns) -> list[JudgedRow]:
    """Every row of a list as the event's list stands now."""
    return judge_rows(rows, columns, import_questions(event_id), _states(event_id))


def missing_places(event: Event, people: int) -> int:
    """How many of so many people would find no place."""
    free = people if event.capacity is None else max(0, event.capacity - event.places_taken)
    return max(0, people - free)


def import_people(
    draft: UploadedList, rows: Sequence[ListRow], wish: ImportWish, now: datetime
) -> Imported | NotImported | DraftGone:
    """Sign up the good rows of a draft, judged anew under the event's lock, and delete the draft.

    Duplicates are passed over. A thousand people cost a few seconds, most of it the sign-ups; the mails go out
    one to each mailbox, and none when `wish.tell` is off.
    """
    try:
        with transaction():
            event = queries.lock_event(draft.event_id)
            if event is None or not delete_draft(draft.id):
                return DraftGone()
            judged = judge_list(event.id, rows, wish.columns)
            people = _people_to_add(event, judged, wish)
            registrations = [_sign_up(event, row, wish, now) for row in people]
            if wish.tell:
                registration_mails.tell_standing(event, registrations, now, is_new=True)
            counts = verdict_counts(judged)
            waiting = sum(registration.state == "waitlisted" for registration in registrations)
            done = Imported(len(registrations) - waiting, waiting, counts[Verdict.DUPLICATE], counts[Verdict.WRONG])
            _record(event, done, wish, draft.account_id, now)
            return done
    except _StoppedError as stopped:
        return stopped.why


def _people_to_add(event: Event, judged: Sequence[JudgedRow], wish: ImportWish) -> list[JudgedRow]:
    """The good rows, or _StoppedError."""
    counts = verdict_counts(judged)
    if counts[Verdict.WRONG] and not wish.leave_out_wrong:
        raise _StoppedError(NotImported(Obstacle.WRONG_ROWS, counts[Verdict.WRONG]))
    if not counts[Verdict.GOOD] and not counts[Verdict.DUPLICATE]:
        raise _StoppedError(NotImported(Obstacle.NOBODY_LEFT))
    missing = missing_places(event, counts[Verdict.GOOD])
    may_wait = wish.without_places is WithoutPlaces.WAITING_LIST and event.waiting_list != "off"
    if missing and not may_wait and wish.without_places is not WithoutPlaces.OVER_CAPACITY:
        raise _StoppedError(NotImported(Obstacle.TOO_FEW_PLACES, missing))
    return [row for row in judged if row.verdict is Verdict.GOOD]


def _sign_up(event: Event, row: JudgedRow, wish: ImportWish, now: datetime) -> Registration:
    assert row.person is not None  # good rows have one
    result = sign_up(event.id, _request(row.person, wish), now)
    if isinstance(result, Refused):
        raise _StoppedError(_not_imported(result, row))
    registration = db.session.get_one(Registration, result.registration_id)  # written just now
    if row.person.surname and row.person.surname != surname_of(row.person.name):
        _keep_surname(registration, row.person.surname)
    return registration


def _request(person: ListedPerson, wish: ImportWish) -> SignUpRequest:
    return SignUpRequest(
        name=person.name,
        email=person.email,
        language=wish.language,
        source=Source.IMPORT,
        over_capacity=wish.without_places is WithoutPlaces.OVER_CAPACITY,
        to_waiting_list=wish.without_places is WithoutPlaces.WAITING_LIST,
        tell=False,  # all together afterwards, one mail to each mailbox
        answers=tuple(answer for answer in person.answers if answer.text or answer.option_ids),
        category=person.category,
        academic_title=person.academic_title,
        case_number=person.case_number,
        note=person.note,
    )


def _not_imported(refused: Refused, row: JudgedRow) -> NotImported:
    if refused.reason is Refusal.OPTION_FULL:
        return NotImported(Obstacle.OPTION_FULL, row.number, refused.detail)
    if refused.reason is Refusal.FULL:
        return NotImported(Obstacle.TOO_FEW_PLACES, 1)
    return NotImported(Obstacle.NOT_OPEN)


def _keep_surname(registration: Registration, surname: str) -> None:
    """The file has it in a column of its own, so nothing is guessed."""
    db.session.execute(
        update(Registration)
        .where(Registration.id == registration.id)
        .values(surname=surname, sort_key=sort_key(surname, registration.name)),
        execution_options={"synchronize_session": False},
    )


def _states(event_id: int) -> dict[tuple[str, str], str]:
    """(address key, name key) -> state of everybody on the event's list."""
    rows = db.session.execute(
        select(Registration.address_key, Registration.name_key, Registration.state).where(
            Registration.event_id == event_id
        )
    )
    return {(row.address_key, row.name_key): row.state for row in rows}


def _record(event: Event, done: Imported, wish: ImportWish, account_id: int, now: datetime) -> None:
    detail = {"added": done.added, "waiting": done.waiting, "duplicates": done.duplicates, "wrong": done.wrong}
    choices = {"told": wish.tell, "without_places": wish.without_places.value}
    audit.record(account_id, "registrations_imported", event.organiser_id, event.id, None, detail | choices, now)
