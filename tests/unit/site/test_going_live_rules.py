"""What the going-live list finds."""

from dataclasses import replace

import pytest

from eventreg.site.going_live_rules import Check, SiteState, going_live_points, is_local_address

READY = SiteState(
    sample_rows=0,
    generated_passwords=(),
    administrators=("anna@umwm.malopolska.pl",),
    organisers=2,
    organisers_without_clause=(),
    operator_gaps=(),
    declaration_gaps=(),
    declaration_review_due=False,
    base_url="https://wydarzenia.malopolska.pl",
    has_mail_server=True,
    mail_from="wydarzenia@malopolska.pl",
    worker_seen=True,
    rate_limits=True,
    workers=1,
    has_redis=False,
    administrators_without_second_factor=(),
)


def open_checks(state: SiteState) -> set[Check]:
    return {point.check for point in going_live_points(state) if not point.done}


def test_a_site_that_is_ready_has_no_open_point_and_every_check_is_listed_once() -> None:
    assert open_checks(READY) == set()
    assert [point.check for point in going_live_points(READY)] == list(Check)


@pytest.mark.parametrize(
    ("changed", "check"),
    [
        ({"sample_rows": 1}, {Check.NO_SAMPLES}),
        ({"generated_passwords": ("admin@umwm.malopolska.pl",)}, {Check.NO_GENERATED_PASSWORD}),
        ({"administrators": ("admin@example.org",)}, {Check.REAL_ADMINISTRATOR}),
        ({"administrators": ()}, {Check.REAL_ADMINISTRATOR}),
        ({"organisers": 0}, {Check.ORGANISER_EXISTS}),
        ({"organisers_without_clause": ("Gmina",)}, {Check.CLAUSES_WRITTEN}),
        ({"operator_gaps": ("operator_name",)}, {Check.OPERATOR_NAMED}),
        ({"declaration_gaps": ("architecture",)}, {Check.DECLARATION_COMPLETE}),
        ({"declaration_review_due": True}, {Check.DECLARATION_REVIEWED}),
        ({"base_url": "http://wydarzenia.malopolska.pl"}, {Check.HTTPS}),
        ({"base_url": "https://localhost:8000"}, {Check.PUBLIC_ADDRESS}),
        ({"base_url": "http://127.0.0.1:8000"}, {Check.PUBLIC_ADDRESS, Check.HTTPS}),
        ({"has_mail_server": False}, {Check.MAIL_SERVER}),
        ({"mail_from": "no-reply@localhost"}, {Check.MAIL_FROM}),
        ({"mail_from": "no-reply@127.0.0.1"}, {Check.MAIL_FROM}),
        ({"worker_seen": False}, {Check.WORKER_RUNS}),
        ({"rate_limits": False}, {Check.RATE_LIMITS}),
        ({"workers": 4}, {Check.SHARED_LIMITS}),
        ({"administrators_without_second_factor": ("a@b.pl",)}, {Check.SECOND_FACTOR}),
    ],
)
def test_each_thing_that_is_not_ready_opens_its_point(changed: dict[str, object], check: set[Check]) -> None:
    assert open_checks(replace(READY, **changed)) == check  # type: ignore[arg-type]  # fields by name


def test_several_processes_share_their_limits_through_redis() -> None:
    assert open_checks(replace(READY, workers=4, has_redis=True)) == set()


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("http://localhost:8000", True),
        ("http://10.1.2.3", True),
        ("http://[::1]:8000", True),
        ("https://events.example.org", True),
        ("https://serwer", True),
        ("https://urzad.local", True),
        ("https://wydarzenia.proszowice.pl", False),
        ("https://8.8.8.8", False),
    ],
)
def test_which_addresses_people_elsewhere_cannot_reach(address: str, is_local: bool) -> None:
    assert is_local_address(address) is is_local
