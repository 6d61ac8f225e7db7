"""The entry point, and the one place where errors become sentences: no traceback gets past it."""

import sys
from collections.abc import Sequence

from ui.cli.app import app
from ui.cli.consoles import say
from ui.cli.errors import FAILED, INTERRUPTED, explain
from ui.log import start_log, stop_log
from ui.settings import Settings


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code: 0 good, 1 failed, 2 wrong usage."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    start_log(Settings.from_environment().data_folder)
    try:
        app(args=list(arguments), prog_name="spardesk")
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        sentence, code = explain(error)
        say(sentence)
        return code
    finally:
        stop_log()
    return 0
