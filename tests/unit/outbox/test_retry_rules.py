"""When a mail is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from eventreg.outbox.retry_rules import (
    AWAY_GIVES_UP_AFTER,
    CLAIM_LEASE,
    PAUSES,
    QUOTA_PER_ADDRESS,
    SMTP_TIMEOUT_SECONDS,
    Verdict,
    judge_answer,
    next_try,
    not_before,
    not_before_for_event,
    try_when_server_is_back,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (421, Verdict.SERVER_AWAY),
        (450, Verdict.TEMPORARY),
        (451, Verdict.TEMPORARY),
        (452, Verdict.TEMPORARY),
        (550, Verdict.PERMANENT),
        (554, Verdict.PERMANENT),
        (535, Verdict.SERVER_AWAY),
        (530, Verdict.SERVER_AWAY),
        (-1, Verdict.TEMPORARY),
    ],
)
def test_what_an_answer_means(code: int, verdict: Verdict) -> None:
    assert judge_answer(code) is verdict


@pytest.mark.parametrize("code", [421, 450, 535, 554])
def test_a_server_that_refuses_us_while_connecting_says_nothing_about_the_mail(code: int) -> None:
    assert judge_answer(code, while_connecting=True) is Verdict.SERVER_AWAY


def test_pauses_grow_and_end_after_about_three_days() -> None:
    tries = [next_try(Verdict.TEMPORARY, number, NOW) for number in range(1, len(PAUSES) + 2)]
    moments = [moment for moment in tries if moment is not None]
    assert moments == sorted(moments)
    assert moments[0] == NOW + timedelta(minutes=1)
    assert tries[-1] is None
    assert timedelta(days=2) < sum(PAUSES, timedelta()) < timedelta(days=4)


def test_a_broken_connection_is_tried_again_sooner_but_only_once() -> None:
    assert next_try(Verdict.CONNECTION_LOST, 1, NOW) == NOW + timedelta(seconds=10)
    assert next_try(Verdict.CONNECTION_LOST, 2, NOW) == next_try(Verdict.TEMPORARY, 2, NOW)


def test_a_permanent_answer_is_final() -> None:
    assert next_try(Verdict.PERMANENT, 1, NOW) is None


def test_while_the_server_is_away_the_pause_grows_with_its_absence_within_bounds() -> None:
    def pause(away: timedelta) -> timedelta:
        again = try_when_server_is_back(NOW, NOW - away, NOW)
        assert again is not None
        return again - NOW

    assert pause(timedelta()) == timedelta(seconds=10)
    assert pause(timedelta(minutes=7)) == timedelta(minutes=7)
    assert pause(timedelta(days=2)) == timedelta(minutes=15)


def test_old_news_is_not_sent() -> None:
    assert try_when_server_is_back(NOW - AWAY_GIVES_UP_AFTER - timedelta(seconds=1), NOW, NOW) is None
    assert try_when_server_is_back(NOW - AWAY_GIVES_UP_AFTER, NOW, NOW) is not None


def test_abuse_15_mails_above_the_quota_wait_and_are_never_dropped() -> None:
    assert not_before(0, NOW) == NOW
    assert not_before(QUOTA_PER_ADDRESS - 1, NOW) == NOW
    assert not_before(QUOTA_PER_ADDRESS, NOW) == NOW + timedelta(days=1)
    assert not_before(QUOTA_PER_ADDRESS * 2, NOW) == NOW + timedelta(days=2)


def test_abuse_15_what_strangers_trigger_for_one_event_waits_above_its_hourly_quota() -> None:
    assert not_before_for_event(389, 30, NOW) == NOW
    assert not_before_for_event(390, 30, NOW) == NOW + timedelta(hours=1)
    assert not_before_for_event(780, 30, NOW) == NOW + timedelta(hours=2)
    assert not_before_for_event(300, 0, NOW) == NOW + timedelta(hours=1)
    assert not_before_for_event(9299, None, NOW) == NOW
    assert not_before_for_event(9300, None, NOW) == NOW + timedelta(hours=1)


def test_a_try_is_over_before_its_claim_is_taken_back() -> None:
    # greeting, EHLO, STARTTLS, EHLO, login (3), MAIL, RCPT, DATA, the end of data
    assert timedelta(seconds=11 * SMTP_TIMEOUT_SECONDS) < CLAIM_LEASE
