"""Who lacks the newest invitation: the database counts and picks the same people whom the rule marks in the list."""

from datetime import datetime
from itertools import product

import pytest

from eventreg.database import db
from eventreg.registrations.attendee_list import ListWish, count_lacking_invitation, page_of_list
from eventreg.registrations.person_page import state_of_invitation
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

STATES = ("confirmed", "pending", "cancelled", "declined")
VERSIONS = ((-1, None), (0, None), (0, 0), (2, 1), (2, 2))  # written, sent


def test_the_database_and_the_rule_agree(factory: Factory, now: datetime) -> None:
    event = factory.event()
    people = [
        factory.registration(event, state=state, ical_sequence=written, sent_sequence=sent)
        for state, (written, sent) in product(STATES, VERSIONS)
    ]
    db.session.expire_all()
    lacking = {one.id for one in people if state_of_invitation(one).lacks_newest}
    assert 0 < len(lacking) < len(people)
    assert count_lacking_invitation(event.id) == len(lacking)
    wish = ListWish(search="", state=None, newest_first=False, page="", lacks_invitation=True)
    assert {line.registration.id for line in page_of_list(event, wish).lines} == lacking
