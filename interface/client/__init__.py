"""The Python client of Redress: the API's operations, dressed for people to use.

Here it is `interface.client`; its wheel calls it `redress_client`. It imports nothing
of the server.
"""

from .case_handle import CaseHandle
from .file_source import FileToSend
from .problem_raised import NotOffered, ProblemRaised, RedressError, StaleCase
from .redress import Redress
from .retry_rules import RetryRules
from .webhook_message import BadSignature, WebhookMessage, verify

__all__ = [
    "BadSignature",
    "CaseHandle",
    "FileToSend",
    "NotOffered",
    "ProblemRaised",
    "Redress",
    "RedressError",
    "RetryRules",
    "StaleCase",
    "WebhookMessage",
    "verify",
]
