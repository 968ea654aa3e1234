"""Counting attempts, in the store of the rate limits (memory, or Redis when there are several processes).

Addresses of accounts enter the store only as hashes.
"""

import hashlib
from collections.abc import Sequence
from math import ceil

from limits import RateLimitItemPerSecond

from eventreg.clock import now_utc
from eventreg.extensions import client_address, limiter
from eventreg.organisers.sign_in_rules import (
    FAILURES_PER_ACCOUNT_AND_CLIENT,
    FAILURES_PER_CLIENT,
    RESET_MAILS_PER_ACCOUNT,
    RESET_REQUESTS_PER_CLIENT,
    WRONG_CODES_PER_ACCOUNT,
    AttemptLimit,
)


def seconds_until_next_attempt(email: str) -> int:
    """How long this client must wait before it may try this account again; 0: now."""
    return max(
        _wait("failed", FAILURES_PER_ACCOUNT_AND_CLIENT, _account(email), client_address()),
        _wait("failed-client", FAILURES_PER_CLIENT, client_address()),
    )


def count_failure(email: str) -> None:
    """One wrong password or code of this client for this account."""
    _count("failed", FAILURES_PER_ACCOUNT_AND_CLIENT, _account(email), client_address())
    _count("failed-client", FAILURES_PER_CLIENT, client_address())


def seconds_until_next_code(email: str) -> int:
    """How long the second step of this account must wait; 0: now."""
    return max(seconds_until_next_attempt(email), _wait("codes", WRONG_CODES_PER_ACCOUNT, _account(email)))


def count_wrong_code(email: str) -> None:
    """One wrong code for this account: counts as a failure of this client, and for all clients together."""
    count_failure(email)
    _count("codes", WRONG_CODES_PER_ACCOUNT, _account(email))


def forget_failures(email: str) -> None:
    """Signed in: the account's count for this client begins anew; the client's own count does not."""
    if limiter.enabled:
        for limit in FAILURES_PER_ACCOUNT_AND_CLIENT:
            limiter.limiter.clear(_item(limit), "failed", _account(email), client_address())


def may_ask_for_reset() -> bool:
    """Counts a request for a reset link; False when this client has asked too often."""
    if _wait("reset-client", RESET_REQUESTS_PER_CLIENT, client_address()):
        return False
    _count("reset-client", RESET_REQUESTS_PER_CLIENT, client_address())
    return True


def may_mail_reset(email: str) -> bool:
    """Counts a reset mail; False when this address has had enough of them (nobody is told)."""
    if _wait("reset-mail", RESET_MAILS_PER_ACCOUNT, _account(email)):
        return False
    _count("reset-mail", RESET_MAILS_PER_ACCOUNT, _account(email))
    return True


def _wait(kind: str, limits: Sequence[AttemptLimit], *whose: str) -> int:
    if not limiter.enabled:
        return 0
    waits = [0.0]
    for limit in limits:
        item = _item(limit)
        if not limiter.limiter.test(item, kind, *whose):
            waits.append(limiter.limiter.get_window_stats(item, kind, *whose).reset_time - now_utc().timestamp())
    return max(0, ceil(max(waits)))


def _count(kind: str, limits: Sequence[AttemptLimit], *whose: str) -> None:
    if limiter.enabled:
        for limit in limits:
            limiter.limiter.hit(_item(limit), kind, *whose)


def _item(limit: AttemptLimit) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(limit.attempts, limit.seconds, "eventreg")


def _account(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()[:32]
