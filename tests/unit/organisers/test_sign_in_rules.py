"""Where a sign-in may lead."""

import pytest

from eventreg.organisers.sign_in_rules import safe_next


@pytest.mark.parametrize(
    "target",
    ["/panel/", "/panel", "/panel/events/warsztaty-1/registrations?state=confirmed&page=2", "/panel/account"],
)
def test_pages_of_the_panel_are_allowed(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/panel\\..\\..\\evil",
        "https://evil.example/panel/",
        "http:/panel",
        "javascript:alert(1)",
        "/panel//evil.example",
        "/panel/../events",
        "/panelx",
        "/events",
        " /panel/",
        "/panel/\nLocation: x",
        "/panel/\u202e",
        "/panel/sign-out",
        "/panel/sign-in?next=/panel/",
        "/panel/" + "x" * 600,
    ],
)
def test_abuse_38_everything_else_is_not(target: str | None) -> None:
    assert safe_next(target) is None
