"""Ask an address that a stranger chose, without reaching into our own network.

Server-side request forgery: an address may be spelt in many ways, its name may resolve to
an inner address, at the second look-up only (DNS rebinding), or the answer may redirect
there. So each hop is resolved once, every address it has is checked, and the connection is
made to the checked address; certificate and Host keep the name.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from socket import SOCK_STREAM
from typing import Any, NamedTuple, TypeVar

import httpx

from models.issues import InputError, Issue
from models.messages import issue

# httpx logs whole addresses; that of a private calendar is its password.
logging.getLogger("httpx").setLevel(logging.WARNING)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"https": 443, "http": 80}
_TUNNELS = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host (name, port)."""


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What may be fetched. Nothing is, until hosts are allowed.

    ``hosts`` are names, ``.example.cn`` for all names below, with ``:port`` where it is not the
    usual one. ``networks`` (``10.2.0.0/16``) may be reached though they are not public, for a
    calendar server of the office. ``redirects`` counts hops after the first; ``seconds`` is for
    everything together. ``ssl_context`` replaces the public authorities by the office's own.
    """

    hosts: tuple[str, ...] = ()
    is_http_allowed: bool = False
    networks: tuple[str, ...] = ()
    redirects: int = 3
    seconds: float = 10.0
    most_bytes: int = 2 * 2**20
    ssl_context: ssl.SSLContext | None = None


class UnheardError(InputError):
    """What was asked may have been heard, but no answer came."""


class Answered(NamedTuple):
    """What is answered to something posted."""

    status: int
    content: bytes


class _Sending(NamedTuple):
    method: str
    content: bytes | None
    headers: Mapping[str, str]


_T = TypeVar("_T")
_Read = Callable[[httpx.Response, str, int], Awaitable[_T]]
"""Reads an answer of an address, at most so many bytes."""
_GET = _Sending("GET", None, {})


async def resolve_host(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, as the system resolves it."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def fetch(address: str, policy: FetchPolicy, resolve: Resolve = resolve_host) -> bytes:
    """Return the content at ``address``; call it outside of an event loop.

    Raises
    ------
    InputError
        With one Issue: the address is not allowed, leads to a place that is not public, does
        not answer in time, or answers with too much or something else than success.
    """
    return _run(_within(address, policy, resolve), address)


def post(
    address: str,
    policy: FetchPolicy,
    content: bytes,
    headers: Mapping[str, str],
    resolve: Resolve = resolve_host,
) -> Answered:
    """Post something to ``address`` and return what is answered; no redirect is followed.

    Raises
    ------
    UnheardError
        It was sent, and no answer came.
    InputError
        See ``fetch``; a status that is no success is an answer here.
    """

    async def ask() -> Answered:
        async with asyncio.timeout(policy.seconds):
            url = httpx.URL(address)
            posted = _Sending("POST", content, headers)
            return await _hop(url, policy, resolve, posted, _answered)

    return _run(ask(), address)


def _run(asking: Coroutine[Any, Any, _T], address: str) -> _T:
    try:
        return asyncio.run(asking)
    except (TimeoutError, httpx.ReadTimeout):
        raise UnheardError([_issue("fetch_timeout", address)]) from None
    except httpx.TimeoutException:
        raise InputError([_issue("fetch_timeout", address)]) from None
    except (httpx.ReadError, httpx.RemoteProtocolError):
        raise UnheardError([_issue("fetch_failed", address)]) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError):
        raise InputError([_issue("fetch_failed", address)]) from None


def is_public(address: str, networks: Sequence[str] = ()) -> bool:
    """Return whether an IP address is one of the public Internet, or lies in ``networks``.

    Addresses that carry another one inside (IPv4-mapped, 6to4, Teredo, NAT64) are not.
    """
    found = ipaddress.ip_address(address)
    allowed = [ipaddress.ip_network(network) for network in networks]
    if any(found in network for network in allowed if network.version == found.version):
        return True
    if isinstance(found, ipaddress.IPv6Address):
        is_tunnel = any(found in network for network in _TUNNELS)
        if found.ipv4_mapped is not None or is_tunnel or found.is_site_local:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


async def _within(address: str, policy: FetchPolicy, resolve: Resolve) -> bytes:
    async with asyncio.timeout(policy.seconds):
        url = httpx.URL(address)
        for _ in range(policy.redirects + 1):
            found = await _hop(url, policy, resolve, _GET, _found)
            if isinstance(found, bytes):
                return found
            url = url.join(found)
    raise InputError([_issue("fetch_redirects", address)])


async def _hop(
    url: httpx.URL, policy: FetchPolicy, resolve: Resolve, request: _Sending, read: _Read[_T]
) -> _T:
    """Return what is read from the answer of ``url`` itself."""
    port = _allowed_port(url, policy)
    addresses = await resolve(url.host, port)
    if not addresses or not all(is_public(found, policy.networks) for found in addresses):
        raise InputError([_issue("fetch_address", str(url))])
    failure: httpx.TransportError = httpx.ConnectError("no address")
    for found in addresses:
        try:
            return await _ask(url, found, port, policy, request, read)
        except httpx.ConnectError as error:  # a host may have addresses that we do not reach
            failure = error
    raise failure


async def _ask(
    url: httpx.URL,
    address: str,
    port: int,
    policy: FetchPolicy,
    request: _Sending,
    read: _Read[_T],
) -> _T:
    """Return the answer of the server at ``address``, addressed as the host of ``url``."""
    verify = policy.ssl_context or True
    # A client for each hop: a kept connection was verified for another name.
    async with httpx.AsyncClient(verify=verify, trust_env=False, timeout=policy.seconds) as client:
        own = {"Host": url.netloc.decode("ascii"), "Accept-Encoding": "identity"}
        built = client.build_request(
            request.method,
            url.copy_with(host=address, port=port, fragment=None),
            content=request.content,
            headers={**request.headers, **own},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await client.send(built, stream=True)
        try:
            return await read(response, str(url), policy.most_bytes)
        finally:
            await response.aclose()


async def _found(response: httpx.Response, address: str, most_bytes: int) -> bytes | str:
    """Return the content, or where the answer redirects to."""
    if response.status_code in _REDIRECTS and "location" in response.headers:
        return response.headers["location"]
    if response.status_code != 200:
        raise InputError([_issue("fetch_status", address)])
    return await _body(response, address, most_bytes)


async def _answered(response: httpx.Response, address: str, most_bytes: int) -> Answered:
    return Answered(response.status_code, await _body(response, address, most_bytes))


def _allowed_port(url: httpx.URL, policy: FetchPolicy) -> int:
    """Return the port of an address that the policy allows."""
    if url.scheme not in _PORTS or (url.scheme == "http" and not policy.is_http_allowed):
        raise InputError([_issue("fetch_scheme", str(url))])
    if url.userinfo:
        raise InputError([_issue("fetch_credentials", str(url))])
    port = url.port or _PORTS[url.scheme]
    host = url.host.lower().rstrip(".")
    name = host if port == _PORTS[url.scheme] else f"{host}:{port}"
    if not host or not any(_matches(name, entry.lower()) for entry in policy.hosts):
        raise InputError([_issue("fetch_host", str(url))])
    return port


def _matches(name: str, entry: str) -> bool:
    return name == entry or (entry.startswith(".") and name.endswith(entry))


async def _body(response: httpx.Response, address: str, most_bytes: int) -> bytes:
    """Return the answer's content, counted as it comes: what it says of its length may be untrue."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise InputError([_issue("fetch_encoding", address)])
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > most_bytes:
            raise InputError([_issue("fetch_size", address)])
    return bytes(content)


def _issue(code: str, address: str) -> Issue:
    """Return the issue; it names the host only, since the rest of the address is a secret."""
    try:
        host = httpx.URL(address).host
    except httpx.InvalidURL:
        host = ""
    return issue(code, value=host)
