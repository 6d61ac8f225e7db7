"""`spardesk webhooks`: addresses that hear of events."""

from typing import Annotated

import typer

from ui.cli.catalogue import Row, show
from ui.cli.consoles import out, say
from ui.cli.operating import operating
from ui.cli.options import AsJson, Data, Records, settings_of
from ui.cli.web_options import WebhooksPrivate

webhooks = typer.Typer(help="Addresses that hear of events.", no_args_is_help=True)

DEFAULT_EVENT = "session.graded"


@webhooks.command("add")
def add_webhook(
    ctx: typer.Context,
    url: Annotated[
        str,
        typer.Argument(help="Where to: https, or http on this machine.", metavar="URL"),
    ],
    event: Annotated[
        list[str] | None,
        typer.Option(
            help="What it hears of: session.graded (the default) or transcript.graded; several "
            "times for both."
        ),
    ] = None,
    webhooks_private: WebhooksPrivate = False,
    data: Data = None,
    records: Records = None,
) -> None:
    """Have an address hear of events. Its secret is printed this once.

    The web app delivers while it runs.

    [dim]Example:[/]

      spardesk webhooks add https://example.org/hook --event session.graded
    """
    settings = settings_of(
        ctx, webhooks_private=webhooks_private or None, data=data, records=records
    )
    with operating(settings) as (people, operator):
        made = people.webhooks.add(operator, url, event or [DEFAULT_EVENT])
    say(f"Webhook {made.id}. Deliveries are signed with this secret; keep it safe:")
    out().print(made.secret, markup=False, soft_wrap=True)


@webhooks.command("list")
def list_webhooks(
    ctx: typer.Context, as_json: AsJson = False, data: Data = None, records: Records = None
) -> None:
    """List the webhooks, without their secrets.

    [dim]Example:[/]

      spardesk webhooks list
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        rows: list[Row] = [
            {
                "id": hook.id,
                "url": hook.url,
                "events": " ".join(hook.events),
                "since": f"{hook.created_at:%Y-%m-%d}",
            }
            for hook in people.webhooks.all(operator)
        ]
    show("Webhooks", rows, as_json)


@webhooks.command("remove")
def remove_webhook(
    ctx: typer.Context,
    webhook: Annotated[str, typer.Argument(help="Its id.", metavar="ID")],
    data: Data = None,
    records: Records = None,
) -> None:
    """Tell an address nothing more, also not what waits.

    [dim]Example:[/]

      spardesk webhooks remove 5f0c2a9d1b3e
    """
    with operating(settings_of(ctx, data=data, records=records)) as (people, operator):
        people.webhooks.remove(operator, webhook)
    say(f"The webhook {webhook} hears nothing more.")
