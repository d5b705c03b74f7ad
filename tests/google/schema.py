"""From a request or a reply to what Google's own description of its interface objects to in it.

The description is ``sheets.v4.json``, as google-api-python-client ships it. Unlike the service,
which drops what it does not know, this refuses unknown fields; null is allowed everywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import googleapiclient.discovery_cache

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "object": (dict,),
    "array": (list,),
}
_TOKEN = re.compile(r"[A-Za-z0-9_*]+|[(),./]")

Json: TypeAlias = Any
"""Whatever JSON may hold: it is the schema that checks it, not its type."""

Mask: TypeAlias = "dict[str, Mask]"
"""A field mask as a tree: the fields asked for, each with the fields asked for within."""


class SchemaError(AssertionError):
    """Something was sent or answered that is not part of Google's interface."""


class Method(NamedTuple):
    """One method of the interface: how it is called, and the schemas of its two sides."""

    name: str
    verb: str
    path: re.Pattern[str]
    parameters: Mapping[str, Mapping[str, Json]]
    request: str | None
    reply: str
    scopes: frozenset[str]


@cache
def description() -> Mapping[str, Json]:
    """Google's description of the Sheets interface."""
    folder = Path(googleapiclient.discovery_cache.__file__).parent
    found: Mapping[str, Json] = json.loads((folder / "documents/sheets.v4.json").read_text("utf-8"))
    return found


@cache
def methods() -> tuple[Method, ...]:
    """All methods of the interface, those with the longer paths first."""
    found = sorted(
        _methods("", description()), key=lambda method: len(method.path.pattern), reverse=True
    )
    return tuple(found)


def _methods(prefix: str, resource: Mapping[str, Json]) -> Iterator[Method]:
    for name, method in resource.get("methods", {}).items():
        yield Method(
            prefix + name,
            method["httpMethod"],
            re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/:]+)", method["flatPath"]) + "$"),
            {**description()["parameters"], **method.get("parameters", {})},
            method.get("request", {}).get("$ref"),
            method["response"]["$ref"],
            frozenset(scope.rpartition("/")[2] for scope in method["scopes"]),
        )
    for name, inner in resource.get("resources", {}).items():
        yield from _methods(f"{prefix}{name}.", inner)


def find_method(verb: str, path: str) -> tuple[Method, Mapping[str, str]]:
    """The method behind a call, and the parts of its path."""
    for method in methods():
        match = method.path.match(path.lstrip("/"))
        if match and method.verb == verb:
            return method, match.groupdict()
    message = f"no method {verb} {path}"
    raise SchemaError(message)


def check_query(method: Method, query: Mapping[str, list[str]]) -> None:
    """Refuse query parameters that the method does not know, and values that are not theirs."""
    for name, values in query.items():
        parameter = method.parameters.get(name)
        if parameter is None:
            message = f"{method.name}: unknown parameter {name}"
            raise SchemaError(message)
        allowed = parameter.get("enum")
        if allowed and not set(values) <= set(allowed):
            message = f"{method.name}: {name} cannot be {values}"
            raise SchemaError(message)


def check(schema: str, value: Json) -> None:
    """Refuse a value that is not of the schema."""
    _check({"$ref": schema}, value, schema)


def _check(schema: Mapping[str, Json], value: Json, where: str) -> None:
    if value is None:
        return
    if "$ref" in schema:
        schema = description()["schemas"][schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "any":
        return
    fits = isinstance(value, _TYPES[kind]) and (kind == "boolean" or type(value) is not bool)
    if not fits:
        message = f"{where}: {value!r:.80} is no {kind}"
        raise SchemaError(message)
    if kind == "string" and value not in schema.get("enum", (value,)):
        message = f"{where}: {value!r} is none of {schema['enum']}"
        raise SchemaError(message)
    if kind == "array":
        _check_items(schema["items"], value, where)
    elif kind == "object":
        _check_fields(schema, value, where)


def _check_items(schema: Mapping[str, Json], values: list[Json], where: str) -> None:
    if schema.get("type") == "any":
        return
    for position, value in enumerate(values):
        _check(schema, value, f"{where}[{position}]")


def _check_fields(schema: Mapping[str, Json], value: Mapping[str, Json], where: str) -> None:
    fields = schema.get("properties", {})
    others = schema.get("additionalProperties")
    for name, inner in value.items():
        if name in fields:
            _check(fields[name], inner, f"{where}.{name}")
        elif others is None:
            message = f"{where}: unknown field {name}"
            raise SchemaError(message)
        else:
            _check(others, inner, f"{where}.{name}")


def parse_mask(text: str, schema: str) -> Mask:
    """A field mask such as ``a,b(c,d.e)`` as a tree; its fields must be those of the schema."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        message = f"cannot read the field mask {text}"
        raise SchemaError(message)
    mask = _parse_fields(tokens)
    if tokens:
        message = f"the field mask {text} goes on after its end: {tokens}"
        raise SchemaError(message)
    _check_mask(mask, {"$ref": schema}, schema)
    return mask


def _parse_fields(tokens: list[str]) -> Mask:
    mask: Mask = {}
    while tokens:
        inner = mask.setdefault(tokens.pop(0), {})
        while tokens and tokens[0] in "./":
            tokens.pop(0)
            inner = inner.setdefault(tokens.pop(0), {})
        if tokens and tokens[0] == "(":
            tokens.pop(0)
            inner.update(_parse_fields(tokens))
            tokens.pop(0)
        if not tokens or tokens[0] == ")":
            break
        tokens.pop(0)
    return mask


def _check_mask(mask: Mask, schema: Mapping[str, Json], where: str) -> None:
    if not mask or "*" in mask:
        return
    while "$ref" in schema or schema.get("type") == "array":
        schema = description()["schemas"][schema["$ref"]] if "$ref" in schema else schema["items"]
    for name, inner in mask.items():
        if name not in schema.get("properties", {}):
            message = f"field mask: {where} has no {name}"
            raise SchemaError(message)
        _check_mask(inner, schema["properties"][name], f"{where}.{name}")


def apply_mask(mask: Mask, value: Json) -> Json:
    """What the mask leaves of a reply. Objects that it empties go, as Google's do."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [apply_mask(mask, item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: apply_mask(inner, value[name]) for name, inner in mask.items() if name in value}
    return {name: inner for name, inner in kept.items() if inner != {} or value[name] == {}}
