"""A house with everything in it: people in every state, questions of every kind, messages in every state.

For whoever looks at all the pages: links alone do not lead to those behind a form or a personal link.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.messages.audience_rules import Audience, AudienceKind
from eventreg.messages.messaging import (
    Wording,
    pause_message,
    start_message,
    stop_message,
    write_message,
)
from eventreg.organisers.models import Account, Organiser
from eventreg.outbox.models import Mail
from eventreg.questions.editing_rules import OptionDraft, QuestionDraft
from eventreg.questions.queries import all_questions
from eventreg.questions.question_editing import add_question, add_ready_made
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.address_changing import ask_address_change
from eventreg.registrations.approval import decline
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRequest
from eventreg.registrations.import_drafts import keep_draft
from eventreg.registrations.models import AddressChange, PersonalCalendar, Registration, RegistrationGroup
from eventreg.registrations.personal_calendar import ask_for_calendar
from eventreg.registrations.substitution import Substitute, substitute
from tests.full_house_builder import Builder, House
from tests.full_house_calendars import follow_calendars

LIST = "\n".join(
    (
        "Imię i nazwisko;E-mail;Instytucja",
        "Hanna Ćwik;cwik@example.org;Gmina Mucharz",
        "Hanna Ćwik;cwik@example.org;",
        "Bez Adresu;;Gmina Mucharz",
    )
)


def fill(organiser: Organiser, account: Account, now: datetime) -> House:
    """Fill the site through the program's own operations; `now` as an aware UTC datetime."""
    house = Builder(organiser, account, now)
    _waiting_list(house)
    _approval(house)
    _questions(house)
    _groups(house)
    _other_doors(house)
    _today(house)
    _messages(house)
    follow_calendars(house)
    return House(house.public, house.panel)


def _waiting_list(house: Builder) -> None:
    event = house.event(
        "waiting", "Warsztaty o funduszach szwajcarskich", capacity=2, waiting_list="when_full", promotion="offer"
    )
    first, second, offered, third, *_ = house.come(
        event, "Anna Nowak", "Jan Łoś", "Ewa Lis", "Piotr Żak", "Zofia Bąk", "Tomasz Wójcik"
    )
    cancel_registration(first.id, house.now, by="person")
    own = house.own("confirmed", second)
    house.public |= {
        "substitution": f"{own}/substitute",
        "corrections": f"{own}/correct",
        "new address": f"{own}/address",
    }
    house.public["address asked"] = f"{own}/address/asked"
    house.public["thanks, waiting"] = f"/events/{event.slug}/thanks"
    ask_for_calendar(second.id, "pl", house.now)
    calendar_key = db.session.scalars(select(PersonalCalendar.link_key)).one()
    house.public["personal calendar"] = "/me/" + signed_token("personal_calendar", calendar_key)
    house.own("cancelled", first)
    house.own("offered", offered)
    house.own("waitlisted", third)
    house.of_event(
        event,
        list="registrations?ticked=all",
        line="registrations/waiting-list",
        place=f"registrations/{third.id}/place",
        waiting_person=f"registrations/{third.id}",
        offered_person=f"registrations/{offered.id}",
        move=f"registrations/{second.id}/move",
        rules="sign-up",
    )
    cancelled = house.event("cancelled", "Spotkanie odwołane", capacity=2)
    house.come(cancelled, "Adam Wilk")
    with transaction() as session:
        session.get_one(Event, cancelled.id).state = "cancelled"


def _approval(house: Builder) -> None:
    event = house.event("approval", "Nabór na misję gospodarczą do Brna", approval=True, capacity=5)
    pending, other, unlucky = house.come(event, "Iza Mak", "Olga Sęk", "Adam Wilk")
    decline(event.id, [unlucky.id], "Pierwszeństwo mają gminy.", house.account_id, house.now)
    house.public["thanks, approval"] = f"/events/{event.slug}/thanks"
    house.own("pending", pending)
    house.own("declined", unlucky)
    people = f"person={pending.id}&person={other.id}"
    house.of_event(
        event,
        list="registrations",
        accept=f"registrations/accept?{people}",
        decline=f"registrations/decline?{people}",
        pending_person=f"registrations/{pending.id}",
        declined_person=f"registrations/{unlucky.id}",
    )
    _import_draft(house, event)


def _import_draft(house: Builder, event: Event) -> None:
    token = keep_draft(event.id, house.account_id, "lista.csv", LIST.encode("cp1250"), house.now)
    columns = "first_row=headings&c0=name&c1=email&c2=note"
    house.of_event(
        event,
        upload="registrations/import",
        columns=f"registrations/import/{token}",
        preview=f"registrations/import/{token}/preview?{columns}",
        add="registrations/add",
    )


def _questions(house: Builder) -> None:
    event = house.event("questions", "Konferencja o opiece senioralnej")
    add_ready_made(event.id, ["institution", "diet", "accommodation"], house.account_id, house.now)
    for kind, label, options in (
        ("short_text", "Numer rejestracyjny samochodu", ()),
        ("long_text", "O czym chcą Państwo porozmawiać?", ()),
        ("one_of", "Przejazd", (OptionDraft("Autobus o 8:00", 1), OptionDraft("Własny dojazd"))),
        ("several_of", "Panele", (OptionDraft("Panel A"), OptionDraft("Panel B", 20))),
        ("yes_no", "Czy potrzebna jest faktura?", ()),
        ("access_needs", "Szczególne potrzeby", ()),
    ):
        required = kind == "one_of"
        draft = QuestionDraft(
            kind,
            label,
            "organizacja wydarzenia",
            options=options,
            required=required,
            required_purpose="bez tego nie zamówimy miejsca w autobusie" if required else "",
        )
        add_question(event.id, draft, house.account_id, house.now)
    db.session.rollback()
    asked = all_questions(event.id)
    answers = [GivenAnswer(one.id, option_ids=(one.options[0].id,)) for one in asked if one.options]
    answers += [
        GivenAnswer(one.id, "yes" if one.kind == "yes_no" else "Gmina Mucharz, winda")
        for one in asked
        if not one.options
    ]
    [person] = house.come(event, "Maria Ścisło", answers=tuple(answers))
    own = house.own("with answers", person)
    house.public["corrections with questions"] = f"{own}/correct"
    house.public["group form with questions"] = f"/events/{event.slug}/group"
    house.of_event(
        event,
        list="registrations",
        questions="questions",
        new_question="questions/new",
        question=f"questions/{asked[-3].id}",
        totals="questions/totals",
        needs="questions/access-needs",
        person_with_answers=f"registrations/{person.id}",
        add="registrations/add",
    )


def _groups(house: Builder) -> None:
    event = house.event("group", "Szkolenie z dostępności cyfrowej", capacity=3, waiting_list="when_full")
    people = (
        GroupPerson("Ewa Ćwik"),
        GroupPerson("Jan Kot", "kot@example.org"),
        GroupPerson("Ola Dąb"),
        GroupPerson("Ida Mróz"),
    )
    sign_up_group(event.id, GroupRequest("sekretariat@example.org", "pl", people), house.now)
    db.session.rollback()
    group = db.session.scalars(select(RegistrationGroup).where(RegistrationGroup.event_id == event.id)).one()
    address = f"/groups/{signed_token('group', group.link_key)}"
    house.public |= {
        "group form": f"/events/{event.slug}/group",
        "group": address,
        "cancel all": f"{address}/cancel-all",
    }
    member = db.session.scalars(select(Registration).where(Registration.group_id == group.id)).first()
    assert member is not None
    house.of_event(event, group_person=f"registrations/{member.id}")
    changing, replaced = house.come(house.event("changes", "Dzień otwarty"), "Zofia Sowa", "Piotr Lato")
    ask_address_change(changing.id, "nowa@example.org", house.now)
    substitute(replaced.id, Substitute("Maria Zima", "zima@example.org", "pl"), house.now + timedelta(seconds=1))
    db.session.rollback()
    change = db.session.scalars(select(AddressChange).where(AddressChange.registration_id == changing.id)).one()
    for which, key in (("old", change.old_link_key), ("new", change.new_link_key)):
        house.public[f"address change, {which}"] = f"/address-change/{signed_token('address_change', key)}"
    house.own("substituted", db.session.get_one(Registration, replaced.id))
    house.panel["person who was substituted"] = f"/panel/events/house-changes/registrations/{replaced.id}"


def _other_doors(house: Builder) -> None:
    event = house.event("confirm", "Webinarium o RODO", confirm_hours=24)
    [unconfirmed] = house.come(event, "Ola Kot")
    house.public["thanks, confirm"] = f"/events/{event.slug}/thanks"
    house.own("unconfirmed", unconfirmed)
    house.event("domains", "Narada burmistrzów", allowed_domains="um.krakow.pl *.gov.pl")
    house.public |= {"find": "/find-registration", "found": "/find-registration/sent"}
    house.public |= {"calendar renewed": "/me/renewed", "calendar off": "/me/switched-off"}


def _today(house: Builder) -> None:
    start = house.now - timedelta(hours=1)
    event = house.event("today", "Spotkanie informacyjne", starts_at=start, ends_at=start + timedelta(hours=6))
    for number, (name, attended) in enumerate((("Anna Kowalska", True), ("Jan Kowal", False), ("Ida Mróz", None))):
        category = ("speaker", "participant", "guest")[number]
        row = house.factory.registration(
            event, name=name, attended=attended, category=category, note="Faktura na gminę" if not number else ""
        )
    house.of_event(
        event,
        list="registrations",
        lacking="registrations?invitation=lacking",
        person=f"registrations/{row.id}",
        sheet="registrations/print",
        add="registrations/add",
    )


def _messages(house: Builder) -> None:
    event = house.event("messages", "Forum gospodarcze", capacity=None, remind_hours=None)
    house.come(event, "Anna Nowak", "Jan Łoś", "Ewa Lis")
    wording = Wording(
        "Zmiana sali: {wydarzenie}", "Dzień dobry, {imię i nazwisko}!\n\nSala 12.\n\n{link}", Audience(AudienceKind.ALL)
    )
    ids = [write_message(event, wording, house.account_id, house.now) for _ in range(5)]
    draft, sending, paused, stopped, done = ids
    for one in ids[1:]:
        start_message(one, event, house.account_id, house.now)
    pause_message(paused, event, house.account_id, house.now)
    stop_message(stopped, event, house.account_id, house.now)
    house.of_event(
        event,
        messages="messages",
        new_message="messages/new",
        draft=f"messages/{draft}",
        edit_draft=f"messages/{draft}/edit",
        sending=f"messages/{sending}",
        stop=f"messages/{sending}/stop",
        paused=f"messages/{paused}",
        stopped=f"messages/{stopped}",
        done=f"messages/{done}",
        mails="mail",
        content="edit",
        history="history",
    )
    _let_all_be_sent(done, house.now)


def _let_all_be_sent(message_id: int, now: datetime) -> None:
    """As the worker leaves them: all sent but one, which the mail server refused."""
    with transaction() as session:
        mails = list(session.scalars(select(Mail).where(Mail.event_message_id == message_id).order_by(Mail.id)))
        for mail in mails:
            mail.state, mail.sent_at = "sent", now
        mails[-1].state, mails[-1].sent_at = "failed", None
