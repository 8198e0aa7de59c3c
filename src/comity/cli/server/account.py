"""Open, export and erase accounts."""

from __future__ import annotations

import json

import click

from comity.cli.server import Refusal, open_instance
from comity.errors import ComityError


@click.group()
def account() -> None:
    """Open, export or erase accounts."""


@account.command("open")
@click.argument("address")
@click.option("--name", default="", help="The name shown to others.")
@click.option("--role", "roles", multiple=True, help="An office, such as secretariat; may be given more than once.")
@click.option("--body", default="", help="The body of a chair or an expert.")
@click.option("--member", default="", help="The member of a focal point.")
@click.option("--origin", default="", help="The country (ISO 3166-1 alpha-3) or M49 region of a reviewer.")
@click.password_option(help="Asked for where it is not given.")
def open_(  # noqa: PLR0917  (click gives them by name)
    address: str, name: str, roles: tuple[str, ...], body: str, member: str, origin: str, password: str
) -> None:
    """Open an account for ADDRESS with its roles."""
    open_instance()
    from comity.platform.parties.services import open_account

    try:
        user = open_account(
            email=address, name=name, password=password, roles=roles, body=body, member=member, origin=origin
        )
    except ComityError as error:
        raise Refusal(error) from None
    click.echo(f"{user.email} can sign in" + (f" as {', '.join(sorted(roles))}." if roles else "."))


@account.command()
@click.argument("address")
def export(address: str) -> None:
    """Write all personal data of ADDRESS as JSON."""
    open_instance()
    from comity.platform.alignment.answers import reviews_of
    from comity.platform.alignment.exports import decisions_of
    from comity.platform.capacity.personal import contributions_of
    from comity.platform.commons.personal import publishing_of
    from comity.platform.decisions.personal import ballots_of
    from comity.platform.dialogue.personal import dialogues_of
    from comity.platform.parties.personal import export_account

    try:
        data = {
            **export_account(email=address),
            "decisions": decisions_of(email=address),
            **reviews_of(email=address),
            **dialogues_of(email=address),
            **ballots_of(email=address),
            **contributions_of(email=address),
            **publishing_of(email=address),
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    except ComityError as error:
        raise Refusal(error) from None


@account.command()
@click.argument("address")
@click.confirmation_option(prompt="This cannot be undone. Erase the account?")
def erase(address: str) -> None:
    """Erase the account of ADDRESS. What it did as an office stays."""
    open_instance()
    from comity.platform.alignment.reviewing import erase_reviews_of
    from comity.platform.capacity.personal import erase_contributions_of
    from comity.platform.commons.personal import erase_publishing_of
    from comity.platform.decisions.personal import erase_ballots_of
    from comity.platform.dialogue.personal import erase_dialogues_of
    from comity.platform.parties.personal import erase_account
    from comity.platform.parties.services import account_of

    try:
        erase_reviews_of(user=account_of(email=address))
        erase_dialogues_of(user=account_of(email=address))
        erase_ballots_of(user=account_of(email=address))
        erase_contributions_of(user=account_of(email=address))
        erase_publishing_of(user=account_of(email=address))
        erase_account(email=address)
    except ComityError as error:
        raise Refusal(error) from None
    click.echo("The account is erased.")


@account.command()
@click.argument("address")
@click.confirmation_option(prompt="This is for an instance without two officers. Grant a recovery from this machine?")
def recover(address: str) -> None:
    """Print a link, once, with which ADDRESS sets a new password and a new second step. It lasts a day."""
    open_instance()
    from django.conf import settings

    from comity.platform.parties.recovery import grant_from_the_machine

    try:
        token = grant_from_the_machine(email=address)
    except ComityError as error:
        raise Refusal(error) from None
    click.echo(f"{settings.BASE_URL}/account/recovery/{token}")
