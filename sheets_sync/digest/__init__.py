"""From a plan to the messages of a day: who gets one, what it says, and how it looks."""

from sheets_sync.digest.messages import Digests, make_messages, trial_message

__all__ = ["Digests", "make_messages", "trial_message"]
