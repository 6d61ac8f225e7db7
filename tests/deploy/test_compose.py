"""The compose file holds together: nothing it names is missing, nothing secret is in it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.files import DEPLOY, compose
from ui.cli.main import run
from ui.settings import SSO_SECRET_VARIABLE, VARIABLES

TOP = Path(__file__).parents[2]
SERVICES: dict[str, dict[str, Any]] = compose()["services"]
PAGE = (TOP / "docs" / "deploying.md").read_text("utf-8")
EXAMPLE = (DEPLOY / ".env.example").read_text("utf-8")
TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")


def test_what_is_promised_is_there() -> None:
    assert set(SERVICES) == {
        *("proxy", "web-1", "web-2", "operator"),
        *("database", "gateway", "models-1", "models-2"),
    }
    always = {name for name, service in SERVICES.items() if "profiles" not in service}
    assert always == set(SERVICES) - {"operator"}
    assert all("test" in SERVICES[name]["healthcheck"] for name in always)


def test_every_name_leads_to_something() -> None:
    whole = compose()
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        assert set(service["networks"]) <= set(whole["networks"])
        assert set(service.get("secrets", ())) <= set(whole["secrets"])
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            there = (DEPLOY / source).is_file() if source[0] == "." else source in whole["volumes"]
            assert there, volume


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert not [name for name, service in SERVICES.items() if "network_mode" in service]
    reached = {name for name, each in SERVICES.items() if "front" in each["networks"]}
    assert reached == {"proxy", "web-1", "web-2"}
    assert compose()["networks"]["back"] == {"internal": True}


def test_no_secret_is_in_it() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|KEY$|TOKEN", name):
                assert value is None or re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
    for password in re.findall(r"://[^:\s]+:([^\s]*)@", TEXT):
        assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", password)
    assert re.search(r"^POSTGRES_PASSWORD=$", EXAMPLE, re.MULTILINE)
    assert {"deploy/.env", "deploy/tls/"} <= set((TOP / ".gitignore").read_text("utf-8").split())


def test_every_image_is_of_a_version() -> None:
    images = {service["image"] for service in SERVICES.values()}
    images |= set(re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text("utf-8"), re.M))
    assert [image for image in images if not re.search(r":\d+\.?\d*", image)] == []
    version = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert SERVICES["web-1"]["image"] == f"spardesk:{version}"


def test_settings_exist_and_what_has_to_be_set_is_in_the_example() -> None:
    settings = {name for name in SERVICES["web-1"]["environment"] if name.startswith("SPARDESK_")}
    assert settings <= {*VARIABLES.values(), SSO_SECRET_VARIABLE}
    asked = set(re.findall(r"\$\{(\w+)", TEXT))
    asked |= {name for name, value in SERVICES["web-1"]["environment"].items() if value is None}
    assert asked == set(re.findall(r"^(?:# )?(\w+)=", EXAMPLE, re.MULTILINE))


def test_the_web_processes_believe_the_proxy_and_differ_in_nothing_else() -> None:
    one, other = SERVICES["web-1"], SERVICES["web-2"]
    address = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    assert one["environment"]["SPARDESK_PROXY"] == address
    assert {**one, "networks": None} == {**other, "networks": None}


@pytest.mark.parametrize(("name", "asking"), [("proxy.conf", "proxy"), ("gateway.conf", "gateway")])
def test_nginx_passes_on_to_services_that_keep_their_address(name: str, asking: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    servers = re.findall(r"^ +server ([\d.]+):\d+ [^;]+;  # ([\w-]+)$", text, re.MULTILINE)
    assert len(servers) == 2
    for address, server in servers:
        shared = set(SERVICES[server]["networks"]) & set(SERVICES[asking]["networks"])
        known = [SERVICES[server]["networks"][each] for each in shared]
        assert {"ipv4_address": address} in known, server


def test_every_command_of_the_page_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    """With `--help` added it is parsed up to the command, and nothing is done."""
    found = re.findall(r"docker compose (?:run --rm operator|exec \S+ spardesk) (.+)", PAGE)
    assert len(found) > 3
    for line in found:
        names = [word for word in line.split() if re.fullmatch("[a-z]+", word)][:2]
        assert run([*names[: 1 if names[0] == "doctor" else 2], "--help"]) == 0, line
        shown = capsys.readouterr().out
        assert [word for word in line.split() if word[:2] == "--" and word not in shown] == []


def test_services_that_the_page_names_exist() -> None:
    lines = re.findall(r"docker compose (?:run --rm|exec|stop|cp) (.+)", PAGE)
    named = {word.partition(":")[0] for line in lines for word in line.split()[:1]}
    assert named - {"-T"} <= set(SERVICES)
