"""What kept texts of failed mails mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.outbox.failure_rules import FailureKind, failure_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ConnectionRefusedError: [Errno 111] Connection refused", FailureKind.NO_ANSWER),
        ("OSError: [Errno 101] Network is unreachable", FailureKind.NO_ANSWER),
        ("OSError: [Errno 113] No route to host", FailureKind.NO_ANSWER),
        ("gaierror: [Errno -2] Name or service not known", FailureKind.NAME_UNKNOWN),
        ("TimeoutError: timed out", FailureKind.TIME_OUT),
        ("SMTPServerDisconnected: Connection unexpectedly closed: timed out", FailureKind.TIME_OUT),
        ("SMTPServerDisconnected: Connection unexpectedly closed", FailureKind.CONNECTION_LOST),
        ("ConnectionResetError: [Errno 104] Connection reset by peer", FailureKind.CONNECTION_LOST),
        ("421 4.3.2 Closing", FailureKind.CONNECTION_LOST),
        ("-1 ", FailureKind.CONNECTION_LOST),
        (
            "SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed",
            FailureKind.CERTIFICATE,
        ),
        ("SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number", FailureKind.ENCRYPTION),
        ("SMTPNotSupportedError: STARTTLS extension not supported by server.", FailureKind.ENCRYPTION),
        ("535 5.7.8 Authentication failed", FailureKind.SIGN_IN_REFUSED),
        ("550 5.1.1 No such user", FailureKind.RECIPIENT_REFUSED),
        ("550 No such user", FailureKind.RECIPIENT_REFUSED),
        ("550", FailureKind.RECIPIENT_REFUSED),
        ("550 5.7.1 Message rejected", FailureKind.MAIL_REFUSED),
        ("554 5.7.1 Looks like spam", FailureKind.MAIL_REFUSED),
        ("554 timed out", FailureKind.MAIL_REFUSED),
        ("451 4.7.1 Greylisted", FailureKind.PUT_OFF),
        ("452 4.2.2 Mailbox full", FailureKind.PUT_OFF),
        ("not composed: UnreadableFactsError", FailureKind.NOT_COMPOSED),
        ("not filed: No space left on device", FailureKind.NOT_FILED),
        ("RuntimeError: strange", FailureKind.OTHER),
        ("", FailureKind.OTHER),
    ],
)
def test_the_kind_of_a_failure(text: str, kind: FailureKind) -> None:
    assert failure_kind(text) is kind


@given(st.text(max_size=80))
def test_any_text_has_a_kind(text: str) -> None:
    assert failure_kind(text) in FailureKind
