"""Importing a list through the panel: upload, columns, preview, import."""

import io
import re
from datetime import timedelta
from typing import NamedTuple

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from eventreg.clock import now_utc
from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.models import Mail
from eventreg.registrations.import_drafts import KEPT_FOR
from eventreg.registrations.models import ImportDraft, Registration
from tests.factories import Factory, sign_in
from tests.panel_steps import token
from tests.workbooks import repacked, workbook

IMPORT = "/panel/events/warsztaty/registrations/import"
LIST = "Imię;Nazwisko;E-mail\nŁucja;Żółkiewska;lucja@example.org\nJan;Łoś;jan@example.org\n"


class Office(NamedTuple):
    event: Event
    client: FlaskClient
    colleague: FlaskClient
    stranger: FlaskClient


@pytest.fixture
def office(app: Flask, factory: Factory) -> Office:
    event = factory.event(slug="warsztaty")
    factory.event(event.organiser, slug="inne")
    return Office(
        event,
        sign_in(app, factory.account(event.organiser, "editor")),
        sign_in(app, factory.account(event.organiser, "owner")),
        sign_in(app, factory.account(factory.organiser(), "owner")),
    )


def upload(client: FlaskClient, content: bytes, name: str = "lista.csv", path: str = IMPORT) -> TestResponse:
    data = {"csrf_token": token(client), "list_file": (io.BytesIO(content), name)}
    return client.post(path, data=data, content_type="multipart/form-data")


def uploaded(client: FlaskClient, text: str = LIST) -> str:
    """The address of the columns' page after an upload in windows-1250."""
    answer = upload(client, text.encode("cp1250"))
    assert answer.status_code == 303, answer.text
    return answer.location


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client), **fields})


COLUMNS = {"first_row": "headings", "c0": "first_name", "c1": "surname", "c2": "email"}


def people() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(row.name, row.email) for row in db.session.scalars(select(Registration).order_by(Registration.id))]


def count(model: type[Mail] | type[ImportDraft]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def words(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("\u00a0", " ")


def test_from_the_upload_to_the_list(office: Office) -> None:
    assert IMPORT in office.client.get("/panel/events/warsztaty/registrations").text
    assert "Jan Kowalski &lt;jan@office.example&gt;" in office.client.get(IMPORT).text
    columns = uploaded(office.client)
    page = office.client.get(columns)
    assert "Łucja; Jan" in page.text
    assert '<option value="surname" selected>' in page.text
    preview = office.client.get(columns + "/preview", query_string=COLUMNS)
    assert "Łucja Żółkiewska" in preview.text
    assert people() == []
    done = send(office.client, columns + "/import", **COLUMNS, tell="yes", language="pl", without_places="refuse")
    assert (done.status_code, done.location) == (303, "/panel/events/warsztaty/registrations")
    assert people() == [("Łucja Żółkiewska", "lucja@example.org"), ("Jan Łoś", "jan@example.org")]
    assert (count(Mail), count(ImportDraft)) == (2, 0)
    assert "Dodano 2 osoby." in words(office.client.get(done.location))


def test_a_workbook_works_the_same_and_mails_are_optional(office: Office) -> None:
    content = workbook(("Osoba", "mail"), ("Ewa Lis", "ewa@example.org"))
    columns = upload(office.client, content, "lista.xlsx").location
    roles = {"first_row": "headings", "c0": "name", "c1": "email"}
    send(office.client, columns + "/import", **roles, tell="no", language="en", without_places="refuse")
    assert people() == [("Ewa Lis", "ewa@example.org")]
    assert count(Mail) == 0


def test_the_preview_says_of_each_row_what_becomes_of_it_and_why(office: Office, factory: Factory) -> None:
    factory.registration(office.event, name="Jan Łoś", email="jan@example.org")
    text = LIST + "Jan;Łoś;JAN@example.org\nŁucja;Żółkiewska;lucja@example.org\n;;anna@example.org\nEwa;Lis;ewa\n"
    columns = uploaded(office.client, text)
    page = words(office.client.get(columns + "/preview", query_string=COLUMNS))
    assert "Ta osoba jest już na liście zgłoszeń." in page
    assert "Ta sama osoba jest już w wierszu 2." in page
    assert "Brak imienia i nazwiska." in page
    assert "Proszę sprawdzić adres e-mail." in page
    only = office.client.get(columns + "/preview", query_string={**COLUMNS, "show": "wrong"})
    assert "anna@example.org" in only.text
    assert "lucja@example.org" not in only.text
    assert len(people()) == 1


def test_a_long_list_has_pages(office: Office) -> None:
    text = "Osoba;mail\n" + "".join(f"Osoba {number};o{number}@example.org\n" for number in range(150))
    columns = uploaded(office.client, text)
    first = office.client.get(columns + "/preview")
    assert "o99@example.org" in first.text
    assert "o100@example.org" not in first.text
    second = office.client.get(columns + "/preview", query_string={"page": "2", "show": "good"})
    assert "o149@example.org" in second.text


def test_wrong_rows_stop_the_import_until_they_are_left_out(office: Office) -> None:
    columns = uploaded(office.client, LIST + "Ewa;Lis;ewa\n")
    refused = send(office.client, columns + "/import", **COLUMNS, tell="no", language="pl")
    assert refused.status_code == 422
    assert "Nie dodano nikogo: 1 wiersz wymaga poprawy." in words(refused)
    assert 'name="tell" type="radio" value="no" checked' in refused.text  # what was chosen is kept
    assert people() == []
    send(office.client, columns + "/import", **COLUMNS, tell="no", language="pl", leave_out_wrong="y")
    assert len(people()) == 2


def test_too_few_places_ask_what_is_to_happen(office: Office) -> None:
    with transaction() as session:
        session.get_one(Event, office.event.id).capacity = 1
    columns = uploaded(office.client)
    preview = office.client.get(columns + "/preview", query_string=COLUMNS)
    assert 'value="over_capacity"' in preview.text
    assert 'value="waiting_list"' not in preview.text  # this event has none
    refused = send(office.client, columns + "/import", **COLUMNS, without_places="refuse")
    assert refused.status_code == 422
    assert "Nie dodano nikogo: brakuje 1 miejsca." in words(refused)
    assert send(office.client, columns + "/import", **COLUMNS, without_places="waiting_list").status_code == 422
    assert people() == []
    send(office.client, columns + "/import", **COLUMNS, without_places="over_capacity")
    assert len(people()) == 2


def test_the_same_list_again_adds_nobody(office: Office) -> None:
    send(office.client, uploaded(office.client) + "/import", **COLUMNS)
    again = uploaded(office.client)
    assert "Nie ma kogo dodać" in words(office.client.get(again + "/preview", query_string=COLUMNS))
    answer = send(office.client, again + "/import", **COLUMNS)
    shown = words(office.client.get(answer.location))
    assert "Nie dodano nikogo: wszystkie osoby z listy (2) są już zgłoszone." in shown
    assert len(people()) == 2


def test_abuse_21_a_double_click_says_that_the_list_is_gone(office: Office) -> None:
    columns = uploaded(office.client)
    assert send(office.client, columns + "/import", **COLUMNS).status_code == 303
    second = send(office.client, columns + "/import", **COLUMNS)
    assert (second.status_code, second.location) == (303, "/panel/events/warsztaty/registrations")
    assert "Przesłanej listy już nie ma" in words(office.client.get(second.location))
    assert len(people()) == 2


def test_an_expired_list_is_told_and_not_imported(office: Office) -> None:
    columns = uploaded(office.client)
    with transaction() as session:
        session.scalars(select(ImportDraft)).one().created_at = now_utc() - KEPT_FOR - timedelta(minutes=1)
    for path in (columns, columns + "/preview"):
        answer = office.client.get(path)
        assert (answer.status_code, answer.location) == (303, IMPORT)
    assert "Przesłanej listy już nie ma" in words(office.client.get(IMPORT))
    assert send(office.client, columns + "/import", **COLUMNS).status_code == 303
    assert people() == []


def test_giving_up_deletes_the_list(office: Office) -> None:
    columns = uploaded(office.client)
    assert send(office.client, columns + "/give-up").location == IMPORT
    assert count(ImportDraft) == 0
    assert send(office.client, columns + "/give-up").status_code == 303


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Plik nie zawiera żadnych wierszy."),
        (b"\n;;;\n", "Plik nie zawiera żadnych wierszy."),
        (b"a;b\0c", "To nie jest lista w formacie CSV ani XLSX."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "starszej wersji Excela"),
        (b"PK\x03\x04", "Skoroszyt jest uszkodzony"),
        (b'a;"b\n', "Cudzysłów w wierszu 1"),
        (b";".join([b"x"] * 10_000), "więcej niż 40 kolumn"),
        (b"a;b@example.org\n" * 1_002, "więcej niż 1000 wierszy"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(office: Office, content: bytes, told: str) -> None:
    answer = upload(office.client, content)
    assert answer.status_code == 422
    assert told in words(answer)
    assert count(ImportDraft) == 0


def test_no_file_at_all(office: Office) -> None:
    answer = send(office.client, IMPORT)
    assert answer.status_code == 422
    assert "Proszę wybrać plik." in words(answer)
    assert send(office.client, IMPORT, list_file="lista.csv").status_code == 422


def test_only_headings_add_nobody(office: Office) -> None:
    columns = uploaded(office.client, "Imię;Nazwisko;E-mail\n")
    assert "Plik zawiera same nagłówki." in words(office.client.get(columns + "/preview", query_string=COLUMNS))
    assert send(office.client, columns + "/import", **COLUMNS).status_code == 422


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        ({"c0": "", "c1": "", "c2": "email"}, "która kolumna zawiera imię i nazwisko"),
        ({"c0": "name", "c1": "", "c2": ""}, "która kolumna zawiera adres e-mail"),
        ({"c0": "email", "c1": "name", "c2": "email"}, "Dwie kolumny nie mogą zawierać tego samego."),
        ({"c0": "name", "c1": "surname", "c2": "email"}, "albo jedną kolumnę z całym imieniem i nazwiskiem"),
    ],
)
def test_a_wrong_choice_of_columns_is_told_and_kept(office: Office, roles: dict[str, str], told: str) -> None:
    columns = uploaded(office.client)
    for answer in (
        office.client.get(columns + "/preview", query_string={"first_row": "headings", **roles}),
        send(office.client, columns + "/import", first_row="headings", **roles),
    ):
        assert answer.status_code == 422
        assert told in words(answer)
    assert people() == []


def test_abuse_11_a_bomb_is_refused_and_never_kept(office: Office) -> None:
    bomb = repacked(workbook(("a",)), **{"xl/worksheets/sheet1.xml": b" " * 300_000_000})
    assert 250_000 < len(bomb) < 400_000
    answer = upload(office.client, bomb, "lista.xlsx")
    assert answer.status_code == 422
    assert "Po rozpakowaniu skoroszyt jest zbyt duży." in words(answer)
    assert count(ImportDraft) == 0
    assert upload(office.client, b"x" * (3 * 1024 * 1024)).status_code == 413


@pytest.mark.parametrize(("size", "status"), [(2 * 1024 * 1024 + 1, 422), (3 * 1024 * 1024, 413)])
def test_a_file_over_the_limit_is_told_so_and_kept_nowhere(office: Office, size: int, status: int) -> None:
    answer = upload(office.client, b"x" * size)
    assert answer.status_code == status
    assert "Plik jest większy niż 2 MB. Proszę importować listę w częściach." in words(answer)
    assert "Proszę skrócić tekst" not in words(answer)
    assert count(ImportDraft) == 0


def test_a_file_just_below_the_limit_is_read(office: Office) -> None:
    people_of_a_list = LIST.encode("cp1250")
    blank_lines = b"\n" * (2 * 1024 * 1024 - len(people_of_a_list))
    assert upload(office.client, people_of_a_list + blank_lines).status_code == 303


def test_other_forms_of_the_panel_still_speak_of_text(office: Office) -> None:
    answer = send(office.client, IMPORT.removesuffix("/import") + "/add", name="x" * 3_000_000)
    assert answer.status_code == 413
    assert "Proszę skrócić tekst" in words(answer)


def test_abuse_28_another_accounts_or_events_list_is_not_there(office: Office) -> None:
    columns = uploaded(office.client)
    elsewhere = columns.replace("/warsztaty/", "/inne/")
    forged = columns[:-2] + ("AA" if not columns.endswith("AA") else "BB")
    for client, path in [
        (office.colleague, columns),
        (office.stranger, columns),
        (office.client, elsewhere),
        (office.client, forged),
    ]:
        assert client.get(path).status_code == 404
        assert client.get(path + "/preview", query_string=COLUMNS).status_code == 404
        assert send(client, path + "/import", **COLUMNS).status_code == 404
        assert send(client, path + "/give-up").status_code == 404
    assert (people(), count(ImportDraft)) == ([], 1)


def test_abuse_33_columns_and_fields_that_nobody_offered_are_refused_or_ignored(office: Office) -> None:
    columns = uploaded(office.client)
    for role in ("state", "event_id", "q999999", "q1"):
        answer = send(office.client, columns + "/import", **{**COLUMNS, "c0": role})
        assert answer.status_code == 422
    assert people() == []
    other = db.session.scalars(select(Event.id).where(Event.slug == "inne")).one()
    extra = {"event_id": str(other), "account_id": "1", "is_admin": "1", "c3": "name", "state": "declined"}
    assert send(office.client, columns + "/import", **COLUMNS, **extra).status_code == 303
    db.session.rollback()
    rows = db.session.scalars(select(Registration)).all()
    assert {(row.event_id, row.state, row.source) for row in rows} == {(office.event.id, "confirmed", "import")}


def test_abuse_1_a_formula_stays_text_on_the_way_out(office: Office) -> None:
    columns = uploaded(office.client, 'Osoba;mail\n"=HYPERLINK(""x"")";jan@example.org\n')
    send(office.client, columns + "/import", first_row="headings", c0="name", c1="email")
    assert people() == [('=HYPERLINK("x")', "jan@example.org")]
    exported = office.client.get("/panel/events/warsztaty/registrations.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(exported)).active
    assert sheet is not None
    found = [cell for row in sheet.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert {cell.data_type for cell in found} == {"s"}
    csv_text = office.client.get("/panel/events/warsztaty/registrations.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK" in csv_text


def test_abuse_3_markup_in_a_file_is_shown_as_text(office: Office) -> None:
    columns = uploaded(office.client, "<b>Imię</b>;mail\n<script>x</script> Jan;jan@example.org\n")
    assert "&lt;b&gt;Imię" in office.client.get(columns).text
    named = upload(office.client, b"Jan;jan@example.org", "<i>lista.csv")
    assert "&lt;i&gt;lista.csv" in office.client.get(named.location).text
    columns = uploaded(office.client, "<b>Imię</b>;mail\n<script>x</script> Jan;jan@example.org\n")
    preview = office.client.get(columns + "/preview", query_string={"c0": "name", "c1": "email"})
    assert "<script>x" not in preview.text
    assert "&lt;script&gt;x" in preview.text


def test_abuse_24_looking_changes_nothing(office: Office) -> None:
    columns = uploaded(office.client)
    for path in (IMPORT, columns, columns + "/preview"):
        office.client.get(path, query_string=COLUMNS)
    assert office.client.get(columns + "/import").status_code == 405
    assert office.client.get(columns + "/give-up").status_code == 405
    assert (people(), count(ImportDraft)) == ([], 1)


def test_in_english_too(office: Office) -> None:
    answer = upload(office.client, LIST.encode("cp1250"), path="/en" + IMPORT)
    assert "Show what becomes of each row" in office.client.get(answer.location).text
    preview = office.client.get(answer.location + "/preview", query_string=COLUMNS)
    assert "Add 2 people" in words(preview)


def test_a_cancelled_event_offers_no_upload(office: Office) -> None:
    columns = uploaded(office.client)
    with transaction() as session:
        session.get_one(Event, office.event.id).state = "cancelled"
    page = office.client.get(IMPORT)
    assert "Wydarzenie jest odwołane lub w archiwum" in words(page)
    assert 'type="file"' not in page.text
    refused = send(office.client, columns + "/import", **COLUMNS)
    assert refused.status_code == 422
    assert "Wydarzenie jest odwołane lub w archiwum" in words(refused)
