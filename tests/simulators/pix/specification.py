"""The Central Bank's own document of the API Pix as a judge of our traffic, in both directions.

The document is not ours and stays outside the project, beside it; where it is absent the tests that need it
say so. It has a few mistakes that no right message could satisfy; they are mended here, each with its reason,
and its patterns are made to hold for whole values.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import yaml
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

PATH = Path(__file__).resolve().parents[4] / "shared" / "data" / "pix-api-openapi.yaml"

_DOCUMENT = "urn:pix"


class Broken(AssertionError):
    """Traffic that the document does not allow."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer, as they went over the wire; `path` without the provider's own prefix."""

    method: str
    path: str
    query: str
    request: bytes
    status: int
    content_type: str
    response: bytes


class Specification:
    def __init__(self, document: dict[str, Any]) -> None:
        self.document = _mended(document)
        resource = DRAFT4.create_resource(self.document)
        self._registry = Registry().with_resource(_DOCUMENT, resource)

    def check(self, exchange: Exchange) -> None:
        """Raises Broken with everything that is wrong."""
        template, operation = self._operation(exchange)
        found = self._query_errors(operation, exchange.query)
        # What the simulator refused need not have been right; what it took must have been.
        if "requestBody" in operation and exchange.status < 400:
            schema = self._deref(operation["requestBody"])["content"]["application/json"]["schema"]
            found += self._errors(schema, json.loads(exchange.request))
        found += self._answer_errors(operation, exchange)
        if found:
            raise Broken(f"{exchange.method} {template} {exchange.status}: " + "; ".join(found))

    def check_webhook(self, body: bytes) -> None:
        """Raises Broken when the call to us is not the one the document describes."""
        reference = {"$ref": "#/components/requestBodies/WebhookPixBody"}
        schema = self._deref(reference)["content"]["application/json"]["schema"]
        if found := self._errors(schema, json.loads(body)):
            raise Broken("webhook: " + "; ".join(found))

    def errors(self, schema_name: str, value: Any) -> list[str]:
        return self._errors({"$ref": f"{_DOCUMENT}#/components/schemas/{schema_name}"}, value)

    def _answer_errors(self, operation: dict[str, Any], exchange: Exchange) -> list[str]:
        if exchange.status == 401:
            # OAuth's business; the document describes no such answer.
            return []
        if exchange.status >= 400:
            kind = (
                [] if exchange.content_type.startswith("application/problem+json") else ["not a problem+json"]
            )
            return kind + self.errors("Problema", json.loads(exchange.response))
        answer = operation["responses"].get(str(exchange.status))
        if answer is None:
            return [f"status {exchange.status} is not in the document"]
        content = self._deref(answer).get("content")
        if content is None:
            return ["a body where none is expected"] if exchange.response else []
        return self._errors(content["application/json"]["schema"], json.loads(exchange.response))

    def _operation(self, exchange: Exchange) -> tuple[str, dict[str, Any]]:
        parts = exchange.path.strip("/").split("/")
        for template, operations in self.document["paths"].items():
            wanted = template.strip("/").split("/")
            fits = len(wanted) == len(parts) and wanted[0] == parts[0]
            if fits and all(w.startswith("{") or w == p for w, p in zip(wanted, parts, strict=True)):
                return template, operations[exchange.method.lower()]
        raise Broken(f"{exchange.method} {exchange.path} is not in the document")

    def _query_errors(self, operation: dict[str, Any], query: str) -> list[str]:
        declared = {each["name"]: each for each in map(self._deref, operation.get("parameters", []))}
        given = dict(parse_qsl(query))
        errors = [f"{name} is not a parameter" for name in given if name not in declared]
        errors += [
            f"{name} is missing"
            for name, each in declared.items()
            if each.get("required") and name not in given
        ]
        for name in given.keys() & declared.keys():
            schema = self._deref(declared[name]["schema"])
            value: Any = given[name]
            if schema.get("type") == "integer":
                value = int(value)
            if schema.get("type") == "boolean":
                value = {"true": True, "false": False}[value]
            errors += self._errors(schema, value)
        return errors

    def _deref(self, part: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in part:
            target: Any = self.document
            for step in part["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            part = target
        return part

    def _errors(self, schema: dict[str, Any], value: Any) -> list[str]:
        absolute = json.loads(json.dumps(schema).replace('"#/components', f'"{_DOCUMENT}#/components'))
        validator = OAS30Validator(absolute, registry=self._registry, format_checker=_FORMATS)
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(value)]


_FORMATS = FormatChecker(formats=["date"])


@_FORMATS.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@cache
def specification() -> Specification:
    """The document, mended. Raises FileNotFoundError where it is absent."""
    return Specification(yaml.safe_load(PATH.read_text(encoding="utf-8")))


def _mended(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"]["schemas"]
    _anchor_patterns(document)
    # A txid in a Pix may be that of a static code, 1 to 35; the document intersects it with 26 to 35.
    any_txid = {"type": "string", "pattern": "^[a-zA-Z0-9]{1,35}$"}
    schemas["Pix"]["properties"]["txid"] = schemas["ParametrosConsultaPix"]["properties"]["txid"] = any_txid
    for parameter in document["paths"]["/pix"]["get"]["parameters"]:
        if parameter.get("name") == "txid":
            parameter["schema"] = any_txid
    # Lists require a field `idCob` that no charge has, and `cobs` in a list of Pix.
    for name in ("CobsConsultadas", "CobsVConsultadas"):
        items = schemas[name]["properties"]["cobs"]["items"]["allOf"]
        items[1]["required"].remove("idCob")
    schemas["PixConsultados"]["required"] = ["parametros", "pix"]
    # The receiver's address is required beside `recebedor` as well as, rightly, in it.
    del schemas["DadosRecebedor"]["required"]
    # A discount by `valorPerc` satisfies both alternatives of an exclusive choice.
    schemas["CobVValor"]["properties"]["desconto"]["oneOf"][0]["required"] = ["descontoDataFixa"]
    # `tipoCob` is required of a reference to a location, which by its own text has only the id.
    schemas["PayloadLocationCob"]["required"] = ["id"]
    return document


def _anchor_patterns(part: Any) -> None:
    """Patterns hold for the whole value. Some are written between slashes and would never match anything."""
    if isinstance(part, dict):
        pattern = part.get("pattern")
        if isinstance(pattern, str):
            bare = pattern.strip("/").removeprefix("^").removesuffix("$")
            part["pattern"] = f"^(?:{bare})$"
        for value in part.values():
            _anchor_patterns(value)
    elif isinstance(part, list):
        for value in part:
            _anchor_patterns(value)
