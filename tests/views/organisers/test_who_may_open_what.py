"""Abuse case 28: every route of the panel x everybody who is not meant, with every verb.

The table is the contract: a new route fails here until it names its access and stands in the table.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from eventreg.clock import now_utc
from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.http_headers import SAFE_METHODS
from eventreg.messages.audience_rules import Audience, AudienceKind
from eventreg.messages.messaging import Wording, write_message
from eventreg.organisers.access import access_of
from eventreg.organisers.accounts import Invitation, invite
from eventreg.organisers.models import Account, Membership, Organiser
from eventreg.outbox.models import Mail
from eventreg.questions.models import Question
from eventreg.registrations.import_drafts import keep_draft
from eventreg.registrations.models import Registration
from eventreg.series.models import Edition, Series
from tests.conftest import NOW
from tests.factories import Factory, confirm_sign_up, sign_in
from tests.panel_steps import token


def endpoints(names: str) -> list[str]:
    return names.split()


_COUNTED = (Event, Registration, Membership, Series, Edition, ExternalCalendar, ExternalEvent)

ANYONE = endpoints(
    """
    sign_in.sign_in_page sign_in.sign_in_submit sign_in.second_step sign_in.second_step_submit
    sign_in.forgotten_password sign_in.reset_link_sent sign_in.reset_password
    sign_in.accept_invitation
    """
)

SIGNED_IN = endpoints(
    """
    panel_home.panel_home sign_in.sign_out own_account.own_account own_account.change_password
    own_account.second_factor_page own_account.second_factor_on own_account.second_factor_off
    """
)

DOOR = endpoints(
    """
    own_events.own_event_list
    """
)

EDITOR = endpoints(
    """
    importing.columns importing.give_up importing.import_list importing.preview importing.upload
    approval.accept_chosen approval.accept_page approval.act_on_chosen approval.decline_chosen
    approval.decline_page
    attendee_answers.answers_page attendee_answers.correct
    attendee.cancel attendee.change_address attendee.correct attendee.note attendee.person
    attendee.resend attendee.restore
    moving.move moving.move_page waiting_list.move waiting_list.promote_page waiting_list.promote_person
    waiting_list.waiting_list
    attendee_list.add_person attendee_list.attendance_sheet attendee_list.change_cap
    attendee_list.registration_list event_editing.create event_editing.edit event_editing.event_home
    event_editing.new_event event_editing.preview event_editing.save event_history.history
    event_life.cancel event_life.cancel_page event_life.copy event_life.delete
    event_life.delete_page event_life.publish event_life.publish_page event_life.restore
    event_life.withdraw event_life.withdraw_page exports.registrations_csv
    exports.registrations_xlsx mail_log.event_log mail_log.organiser_log mail_log.preview
    question_totals.totals question_totals.totals_csv questions.add_ticked questions.create
    questions.edit questions.move questions.new_question questions.question_list questions.remove
    questions.restore questions.save mail_log.preview_html mail_log.send_again
    series_editing.edition series_editing.new_edition
    series_editing.new_series series_editing.remove_edition series_editing.remove_series
    series_editing.series series_editing.series_list sign_up_policy.save
    sign_up_policy.sign_up_rules
    messages.discard messages.edit messages.message messages.message_list messages.new_message
    messages.preview_html messages.rewrite messages.write message_sending.go_on message_sending.pause
    message_sending.progress message_sending.send message_sending.stop message_sending.test
    message_sending.ask_to_stop
    external_calendars.calendar external_calendars.calendar_list external_calendars.choose
    external_calendars.edit_calendar external_calendars.look external_calendars.new_calendar
    external_calendars.own_calendars external_calendars.stop
    """
)

OWNER = endpoints(
    """
    question_totals.access_needs people.own_organisers people.people people.invite_person
    people.change_role people.remove_person
    clause.edit_clause clause.submit_clause clause.show_version audit.organiser_trail
    """
)

ADMINISTRATOR = endpoints(
    """
    account_administration.account_list account_administration.activate
    account_administration.deactivate account_administration.invite_again
    account_administration.make_administrator account_administration.new_account
    account_administration.remove_role account_administration.reset_second_factor
    account_administration.show_account account_administration.unmake_administrator audit.site_trail
    mail_log.filed_invitation mail_log.send_stuck_again mail_log.site_log
    organiser_editing.edit_organiser organiser_editing.new_organiser
    organiser_editing.organiser_list site_administration.edit_declaration
    site_administration.edit_operator site_administration.going_live site_administration.overview
    """
)

TABLE = {
    **dict.fromkeys(ANYONE, "anyone"),
    **dict.fromkeys(SIGNED_IN, "signed_in"),
    **dict.fromkeys(DOOR, "door"),
    **dict.fromkeys(EDITOR, "editor"),
    **dict.fromkeys(OWNER, "owner"),
    **dict.fromkeys(ADMINISTRATOR, "administrator"),
}

MAY = {
    "alice": {"signed_in", "door", "editor", "owner"},
    "editor": {"signed_in", "door", "editor"},
    "door": {"signed_in", "door"},
    "administrator": {"signed_in", "administrator"},
    "charlie": {"signed_in", "door", "editor", "owner"},
}
"""charlie owns another organiser: his roles open the pages without a thing of alice's in the address."""


@dataclass(frozen=True)
class House:
    """Alice's organiser with everything in it, and everybody's client."""

    values: dict[str, Any]
    filed_mail_id: int
    clients: dict[str, FlaskClient]
    anonymous: FlaskClient


def panel_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/panel")]


def verbs(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"OPTIONS"})


@pytest.fixture
def house(app: Flask, factory: Factory) -> House:
    organiser = factory.organiser(slug="urzad")
    alice, editor, door = (factory.account(organiser, role) for role in ("owner", "editor", "door"))
    charlie = factory.account(factory.organiser(slug="inny"), "owner")
    event = factory.event(organiser, slug="warsztaty")
    factory.event(db.session.get_one(Organiser, organiser.id), slug="urzad", state="draft")
    registration = factory.registration(event)
    series = factory._store(Series(slug="cykl", title="Cykl", organiser_id=organiser.id))
    question = factory._store(
        Question(event_id=event.id, position=1, kind="institution", label="Instytucja", purpose="Lista")
    )
    edition = factory._store(Edition(series_id=series.id, number=1, year=2026))
    calendar = factory.external_calendar(organiser)
    factory.external_event(calendar)
    membership = db.session.query(Membership).filter_by(account_id=editor.id).one()
    invite(Invitation("ewa@example.org", "", "pl", organiser.id, "door"), None, NOW)
    with transaction() as session:
        filed = session.query(Mail).one()
        filed.state = "filed"
    return House(
        filed_mail_id=filed.id,
        values={
            "registration_id": registration.id,
            "edition_id": edition.id,
            "question_id": question.id,
            "message_id": write_message(event, Wording("Zmiana", "Tekst", Audience(AudienceKind.ALL)), alice.id, NOW),
            "membership_id": membership.id,
            "calendar_id": calendar.id,
            "account_id": editor.id,
            "mail_id": confirm_sign_up(event, registration, NOW),
            "version": 1,
            "token": "forged",
            "draft_token": keep_draft(event.id, alice.id, "lista.csv", b"Jan;jan@example.org", now_utc()),
        },
        clients={
            "alice": sign_in(app, alice),
            "editor": sign_in(app, editor),
            "door": sign_in(app, door),
            "administrator": sign_in(app, factory.administrator()),
            "charlie": sign_in(app, charlie),
        },
        anonymous=app.test_client(),
    )


def address(app: Flask, rule: Rule, house: House) -> str:
    values = {**house.values, "mail_id": house.filed_mail_id} if "administration" in rule.rule else house.values
    slug = "warsztaty" if "/events/" in rule.rule else "cykl" if "/series/" in rule.rule else "urzad"
    filled = {name: {"slug": slug, **values}[name] for name in rule.arguments}
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, filled))


def ask(client: FlaskClient, path: str, verb: str, csrf_token: str) -> int:
    data = {} if verb in SAFE_METHODS else {"csrf_token": csrf_token}
    return client.open(path, method=verb, data=data).status_code


def test_every_route_of_the_panel_names_its_access_and_stands_in_the_table(app: Flask) -> None:
    named = {}
    for rule in panel_rules(app):
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None, f"{rule.endpoint} names no access"
        lowest = next((role for role in ("door", "editor", "owner") if role in access.roles), "")
        named[rule.endpoint] = lowest if access.who == "member" else access.who
    assert named == TABLE


@pytest.mark.parametrize("who", list(MAY))
def test_abuse_28_nobody_opens_what_is_not_meant_for_her(app: Flask, house: House, who: str) -> None:
    client = house.clients[who]
    csrf_token = token(client)
    wrong = []
    for rule in panel_rules(app):
        needed = TABLE[rule.endpoint]
        is_strange = who == "charlie" and bool(rule.arguments)
        if needed == "anyone" or (needed in MAY[who] and not is_strange):
            continue
        for verb in verbs(rule):
            path = address(app, rule, house)
            status = ask(client, path, verb, csrf_token)
            if status != 404:
                wrong.append(f"{verb} {path}: {status}")
    assert wrong == []


def test_what_is_meant_for_somebody_opens(app: Flask, house: House) -> None:
    wrong = []
    for who, client in house.clients.items():
        for rule in panel_rules(app):
            if (who == "charlie" and rule.arguments) or "GET" not in verbs(rule):
                continue
            if "draft_token" in rule.arguments and who != "alice":
                continue  # an uploaded list is the one's who uploaded it
            if TABLE[rule.endpoint] in MAY[who]:
                path = address(app, rule, house)
                if client.get(path).status_code not in (200, 302, 303):
                    wrong.append(f"{who} {path}: {client.get(path).status_code}")
    assert wrong == []


def test_who_is_not_signed_in_is_asked_to_sign_in(app: Flask, house: House) -> None:
    csrf_token = token(house.anonymous, "/panel/sign-in")
    wrong = []
    for rule in panel_rules(app):
        if TABLE[rule.endpoint] == "anyone":
            continue
        for verb in verbs(rule):
            path = address(app, rule, house)
            answer = house.anonymous.open(path, method=verb, data={"csrf_token": csrf_token, "x": "y"})
            expected = 302 if verb in SAFE_METHODS else 400
            if answer.status_code != expected:
                wrong.append(f"{verb} {path}: {answer.status_code}")
    assert wrong == []


def test_nothing_changed_whatever_was_tried(app: Flask, house: House) -> None:
    def state() -> list[Any]:
        db.session.rollback()
        rows = [db.session.query(model).count() for model in _COUNTED]
        looks = [(row.next_check_at, row.name) for row in db.session.query(ExternalCalendar)]
        taken = [event.places_taken for event in db.session.query(Event).order_by(Event.id)]
        active = [account.active for account in db.session.query(Account).order_by(Account.id)]
        return [rows, looks, taken, active]

    before = state()
    charlie = house.clients["charlie"]
    csrf_token = token(charlie)
    for rule in panel_rules(app):
        if rule.arguments and TABLE[rule.endpoint] != "anyone":
            for verb in verbs(rule):
                ask(charlie, address(app, rule, house), verb, csrf_token)
    assert state() == before


def test_a_view_that_names_no_access_cannot_be_reached(app: Flask, factory: Factory) -> None:
    client = sign_in(app, factory.administrator())
    view = app.view_functions["panel_home.panel_home"]
    access = view.__dict__.pop("panel_access")
    try:
        assert client.get("/panel/").status_code == 404
    finally:
        view.__dict__["panel_access"] = access
    assert client.get("/panel/").status_code == 302


def test_abuse_35_what_exists_and_what_does_not_answer_alike(app: Flask, house: House) -> None:
    charlie = house.clients["charlie"]
    there = charlie.get("/panel/events/warsztaty/registrations")
    nowhere = charlie.get("/panel/events/takiego-nie-ma/registrations")
    assert there.status_code == nowhere.status_code == 404
    assert there.text == nowhere.text


def test_an_owner_cannot_touch_people_of_another_organiser_through_her_own(app: Flask, house: House) -> None:
    charlie = house.clients["charlie"]
    membership_id = house.values["membership_id"]
    for ending in ("role", "remove"):
        path = f"/panel/organisers/inny/people/{membership_id}/{ending}"
        answer = charlie.post(path, data={"csrf_token": token(charlie), "role": "door"})
        assert answer.status_code == 404
    db.session.rollback()
    assert db.session.get_one(Membership, membership_id, populate_existing=True).role == "editor"
