"""A small OpenID provider on loopback, real HTTP, that can be told to do one thing wrong."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Form
from fastapi.params import Depends
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.api.access.accounts import Clock

CLIENT, SECRET = "zhiban", "s3cret+/="
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})


class LocalProvider:
    """Signs in whoever comes as ``person``; ``claims``, ``sign`` and the rest can be spoiled."""

    def __init__(self) -> None:
        self.issuer = ""
        self.reset(Clock())

    def reset(self, clock: Clock) -> None:
        """Do everything right again, by this clock."""
        self.clock = clock
        self.person: dict[str, Any] = {"preferred_username": "east"}
        self.spoil: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = signed_by(RSA, "RS256")
        self.keys: list[Any] = [RSA, EC]
        self.metadata: dict[str, Any] = {}
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def app(self) -> FastAPI:
        app = FastAPI()
        app.add_api_route("/.well-known/openid-configuration", self.describe)
        app.add_api_route("/keys", self.jwks)
        app.add_api_route("/authorize", self.authorize)
        app.add_api_route("/token", self.token, methods=["POST"])
        return app

    def describe(self) -> dict[str, Any]:
        self.asked.append("metadata")
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
        found = {name: f"{self.issuer}/{path}" for name, path in paths.items()}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **found} | self.metadata

    def jwks(self) -> dict[str, Any]:
        self.asked.append("keys")
        public = [key.as_dict(private=False) for key in self.keys]
        return {"keys": [{"kty": "AKP", "kid": "unknown"}, *public]}

    def authorize(  # noqa: PLR0917 - the parameters of the standard
        self,
        response_type: str,
        client_id: str,
        redirect_uri: str,
        scope: str,
        state: str,
        nonce: str,
        code_challenge: str,
        code_challenge_method: str,
    ) -> RedirectResponse:
        assert (response_type, client_id, code_challenge_method) == ("code", CLIENT, "S256")
        assert "openid" in scope.split()
        code = secrets.token_urlsafe()
        self._codes[code] = {"nonce": nonce, "challenge": code_challenge, "uri": redirect_uri}
        return RedirectResponse(f"{redirect_uri}?code={code}&state={state}&iss={self.issuer}")

    def token(
        self,
        grant_type: Annotated[str, Form()],
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        client: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())],
    ) -> JSONResponse:
        kept = self._codes.pop(code, None)
        is_right = (
            grant_type == "authorization_code"
            and (client.username, client.password) == (CLIENT, SECRET)
            and kept is not None
            and kept["uri"] == redirect_uri
            and create_s256_code_challenge(code_verifier) == kept["challenge"]
        )
        if not is_right:
            return JSONResponse({"error": "invalid_grant"}, 400)
        assert kept is not None
        now = int(self.clock().timestamp())
        claims = {"iss": self.issuer, "sub": "s-1", "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": kept["nonce"], **self.person} | self.spoil
        claims = {name: value for name, value in claims.items() if value is not None}
        answer = {"access_token": "at", "token_type": "Bearer", "id_token": self.sign(claims)}
        return JSONResponse(answer)


def signed_by(key: Any, algorithm: str, kid: str | None = None) -> Callable[[dict[str, Any]], str]:
    def sign(claims: dict[str, Any]) -> str:
        header = {"alg": algorithm, "kid": kid or key.kid}
        return jwt.encode(header, claims, key, [algorithm])

    return sign


@contextmanager
def running(provider: LocalProvider) -> Iterator[LocalProvider]:
    """Serve the provider on a free port of loopback."""
    config = uvicorn.Config(provider.app(), port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.issuer = f"http://127.0.0.1:{port}"
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join()
