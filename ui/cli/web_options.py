"""Options of the web app: where it listens, and how people reach it and log in."""

from typing import Annotated

import typer

from ui.settings import SSO_SECRET_VARIABLE, VARIABLES

Port = Annotated[
    int | None,
    typer.Option(
        envvar=VARIABLES["port"],
        min=1,
        max=65535,
        help="Port of the web app. Default: 7860.",
        metavar="PORT",
    ),
]
Host = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLES["host"],
        help="Where the web app listens. Default: 127.0.0.1. Anywhere else takes accounts.",
        metavar="HOST",
    ),
]
AllowedHosts = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLES["allowed_hosts"],
        help="Names by which browsers reach the web app, with commas between.",
        metavar="NAMES",
    ),
]
Https = Annotated[
    bool,
    typer.Option(
        "--https",
        envvar=VARIABLES["https"],
        help="Browsers reach the web app over TLS, through a proxy: secure cookies, HSTS.",
    ),
]
Proxy = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLES["proxy"],
        help="Addresses of proxies that say from where a browser comes, with commas between.",
        metavar="ADDRESSES",
    ),
]
SsoIssuer = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLES["sso_issuer"],
        help="Single sign-on: address of the OpenID Connect provider.",
        metavar="URL",
    ),
]
SsoClient = Annotated[
    str | None,
    typer.Option(
        envvar=VARIABLES["sso_client"],
        help=f"Single sign-on: the client id. Its secret comes from {SSO_SECRET_VARIABLE}.",
        metavar="ID",
    ),
]
SsoTrainees = Annotated[
    bool,
    typer.Option(
        "--sso-trainees",
        envvar=VARIABLES["sso_trainees"],
        help="Single sign-on: who has no account yet becomes a trainee.",
    ),
]
AnswersAtOnce = Annotated[
    int | None,
    typer.Option(
        envvar=VARIABLES["answers_at_once"],
        min=1,
        max=1000,
        help="Customers that answer at the same time; more where the model server can. Default: 4.",
        metavar="N",
    ),
]
WebhooksPrivate = Annotated[
    bool,
    typer.Option(
        "--webhooks-private",
        envvar=VARIABLES["webhooks_private"],
        help="Webhooks may be in private networks.",
    ),
]
