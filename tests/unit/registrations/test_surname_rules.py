"""The guess at the surname, and the Polish order of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.registrations.surname_rules import (
    LONGEST_SORT_KEY,
    corrected_surname,
    sort_key,
    split_at_surname,
    surname_of,
)


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Jan Łoś", "Łoś"),
        ("Kowalska Anna", "Kowalska"),
        ("Kowalska Anna Maria", "Kowalska"),
        ("Anna Maria Kowalska", "Kowalska"),
        ("dr hab. Artur Wołek", "Wołek"),
        ("dr inż.Jan Kowalski", "Kowalski"),
        ("dr n. med. Jan Żak", "Żak"),
        ("Nijander-Dudzińska Agata", "Nijander-Dudzińska"),
        ("Agata Nijander-Dudzińska", "Nijander-Dudzińska"),
        ("Agata Nijander - Dudzińska", "Nijander-Dudzińska"),
        ("Agata Nijanderska Dudzińska", "Nijanderska Dudzińska"),
        ("KOWALSKI JAN", "KOWALSKI"),
        ("KOWALSKI Jan", "KOWALSKI"),
        ("Jan KOWALSKI", "KOWALSKI"),
        ("jan kowalski", "kowalski"),
        ("Kowalski, Jan", "Kowalski"),
        ("Jan Kowalski, MBA", "Kowalski"),
        ("von Trapp Jan", "von Trapp"),
        ("Jan von Trapp", "von Trapp"),
        ("Maria de Virion", "de Virion"),
        ("Ludwig van der Rohe", "van der Rohe"),
        ("Adam Marek", "Marek"),
        ("J. Kowalski", "Kowalski"),
        ("Kowalski J.", "Kowalski"),
        ("Anna-Maria Ćwik", "Ćwik"),
        ("Ćwik Anna-Maria", "Ćwik"),
        ("Kowalska Oktawiana", "Kowalska"),
        ("Ngozi Adichie", "Adichie"),
        ("Cher", "Cher"),
        ("pani Ewa Ćwik", "Ćwik"),
        ("ks. prof. Michał Heller", "Heller"),
        ("Jan Sołtys", "Sołtys"),
        ("sołtys Jan Żak", "Żak"),
        ("Prof. Anna Marszałek", "Marszałek"),
        ("Wei Ma", "Ma"),
        ("dr", "dr"),
        ("<<>>", "<<>>"),
        (",,a", ",,a"),
    ],
)
def test_surname(name: str, surname: str) -> None:
    assert surname_of(name) == surname


def in_order(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: sort_key(surname_of(name), name))


def test_people_stand_as_poles_sort() -> None:
    expected = [
        "Jan Adamski",
        "Jan Ądamski",
        "Ewa Cabacka",
        "Ewa Ćwik",
        "Anna Kowal",
        "dr hab. Artur Kowal",
        "Zofia Kowal",
        "Zofia Kowal-Nowak",
        "Anna Kowalska",
        "Jan Lubicz",
        "Jan Łoś",
        "Jan Müller",
        "Jan Mulnik",
        "Maria Sowa",
        "Maria Ścisło",
        "Jan Zyk",
        "Jan Źrebiec",
        "dr Piotr Żak",
        "Іван Франко",
    ]
    assert in_order(expected[::-1]) == expected


def test_a_short_surname_comes_before_a_longer_one_whatever_the_first_name() -> None:
    assert in_order(["Adam Nowakowski", "Zenon Nowak"]) == ["Zenon Nowak", "Adam Nowakowski"]


def test_the_corrected_surname_decides() -> None:
    assert sort_key("Adam", "Marek Adam") < sort_key("Marek", "Adam Marek")
    assert sort_key("Łoś", "Jan Łoś") == sort_key("ŁOŚ", "jan łoś")


@given(st.text(min_size=1, max_size=120))
def test_every_name_has_a_surname_and_a_key_any_collation_sorts(name: str) -> None:
    surname = surname_of(name)
    key = sort_key(surname, name)
    assert surname
    assert len(surname) <= 120
    assert len(key) <= LONGEST_SORT_KEY
    assert set(key) <= set("0123456789abcdef")


def test_a_correction_of_the_surname_holds() -> None:
    assert corrected_surname("Adam Marek", "Adam", before="Marek") == "Adam"
    assert corrected_surname("Jan Kowalski", "Kowalski", before="Kowalski") == "Kowalski"


def test_a_corrected_name_brings_a_new_guess_when_the_old_surname_is_gone() -> None:
    assert corrected_surname("Jan Kowalski", "Kowaslki", before="Kowaslki") == "Kowalski"
    assert corrected_surname("Marek Adam Nowak", "Adam", before="Adam") == "Adam"


def test_the_surname_within_the_name() -> None:
    assert split_at_surname("dr Jan Łoś", "Łoś") == ("dr Jan ", "Łoś", "")
    assert split_at_surname("Kowalska Anna", "Kowalska") == ("", "Kowalska", " Anna")
    assert split_at_surname("Jan Łoś", "Nowak") == ("Jan Łoś", "", "")
