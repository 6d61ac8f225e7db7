"""Whether an agent asks who the customer is before giving out or changing anything.

Read from the order of two things in the agent's messages, since a small model, asked whether it
was verified, answers by the talk of accounts in it (measured: area under the curve .68 on the
tuning half of the gold set, .75 for this). What asks and what counts as done are word lists; a
figure that is not in the request itself counts as given out.
"""

import re

from grading import words
from grading.case import Case

_FIGURE = re.compile(r"\d")


def verified_first(case: Case) -> tuple[bool, tuple[int, ...]]:
    """Whether so, and the turn that shows it: of the request, or of what came without one."""
    for index in case.spoken("agent"):
        said = words.sentences(case.text(index))
        requests = [sentence for sentence in said if _asks(sentence)]
        others = " ".join(sentence for sentence in said if sentence not in requests)
        if _FIGURE.search(others) or words.found(others, ("done",)):
            return False, (index,)
        if requests:
            return True, (index,)
    return False, ()


def _asks(sentence: str) -> bool:
    """A new address or number is what is to be changed, not who somebody is."""
    return bool(words.found(sentence, ("verifying",))) and not words.found(sentence, ("new",))
