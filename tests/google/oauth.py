"""From a signed assertion to an access token, checked as Google's token endpoint checks it."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.google.schema import Json

AUDIENCE = "https://oauth2.googleapis.com/token"
"""Whom an assertion must be made out to, wherever it is sent."""
BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
SKEW = 600
TIMEFRAME = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
    " Check your iat and exp values in the JWT claim."
)


class Grant(NamedTuple):
    """What an access token is good for."""

    account: str
    scopes: frozenset[str]
    until: float


class DeniedError(Exception):
    """A token that is not given: the error's code word and sentence."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        """Keep what the reply says."""
        super().__init__(description)
        self.body = {"error": error, "error_description": description}
        self.status = status


@cache
def private_key(number: int = 0) -> rsa.RSAPrivateKey:
    """A key pair, the same one for the same number."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    """A private key as it stands in a key file."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@dataclass
class Account:
    """A service account as Google knows it; ``key`` is None once its key has been revoked."""

    email: str
    project: str = "123456789012"
    key: rsa.RSAPrivateKey | None = field(default_factory=private_key)

    def key_file(self, token_uri: str) -> dict[str, str]:
        """The content of the key file that Google hands out for the account."""
        return {
            "type": "service_account",
            "project_id": "partners-example",
            "private_key_id": "1",
            "private_key": pem(private_key()),
            "client_email": self.email,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }


@dataclass
class TokenOffice:
    """Gives out access tokens and knows which are good; ``clock`` is Google's own."""

    accounts: dict[str, Account] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    requests: int = 0
    denial: DeniedError | None = None

    def answer(self, form: Mapping[str, str]) -> dict[str, Json]:
        """The reply to a request for a token; raises DeniedError."""
        self.requests += 1
        if self.denial is not None:
            raise self.denial
        if form["grant_type"] == BEARER:
            account, scopes = self._check_assertion(form["assertion"])
        elif form["grant_type"] == EXCHANGE:
            account, scopes = form["subject_token"], frozenset(form["scope"].split())
        else:
            account, scopes = form["refresh_token"], frozenset(form.get("scope", "").split())
        return self._grant(account, scopes)

    def _grant(self, account: str, scopes: frozenset[str]) -> dict[str, Json]:
        token = f"ya29.example-{self.requests}"
        self.grants[token] = Grant(account, scopes, self.clock() + 3600)
        kind = "urn:ietf:params:oauth:token-type:access_token"
        reply = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        return {**reply, "issued_token_type": kind}

    def _check_assertion(self, assertion: str) -> tuple[str, frozenset[str]]:
        head, claims, signature = assertion.split(".")
        if json.loads(_decode(head)).get("alg") != "RS256":
            raise DeniedError("invalid_grant", "Invalid JWT: the algorithm must be RS256.")
        asked = json.loads(_decode(claims))
        account = self.accounts.get(asked["iss"])
        if account is None:
            raise DeniedError("invalid_grant", "Invalid grant: account not found")
        _check_signature(account, f"{head}.{claims}".encode(), _decode(signature))
        if asked["aud"] != AUDIENCE:
            raise DeniedError("invalid_grant", f"Failed audience check: {AUDIENCE} is right.")
        now = self.clock()
        if not (now - SKEW < asked["exp"] and asked["iat"] < now + SKEW):
            raise DeniedError("invalid_grant", TIMEFRAME)
        if not asked.get("scope"):
            message = "Invalid OAuth scope or ID token audience provided."
            raise DeniedError("invalid_scope", message)
        return account.email, frozenset(asked["scope"].split())


def _check_signature(account: Account, message: bytes, signature: bytes) -> None:
    invalid = DeniedError("invalid_grant", "Invalid JWT Signature.")
    if account.key is None:
        raise invalid
    try:
        public = account.key.public_key()
        public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise invalid from None


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
