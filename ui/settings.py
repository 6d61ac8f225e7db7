"""What a user can set, read once at the start: options first, then the environment."""

import os
from ipaddress import ip_address
from pathlib import Path

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field

VARIABLES = {
    "data": "SPARDESK_DATA",
    "records": "SPARDESK_RECORDS",
    "model": "SPARDESK_MODEL",
    "base_url": "SPARDESK_BASE_URL",
    "packs": "SPARDESK_PACKS",
    "personas": "SPARDESK_PERSONAS",
    "host": "SPARDESK_HOST",
    "port": "SPARDESK_PORT",
    "allowed_hosts": "SPARDESK_ALLOWED_HOSTS",
    "https": "SPARDESK_HTTPS",
    "proxy": "SPARDESK_PROXY",
    "sso_issuer": "SPARDESK_SSO_ISSUER",
    "sso_client": "SPARDESK_SSO_CLIENT",
    "sso_trainees": "SPARDESK_SSO_TRAINEES",
    "webhooks_private": "SPARDESK_WEBHOOKS_PRIVATE",
    "answers_at_once": "SPARDESK_ANSWERS_AT_ONCE",
}
"""Setting → the environment variable that gives it when no option does."""

SSO_SECRET_VARIABLE = "SPARDESK_SSO_SECRET"
"""The client's secret at the single sign-on: in the environment only, where no list shows it."""

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 7860
DEFAULT_ANSWERS_AT_ONCE = 4


class Settings(BaseModel):
    """The settings of one run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: Path | None = None
    """Folder of sessions and scorecards; `None`: the user's data folder."""
    records: str | None = Field(None, repr=False)
    """Where else the records are: another folder, or a database's address (with its password);
    `None`: in the data folder."""
    model: str | None = None
    """Which model plays and grades, such as `ollama:llama3.2`; `None`: the first one found."""
    base_url: str | None = None
    """Address of the model server; `None`: the provider's usual one."""
    packs: Path | None = None
    """Folder of packs with their scenarios; `None`: the shipped ones."""
    personas: Path | None = None
    """Folder of personas; `None`: the shipped ones."""
    host: str = DEFAULT_HOST
    """Where the web app listens."""
    port: int = Field(DEFAULT_PORT, ge=1, le=65535)
    allowed_hosts: str | None = None
    """Names by which browsers reach the web app, with commas between, besides this machine's."""
    https: bool = False
    """Whether browsers reach it over TLS."""
    proxy: str | None = None
    """Addresses of proxies that are believed what they say of browsers, with commas between."""
    sso_issuer: str | None = None
    """Address of the provider of single sign-on (OpenID Connect)."""
    sso_client: str | None = None
    """This installation's client id there."""
    sso_trainees: bool = False
    """Whether somebody whom the provider knows, and nobody here, becomes a trainee."""
    webhooks_private: bool = False
    """Whether webhooks may be in private networks."""
    answers_at_once: int = Field(DEFAULT_ANSWERS_AT_ONCE, ge=1, le=1000)
    """Customers that answer at the same time; as many as the model server can serve."""
    browser: bool = True
    """Whether to open a browser when there is one."""

    @classmethod
    def from_environment(cls) -> "Settings":
        """What the environment says of the data folder: all that is needed before options are."""
        named = os.environ.get(VARIABLES["data"])
        return cls(data=Path(named) if named else None)

    @property
    def data_folder(self) -> Path:
        """The folder that holds sessions, scorecards and the log file. Not created here."""
        folder = self.data or user_data_path("spardesk", appauthor=False)
        return folder.expanduser().absolute()

    @property
    def records_place(self) -> str | Path:
        """Where sessions, scorecards and accounts are kept."""
        return self.records or self.data_folder

    @property
    def address(self) -> str:
        """Where a browser finds the web app."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the web app."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def names(self) -> tuple[str, ...]:
        """The names in `allowed_hosts`."""
        listed = (name.strip() for name in (self.allowed_hosts or "").split(","))
        return tuple(name for name in listed if name)

    @property
    def is_everywhere(self) -> bool:
        """Whether `host` is no address but stands for all of this machine's."""
        try:
            return ip_address(self.host).is_unspecified
        except ValueError:
            return False

    def with_options(self, **options: object) -> "Settings":
        """These settings with the options that were given; `None` means not given."""
        given = {name: value for name, value in options.items() if value is not None}
        return Settings.model_validate(self.model_dump() | given)
