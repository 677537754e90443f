"""Sign-in through an office's own provider: OpenID Connect, authorization code with PKCE.

Source: OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE); RFC 9207 (``iss`` in the answer).
A provider proves who somebody is; it never creates an account.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.security import is_secure_transport  # type: ignore[import-untyped]
from authlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, import_key

from api.access.accounts import Accounts, Clock, fold_name
from api.access.denied import ProviderSilentError, SignInFailedError
from api.access.tokens import hash_token, is_same, new_token
from models.store.database.clock import now
from models.store.tables.access_tables import Handshake, User

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures accepted; none of them can be made with what is public."""
_KEY_TYPES = ("RSA", "EC", "OKP")
HANDSHAKE_LIFE = dt.timedelta(minutes=10)
"""How long somebody may take at the provider."""
LEEWAY_S = 30
"""Clocks may differ by so many seconds."""
KEYS_REST = dt.timedelta(minutes=1)
"""Keys are fetched again for an unknown key id, but not more often."""

log = logging.getLogger("zhiban.access")


@dataclass(frozen=True)
class ProviderSettings:
    """What an office enters about its provider.

    Parameters
    ----------
    issuer
        The provider's address, as its ID tokens say it; https, or http on loopback.
    redirect_uri
        Our callback, as registered with the provider.
    claim
        The claim of the ID token that holds the user name of an existing account. For
        ``email`` the provider must say that it has verified it.
    """

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    claim: str = "preferred_username"
    scope: str = "openid profile"


class _Client(OAuth2Client):  # type: ignore[misc]
    """authlib's client over httpx; its own adapter asks for another library and warns."""

    def _fetch_token(
        self, url: str, body: str, auth: Any, method: str, headers: dict[str, str]
    ) -> Any:
        url, headers, body = auth.prepare(method, url, dict(headers), body)
        return self.parse_response_token(self.session.post(url, content=body, headers=headers))


class Provider:
    """One office's provider: ``begin`` sends a browser there, ``finish`` takes its answer."""

    def __init__(
        self,
        settings: ProviderSettings,
        accounts: Accounts,
        http: httpx.Client | None = None,
        clock: Clock = now,
    ) -> None:
        """Keep the settings; the provider is first asked when somebody signs in."""
        self.settings = settings
        self._accounts = accounts
        self._http = http or httpx.Client(timeout=10)
        self._clock = clock
        self._lock = threading.Lock()
        self._metadata: dict[str, Any] | None = None
        self._keys = KeySet([])
        self._keys_at: dt.datetime | None = None

    def begin(self, target: str = "/") -> tuple[str, str]:
        """Return where to send the browser, and the state that its cookie must hold.

        Parameters
        ----------
        target
            Where the user wants to go afterwards; only a path of ours is kept.

        Raises
        ------
        ProviderSilentError
            When the provider does not answer as one.
        """
        state, nonce, verifier = new_token(), new_token(), new_token()
        made = Handshake(
            state_hash=hash_token(state),
            nonce=nonce,
            verifier=verifier,
            target=local_path(target),
            opened_at=self._clock(),
        )
        url, _ = self._client().create_authorization_url(
            self._about()["authorization_endpoint"], state, verifier, nonce=nonce
        )
        self._accounts.put_handshake(made)
        return str(url), state

    def finish(
        self, code: str, state: str, cookie: str | None, issuer: str | None = None
    ) -> tuple[User, str]:
        """Return the account that the provider vouches for, and where to go.

        Parameters
        ----------
        code, state, issuer
            What the provider's answer carries; ``issuer`` is its ``iss``, if any.
        cookie
            The state in the cookie of this browser.

        Raises
        ------
        SignInFailedError
            Without saying why; the log does.
        ProviderSilentError
            When the provider does not answer as one.
        """
        handshake = self._accounts.take_handshake(hash_token(state))
        if handshake is None or not is_same(state, cookie or ""):
            raise self._refused("state unknown, used before, or of another browser")
        if not code:
            raise self._refused("no code: the provider or the user declined")
        if self._clock() - handshake.opened_at > HANDSHAKE_LIFE:
            raise self._refused("took too long")
        if issuer is not None and issuer != self.settings.issuer:
            raise self._refused("answer of another issuer")
        claims = self._claims(self._token(code, handshake.verifier), handshake.nonce)
        return self._user(claims), handshake.target

    def _token(self, code: str, verifier: str) -> dict[str, Any]:
        """Exchange the code for tokens."""
        endpoint = self._about()["token_endpoint"]
        try:
            answer = self._client().fetch_token(
                endpoint, grant_type="authorization_code", code=code, code_verifier=verifier
            )
        except OAuth2Error as error:
            raise self._refused(f"code refused: {type(error).__name__}") from None
        except (httpx.HTTPError, ValueError) as error:
            raise self._silent(error) from None
        return dict(answer)

    def _claims(self, token: dict[str, Any], nonce: str) -> dict[str, Any]:
        """Check signature, issuer, audience, times and nonce of the ID token."""
        text = token.get("id_token")
        if not isinstance(text, str):
            raise self._refused("no ID token")
        own = self.settings
        options = {
            "iss": {"essential": True, "value": own.issuer},
            "aud": {"essential": True, "value": own.client_id},
        }
        params = {
            "nonce": nonce,
            "client_id": own.client_id,
            "access_token": token.get("access_token"),
        }
        try:
            read = self._decoded(text)
            claims = CodeIDToken(read.claims, read.header, options, params)
            claims.validate(int(self._clock().timestamp()), LEEWAY_S)
        except (JoseError, ValueError) as error:
            raise self._refused(f"ID token refused: {type(error).__name__}") from None
        return dict(claims)

    def _decoded(self, text: str) -> jwt.Token:
        """Check the signature, with fresh keys where the provider has changed them."""
        try:
            return jwt.decode(text, self._known_keys(), ALGORITHMS)
        except InvalidKeyIdError:
            return jwt.decode(text, self._known_keys(is_new=True), ALGORITHMS)

    def _user(self, claims: dict[str, Any]) -> User:
        name = claims.get(self.settings.claim)
        is_verified = self.settings.claim != "email" or claims.get("email_verified") is True
        found = None
        if isinstance(name, str) and name and is_verified:
            found = self._accounts.user(fold_name(name))
        if found is None or not found.is_active:
            raise self._refused("no such account")
        return found

    def _about(self) -> dict[str, Any]:
        """Return the provider's discovery document, fetched once."""
        with self._lock:
            if self._metadata is None:
                url = get_well_known_url(self.settings.issuer, external=True)
                self._metadata = self._checked(self._get(url))
            return self._metadata

    def _checked(self, metadata: dict[str, Any]) -> dict[str, Any]:
        """Refuse a description of another issuer, or one whose traffic others can read."""
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        addresses = [str(metadata.get(name, "")) for name in needed]
        if metadata.get("issuer") != self.settings.issuer or not all(
            is_secure_transport(address) for address in addresses
        ):
            raise self._silent(ValueError("description of another issuer or without TLS"))
        return metadata

    def _known_keys(self, *, is_new: bool = False) -> KeySet:
        jwks_uri = self._about()["jwks_uri"]
        with self._lock:
            at = self._clock()
            rested = self._keys_at is None or at - self._keys_at >= KEYS_REST
            if self._keys_at is None or (is_new and rested):
                self._keys, self._keys_at = self._imported(self._get(jwks_uri)), at
            return self._keys

    def _imported(self, content: dict[str, Any]) -> KeySet:
        """Read the keys for signatures; a provider may list others that we do not know."""
        try:
            keys = [key for key in content["keys"] if key["kty"] in _KEY_TYPES]
            return KeySet([import_key(key) for key in keys if key.get("use", "sig") == "sig"])
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise self._silent(error) from None

    def _get(self, url: str) -> dict[str, Any]:
        if not is_secure_transport(url):
            raise self._silent(ValueError("address without TLS"))
        try:
            answer = self._http.get(url)
            answer.raise_for_status()
            content = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise self._silent(error) from None
        if not isinstance(content, dict):
            raise self._silent(ValueError("no JSON object"))
        return content

    def _client(self) -> _Client:
        own = self.settings
        return _Client(
            self._http,
            client_id=own.client_id,
            client_secret=own.client_secret,
            scope=own.scope,
            redirect_uri=own.redirect_uri,
            code_challenge_method="S256",
        )

    def _refused(self, why: str) -> SignInFailedError:
        log.warning("sign-in by %s refused: %s", self.settings.issuer, why)
        return SignInFailedError()

    def _silent(self, error: Exception) -> ProviderSilentError:
        log.error("provider %s: %s", self.settings.issuer, type(error).__name__)
        return ProviderSilentError()


def local_path(target: str) -> str:
    """Return ``target`` if it is a path of ours, else ``/``: sign-in never leads off-site."""
    is_local = target.startswith("/") and target.isprintable() and "\\" not in target
    return target if is_local and not target.startswith("//") else "/"
