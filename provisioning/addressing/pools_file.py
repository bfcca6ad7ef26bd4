"""Reads inventory/pools.yaml: the pools that a project starts with."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from provisioning.addressing.pool import Pool, define_pool, judge_new
from provisioning.errors import PoolRefused, UnreadablePool, UnreadableProject
from provisioning.validation import describe
from provisioning.yaml_file import read_yaml


class PoolEntry(BaseModel):
    """One pool of the file: `prefix` for addresses, `numbers` for ONT ids."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    purpose: str
    prefix: str | None = None
    numbers: str | None = None
    reserved: list[str] = Field(default_factory=list)
    quarantine_days: int | None = None
    special_purpose: bool = False

    @model_validator(mode="after")
    def _one_extent(self) -> "PoolEntry":
        if (self.prefix is None) == (self.numbers is None):
            raise ValueError("a pool has either `prefix` or, for ONT ids, `numbers`")
        return self

    def pool(self) -> Pool:
        """Return the pool that the entry describes."""
        return define_pool(
            self.name,
            self.purpose,
            self.prefix or self.numbers or "",
            reserved=self.reserved,
            quarantine_days=self.quarantine_days,
            special_purpose=self.special_purpose,
        )


class PoolEntries(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    pools: list[PoolEntry]


@dataclass(frozen=True, slots=True)
class PoolsFile:
    """The pools of a project.

    Attributes:
        digest: changes when the file says something else.
    """

    pools: tuple[Pool, ...]
    digest: str


def read_pools_file(path: Path) -> PoolsFile:
    """Return the pools of a project's file.

    Raises:
        UnreadableProject: when the file cannot be used, or a pool in it is malformed or must not be.
    """
    try:
        entries = PoolEntries.model_validate(read_yaml(path))
    except ValidationError as error:
        raise UnreadableProject(
            describe(error, PoolEntries), where=str(path), remedy="The shipped pools.yaml explains the keys."
        ) from None
    pools = _pools(entries, path)
    content = json.dumps(entries.model_dump(mode="json"), sort_keys=True)
    return PoolsFile(pools, hashlib.sha256(content.encode()).hexdigest())


def _pools(entries: PoolEntries, path: Path) -> tuple[Pool, ...]:
    pools: list[Pool] = []
    try:
        for entry in entries.pools:
            pool = entry.pool()
            judge_new(pool, pools)
            pools.append(pool)
    except (UnreadablePool, PoolRefused) as error:
        raise UnreadableProject(error.what, where=f"{path}, {error.where}", remedy=error.remedy) from None
    return tuple(pools)
