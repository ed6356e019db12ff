"""Which files of the front-end packages are collected: those that a page asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder

UNUSED = (
    *("*.map", "*.d.ts", "*.cjs", "*.mjs", "*.gz", "*.rtl.*", "*.esm.*", "*.amd.js", "*.cjs.js", "package.json"),
    *("ext", "extension", "tabler-*", "tabler.css", "tabler.js", "htmx.js", "echarts.js", "umd.js"),
    *("echarts.common*", "echarts.simple*", "idiomorph.*", "idiomorph-htmx.js", "idiomorph-ext.js"),
)


class ServedFiles(FileSystemFinder):
    """Our own files and the used part of the packages: quicker to collect, smaller to ship."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return super().list([*(ignore_patterns or ()), *UNUSED])
