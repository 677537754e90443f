"""Requests made from the service's own OpenAPI document, so that a new route is asked by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

HEADERS = {"if-match": '"999"'}
"""Sent where a route knows them; a version that nothing has, so that nothing is changed."""


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    content: Json
    document: Json

    @property
    def id(self) -> str:
        return f"{self.method} {self.path}"

    def names(self, where: str) -> dict[str, tuple[Json, bool]]:
        """Return schema, and whether it must be given, of each parameter in path, query or body."""
        if where == "body":
            schema = self._body[1]
            needed = schema.get("required", ())
            return {name: (part, name in needed) for name, part in self._properties(schema)}
        return {
            one["name"]: (one["schema"], one.get("required", False))
            for one in self.content.get("parameters", ())
            if one["in"] == where
        }

    def request(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is sent: everything that ``values`` name, and what must be there besides."""
        path = self.path.removeprefix("/api/v1")
        for name, (schema, _) in self.names("path").items():
            path = path.replace(f"{{{name}}}", str(values.get(name, self._least(schema))))
        known = self.names("header")
        sent: dict[str, Any] = {
            "method": self.method,
            "path": path,
            "params": self._filled("query", values),
            "headers": {name: text for name, text in HEADERS.items() if name in known},
        }
        kind, _ = self._body
        if kind == "multipart/form-data":
            sent["files"] = {"file": values.get("file", ("data.json", b"{}"))}
        elif kind:
            sent["json"] = self._filled("body", values)
        return sent

    def _filled(self, where: str, values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: values[name] if name in values else self._least(schema)
            for name, (schema, is_needed) in self.names(where).items()
            if name in values or is_needed
        }

    @property
    def _body(self) -> tuple[str, Json]:
        content = self.content.get("requestBody", {}).get("content", {})
        for kind, body in content.items():
            return kind, self.whole(body["schema"])
        return "", {}

    def _properties(self, schema: Json) -> Iterator[tuple[str, Json]]:
        yield from ((name, self.whole(part)) for name, part in schema.get("properties", {}).items())

    def whole(self, schema: Json) -> Json:
        """Return a schema without a reference, and of several the first that is not null."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.whole(self.document["components"]["schemas"][name])
        if "anyOf" in schema:
            return self.whole(next(one for one in schema["anyOf"] if one.get("type") != "null"))
        return schema

    def _least(self, schema: Json) -> Any:
        """Return the least value that a schema allows, as far as it can be told."""
        schema = self.whole(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("format") == "date":
            return "2026-12-01"
        if schema.get("type") in ("integer", "number"):
            return schema.get("minimum", 1)
        least: dict[str, Any] = {"boolean": False, "array": [], "object": {}}
        return least.get(schema.get("type", ""), "x" * schema.get("minLength", 1))


def operations(document: Json) -> list[Operation]:
    return [
        Operation(method.upper(), path, content, document)
        for path, item in document["paths"].items()
        for method, content in item.items()
    ]
