"""From credentials to a session that signs each call, and speaks to no other host than it must."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import requests
from google.auth.exceptions import TransportError
from google.auth.transport.requests import AuthorizedSession, Request

if TYPE_CHECKING:
    from google.auth.credentials import Credentials


class SignIn(Request):
    """Fetches access tokens. With an endpoint of one's own, from that host alone."""

    def __init__(self, endpoint: str | None) -> None:
        """Open no connection yet."""
        session = requests.Session()
        session.trust_env = endpoint is None
        super().__init__(session)
        self._host = urlsplit(endpoint).hostname if endpoint else None

    def __call__(self, url: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as google-auth has it
        """One request to the token endpoint."""
        host = urlsplit(url).hostname
        if self._host is not None and host != self._host:
            message = f"the key's token address {host} is not where the sheets are"
            raise TransportError(message)
        return super().__call__(url, *args, **kwargs)  # type: ignore[no-untyped-call]  # as google-auth has it

    def __deepcopy__(self, memo: object) -> NoReturn:
        """Refuse, so that google-auth does not look up regional boundaries on the side.

        It does so in a thread of its own with a copy of this, asking a host that firewalls do
        not expect; without the answer everything works.
        """
        message = "connections are not copied"
        raise TypeError(message)


class SignedSession(AuthorizedSession):
    """A session that signs its calls; closing it closes the connection for tokens too."""

    def __init__(self, credentials: Credentials, endpoint: str | None) -> None:
        """Open no connection yet."""
        self._sign_in = SignIn(endpoint)
        super().__init__(credentials, auth_request=self._sign_in)  # type: ignore[no-untyped-call]  # as google-auth has it
        self.trust_env = endpoint is None

    def sign_in(self, timeout: float) -> None:
        """Fetch an access token unless there is a good one."""
        if not self.credentials.valid:
            self.credentials.refresh(partial(self._sign_in, timeout=timeout))

    def close(self) -> None:
        """Close all connections."""
        self._sign_in.session.close()
        super().close()  # type: ignore[no-untyped-call]  # as google-auth has it
