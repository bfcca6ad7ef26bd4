"""Secrets that an order form names by `env:NAME`."""

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.model.secret import Secret

SCHEME = "env:"


@dataclass(frozen=True, slots=True)
class EnvironmentSecrets:
    """Reads secrets from environment variables."""

    environment: Mapping[str, str]

    def read(self, source: str) -> Secret | None:
        """Return the secret behind `env:NAME`; None when the variable is not set."""
        value = self.environment.get(source.removeprefix(SCHEME))
        return Secret(value) if value is not None else None

    def __repr__(self) -> str:
        return "EnvironmentSecrets()"
