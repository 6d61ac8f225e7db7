"""The log file: what nobody needs to read until something unexpected happens."""

import logging
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

FILE_NAME = "spardesk.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 2

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class LogFile(RotatingFileHandler):
    """A log file that appears with its first line, and whose failure stops nothing."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE_NAME
        super().__init__(
            path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
        )
        self.setFormatter(logging.Formatter(_FORMAT))

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """A full or read-only disk is said where it hurts, not by the log."""


def start_log(folder: Path) -> None:
    """Keep warnings and errors in `folder` from now on, and nowhere else."""
    stop_log()
    logging.captureWarnings(True)
    logging.getLogger().addHandler(LogFile(folder))


def stop_log() -> None:
    """Close the log file, if there is one."""
    logging.captureWarnings(False)
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, LogFile)]:
        root.removeHandler(handler)
        handler.close()


def log_unexpected(error: BaseException) -> Path | None:
    """Keep an error with its traceback; the log file, or `None` when it could not be written."""
    logging.getLogger("spardesk").error("unexpected", exc_info=error)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, LogFile) and Path(handler.baseFilename).exists():
            return Path(handler.baseFilename)
    return None
