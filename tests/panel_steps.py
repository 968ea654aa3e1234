"""Steps that tests of the panel share: forms with their token, signing in through the form."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "trzy zielone rowery"


def token_in(page: str) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None, "no form on the page"
    return found[1]


def token(client: FlaskClient, path: str = "/panel/account") -> str:
    """A valid token of the client's session."""
    return token_in(client.get(path).text)


def post(client: FlaskClient, path: str, *, form_on: str = "/panel/account", **fields: str) -> TestResponse:
    """Posts fields with a valid token, taken from the form on another page if the path itself has none."""
    return client.post(path, data={"csrf_token": token(client, form_on), **fields})


def try_to_sign_in(
    client: FlaskClient, email: str, password: str, *, client_address: str = "203.0.113.7", **fields: str
) -> TestResponse:
    """Fills in the sign-in form and sends it."""
    form = client.get("/panel/sign-in")
    data = {"csrf_token": token_in(form.text), "email": email, "password": password, **fields}
    return client.post("/panel/sign-in", data=data, environ_base={"REMOTE_ADDR": client_address})
