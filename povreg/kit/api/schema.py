"""The OpenAPI description: every operation names its error answers; input says that unknown names are refused."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension

from povreg.kit.api.fields import Shaped

ERRORS = {
    "400": "格式不对：与本说明不符，fields 写明哪一项",
    "401": "未登录，或令牌无效",
    "403": "没有权限",
    "404": "没有，或不在范围内",
    "405": "不支持的方法",
    "409": "与已有的记录冲突，或现在的状态不能这样办",
    "412": "If-Match 所说的内容已经变化",
    "415": "内容的类型不对",
    "422": "内容合乎格式，但违反规则，或有提示要确认：fields 写明哪一项",
    "429": "请求太频繁",
    "500": "意外错误",
}
WRITES = ("409", "412", "415")
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


class ShapedSchema(OpenApiSerializerFieldExtension):
    """Fields that say their own shape."""

    target_class = Shaped
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        shape: dict[str, Any] = self.target.shape()
        return shape


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
            for each in schema.get("properties", {}).values():
                take_back_blank(each)
    return result


BLANK = {"type": "string", "maxLength": 0}


def take_back_blank(schema: dict[str, Any]) -> None:
    """The generator offers a blank beside every pattern; ours say themselves whether blank is taken, and "one of" two
    that both hold would be none."""
    if schema.get("oneOf", [])[1:] == [BLANK]:
        schema.update(schema.pop("oneOf")[0])


def add_errors(method: str, operation: dict[str, Any]) -> None:
    for status in ERRORS:
        if status in WRITES and method == "get":
            continue
        operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Error{status}"})
