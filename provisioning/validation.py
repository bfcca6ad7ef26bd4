"""Says in one line what is wrong with outside data, and suggests the key that was probably meant."""

import difflib
import typing

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]

MOST_PROBLEMS = 20


def describe(error: ValidationError, model: type[BaseModel]) -> str:
    """Return every problem of the data in one line, the first twenty at most.

    Args:
        model: what the data was held against; its keys are what an unknown key is compared with.
    """
    details = error.errors(include_url=False)
    text = "; ".join(dict.fromkeys(_describe(each, model) for each in details[:MOST_PROBLEMS]))
    more = len(details) - MOST_PROBLEMS
    return f"{text}; and {more} more" if more > 0 else text


def brief(text: object, most: int = 60) -> str:
    """Return text that fits into a message, however long it was; show it by its repr, which keeps to one line."""
    written = str(text)
    return written if len(written) <= most else f"{written[: most - 1]}…"


def first_place(error: ValidationError) -> Path:
    """Return the path of the first problem."""
    return _path(error.errors(include_url=False)[0])


def _path(detail: ErrorDetails) -> Path:
    return tuple(part for part in detail["loc"] if isinstance(part, str | int))


def _describe(detail: ErrorDetails, model: type[BaseModel]) -> str:
    path = _path(detail)
    name = ".".join(brief(part) for part in path)
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key {name!r}{_suggestion(path, model)}"
        case "missing":
            return f"the key {name!r} is missing"
        case "string_type":
            return f"{name} must be text: put quotation marks around it"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{name or 'the whole'} must be a block of keys and values"
        case "too_long":
            return f"{name} has more than {detail['ctx']['max_length']:,} entries"
        case "invalid_key":
            return f"{name}: a key must be text"
        case "string_pattern_mismatch":
            return f"{name} has a form that is not allowed, {brief(detail['input'])!r}"
        case _:
            message = detail["msg"].removeprefix("Value error, ")
            return f"{name}: {message[0].lower()}{message[1:]}"


def _suggestion(path: Path, model: type[BaseModel]) -> str:
    known = _known_keys(path[:-1], model)
    near = difflib.get_close_matches(brief(path[-1]), known, n=1, cutoff=0.5)
    return f", did you mean {near[0]!r}?" if near else f" (known here: {', '.join(known)})"


def _known_keys(path: Path, model: type[BaseModel]) -> list[str]:
    for part in path:
        if isinstance(part, int):
            continue
        field = next((each for name, each in model.model_fields.items() if part in (name, each.alias)), None)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in typing.get_args(annotation) if (found := _model_in(each))), None)
