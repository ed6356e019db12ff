"""OpenAPI links: which request follows from which answer, so that a client (and a test) walks from row to row.

They are derived from the description itself. An answer that holds rows of a resource leads to everything that is asked
of one of them; an answer that names a row of another resource leads there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
KEYS = ("id", "code")
"""What addresses of rows call their row."""
NAMES = {"household": "households", "job": "jobs", "batch": "batches", "user": "accounts", "unit": "units"}
"""Names in answers and of filters, and the resource whose row they name."""


@dataclass(frozen=True)
class Held:
    """Where an answer holds a row's fields: ``at`` leads to the row (the first one of a list)."""

    at: str
    fields: Json

    def expression(self, field: str) -> str:
        return f"$response.body#{self.at}/{field}"


def with_links(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """Postprocessing hook: links on every successful answer."""
    found = Description(result)
    for path, method, operation in found.operations():
        for status, answer in operation["responses"].items():
            if status.startswith("2") and (links := found.links(path, method, answer)):
                answer["links"] = links
    return result


class Description:
    def __init__(self, result: Json) -> None:
        self.paths: Json = result["paths"]
        self.schemas: Json = result["components"]["schemas"]

    def operations(self) -> Iterator[tuple[str, str, Json]]:
        for path, methods in self.paths.items():
            for method, operation in methods.items():
                yield path, method, operation

    def links(self, path: str, method: str, answer: Json) -> Json:
        """What follows from the answer of an operation."""
        links: Json = {}
        for held in self.held(answer):
            if path.count("{") == 0 or (method == "get" and path.endswith("}/")):
                links |= self.of_row(path, held)
            if method == "get" and path.count("{") == 1 and "id" in held.fields:
                links |= self.of_part(path, held)
            for name, resource in NAMES.items():
                if names_a_row(held.fields.get(name, {})):
                    links |= self.to_row(resource, held.expression(name))
        links.pop(self.paths[path][method]["operationId"], None)
        return links

    def held(self, answer: Json) -> Iterator[Held]:
        """The rows of an answer: itself, one of its parts, or the first of a list."""
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        yield from self._held("", schema)

    def _held(self, at: str, schema: Json, deep: int = 0) -> Iterator[Held]:
        schema = self.resolved(schema)
        if schema.get("type") == "array":
            yield from self._held(f"{at}/0", schema["items"], deep)
            return
        fields = schema.get("properties", {})
        if fields:
            yield Held(at, fields)
        for name in ("results", "account", "rules") if deep < 1 else ():
            if name in fields:
                yield from self._held(f"{at}/{name}", fields[name], deep + 1)

    def resolved(self, schema: Json) -> Json:
        if "allOf" in schema and len(schema["allOf"]) == 1:
            schema = schema["allOf"][0]
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.schemas[name] if name else schema

    def of_row(self, path: str, held: Held) -> Json:
        """Everything that is asked of one row of the resource, and lists that are narrowed to it."""
        resource = path.split("/")[3]
        links: Json = {}
        for key in KEYS:
            if key in held.fields:
                links |= self._below(f"/api/v1/{resource}/{{{key}}}/", key, held.expression(key))
                links |= self._narrowed(resource, held.expression(key))
        return links

    def _below(self, start: str, key: str, value: str) -> Json:
        found = (
            operation
            for path, _method, operation in self.operations()
            if path.startswith(start) and path.count("{") == 1
        )
        return {each["operationId"]: follows(each, key, value) for each in found}

    def of_part(self, path: str, held: Held) -> Json:
        """What is asked of one of the parts that a row holds: an entry of a list."""
        found = [
            (each[len(path) + 1 :], operation)
            for each, _, operation in self.operations()
            if each.startswith(f"{path}{{")
        ]
        return {
            operation["operationId"]: follows(
                operation, rest.partition("}")[0], held.expression("id"), id="$request.path.id"
            )
            for rest, operation in found
        }

    def _narrowed(self, resource: str, value: str) -> Json:
        names = [name for name, of in NAMES.items() if of == resource]
        return {
            operation["operationId"]: follows(operation, parameter["name"], value)
            for _path, method, operation in self.operations()
            for parameter in operation.get("parameters", [])
            if method == "get" and parameter["in"] == "query" and parameter["name"] in names
        }

    def to_row(self, resource: str, value: str) -> Json:
        operation = self.paths[f"/api/v1/{resource}/{{id}}/"]["get"]
        return {operation["operationId"]: follows(operation, "id", value)}


def names_a_row(field: Json) -> bool:
    """Whether a field always holds the id of a row."""
    return (field.get("type") == "integer" or field.get("format") == "uuid") and not field.get("nullable")


def follows(operation: Json, parameter: str, value: str, **more: str) -> Json:
    return {"operationId": operation["operationId"], "parameters": {parameter: value, **more}}
