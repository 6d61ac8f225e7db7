"""`spardesk tokens`: keys of programs that ask on somebody's behalf."""

from typing import Annotated

import typer

from ui.cli.catalogue import Row, show
from ui.cli.consoles import out, say
from ui.cli.operating import operating
from ui.cli.options import AsJson, Data, Records, settings_of

tokens = typer.Typer(help="Keys of programs.", no_args_is_help=True)


@tokens.command("add")
def add_token(
    ctx: typer.Context,
    login: Annotated[str, typer.Argument(help="On whose behalf.", metavar="LOGIN")],
    name: Annotated[str, typer.Option(help="What it is for.")],
    scope: Annotated[list[str], typer.Option(help="What it may do; several times for more.")],
    days: Annotated[int, typer.Option(help="How long it lasts.")] = 90,
    data: Data = None,
    records: Records = None,
) -> None:
    """Make a token. It is printed this once, and kept nowhere.

    [dim]Example:[/]

      spardesk tokens add ana --name "nightly export" --scope scorecards
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        made = people.tokens.create(operator, login, name, scope, days)
    say(f"Token {made.token.id}, good until {made.token.expires_at:%Y-%m-%d}. Keep it safe:")
    out().print(made.secret, markup=False, soft_wrap=True)


@tokens.command("list")
def list_tokens(
    ctx: typer.Context, as_json: AsJson = False, data: Data = None, records: Records = None
) -> None:
    """List the tokens, without their secrets.

    [dim]Example:[/]

      spardesk tokens list
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        logins = {account.id: account.login for account in people.accounts.all(operator)}
        rows: list[Row] = [
            {
                "id": token.id,
                "login": logins.get(token.account, token.account),
                "name": token.name,
                "scopes": " ".join(token.scopes),
                "until": f"{token.expires_at:%Y-%m-%d}" if token.expires_at else "",
                "state": "revoked" if token.revoked_at else "good",
            }
            for token in people.tokens.all(operator)
        ]
    show("Tokens", rows, as_json)


@tokens.command("revoke")
def revoke_token(
    ctx: typer.Context,
    token: Annotated[str, typer.Argument(help="Its id.", metavar="ID")],
    data: Data = None,
    records: Records = None,
) -> None:
    """Let a token no longer count.

    [dim]Example:[/]

      spardesk tokens revoke 5f0c2a9d1b3e
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        people.tokens.revoke(operator, token)
    say(f"The token {token} no longer counts.")
