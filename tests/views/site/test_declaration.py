"""The public accessibility declaration and the administrator's form for it."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Factory, sign_in
from tests.panel_steps import post

IDS = """
a11y-wstep a11y-podmiot a11y-url a11y-data-publikacja a11y-data-aktualizacja a11y-status
a11y-data-sporzadzenie a11y-data-przeglad a11y-kontakt a11y-osoba a11y-email a11y-telefon a11y-procedura
a11y-architektura a11y-aplikacje
"""
OPERATOR = "/panel/administration/operator"
DECLARATION = "/panel/administration/declaration"


class Elements(HTMLParser):
    """Collects (tag, attributes) of elements with an id of the declaration, and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (dict(attrs).get("id") or "").startswith("a11y-"):
            self.found.append((tag, dict(attrs)))


@pytest.fixture
def administrator(app: Flask, factory: Factory) -> FlaskClient:
    return sign_in(app, factory.administrator())


def fill_in(client: FlaskClient) -> None:
    operator = {"operator_name": "Gmina <Proszowice>", "operator_address": "ul. 3 Maja 72", "operator_phone": ""}
    assert post(client, OPERATOR, operator_email="UM@Example.org", **operator).status_code == 303
    answer = post(
        client,
        DECLARATION,
        published_on="2.01.2026",
        updated_on="2026-09-01",
        declaration_status="partial",
        exceptions_pl="- mapa\n- <script>alert(1)</script>",
        exceptions_en="- the map",
        declared_on="2 stycznia 2026 r.",
        reviewed_on="01.03.2026",
        contact_person="Anna Kowalska",
        contact_email="anna@example.org",
        contact_phone="12 345 67 89",
        architecture_pl="Wejście bez progu.",
    )
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/accessibility", "/en/accessibility"])
@pytest.mark.parametrize("is_filled", [False, True])
def test_the_official_ids_stand_once_each(
    administrator: FlaskClient, client: FlaskClient, path: str, is_filled: bool
) -> None:
    if is_filled:
        fill_in(administrator)
    page = client.get(path)
    assert page.status_code == 200
    ids = [attributes["id"] for _, attributes in Elements(page.text).found]
    assert sorted(str(one) for one in ids) == sorted(IDS.split())


def test_a_filled_declaration_says_everything(administrator: FlaskClient, client: FlaskClient) -> None:
    fill_in(administrator)
    page = client.get("/accessibility").text
    elements = {attributes["id"]: (tag, attributes) for tag, attributes in Elements(page).found}
    for name, day in (
        ("a11y-data-publikacja", "2026-01-02"),
        ("a11y-data-aktualizacja", "2026-09-01"),
        ("a11y-data-sporzadzenie", "2026-01-02"),
        ("a11y-data-przeglad", "2026-03-01"),
    ):
        tag, attributes = elements[name]
        assert (tag, attributes["datetime"]) == ("time", day)
    assert elements["a11y-url"][1]["href"] == "http://localhost/"
    assert elements["a11y-email"][1]["href"] == "mailto:anna@example.org"
    assert elements["a11y-telefon"][1]["href"] == "tel:123456789"
    assert "Gmina &lt;Proszowice&gt;" in page
    assert "<script>alert" not in page
    assert "2 stycznia 2026" in page
    assert re.search(r'id="a11y-status">\s*Strona internetowa jest <strong>częściowo zgodna</strong>', page)
    english = client.get("/en/accessibility").text
    assert "the map" in english
    assert "Wejście bez progu." in english, "what exists only in Polish is shown in Polish"


def test_a_wrong_date_is_refused_beside_its_field_and_nothing_is_lost(administrator: FlaskClient) -> None:
    answer = post(
        administrator, DECLARATION, published_on="31.02.2026", declaration_status="full", contact_person="Jan Łoś"
    )
    assert answer.status_code == 422
    assert 'href="#published_on"' in answer.text
    assert 'value="31.02.2026"' in answer.text
    assert 'value="Jan Łoś"' in answer.text


def test_every_page_leads_to_the_declaration(administrator: FlaskClient, client: FlaskClient) -> None:
    assert 'href="/accessibility"' in client.get("/privacy").text
    assert 'href="/en/accessibility"' in client.get("/en/privacy").text
    assert 'href="/accessibility"' in administrator.get("/panel/administration/").text
