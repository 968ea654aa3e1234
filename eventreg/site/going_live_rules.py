"""What stands between an installation and its first real sign-up: what is still sample, empty or unsafe."""

from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from urllib.parse import urlsplit


class Check(Enum):
    """The points of the list, in the order in which they are shown."""

    NO_SAMPLES = "no_samples"
    NO_GENERATED_PASSWORD = "no_generated_password"  # noqa: S105  # the name of a check
    REAL_ADMINISTRATOR = "real_administrator"
    ORGANISER_EXISTS = "organiser_exists"
    CLAUSES_WRITTEN = "clauses_written"
    OPERATOR_NAMED = "operator_named"
    DECLARATION_COMPLETE = "declaration_complete"
    DECLARATION_REVIEWED = "declaration_reviewed"
    PUBLIC_ADDRESS = "public_address"
    HTTPS = "https"
    MAIL_SERVER = "mail_server"
    MAIL_FROM = "mail_from"
    WORKER_RUNS = "worker_runs"
    RATE_LIMITS = "rate_limits"
    SHARED_LIMITS = "shared_limits"
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class SiteState:
    """The facts that the list is judged by."""

    sample_rows: int
    generated_passwords: tuple[str, ...]
    """Addresses of accounts whose printed password was not changed."""
    administrators: tuple[str, ...]
    """Addresses of those who care for the site."""
    organisers: int
    organisers_without_clause: tuple[str, ...]
    operator_gaps: tuple[str, ...]
    declaration_gaps: tuple[str, ...]
    declaration_review_due: bool
    base_url: str
    has_mail_server: bool
    mail_from: str
    worker_seen: bool
    rate_limits: bool
    workers: int
    has_redis: bool
    administrators_without_second_factor: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the list. `names` says of what or whom; `blocking`: real sign-ups should wait for it."""

    check: Check
    done: bool
    names: tuple[str, ...] = ()
    blocking: bool = True


def going_live_points(state: SiteState) -> list[Point]:
    """All points, done or not, in order."""
    return [
        Point(Check.NO_SAMPLES, state.sample_rows == 0),
        Point(Check.NO_GENERATED_PASSWORD, not state.generated_passwords, state.generated_passwords),
        Point(
            Check.REAL_ADMINISTRATOR,
            any(not _is_local_mailbox(address) for address in state.administrators),
            state.administrators,
        ),
        Point(Check.ORGANISER_EXISTS, state.organisers > 0),
        Point(Check.CLAUSES_WRITTEN, not state.organisers_without_clause, state.organisers_without_clause),
        Point(Check.OPERATOR_NAMED, not state.operator_gaps, state.operator_gaps),
        Point(Check.DECLARATION_COMPLETE, not state.declaration_gaps, state.declaration_gaps),
        Point(Check.DECLARATION_REVIEWED, not state.declaration_review_due),
        Point(Check.PUBLIC_ADDRESS, not is_local_address(state.base_url), (state.base_url,)),
        Point(Check.HTTPS, state.base_url.startswith("https://"), (state.base_url,)),
        Point(Check.MAIL_SERVER, state.has_mail_server),
        Point(Check.MAIL_FROM, not _is_local_mailbox(state.mail_from), (state.mail_from,)),
        Point(Check.WORKER_RUNS, state.worker_seen),
        Point(Check.RATE_LIMITS, state.rate_limits),
        Point(Check.SHARED_LIMITS, state.workers == 1 or state.has_redis, (str(state.workers),)),
        Point(
            Check.SECOND_FACTOR,
            not state.administrators_without_second_factor,
            state.administrators_without_second_factor,
            blocking=False,
        ),
    ]


def is_local_address(base_url: str) -> bool:
    """Whether people elsewhere cannot reach this address, or it is a documentation name."""
    host = urlsplit(base_url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return _is_local_name(host)


def _is_local_mailbox(address: str) -> bool:
    domain = address.rpartition("@")[2]
    try:
        ip_address(domain)
    except ValueError:
        return _is_local_name(domain)
    return True


def _is_local_name(name: str) -> bool:
    labels = name.lower().rstrip(".").split(".")
    if len(labels) < 2 or labels[-1] in ("localhost", "local", "internal", "test", "invalid", "example"):
        return True
    return labels[-2:] in (["example", "org"], ["example", "com"], ["example", "net"])
