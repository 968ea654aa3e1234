"""flask organiser add, flask account add, flask account reset: for the one at the machine's keyboard."""

import click

from eventreg.clock import now_utc
from eventreg.database import transaction
from eventreg.organisers.accounts import Invitation, add_account, give_generated_password
from eventreg.organisers.models import MEMBER_ROLES, ORGANISER_KINDS
from eventreg.organisers.organiser_editing import OrganiserDetails, make_organiser
from eventreg.organisers.queries import account_by_email, organiser_by_slug
from eventreg.organisers.second_factor import turn_off_second_factor
from eventreg.registrations.address_rules import AddressRefusal, check_address


@click.group("organiser")
def organiser_group() -> None:
    """The bodies that publish events."""


@organiser_group.command("add")
@click.argument("name")
@click.option("--email", required=True, help="Where participants write to.")
@click.option("--kind", type=click.Choice(ORGANISER_KINDS), default="public_body", show_default=True)
@click.option("--legal-name", default="", help="The controller of personal data, if it is called otherwise.")
@click.option("--slug", default=None, help="The word in its address; made from the name if left out.")
def add_organiser(name: str, email: str, kind: str, legal_name: str, slug: str | None) -> None:
    """Make an organiser and print its slug."""
    details = OrganiserDetails(
        name=name,
        legal_name=legal_name,
        kind=kind,
        contact_email=_address(email),
        contact_phone="",
        address="",
        website="",
        about="",
    )
    click.echo(make_organiser(details, None, now_utc(), slug).slug)


@click.group("account")
def account_group() -> None:
    """The people who sign in to the panel."""


@account_group.command("add")
@click.argument("email")
@click.option("--organiser", "slug", default=None, help="The slug of the organiser to work for.")
@click.option("--role", type=click.Choice(MEMBER_ROLES), default="owner", show_default=True)
@click.option("--name", default="")
@click.option("--administrator", is_flag=True, help="Also care for the whole site.")
def add_account_command(email: str, slug: str | None, role: str, name: str, administrator: bool) -> None:
    """Make an account, or give one a role. A new account's generated password is printed."""
    organiser = organiser_by_slug(slug) if slug else None
    if slug and organiser is None:
        raise click.ClickException(f"There is no organiser {slug!r}.")
    if not slug and not administrator:
        raise click.ClickException("Please name an organiser, or add --administrator.")
    invitation = Invitation(
        email=_address(email),
        name=name,
        language="pl",
        organiser_id=organiser.id if organiser else None,
        role=role,
        administrator=administrator,
    )
    account, password = add_account(invitation, now_utc())
    if password is None:
        click.echo(f"{account.email}: the account exists already and keeps its password.")
    else:
        click.echo(f"account: {account.email} password: {password}")


@account_group.command("reset")
@click.argument("email")
def reset_account(email: str) -> None:
    """Give an account a new generated password, turn its second step off and end its sessions."""
    account = account_by_email(_address(email))
    if account is None:
        raise click.ClickException(f"There is no account {email!r}.")
    now = now_utc()
    with transaction():
        if account.tf_primary_method is not None:
            turn_off_second_factor(account.id, None, "second_factor_reset", now)
        password = give_generated_password(account.id, now)
    click.echo(f"account: {account.email} password: {password}")


def _address(typed: str) -> str:
    checked = check_address(typed)
    if isinstance(checked, AddressRefusal):
        raise click.ClickException(f"{typed!r} is no e-mail address.")
    return checked.lower()
