"""Real servers that answer as a mail server and the robots of chat groups do."""

from __future__ import annotations

import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from tests.api.feeds.certificates import certificate


class Asked(NamedTuple):
    """One request to a robot."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = Callable[[Asked], tuple[int, bytes] | None]
"""Returns status and body; none closes the connection without an answer."""


class Robot:
    """An HTTPS server: what it was asked, and what it answers."""

    def __init__(self, address: str, ca: Path) -> None:
        self.address = address
        self.host = address.removeprefix("https://")
        self.ca = ca
        self.asked: list[Asked] = []
        self.answers: list[Answer] = []
        self.usual: Answer = lambda _: (200, b'{"errcode": 0, "errmsg": "ok"}')

    @property
    def texts(self) -> list[str]:
        return [str(one.json["text"]["content"]) for one in self.asked]


@contextmanager
def robot(folder: Path) -> Iterator[Robot]:
    """Run a robot on loopback; ``answers`` are given first, then the ``usual`` one."""
    file, _ = certificate("localhost", folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            one = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            found.asked.append(one)
            answer = (found.answers.pop(0) if found.answers else found.usual)(one)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    found = Robot(f"https://localhost:{server.server_address[1]}", file)
    with _running(server):
        yield found


class Post:
    """A mail server: the mails that it took, and the replies that it gives in place of the usual ones."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[tuple[str, EmailMessage]] = []
        self.commands: list[str] = []
        self.replies: dict[str, str | None] = {}
        """By command; none closes the connection."""

    @property
    def texts(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for to, mail in self.mails:
            found.setdefault(to, []).append(mail.get_content().strip())
        return found


USUAL: dict[str, str | None] = {
    "EHLO": "250-here\r\n250 AUTH PLAIN",
    "HELO": "250 here",
    "AUTH": "235 welcome",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "QUIT": "221 bye",
}


@contextmanager
def mail_server(folder: Path | None = None) -> Iterator[Post]:
    """Run a mail server on loopback, by TLS where it is given a folder for its certificate."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            to = ""
            while line := self.rfile.readline():
                command = line.decode().strip()
                found.commands.append(command)
                word = command.partition(" ")[0].upper()
                if word == "RCPT":
                    to = command.partition("<")[2].partition(">")[0]
                reply = self._take(to) if word == "DATA" else found.replies.get(word, USUAL[word])
                if reply is None:
                    return
                self._say(reply)

        def _take(self, to: str) -> str | None:
            self._say("354 go on")
            mail = b"".join(iter(self.rfile.readline, b".\r\n"))
            made = message_from_bytes(mail, policy=policy.default)
            assert isinstance(made, EmailMessage)
            found.mails.append((to, made))
            return found.replies.get(".", "250 taken")

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if folder is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate("localhost", folder)[0])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    found = Post(server.server_address[1])
    with _running(server):
        yield found


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=lambda: server.serve_forever(0.01))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
