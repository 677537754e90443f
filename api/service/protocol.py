"""HTTP of the service: uvicorn's quick parser, which alone would take headers without end."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD = 64 * 1024
"""Bytes of request line and headers; what our own clients send fits twenty times."""


class BoundedHttp(HttpToolsProtocol):
    """Refuses a request whose head grows beyond ``MOST_HEAD``, with 400 and the end of the connection.

    Only whole readings of the socket are counted in which no head and no body ends.
    """

    _is_head = True
    _is_turned = False
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Take bytes of the client."""
        self._is_turned = False
        super().data_received(data)
        if self._is_turned or not self._is_head or self.transport.is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > MOST_HEAD:
            self.send_400_response("Request head too large")

    def on_headers_complete(self) -> None:
        """Take note that the body begins."""
        self._is_head, self._is_turned = False, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Take note that the next request may begin."""
        self._is_head, self._is_turned, self._head_bytes = True, True, 0
        super().on_message_complete()
