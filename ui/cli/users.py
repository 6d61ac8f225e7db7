"""`spardesk users` and `spardesk teams`: who can log in to the web app.

Whoever can run these has the records themselves, so no login is asked for.
"""

import sys
from typing import Annotated

import typer

from ui.cli.catalogue import Row, show
from ui.cli.consoles import say
from ui.cli.errors import UsageError
from ui.cli.operating import RoleName, operating
from ui.cli.options import AsJson, Data, Records, settings_of

users = typer.Typer(help="Who can log in to the web app.", no_args_is_help=True)
teams = typer.Typer(help="People who are managed together.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="What the person types to log in.", metavar="LOGIN")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@users.command("add")
def add_user(
    ctx: typer.Context,
    login: Login,
    name: Annotated[str, typer.Option(help="The name that others see.")],
    role: Annotated[RoleName, typer.Option(help="What the person may do.")] = "trainee",
    team: Annotated[
        list[str] | None, typer.Option(help="A team's name; may be given several times.")
    ] = None,
    password_stdin: FromStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Comes in by single sign-on only.")
    ] = False,
    data: Data = None,
    records: Records = None,
) -> None:
    """Add an account. Asks for the password, unless it comes from standard input.

    With the first account everybody has to log in, on this machine too.

    [dim]Examples:[/]

      spardesk users add ana --name "Ana Silva" --role admin

      spardesk users add ben --name "Ben Okoro" --team "First line" --password-stdin
    """
    settings = settings_of(ctx, data=data, records=records)
    password = None if no_password else _password(password_stdin)
    with operating(settings) as (people, operator):
        made = people.accounts.create(
            operator, login, name, people.role(role), team or (), password
        )
    say(f"{made.login} can log in now, as {made.role.value}.")


@users.command("list")
def list_users(
    ctx: typer.Context, as_json: AsJson = False, data: Data = None, records: Records = None
) -> None:
    """List the accounts.

    [dim]Examples:[/]

      spardesk users list

      spardesk users list --json
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        names = {team.id: team.name for team in people.accounts.teams(operator)}
        rows: list[Row] = [
            {
                "login": account.login,
                "name": account.name,
                "role": account.role.value,
                "teams": ", ".join(names.get(team, team) for team in account.teams),
                "state": "disabled" if account.disabled else "enabled",
            }
            for account in people.accounts.all(operator)
        ]
    show("Accounts", rows, as_json)


@users.command("disable")
def disable_user(
    ctx: typer.Context, login: Login, data: Data = None, records: Records = None
) -> None:
    """Let nobody in with this account any more. What the person did stays.

    [dim]Example:[/]

      spardesk users disable ben
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        people.accounts.disable(operator, login)
    say(f"{login} cannot log in any more.")


@users.command("enable")
def enable_user(
    ctx: typer.Context, login: Login, data: Data = None, records: Records = None
) -> None:
    """Let the person in again.

    [dim]Example:[/]

      spardesk users enable ben
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        people.accounts.enable(operator, login)
    say(f"{login} can log in again.")


@users.command("password")
def set_password(
    ctx: typer.Context,
    login: Login,
    password_stdin: FromStdin = False,
    data: Data = None,
    records: Records = None,
) -> None:
    """Set another password, and log the person out everywhere.

    [dim]Example:[/]

      spardesk users password ben
    """
    settings = settings_of(ctx, data=data, records=records)
    password = _password(password_stdin)
    with operating(settings) as (people, operator):
        people.accounts.set_password(operator, login, password)
    say(f"{login} has another password.")


@users.command("role")
def set_role(
    ctx: typer.Context,
    login: Login,
    role: Annotated[RoleName, typer.Argument(help="What the person may do from now on.")],
    data: Data = None,
    records: Records = None,
) -> None:
    """Give an account another role.

    [dim]Example:[/]

      spardesk users role ben manager
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        people.accounts.set_role(operator, login, people.role(role))
    say(f"{login} is {role} from now on.")


@users.command("teams")
def set_teams(
    ctx: typer.Context,
    login: Login,
    names: Annotated[
        list[str] | None, typer.Argument(help="The teams' names; none: in no team.")
    ] = None,
    data: Data = None,
    records: Records = None,
) -> None:
    """Put an account into these teams, and out of all others. A manager manages those they are in.

    [dim]Example:[/]

      spardesk users teams ben "First line"
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        people.accounts.set_teams(operator, login, names or ())
    say(f"{login} is in: {', '.join(names or ()) or 'no team'}.")


@teams.command("add")
def add_team(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The team's name.", metavar="NAME")],
    data: Data = None,
    records: Records = None,
) -> None:
    """Add a team.

    [dim]Example:[/]

      spardesk teams add "First line"
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        team = people.accounts.add_team(operator, name)
    say(f"There is a team {team.name!r} now.")


@teams.command("list")
def list_teams(
    ctx: typer.Context, as_json: AsJson = False, data: Data = None, records: Records = None
) -> None:
    """List the teams with their people.

    [dim]Example:[/]

      spardesk teams list
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        accounts = people.accounts.all(operator)
        rows: list[Row] = [
            {
                "name": team.name,
                "people": ", ".join(a.login for a in accounts if team.id in a.teams),
            }
            for team in people.accounts.teams(operator)
        ]
    show("Teams", rows, as_json)


def _password(from_stdin: bool) -> str:
    """The password: never on the command line, where others could read it."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for the password: use --password-stdin.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
