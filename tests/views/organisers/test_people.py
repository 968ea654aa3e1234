"""Who works for an organiser: inviting, roles, leaving; what the administrator may do with accounts."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.database import db
from eventreg.organisers.models import Account, AuditEntry, Membership, Organiser
from eventreg.organisers.queries import account_by_email
from eventreg.outbox.models import Mail
from tests.factories import Factory, sign_in
from tests.panel_steps import PASSWORD, post, try_to_sign_in

PEOPLE = "/panel/organisers/urzad/people"
ACCOUNTS = "/panel/administration/accounts"


@pytest.fixture
def organiser(factory: Factory) -> Organiser:
    return factory.organiser(slug="urzad", name="Urząd Gminy")


@pytest.fixture
def owner(app: Flask, factory: Factory, organiser: Organiser) -> FlaskClient:
    return sign_in(app, factory.account(organiser, "owner", email="owner@example.org"))


@pytest.fixture
def administrator(app: Flask, factory: Factory) -> FlaskClient:
    return sign_in(app, factory.administrator(email="admin@example.org", password="x"))


def account(email: str) -> Account:
    db.session.rollback()
    db.session.expire_all()
    found = account_by_email(email)
    assert found is not None
    return found


def roles(email: str) -> dict[int, str]:
    return {entry.organiser_id: entry.role for entry in account(email).memberships}


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def membership_of(email: str) -> int:
    return account(email).memberships[0].id


def invite(client: FlaskClient, email: str, role: str = "editor") -> int:
    return post(client, PEOPLE, email=email, name="Ewa Ćwik", role=role, language="pl").status_code


def test_an_invited_person_sets_a_password_and_works(app: Flask, owner: FlaskClient, organiser: Organiser) -> None:
    assert invite(owner, "Ewa@Example.org") == 303
    [mail] = mails()
    assert (mail.occasion, mail.to_address, mail.organiser_id) == ("account_invited", "ewa@example.org", None)
    assert mail.facts["organiser_name"] == "Urząd Gminy"
    assert "ewa@example.org" in owner.get(PEOPLE).text
    path = mail.facts["link"].removeprefix("http://localhost")
    guest = app.test_client()
    assert "ewa@example.org" in guest.get(path).text
    weak = post(guest, path, form_on=path, password="ewa", repeat="ewa")
    assert weak.status_code == 422
    new = "cztery żółte tramwaje"
    assert post(guest, path, form_on=path, password=new, repeat=new).status_code == 303
    assert guest.get(path).status_code == 404, "the link works once"
    assert try_to_sign_in(guest, "ewa@example.org", new).status_code == 303
    assert roles("ewa@example.org") == {organiser.id: "editor"}
    assert guest.get(PEOPLE).status_code == 404, "an editor has no say about people"


def test_an_account_that_exists_gets_the_role_and_no_link(
    app: Flask, owner: FlaskClient, factory: Factory, organiser: Organiser
) -> None:
    other = factory.organiser()
    factory.account(other, "owner", email="jan@example.org", password="x")
    assert invite(owner, "jan@example.org", "door") == 303
    assert mails() == []
    assert roles("jan@example.org") == {other.id: "owner", organiser.id: "door"}


@pytest.mark.parametrize("email", ["", "ewa", "ewa@", "еwa@example.org", "ewa@example.org\r\nBcc: x@example.org"])
def test_a_wrong_address_is_refused(owner: FlaskClient, email: str) -> None:
    assert invite(owner, email) == 422
    assert mails() == []


@pytest.mark.parametrize("role", ["administrator", "", "OWNER"])
def test_abuse_33_no_other_roles_can_be_given(owner: FlaskClient, role: str) -> None:
    assert invite(owner, "ewa@example.org", role) == 422


def test_roles_change_and_end(owner: FlaskClient, factory: Factory, organiser: Organiser) -> None:
    factory.account(db.session.get_one(Organiser, organiser.id), "door", email="jan@example.org")
    entry = membership_of("jan@example.org")
    assert post(owner, f"{PEOPLE}/{entry}/role", role="editor").status_code == 303
    assert roles("jan@example.org") == {organiser.id: "editor"}
    assert post(owner, f"{PEOPLE}/{entry}/remove").status_code == 303
    assert roles("jan@example.org") == {}
    assert post(owner, f"{PEOPLE}/{entry}/remove").status_code == 404
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["role_given", "role_taken"]


def test_the_last_owner_stays(owner: FlaskClient, organiser: Organiser) -> None:
    entry = membership_of("owner@example.org")
    for ending, fields in (("role", {"role": "door"}), ("remove", {})):
        assert post(owner, f"{PEOPLE}/{entry}/{ending}", **fields).status_code == 303
        assert "ostatni właściciel" in owner.get(PEOPLE).text
    assert roles("owner@example.org") == {organiser.id: "owner"}


def test_the_trail_shows_what_was_done(owner: FlaskClient, organiser: Organiser) -> None:
    invite(owner, "ewa@example.org")
    page = owner.get("/panel/organisers/urzad/trail").text
    assert "Nadano rolę: Redaktor" in page
    assert "Ewa Ćwik" in page


def test_the_administrator_makes_an_organiser_and_invites_its_owner(administrator: FlaskClient) -> None:
    made = post(
        administrator,
        "/panel/administration/organisers/new",
        name="Starostwo  Powiatowe w Łęcznej",
        kind="public_body",
        contact_email="Biuro@Example.org",
        has_publication_record="y",
    )
    assert made.location == f"{ACCOUNTS}/new?organiser=starostwo-powiatowe-w-lecznej"
    assert 'value="starostwo-powiatowe-w-lecznej" selected' in administrator.get(made.location).text
    invited = post(
        administrator,
        f"{ACCOUNTS}/new",
        email="ewa@example.org",
        role="owner",
        language="pl",
        organiser="starostwo-powiatowe-w-lecznej",
    )
    assert invited.status_code == 303
    db.session.rollback()
    made_row = db.session.scalar(select(Organiser))
    assert made_row is not None
    assert (made_row.name, made_row.contact_email) == ("Starostwo Powiatowe w Łęcznej", "biuro@example.org")
    assert roles("ewa@example.org") == {made_row.id: "owner"}
    assert [mail.occasion for mail in mails()] == ["account_invited"]


def test_an_organiser_is_changed_and_its_address_stays(administrator: FlaskClient, organiser: Organiser) -> None:
    screen = "/panel/administration/organisers/urzad"
    assert 'value="Urząd Gminy"' in administrator.get(screen).text
    bad = post(administrator, screen, name="", kind="ngo", contact_email="x", website="javascript:alert(1)")
    assert bad.status_code == 422
    for field in ("name", "contact_email", "website"):
        assert f'href="#{field}"' in bad.text
    good = {"name": "Fundacja", "kind": "ngo", "contact_email": "f@example.org", "slug": "inny", "id": "99"}
    assert post(administrator, screen, **good).location == screen
    db.session.rollback()
    row = db.session.get_one(Organiser, organiser.id, populate_existing=True)
    assert (row.slug, row.name, row.kind) == ("urzad", "Fundacja", "ngo")
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "organiser_changed"))
    assert entry is not None
    assert entry.detail is not None
    assert {"name", "kind", "contact_email"} <= set(entry.detail["fields"])


def test_closing_an_account_ends_its_sessions_and_opening_brings_it_back(
    app: Flask, administrator: FlaskClient, alice: Account
) -> None:
    client = app.test_client()
    try_to_sign_in(client, alice.email, PASSWORD)
    screen = f"{ACCOUNTS}/{alice.id}"
    post(administrator, f"{screen}/deactivate")
    assert client.get("/panel/account").status_code == 302
    assert try_to_sign_in(client, alice.email, PASSWORD).status_code == 422
    post(administrator, f"{screen}/activate")
    assert try_to_sign_in(client, alice.email, PASSWORD).status_code == 303


def test_the_last_administrator_stays(administrator: FlaskClient) -> None:
    own = account("admin@example.org").id
    for ending in ("deactivate", "administrator/end"):
        post(administrator, f"{ACCOUNTS}/{own}/{ending}")
        assert "To ostatni administrator" in administrator.get(f"{ACCOUNTS}/{own}").text
    found = account("admin@example.org")
    assert (found.active, [role.name for role in found.roles]) == (True, ["administrator"])


def test_a_second_administrator_may_replace_the_first(administrator: FlaskClient, alice: Account) -> None:
    own = account("admin@example.org").id
    assert post(administrator, f"{ACCOUNTS}/{alice.id}/administrator").status_code == 303
    assert post(administrator, f"{ACCOUNTS}/{own}/administrator/end").status_code == 303
    assert administrator.get("/panel/administration/").status_code == 404
    assert [role.name for role in account(alice.email).roles] == ["administrator"]


def test_a_new_invitation_kills_the_link_before(app: Flask, administrator: FlaskClient, owner: FlaskClient) -> None:
    invite(owner, "ewa@example.org")
    assert post(administrator, f"{ACCOUNTS}/{account('ewa@example.org').id}/invite-again").status_code == 303
    old, new = (mail.facts["link"].removeprefix("http://localhost") for mail in mails())
    guest = app.test_client()
    assert guest.get(old).status_code == 404
    assert guest.get(new).status_code == 200


def test_the_administrator_takes_a_role_away(
    administrator: FlaskClient, factory: Factory, owner: FlaskClient, organiser: Organiser
) -> None:
    jan = factory.account(db.session.get_one(Organiser, organiser.id), "door", email="jan@example.org")
    entry, other = membership_of("jan@example.org"), membership_of("owner@example.org")
    assert post(administrator, f"{ACCOUNTS}/{jan.id}/roles/{other}/remove").status_code == 404
    assert post(administrator, f"{ACCOUNTS}/{jan.id}/roles/{entry}/remove").status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Membership.account_id)).all() == [account("owner@example.org").id]
