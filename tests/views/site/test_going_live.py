"""The administrator's list of what is still sample, empty or unsafe."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventreg.clock import now_utc
from eventreg.database import transaction
from eventreg.organisers.models import Account
from eventreg.outbox.heartbeat import beat
from eventreg.site.going_live import site_state
from eventreg.site.going_live_rules import Check, going_live_points
from eventreg.site.site_settings import Operator, change_site
from tests.factories import Factory, sign_in


@pytest.fixture
def administrator(app: Flask, factory: Factory) -> FlaskClient:
    return sign_in(app, factory.administrator(email="anna@urzad.gov.pl"))


def open_checks() -> set[Check]:
    return {point.check for point in going_live_points(site_state(now_utc())) if not point.done}


def test_a_fresh_installation_has_nearly_everything_open(administrator: FlaskClient) -> None:
    assert open_checks() == set(Check) - {
        Check.NO_SAMPLES,
        Check.NO_GENERATED_PASSWORD,
        Check.REAL_ADMINISTRATOR,
        Check.CLAUSES_WRITTEN,
        Check.DECLARATION_REVIEWED,
        Check.SHARED_LIMITS,
    }
    page = administrator.get("/panel/administration/going-live").text
    assert "EVENTREG_MAIL_SERVER" in page
    assert 'href="/panel/administration/declaration"' in page


def test_what_is_done_is_no_longer_open(administrator: FlaskClient, factory: Factory) -> None:
    factory.organiser()
    now = now_utc()
    beat("worker", now, None)
    change_site(Operator("Gmina", "Rynek 1", "um@gmina.pl"), None, now)
    done = {Check.ORGANISER_EXISTS, Check.WORKER_RUNS, Check.OPERATOR_NAMED}
    assert not open_checks() & done


def test_samples_and_generated_passwords_are_found(administrator: FlaskClient, factory: Factory) -> None:
    organiser = factory.organiser(is_sample=True)
    account = factory.account(organiser, generated_password=True)
    assert {Check.NO_SAMPLES, Check.NO_GENERATED_PASSWORD, Check.ORGANISER_EXISTS} <= open_checks()
    assert account.email in administrator.get("/panel/administration/going-live").text
    with transaction() as session:
        session.get_one(Account, account.id).active = False
    assert Check.NO_GENERATED_PASSWORD not in open_checks()


def test_an_organiser_without_a_clause_is_named(administrator: FlaskClient, factory: Factory) -> None:
    organiser = factory.organiser(name="Gmina bez klauzuli")
    with transaction() as session:
        session.merge(organiser).current_clause_id = None
    assert Check.CLAUSES_WRITTEN in open_checks()
    assert "Gmina bez klauzuli" in administrator.get("/panel/administration/going-live").text


def test_the_overview_counts_what_is_open(administrator: FlaskClient) -> None:
    assert f"{len(open_checks())} punktów do wykonania" in administrator.get("/panel/administration/").text
