"""The desk's own sentences in a language; those of its actions are in the packs."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml


class DeskWords:
    """Sentences by key, as `simulator/desk_words.yaml` has them for one language."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences

    def say(self, sentence: str, /, **given: str) -> str:
        """The sentence with what is given filled in; what is not named in it is left out."""
        return self._sentences[sentence].format(**given)

    def listed(self, labels: Mapping[str, str]) -> str:
        """Code → label as one line of text."""
        rows = [self.say("item", name=name, label=label) for name, label in labels.items()]
        return self.say("between").join(rows) or self.say("nothing")


@lru_cache(maxsize=4)
def desk_words(language: str) -> DeskWords:
    """The desk's sentences in a language."""
    text = files("simulator").joinpath("desk_words.yaml").read_text("utf-8")
    return DeskWords(yaml.safe_load(text)[language])
