"""Which passwords are taken."""

import pytest

from eventreg.organisers.password_rules import PasswordProblem, generated_password, password_problem


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("krotkie", PasswordProblem.TOO_SHORT),
        ("x" * 129, PasswordProblem.TOO_LONG),
        ("aaaaaaaaaaaaaaa", PasswordProblem.EASY_TO_GUESS),
        ("Hasło2026!!!!", PasswordProblem.EASY_TO_GUESS),
        ("password123456", PasswordProblem.EASY_TO_GUESS),
        ("anna.kowalska2026", PasswordProblem.EASY_TO_GUESS),
        ("trzy zielone rowery", None),
        ("zażółć gęślą jaźń", None),
        ("hasło do wiosennych warsztatów", None),
    ],
)
def test_length_and_first_guesses_are_all_that_counts(password: str, problem: PasswordProblem | None) -> None:
    assert password_problem(password, "anna.kowalska@example.org") is problem


def test_a_generated_password_is_long_and_never_the_same() -> None:
    made = {generated_password() for _ in range(50)}
    assert len(made) == 50
    assert all(password_problem(password, "a@example.org") is None for password in made)
    assert not any(set("lo01") & set(password) for password in made)
