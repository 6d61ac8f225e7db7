"""One attempt at a delivery: one request, no redirect followed, nothing read but the status."""

import time
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from ssl import SSLContext
from typing import Any

import httpcore

from records.hooks import Delivery, Webhook
from ui.services.errors import Unfit
from ui.services.webhooks.addresses import Addresses
from ui.services.webhooks.signing import signed_headers

LONGEST_S = 15.0
"""Seconds an attempt may take in all, however slowly a receiver answers."""


class Sender:
    """Sends deliveries to where they may go."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    def send(self, hook: Webhook, delivery: Delivery, at: datetime) -> str | None:
        """Try once; why it failed, in a few words, or `None` when it was taken (a status 2xx)."""
        body = delivery.body.encode()
        headers = {
            "content-type": "application/json",
            "user-agent": _user_agent(),
            **signed_headers(hook.secret, delivery.id, at, body),
        }
        try:
            self._addresses.check(hook.url)  # the rule may have become stricter since
            status = self._post(hook.url, headers, body)
        except (Unfit, OSError) as error:
            return str(error) or type(error).__name__
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            return f"could not be reached: {error or type(error).__name__}"
        return None if 200 <= status < 300 else f"answered with the status {status}"

    def _post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        network = _Network(self._addresses, time.monotonic() + LONGEST_S)
        with (
            httpcore.ConnectionPool(network_backend=network) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as response,
        ):
            return int(response.status)


class _Network(httpcore.NetworkBackend):
    """Connects to the address that was checked, until a deadline."""

    def __init__(self, addresses: Addresses, deadline: float) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline is stricter
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """See `httpcore.NetworkBackend`; the certificate is still checked for the name."""
        address = self._addresses.resolve(host, port)
        left = _left(self._deadline)
        stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
        return _Stream(stream, self._deadline)


class _Stream(httpcore.NetworkStream):
    """A connection that ends with its deadline, also when it gives a byte now and then."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """See `httpcore.NetworkStream`."""
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """See `httpcore.NetworkStream`."""
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        """See `httpcore.NetworkStream`."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """See `httpcore.NetworkStream`."""
        left = _left(self._deadline)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """See `httpcore.NetworkStream`."""
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    """Seconds until the deadline; raises `httpcore.ReadTimeout` after it."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout(f"no answer within {LONGEST_S:g} seconds")
    return left


def _user_agent() -> str:
    try:
        return f"Spardesk/{version('spardesk')}"
    except PackageNotFoundError:
        return "Spardesk"
