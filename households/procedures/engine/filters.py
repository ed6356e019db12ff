"""What lists of procedures can be narrowed by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters

from povreg.kit.api.filters import described


class KindChoice(django_filters.ChoiceFilter):
    """A kind of procedure; the choices are asked for when they are shown, as some are rows."""

    def __init__(self, *args: Any, choices: Callable[[], list[tuple[str, str]]], **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "全部")
        super().__init__(*args, choices=choices, **kwargs)
        self.extra["error_messages"] = {"invalid_choice": "没有这个选项，请对照接口说明。"}
        described(self, {"type": "string", "maxLength": 20, "pattern": "^[a-z0-9_-]+$"})
