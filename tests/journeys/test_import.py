"""A list as an office has it, in windows-1250, becomes people on the list, each told by mail."""

import time
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Mailbox
from tests.journeys.test_main_job import publish

ROWS = """Lp.;Imię;Nazwisko;Adres e-mail;Uwagi
1;Łucja;Żółkiewska;{0}lucja@example.org;z „asystentką”
2;Józef;Gęś-Wójcik;{0}jozef@example.org;

3;Łucja;Żółkiewska;{0}LUCJA@example.org;powtórzona
4;Błażej;Ścisło;{0}blazej;bez adresu
"""


def test_a_windows_1250_list_is_mapped_previewed_and_imported(panel: Page, mailbox: Mailbox, tmp_path: Path) -> None:
    mark = f"import{time.time_ns()}."
    file = tmp_path / "uczestnicy.csv"
    file.write_bytes(ROWS.format(mark).replace("\n", "\r\n").encode("cp1250"))
    slug = publish(panel, "Szkolenie z listy")

    panel.goto(f"/panel/events/{slug}/registrations")
    panel.get_by_role("link", name="Importuj listę").click()
    panel.get_by_label("Plik z listą").set_input_files(file)
    panel.get_by_role("button", name="Dalej").click()

    expect(panel.get_by_role("heading", level=1)).to_have_text("Co zawierają kolumny?")
    expect(panel.get_by_label("Kolumna 2: Imię")).to_have_value("first_name")
    expect(panel.get_by_label("Kolumna 3: Nazwisko")).to_have_value("surname")
    expect(panel.get_by_label("Kolumna 4: Adres e-mail")).to_have_value("email")
    expect(panel.get_by_text("Łucja; Józef; Łucja")).to_be_visible()
    assert Axe().run(panel).violations_count == 0
    panel.get_by_label("Kolumna 5: Uwagi").select_option("Pomiń")
    panel.get_by_role("button", name="Pokaż, co stanie się z każdym wierszem").click()

    expect(panel.get_by_role("row").filter(has_text="Łucja Żółkiewska").first).to_contain_text("Do dodania")
    assert Axe().run(panel).violations_count == 0  # of the page that has arrived
    expect(panel.get_by_role("row").filter(has_text="Do pominięcia")).to_contain_text(
        "Ta sama osoba jest już w wierszu 2."
    )
    expect(panel.get_by_role("row").filter(has_text="Błażej Ścisło")).to_contain_text("Proszę sprawdzić adres e-mail.")
    panel.get_by_role("button", name="Dodaj 2 osoby").click()
    expect(panel.get_by_role("alert")).to_contain_text("Nie dodano nikogo")
    panel.get_by_label("Pominąć wiersze wymagające poprawy").check()
    panel.get_by_role("button", name="Dodaj 2 osoby").click()

    expect(panel.get_by_role("alert")).to_contain_text("Dodano 2 osoby.")
    expect(panel.get_by_role("row").filter(has_text="Józef Gęś-Wójcik")).to_contain_text("jozef@example.org")
    expect(panel.get_by_role("row").filter(has_text="Błażej")).to_have_count(0)
    for recipient in ("lucja", "jozef"):
        mail = mailbox.wait_for(f"{mark}{recipient}@example.org")
        assert any(part.get_content_type() == "text/calendar" for part in mail.walk())
