"""Model fields every app shares: codes, sealed text, look-up hashes, yuan."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models.lookups import Exact, In

from povreg.kit.crypto import HASH_LENGTH, Hash, decrypt, encrypt


class SealedTextField(models.TextField):
    """Text that is encrypted at rest and plain in Python; find rows by the companion :class:`LookupHashField`."""

    def get_prep_value(self, value: Any) -> str:
        return encrypt(str(value)) if value else ""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return decrypt(value) if value else ""


class SecretField(SealedTextField):
    """A sealed value that opens something (a code): no page, history or export shows any of it."""


class LookupHashField(models.CharField):
    """Keyed hash of a sealed value (32 hexadecimal digits), for equality look-ups and duplicates.

    ``of`` names the sealed field beside it, ``text`` what of its value is hashed (default: all of it): so a new key can
    make the hash anew. Without ``of`` it is of a number registered elsewhere (``rotate_keys`` takes it from there).
    """

    def __init__(self, *args: Any, of: str = "", text: Callable[[str], str] = str, **kwargs: Any) -> None:
        self.of, self.text = of, text
        kwargs.setdefault("max_length", HASH_LENGTH)
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)


def forms_of(value: Any) -> list[str]:
    """A hash as rows may hold it (povreg.kit.crypto.Hash)."""
    return [str(value), *value.others] if isinstance(value, Hash) else [value]


@LookupHashField.register_lookup
class HashExact(Exact):  # type: ignore[type-arg]
    """While keys rotate, a hash is found in either form."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if isinstance(self.rhs, Hash) and self.rhs.others:
            return HashIn(self.lhs, [self.rhs]).as_sql(compiler, connection)
        return super().as_sql(compiler, connection)

    def get_prep_lookup(self) -> Any:
        return self.rhs if isinstance(self.rhs, Hash) else super().get_prep_lookup()


@LookupHashField.register_lookup
class HashIn(In):  # type: ignore[type-arg]
    def get_prep_lookup(self) -> Any:
        if not hasattr(self.rhs, "resolve_expression"):
            self.rhs = [form for value in self.rhs for form in forms_of(value)]
        return super().get_prep_lookup()


class CodeField(models.CharField):
    """A national code out of one code table (``villages.Code``); empty means "not recorded".

    ``code_table`` names the table, so that forms, sheets and labels are derived from the declaration.
    """

    def __init__(self, *args: Any, code_table: str = "", **kwargs: Any) -> None:
        self.code_table = code_table
        kwargs.setdefault("max_length", 4)
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["code_table"] = self.code_table
        return name, path, args, kwargs


class YuanField(models.DecimalField):
    """An amount in yuan with two decimals; null means "not recorded"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class MuField(models.DecimalField):
    """A land area in mu (亩, 1/15 hectare) with two decimals; null means "not recorded"."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


def yes_no(label: str, **kwargs: Any) -> models.BooleanField:
    """A question answered yes, no or not recorded (null)."""
    return models.BooleanField(label, null=True, blank=True, **kwargs)
