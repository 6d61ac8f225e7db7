"""Where the language models keep files on this machine."""

import os
from pathlib import Path

import platformdirs

CACHE_VARIABLE = "SPARDESK_CACHE"
"""Environment variable that names another cache folder."""


def cache_folder() -> Path:
    """The folder for files that can be made again; created when missing."""
    named = os.environ.get(CACHE_VARIABLE)
    folder = Path(named) if named else Path(platformdirs.user_cache_dir("spardesk"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
