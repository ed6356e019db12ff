"""Who knows the labels of national codes."""

from povreg.kit.values import on_code_label
from villages.codes.selectors import label


def connect() -> None:
    on_code_label(label)
