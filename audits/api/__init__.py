"""What auditors work with, in the API: thin views over the verbs and selectors that the pages use."""

from typing import Any

RESOURCES: dict[str, Any] = {}
