"""The draft of the information clause and its placeholders."""

import subprocess
import sys

import pytest

from eventreg.privacy.clause_rules import (
    CLAUSE_LANGUAGES,
    PLACEHOLDERS,
    BodyKind,
    ClauseFacts,
    draft_clause,
    empty_placeholders,
    fill_clause,
    gaps,
    has_note,
    retention_words,
    unknown_placeholders,
    without_notes,
)

OFFICE = ClauseFacts(
    controller="Województwo Małopolskie",
    address="ul. Basztowa 22, 31-156 Kraków",
    contact="dane@example.org",
    officer="iod@example.org",
    task="art. 14 ust. 1 ustawy o samorządzie województwa",
    recipients="Ministerstwo Spraw Zagranicznych",
    retention_months=24,
)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("kind", list(BodyKind))
@pytest.mark.parametrize("language", CLAUSE_LANGUAGES)
def test_a_draft_says_everything_article_13_asks_for(kind: BodyKind, language: str) -> None:
    text = plain(fill_clause(draft_clause(kind, OFFICE, language), OFFICE, language))
    for fact in (OFFICE.controller, OFFICE.address, OFFICE.contact, OFFICE.officer, OFFICE.recipients):
        assert fact in text
    assert "ul. Stanisława Moniuszki 1A, 00-014 Warszawa" in text
    assert ("24 miesiące" if language == "pl" else "24 months") in text
    for article in ("15", "16", "17", "18", "21"):
        assert f"(art. {article} " in text or f"art. {article} " in text
    assert ("dobrowolne" if language == "pl" else "voluntary") in text
    assert "{" not in text


def test_a_public_body_acts_on_a_task_in_the_public_interest() -> None:
    text = plain(fill_clause(draft_clause(BodyKind.PUBLIC_BODY, OFFICE, "pl"), OFFICE, "pl"))
    assert "art. 6 ust. 1 lit. e RODO" in text
    assert OFFICE.task in text
    assert "zgod" not in text.lower()
    assert "art. 20 RODO" not in text  # portability needs consent or a contract


def test_an_association_gets_the_choice_for_its_lawyer() -> None:
    text = plain(draft_clause(BodyKind.NGO, OFFICE, "pl"))
    assert "art. 6 ust. 1 lit. f RODO" in text
    assert "art. 6 ust. 1 lit. b RODO" in text
    assert "[Do decyzji prawnika:" in text
    for language in CLAUSE_LANGUAGES:
        draft = draft_clause(BodyKind.NGO, OFFICE, language)
        assert has_note(draft)
        assert not has_note(without_notes(draft))
        assert without_notes(draft).count("\n\n") == draft.count("\n\n") - 1


def test_without_an_officer_a_public_body_is_still_asked_for_one() -> None:
    facts = ClauseFacts(controller="Gmina Proszowice", address="Rynek 1", contact="um@example.org")
    draft = draft_clause(BodyKind.PUBLIC_BODY, facts, "pl")
    assert "{officer}" in draft
    assert empty_placeholders(draft, facts, "pl") == ["officer", "task"]
    assert gaps(BodyKind.PUBLIC_BODY, facts) == ["officer", "task"]
    ngo = draft_clause(BodyKind.NGO, facts, "pl")
    assert "nie wyznaczył inspektora" in plain(ngo)
    assert gaps(BodyKind.NGO, facts) == []


def test_abuse_05_only_the_listed_placeholders_are_replaced() -> None:
    text = "{controller} {{controller}} {0} {controller.__class__} {{ 7*7 }} %(contact)s {nonsense}"
    assert fill_clause(text, OFFICE, "pl") == (
        "Województwo Małopolskie {Województwo Małopolskie} {0} {controller.__class__} {{ 7*7 }} %(contact)s {nonsense}"
    )
    assert unknown_placeholders(text) == ["0", "controller.__class__", " 7*7 ", "nonsense"]


def test_abuse_05_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    facts = ClauseFacts(controller="{contact}", address="{{ config }}", contact="a@example.org")
    assert fill_clause("{controller} {address}", facts, "pl") == "{contact} {{ config }}"


def test_every_placeholder_has_a_value() -> None:
    text = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    assert "{" not in fill_clause(text, OFFICE, "pl")
    assert unknown_placeholders(text) == []


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (1, "1 miesiąc"),
        (2, "2 miesiące"),
        (5, "5 miesięcy"),
        (12, "12 miesięcy"),
        (22, "22 miesiące"),
        (13, "13 miesięcy"),
        (24, "24 miesiące"),
        (112, "112 miesięcy"),
    ],
)
def test_months_in_polish(months: int, words: str) -> None:
    assert plain(retention_words(months, "pl")) == words


def test_no_single_letter_word_ends_a_polish_line() -> None:
    text = draft_clause(BodyKind.PUBLIC_BODY, OFFICE, "pl")
    for word in (" w ", " z ", " i ", " o ", "ul. ", "art. ", "ust. ", "lit. "):
        assert word not in text, word


def test_loading_the_rules_loads_neither_flask_nor_sqlalchemy() -> None:
    code = "import sys, eventreg.privacy.clause_rules; sys.exit('flask' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
