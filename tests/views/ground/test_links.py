"""Signed links: unguessable, revocable, alive through a rotated key (abuse 25, 40)."""

from collections.abc import Callable

from flask import Flask

from eventreg.links import absolute_url, new_link_key, read_token, signed_token


def test_abuse_25_a_link_key_has_128_random_bits() -> None:
    keys = {new_link_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert {len(key) for key in keys} == {22}


def test_abuse_25_forged_and_foreign_tokens_are_nothing(app: Flask) -> None:
    token = signed_token("registration", "AAAAAAAAAAAAAAAAAAAAAA")
    assert read_token("registration", token) == "AAAAAAAAAAAAAAAAAAAAAA"
    assert read_token("other-purpose", token) is None
    body, _, signature = token.rpartition(".")
    flipped = "B" if signature[0] == "A" else "A"
    for forged in (
        "",
        "x",
        body,
        f"{body}.{flipped}{signature[1:]}",
        "A" + token,
        token + "é",
        "A" * 100_000,
    ):
        assert read_token("registration", forged) is None


def test_a_rotated_key_kills_no_mailed_link(make_app: Callable[..., Flask]) -> None:
    with make_app(EVENTREG_SECRET_KEY="the-old-key-0123456789").app_context():
        token = signed_token("registration", "key")
    rotated = make_app(
        EVENTREG_SECRET_KEY="the-new-key-0123456789", EVENTREG_SECRET_KEY_FALLBACKS="the-old-key-0123456789"
    )
    with rotated.app_context():
        assert read_token("registration", token) == "key"
        assert signed_token("registration", "key") != token
    with make_app(EVENTREG_SECRET_KEY="the-new-key-0123456789").app_context():
        assert read_token("registration", token) is None


def test_abuse_40_addresses_come_from_the_base_url(make_app: Callable[..., Flask]) -> None:
    app = make_app(EVENTREG_BASE_URL="https://wydarzenia.example.org/sub", EVENTREG_TRUSTED_HOSTS="localhost")
    with app.app_context():
        assert absolute_url("health.healthz", "pl") == "https://wydarzenia.example.org/sub/healthz"
        assert absolute_url("health.healthz", "en") == "https://wydarzenia.example.org/sub/en/healthz"
