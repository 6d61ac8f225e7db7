"""How a receiver can tell that a delivery is ours: the form of standardwebhooks.com.

`webhook-id`, `webhook-timestamp` (seconds since 1970) and the body, with dots between, are signed
with HMAC-SHA-256; `webhook-signature` is `v1,` and that in Base64. The secret is `whsec_` and its
bytes in Base64.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32

REPLAY_WINDOW = timedelta(minutes=5)
"""A receiver should refuse what was signed longer ago, or is from so far in the future."""


def new_secret() -> str:
    """A secret for one webhook."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(secret: str, id_: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers by which a receiver can check a delivery."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_signature(secret, id_, timestamp, body)}",
    }


def _signature(secret: str, id_: str, timestamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((id_.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
