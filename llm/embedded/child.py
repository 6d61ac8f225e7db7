"""The process that holds the model: `python -m llm.embedded.child`.

It reads one JSON line (`Orders`) from standard input, serves the model on loopback, and writes
one JSON line to standard output: `{"address": …}` or `{"error": …}`. It ends when its parent
does. Everything else that it or the engine prints goes to standard error.
"""

import ctypes
import json
import os
import signal
import sys
import threading
import time
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict

PR_SET_PDEATHSIG = 1
"""Linux `prctl` option: the signal to get when the parent dies."""


class Orders(BaseModel):
    """What the parent wants served. Comes by standard input: the key must not show in `ps`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_path: str
    api_key: str
    parent: int
    """The parent's process id."""
    threads: int
    slots: int
    slot_tokens: int
    """Context of each slot, in tokens."""
    cache_mib: int
    """Memory for prompts that were pushed out of their slot, in MiB."""


def main() -> None:
    """Serve until the parent goes away."""
    answer = _keep_stdout_clean()
    orders = Orders.model_validate_json(sys.stdin.readline())
    _die_with(orders.parent)
    threading.Thread(target=_watch_stdin, daemon=True).start()
    try:
        server = _serve(orders)
    except Exception as exc:  # the engine raises bare RuntimeErrors; the parent words them
        _tell(answer, error=str(exc) or type(exc).__name__)
        sys.exit(1)
    _tell(answer, address=str(server.listening_address))
    while True:
        time.sleep(3600)


def _keep_stdout_clean() -> int:
    """Send what the engine prints to standard error; return where the answer line goes."""
    answer = os.dup(1)
    os.dup2(2, 1)
    return answer


def _tell(answer: int, **line: str) -> None:
    os.write(answer, (json.dumps(line) + "\n").encode())


def _die_with(parent: int) -> None:
    """Ask Linux to kill this process when the parent's keeper thread is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.name == "posix" and os.getppid() != parent:
        _leave()  # it died before we could ask


def _watch_stdin() -> None:
    """Leave when standard input ends: every system closes it when the parent dies."""
    while os.read(0, 1024):
        pass
    _leave()


def _leave() -> NoReturn:
    # Not sys.exit: the engine's threads would keep the process, and this may be a thread.
    os._exit(0)


def _serve(orders: Orders) -> Any:
    import xllamacpp

    return xllamacpp.Server(_params(xllamacpp.CommonParams(), orders))


def _params(params: Any, orders: Orders) -> Any:
    """Loopback only, a key, no pages or endpoints beyond what is used, little logging."""
    params.model.path = orders.model_path
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [orders.api_key]
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_metrics = False
    params.endpoint_props = False
    params.offline = True
    params.cors_origins = ""
    params.verbosity = 1
    params.n_parallel = orders.slots
    params.n_ctx = orders.slots * orders.slot_tokens
    params.cpuparams.n_threads = orders.threads
    params.cpuparams_batch.n_threads = orders.threads
    params.cache_ram_mib = orders.cache_mib
    # A keep-alive comment would hide a server that hangs from the client's timeout.
    params.sse_ping_interval = 3600
    return params


if __name__ == "__main__":
    main()
