"""How a session ended, in words."""

ENDINGS = {
    "solved": "The customer's matter is solved.",
    "gave_up": "The customer gave up.",
    "escalated": "The customer asked for someone else.",
    "hung_up": "The customer hung up.",
    "agent_closed": "You ended the conversation.",
    "time_limit": "The conversation took too long.",
    "error": "The conversation stopped because of an error.",
}
