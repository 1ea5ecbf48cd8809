"""What somebody wrote as a checked record; what is wrong is told in our words, not in those of pydantic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from cbanalysis.common.errors import Fault, nearest
from cbanalysis.common.messages import message

_Model = TypeVar("_Model", bound=BaseModel)

# By how the name of a kind of error begins.
_WANTED = {
    "bool": "true or false",
    "dict": "a table",
    "float": "a number",
    "int": "a whole number",
    "list": "a list",
    "model": "a table",
    "string": "text",
    "string_too_short": "at least one character",
    "too_short": "at least one entry",
    "tuple": "a list",
}
_BOUNDS = {"greater_than_equal": ("bound_at_least", "ge"), "less_than_equal": ("bound_at_most", "le")}


def build_record(model: type[_Model], fields: object, faults: list[Fault], at: Fault) -> _Model | None:
    """Validate one record; what is wrong becomes faults at the row or key of ``at``."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        for detail in error.errors():
            key = ".".join(str(step) for step in (at.column, *detail["loc"]) if step is not None)
            here = replace(at, column=key or None)
            if detail["type"] == "missing":
                faults.append(replace(here, what="missing"))
            elif detail["type"] == "extra_forbidden":
                close = nearest(str(detail["loc"][-1]), _keys(model))
                faults.append(replace(here, what="unknown key", nearest=close))
            else:
                seen = detail["input"]
                shown = seen if isinstance(seen, str | int | float) else type(seen).__name__
                faults.append(replace(here, what="wrong value", value=shown, allowed=_wanted(detail)))
    return None


def _wanted(detail: Mapping[str, Any]) -> str:
    """Return what would be right in the place of a value that isn't, by one of a validation's errors."""
    kind, about = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(about["error"])
    if kind == "literal_error":
        return ", ".join(re.findall("'[^']*'", about["expected"]))
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        return message(word, bound=about[name])
    return _WANTED.get(kind) or _WANTED.get(kind.partition("_")[0], "a value of another kind")


def _keys(kind: Any) -> set[str]:  # noqa: ANN401 -- whatever may stand behind a field's name
    """Return the names of the fields of a model and of those in it."""
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return set[str]().union(*map(_keys, get_args(kind)))
    fields = kind.model_fields
    return {*fields}.union(*(_keys(one.annotation) for one in fields.values()))
