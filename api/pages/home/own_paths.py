"""Where a page goes afterwards: only to a page of this service."""

from __future__ import annotations


def own_path(target: str) -> str:
    r"""Return ``target`` if it is a path of this service, else the first page.

    ``//host`` and ``/\\host`` lead to another host, and control characters may hide one.
    """
    is_path = target.startswith("/") and target[1:2] not in {"/", "\\"}
    return target if is_path and target.isprintable() else "/"
