"""Redis, which counts attempts when there are several processes, is away."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from tests.factories import Factory
from tests.panel_steps import try_to_sign_in


def test_the_sign_in_is_calmly_shut_and_sign_ups_go_on(make_app: Callable[..., Flask], now: datetime) -> None:
    app = make_app(EVENTREG_RATE_LIMITS="on", EVENTREG_REDIS_URL="redis://127.0.0.1:1/0")
    with app.app_context():
        slug = Factory(now).event().slug
        client = app.test_client()
        refused = try_to_sign_in(client, "alice@example.org", "some password")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "15")
        answer = client.post(f"/events/{slug}", data={"name": "Anna Kowalska", "email": "anna@example.org"})
        assert answer.status_code == 303
