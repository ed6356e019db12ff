"""The OpenAPI description: every operation names its error answers; input says that unknown names are refused."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import append_meta

from povreg.kit.api.fields import Amount, Number, amount_schema

ERRORS = {
    "400": "内容有误：fields 写明哪一项",
    "401": "未登录，或令牌无效",
    "403": "没有权限",
    "404": "没有，或不在范围内",
    "405": "不支持的方法",
    "409": "与已有的记录冲突",
    "415": "不是 JSON",
    "429": "请求太频繁",
    "500": "意外错误",
}
WRITES = ("409", "415")
ERROR = {
    "type": "object",
    "required": ["code", "message", "fields"],
    "properties": {
        "code": {"type": "string", "description": "机器读的种类"},
        "message": {"type": "string", "description": "给人看的话"},
        "fields": {
            "type": "object",
            "description": "各项的提示。code 为 conflict 时是前后的值，为 unconfirmed 时带确认编号。",
            "additionalProperties": {
                "oneOf": [
                    {"type": "array", "items": {"type": "string"}},
                    {"$ref": "#/components/schemas/Clash"},
                    {"type": "array", "items": {"$ref": "#/components/schemas/Warning"}, "minItems": 1},
                ]
            },
        },
    },
    "additionalProperties": False,
}
CLASH = {
    "type": "object",
    "required": ["label", "seen", "stored", "typed"],
    "description": "读取之后别人改动过的一项：当时的值、现在的值、提交的值",
    "properties": {name: {"type": "string"} for name in ("label", "seen", "stored", "typed")},
    "additionalProperties": False,
}
WARNING = {
    "type": "object",
    "required": ["key", "message"],
    "description": "要确认的提示：把 key 放进 confirmed 再提交一次",
    "properties": {"key": {"type": "string"}, "message": {"type": "string"}},
    "additionalProperties": False,
}


class AmountSchema(OpenApiSerializerFieldExtension):
    target_class = Amount
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return append_meta(amount_schema(self.target), {})


class NumberSchema(OpenApiSerializerFieldExtension):
    target_class = Number
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[^*]*$", "maxLength": self.target.max_length, "description": "完整号码"}


def with_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: error answers on every operation, closed request bodies."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(Error=ERROR, Clash=CLASH, Warning=WARNING)
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    components["responses"] = {
        f"Error{status}": {"description": said, "content": content} for status, said in ERRORS.items()
    }
    for path in result["paths"].values():
        for method, operation in path.items():
            add_errors(method, operation)
    for name, schema in components["schemas"].items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False
    return result


def add_errors(method: str, operation: dict[str, Any]) -> None:
    for status in ERRORS:
        if status in WRITES and method == "get":
            continue
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Error{status}"})
