"""What a change of an event means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import String

from eventreg.events import event_rules as rules
from eventreg.events.event_rules import ChangeKind, EventFields, diff_event, is_capacity_below_taken
from eventreg.events.models import Event

BEFORE = EventFields(
    slug="warsztaty",
    title="Dobre praktyki we współpracy",
    kind="workshop",
    starts_at=datetime(2026, 12, 9, 11, 0, tzinfo=UTC),
    ends_at=datetime(2026, 12, 9, 12, 30, tzinfo=UTC),
    venue="Urząd Miasta Proszowice",
    street="ul. 3 Maja 72",
    postal_code="32-100",
    city="Proszowice",
    programme="1. Korzyści ze współpracy\n2. Partnerzy",
)


def test_nothing_changed_is_no_change() -> None:
    same_moment_elsewhere = BEFORE.starts_at.astimezone(timezone(timedelta(hours=1)))
    diff = diff_event(BEFORE, replace(BEFORE, starts_at=same_moment_elsewhere))
    assert diff.changes == ()
    assert not diff.is_told_to_calendars
    assert not diff.is_told_by_default


@pytest.mark.parametrize(
    ("change", "kind", "calendars", "told", "public"),
    [
        ({"starts_at": BEFORE.starts_at + timedelta(minutes=30)}, ChangeKind.TIME, True, True, True),
        ({"time_zone": "Europe/Kyiv"}, ChangeKind.TIME, True, True, True),
        ({"all_day": True}, ChangeKind.TIME, True, True, True),
        ({"street": "ul. 3 Maja 74"}, ChangeKind.PLACE, True, True, True),
        ({"room": "sala 12"}, ChangeKind.PLACE, True, True, True),
        ({"attendance": "online"}, ChangeKind.PLACE, True, True, True),
        ({"online_url": "https://example.org/a"}, ChangeKind.ONLINE, True, True, False),
        ({"title": "Warsztaty transgraniczne"}, ChangeKind.TITLE, True, False, True),
        ({"programme": BEFORE.programme + "\n3. Pieniądze"}, ChangeKind.PROGRAMME, True, False, True),
        ({"capacity": 40}, ChangeKind.OTHER, False, False, False),
        ({"sign_up_closes_at": BEFORE.starts_at}, ChangeKind.OTHER, False, False, False),
        ({"slug": "inny-adres"}, ChangeKind.OTHER, True, False, False),
        ({"summary": "Jedno zdanie."}, ChangeKind.OTHER, True, False, False),
    ],
)
def test_each_kind_of_change(
    change: dict[str, Any], kind: ChangeKind, calendars: bool, told: bool, public: bool
) -> None:
    diff = diff_event(BEFORE, replace(BEFORE, **change))
    assert diff.kinds == {kind}
    assert diff.changed_fields == tuple(change)
    assert diff.is_told_to_calendars is calendars
    assert diff.is_told_by_default is told
    assert bool(diff.public_changes) is public


def test_a_correction_of_a_typo_stays_out_of_the_public_register() -> None:
    typos = replace(
        BEFORE,
        title="Dobre praktyki we wspólpracy",
        programme=BEFORE.programme.replace("Korzyści", "Korzysci") + " ",
        venue="Urząd Miasta  Proszowice.",
    )
    diff = diff_event(typos, BEFORE)
    assert diff.kinds == {ChangeKind.TITLE, ChangeKind.PLACE, ChangeKind.PROGRAMME}
    assert diff.public_changes == ()


def test_a_change_keeps_the_whole_place_before_and_after() -> None:
    (change,) = diff_event(BEFORE, replace(BEFORE, city="Kraków")).changes
    assert change.changed == ("city",)
    assert change.before == {
        "attendance": "place",
        "venue": "Urząd Miasta Proszowice",
        "room": "",
        "street": "ul. 3 Maja 72",
        "postal_code": "32-100",
        "city": "Proszowice",
        "country": "",
    }
    assert change.after["city"] == "Kraków"


def test_moments_in_a_change_can_be_stored_as_json() -> None:
    (change,) = diff_event(BEFORE, replace(BEFORE, ends_at=BEFORE.ends_at + timedelta(hours=1))).changes
    assert change.before["ends_at"] == "2026-12-09T12:30:00+00:00"
    assert change.after["ends_at"] == "2026-12-09T13:30:00+00:00"


def test_every_field_belongs_to_one_kind_at_most() -> None:
    grouped = [name for names in rules.FIELDS_OF_KIND.values() for name in names]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= set(rules.FIELD_NAMES)


def test_every_field_is_a_column_and_lengths_agree() -> None:
    columns = Event.__table__.columns
    assert set(rules.FIELD_NAMES) <= set(columns.keys())
    lengths = {
        "title": rules.TITLE_LENGTH,
        "summary": rules.SUMMARY_LENGTH,
        "audience": rules.AUDIENCE_LENGTH,
        "cost": rules.COST_LENGTH,
        "funding": rules.FUNDING_LENGTH,
        "partners": rules.PARTNERS_LENGTH,
        "venue": rules.VENUE_LENGTH,
        "room": rules.VENUE_LENGTH,
        "street": rules.VENUE_LENGTH,
        "postal_code": rules.POSTAL_CODE_LENGTH,
        "city": rules.CITY_LENGTH,
        "country": rules.CITY_LENGTH,
        "online_url": rules.URL_LENGTH,
        "sign_up_url": rules.URL_LENGTH,
        "contact_name": rules.PERSON_LENGTH,
        "contact_email": rules.EMAIL_LENGTH,
        "contact_phone": rules.PHONE_LENGTH,
        "responsible_person": rules.PERSON_LENGTH,
        "editor_name": rules.PERSON_LENGTH,
        "cancel_reason": rules.REASON_LENGTH,
    }
    for name, length in lengths.items():
        column_type = columns[name].type
        assert isinstance(column_type, String)
        assert column_type.length == length, name


@pytest.mark.parametrize(("capacity", "taken", "below"), [(None, 5, False), (5, 5, False), (4, 5, True), (1, 0, False)])
def test_a_capacity_below_what_is_taken_is_noticed(capacity: int | None, taken: int, below: bool) -> None:
    assert is_capacity_below_taken(capacity, taken) is below


def test_blanks_around_a_text_and_line_ends_are_no_change() -> None:
    assert diff_event(BEFORE, replace(BEFORE, programme=BEFORE.programme.replace("\n", "\r\n") + "\n")).changes == ()
