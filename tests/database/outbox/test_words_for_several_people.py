"""A mail about several people of one mailbox speaks of them all, one about a single person of her."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

import pytest

from eventreg.events.models import Event
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.registrations.approval import accept, decline
from eventreg.registrations.group_cancelling import cancel_of_group
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRequest, GroupSignedUp
from tests.database.outbox.conftest import Postbox
from tests.factories import Factory

MakeDelivery = Callable[..., Delivery]
pytestmark = pytest.mark.usefixtures("sending_app")

THREE = ("Anna Kowalska", "Jan Łoś", "Ewa Ćwik")


def group(event: Event, address: str, now: datetime) -> GroupSignedUp:
    result = sign_up_group(event.id, GroupRequest(address, "pl", tuple(GroupPerson(name) for name in THREE)), now)
    assert isinstance(result, GroupSignedUp)
    return result


def words(mail: EmailMessage) -> list[str]:
    """Both parts, blanks as one."""
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    return [" ".join(str(part.get_content()).split()) for part in parts if part is not None]


def the_only_mail(postbox: Postbox, delivery: MakeDelivery) -> list[str]:
    deliver_due(delivery())
    [mail] = postbox.received
    postbox.received.clear()
    return words(mail)


def test_decisions(postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime) -> None:
    event = factory.event(capacity=5, approval=True)
    account = factory.account(event.organiser)
    one, *others = group(event, "sekretariat@example.org", now).joined
    deliver_due(delivery())
    postbox.received.clear()
    accept(event.id, [one], account.id, now)
    assert all("do udziału osobę wymienioną poniżej" in text for text in the_only_mail(postbox, delivery))
    accept(event.id, others, account.id, now)
    assert all("do udziału osoby wymienione poniżej" in text for text in the_only_mail(postbox, delivery))
    decline(event.id, others, "", account.id, now)
    assert all("do udziału osób wymienionych poniżej" in text for text in the_only_mail(postbox, delivery))


def test_who_is_admitted_but_has_to_wait_reads_both(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(capacity=1, approval=True, waiting_list="when_full", promotion="by_hand")
    factory.registration(event)
    account = factory.account(event.organiser)
    one, *others = group(event, "sekretariat@example.org", now).joined
    deliver_due(delivery())
    postbox.received.clear()
    accept(event.id, [one], account.id, now, "Delegacja jest ważna.")
    for text in the_only_mail(postbox, delivery):
        assert "zakwalifikował do udziału osobę wymienioną poniżej" in text
        assert "zgłoszenie jest na liście rezerwowej" in text
        assert "Lista rezerwowa: pozycja 1" in text
        assert "Gdy będzie miejsce, prześlemy wiadomość." in text
        assert "Delegacja jest ważna." in text
    accept(event.id, others, account.id, now)
    for text in the_only_mail(postbox, delivery):
        assert "zakwalifikował do udziału osoby wymienione poniżej" in text
        assert "pozycja 2" in text
        assert "pozycja 3" in text


@pytest.mark.parametrize(
    ("promotion", "expected"),
    [
        ("at_once", "są miejsca dla osób z listy rezerwowej wymienionych poniżej"),
        ("offer", "czekają na osoby wymienione poniżej"),
    ],
)
def test_places_from_the_waiting_list(
    promotion: str, expected: str, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(capacity=3, waiting_list="when_full", promotion=promotion, offer_hours=8)
    holders = group(event, "sekretariat@example.org", now)
    group(event, "wydzial@example.org", now)
    deliver_due(delivery())
    postbox.received.clear()
    cancel_of_group(holders.group_id, None, now)
    deliver_due(delivery())
    [mail] = [mail for mail in postbox.received if str(mail["To"]) == "wydzial@example.org"]
    assert all(expected in text for text in words(mail))
