"""Values for a notebook's parameters, checked before any kernel starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cbanalysis.batch.reports.parameters import Parameter, read_parameters
from cbanalysis.common.errors import CbanalysisError, Fault, ParameterError, UnknownName, nearest

# The allowed values, or a function that returns a value as it should be written or raises one of our errors.
Allowed = Sequence[Any] | Callable[[Any], Any]

_FEW = 12


def _closest(value: object, allowed: Sequence[Any]) -> tuple[str, ...]:
    if isinstance(value, int | float):
        numbers = [one for one in allowed if isinstance(one, int | float)]
        return tuple(str(one) for one in sorted(numbers, key=lambda one: (abs(one - value), one))[:3])
    return nearest(str(value), [str(one) for one in allowed])


def _choose(parameter: Parameter, value: Any, allowed: Allowed) -> Any:  # noqa: ANN401 -- any literal
    if callable(allowed):
        return allowed(value)
    if value in allowed:
        return value
    known = ", ".join(map(str, allowed)) if len(allowed) <= _FEW else None
    closest = _closest(value, allowed)
    raise ParameterError([Fault(f"takes {parameter.words}", value=value, allowed=known, nearest=closest)])


def _checked(parameter: Parameter, value: Any, choices: Mapping[str, Allowed]) -> Any:  # noqa: ANN401 -- any literal
    if isinstance(value, str) and (parameter.many or parameter.optional or parameter.kind is not str):
        try:
            value = parameter.read(value)
        except (ValueError, RecursionError):
            raise ParameterError([Fault("is of another type", value=value, allowed=parameter.type)]) from None
    if not parameter.takes(value):
        raise ParameterError([Fault("is of another type", value=value, allowed=parameter.type)])
    if parameter.choices is None or value is None:
        return value
    if parameter.choices not in choices:
        raise ParameterError(
            [Fault(f"the notebook asks for a list [{parameter.choices}] that doesn't exist")]
        )
    allowed = choices[parameter.choices]
    return (
        [_choose(parameter, one, allowed) for one in value]
        if parameter.many
        else _choose(parameter, value, allowed)
    )


def check_parameters(path: Path, given: Mapping[str, Any], choices: Mapping[str, Allowed]) -> dict[str, Any]:
    """Check the values for a notebook's parameters before anything runs.

    Parameters
    ----------
    path : Path
        The notebook.
    given : mapping
        Values by parameter name, typed or as text from the shell.
    choices : mapping
        The closed lists that parameters name in brackets: allowed values, or a function that returns the
        value as it should be written and raises one of our errors for anything else.

    Returns
    -------
    dict
        The same parameters, typed and spelled as the lists spell them, in the notebook's order.

    Raises
    ------
    ReportError
        If the file is no readable notebook.
    ParameterError
        Listing every unknown name, wrong type and value outside its list, with the nearest right ones.
    """
    return check_values(path.stem, read_parameters(path), given, choices)


def check_values(
    notebook: str, parameters: Sequence[Parameter], given: Mapping[str, Any], choices: Mapping[str, Allowed]
) -> dict[str, Any]:
    """Check values for parameters already read; :func:`check_parameters` says what it raises."""
    known = {parameter.name: parameter for parameter in parameters}
    faults = [
        Fault(
            f"takes no parameter {name!r}",
            file=notebook,
            allowed=", ".join(known) or "none",
            nearest=nearest(name, known),
        )
        for name in given
        if name not in known
    ]
    checked = {}
    for name in (name for name in known if name in given):
        try:
            checked[name] = _checked(known[name], given[name], choices)
        except ParameterError as error:
            faults += [
                replace(one, what=f"parameter {name}: {one.what}", file=notebook) for one in error.faults
            ]
        except UnknownName as error:
            hint = f" {error.hint}" if error.hint else ""
            what = f"parameter {name}: unknown {error.kind}{hint}"
            faults.append(Fault(what, file=notebook, value=error.name, nearest=error.nearest))
        except CbanalysisError as error:
            faults.append(Fault(f"parameter {name}: {error}", file=notebook, value=given[name]))
    if faults:
        raise ParameterError(faults)
    return checked
