"""`flask doctor` says what the going-live list says, and its exit status can be asked by a script."""

from collections.abc import Callable

from flask import Flask
from flask_migrate import upgrade


def test_it_names_what_is_open_and_ends_with_1(make_app: Callable[..., Flask]) -> None:
    app = make_app(create_tables=False)
    run = app.test_cli_runner().invoke
    with app.app_context():
        before = run(args=["doctor"])
        assert (before.exit_code, "flask db upgrade" in before.output) == (1, True)
        upgrade()
        after, polish = run(args=["doctor"]), run(args=["doctor", "--language", "pl"])
    assert after.exit_code == 1
    assert "[to do] Rate limits are on" in after.output
    assert "[to do] There is an organiser" in after.output
    assert "[ok] The sample data are gone" in after.output
    assert "EVENTREG_MAIL_SERVER" in polish.output
    assert "Rate limits" not in polish.output


def test_samples_come_once_and_go_for_good(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    run = app.test_cli_runner().invoke
    with app.app_context():
        assert run(args=["sample", "load"]).exit_code == 0
        assert run(args=["sample", "load"]).exit_code == 1
        assert run(args=["sample", "remove"]).output == "5 sample events were removed.\n"
        assert run(args=["sample", "load"]).exit_code == 1
