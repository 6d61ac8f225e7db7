"""What can go wrong with a model, worded for the person in front of it.

ModelError
├── NoModel            nothing to talk to: says which two commands fix it
├── ModelMissing       the server runs but does not have the model
├── ServerUnreachable  nothing answers at the address, or it went away in mid-answer
├── ServerBusy         the server is loading or overloaded: worth another try
├── ModelTimeout       no answer in time
├── ContextOverflow    the prompt is longer than the model's context
├── InvalidReply       the reply does not fit the schema, twice
├── RequestRejected    the server refused the request (key, option, format)
└── ModelFileError     the model file is missing, truncated or damaged
"""


class ModelError(Exception):
    """Any failure of a language model. The message is a sentence with the next step in it."""


class NoModel(ModelError):
    """There is no model to use."""


class ModelMissing(ModelError):
    """The server does not have the model."""


class ServerUnreachable(ModelError):
    """The server does not answer or went away."""


class ServerBusy(ModelError):
    """The server is loading or overloaded."""


class ModelTimeout(ModelError):
    """The server said nothing for too long."""


class ContextOverflow(ModelError):
    """The prompt does not fit the model's context."""


class InvalidReply(ModelError):
    """The model's reply does not fit what was asked."""


class RequestRejected(ModelError):
    """The server refused the request."""


class ModelFileError(ModelError):
    """The model file cannot be used."""
