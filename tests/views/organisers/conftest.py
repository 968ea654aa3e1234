"""People who sign in, and an application whose rate limits are on."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from eventreg.extensions import limiter
from eventreg.organisers.models import Account
from eventreg.organisers.sign_in import store_password
from tests.conftest import NOW
from tests.factories import Factory
from tests.panel_steps import PASSWORD


@pytest.fixture
def alice(factory: Factory) -> Account:
    """Owner of an organiser, with a password."""
    account = factory.account(factory.organiser(), "owner", email="alice@example.org", name="Alicja Nowak")
    store_password(account.id, PASSWORD)
    return account


@pytest.fixture
def limited_app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An application with rate limits on, and alice in it. The limiter is one object for all applications."""
    app = make_app(EVENTREG_RATE_LIMITS="on")
    with app.app_context():
        factory = Factory(NOW)
        for name in ("alice", "bob"):
            account = factory.account(factory.organiser(), "owner", email=f"{name}@example.org")
            store_password(account.id, PASSWORD)
        yield app
    limiter.reset()
    limiter.enabled = False
