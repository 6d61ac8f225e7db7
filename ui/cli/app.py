"""The commands and their options. What they do is imported when they are run."""

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from ui.cli.bench import bench
from ui.cli.calibrate import calibrate
from ui.cli.catalogue import personas as personas_commands
from ui.cli.catalogue import scenarios as scenarios_commands
from ui.cli.demo import demo
from ui.cli.doctor import doctor
from ui.cli.grade import grade
from ui.cli.importing import imports
from ui.cli.keeping import records as records_commands
from ui.cli.options import BaseUrl, Data, Model, Packs, Personas, Records, settings_of
from ui.cli.practise import practice
from ui.cli.rubrics import rubric
from ui.cli.tokens import tokens
from ui.cli.users import teams, users
from ui.cli.web_options import (
    AllowedHosts,
    AnswersAtOnce,
    Host,
    Https,
    Port,
    Proxy,
    SsoClient,
    SsoIssuer,
    SsoTrainees,
    WebhooksPrivate,
)
from ui.cli.webhooks import webhooks
from ui.settings import Settings

app = typer.Typer(
    name="spardesk",
    help="A sparring partner for customer-service agents.",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"spardesk {version('spardesk')}")
        except PackageNotFoundError:
            typer.echo("spardesk, not installed: run from its source")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    model: Model = None,
    base_url: BaseUrl = None,
    data: Data = None,
    records: Records = None,
    packs: Packs = None,
    personas: Personas = None,
    host: Host = None,
    port: Port = None,
    allowed_hosts: AllowedHosts = None,
    https: Https = False,
    proxy: Proxy = None,
    sso_issuer: SsoIssuer = None,
    sso_client: SsoClient = None,
    sso_trainees: SsoTrainees = False,
    webhooks_private: WebhooksPrivate = False,
    answers_at_once: AnswersAtOnce = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    show_version: Annotated[  # noqa: ARG001 - acted on by its callback
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """A sparring partner for customer-service agents.

    Without a command: serves the web app on this machine and opens a browser when there is one.

    [dim]Examples:[/]

      spardesk

      spardesk --model ollama:llama3.2 --port 8080
    """
    ctx.obj = settings_of(
        ctx,
        model=model,
        base_url=base_url,
        data=data,
        records=records,
        packs=packs,
        personas=personas,
        host=host,
        port=port,
        allowed_hosts=allowed_hosts,
        https=https or None,
        proxy=proxy,
        sso_issuer=sso_issuer,
        sso_client=sso_client,
        sso_trainees=sso_trainees or None,
        webhooks_private=webhooks_private or None,
        answers_at_once=answers_at_once,
        browser=False if no_browser else None,
    )
    if ctx.invoked_subcommand is None:
        _serve(ctx.obj)


def _serve(settings: Settings) -> None:
    from ui.cli.serve import serve

    serve(settings)


app.command()(practice)
app.command()(demo)
app.command()(grade)
app.command()(calibrate)
app.add_typer(scenarios_commands, name="scenarios")
app.add_typer(personas_commands, name="personas")
app.add_typer(rubric, name="rubric")
app.add_typer(imports, name="import")
app.add_typer(users, name="users")
app.add_typer(teams, name="teams")
app.add_typer(tokens, name="tokens")
app.add_typer(webhooks, name="webhooks")
app.add_typer(records_commands, name="records")
app.command()(doctor)
app.add_typer(bench, name="bench")
