"""Settings, from environment variables and a ``.env`` file; ``.env.example`` explains each."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from engine.bundle.io import EMBEDDED
from storage.settings import SettingsError, StorageSettings, read_settings

__all__ = ["Settings", "SettingsError", "load_settings"]


class Settings(StorageSettings):
    """Each field is the environment variable of its name in capitals; empty is as if not set."""

    discord_token: SecretStr | None = Field(
        default=None,
        min_length=1,
        description="the token of a bot, as Discord's developer portal shows it",
    )
    discord_api_url: HttpUrl | None = Field(
        default=None,
        description="a web address without user and password, "
        "for example http://127.0.0.1:8080/api/v10",
    )
    command_prefix: str = Field(
        default="!",
        pattern=r"^\S{1,10}$",
        description="1 to 10 characters without blanks, for example !",
    )
    model_path: Path = Field(default=EMBEDDED, description="a folder, for example model")
    health_port: int | None = Field(
        default=None, ge=0, le=65535, description="a port from 0 to 65535, for example 8081"
    )
    shard_count: int | None = Field(
        default=None,
        ge=1,
        le=16_384,
        description="the number of all shards, from 1 to 16384, for example 4",
    )
    shard_ids: Annotated[tuple[int, ...] | None, NoDecode] = Field(
        default=None,
        description="numbers below SHARD_COUNT, which must be set too, each of them once, "
        "for example 0,1 or 0-3",
    )

    @field_validator("discord_api_url")
    @classmethod
    def _refuse_a_password(cls, given: HttpUrl | None) -> HttpUrl | None:
        """The address stands in the log and in errors, where no password belongs."""
        if given is not None and (given.username or given.password):
            raise ValueError("a user or a password")
        return given

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _read_shard_ids(cls, given: object, info: ValidationInfo) -> object:
        """Read "0,2-4" as 0, 2, 3 and 4."""
        if not isinstance(given, str):
            return given
        ids: list[int] = []
        for part in given.split(","):
            first, _, last = part.partition("-")
            start, stop = int(first), int(last or first) + 1
            # Before they are counted out, which could be billions.
            if not 0 <= start < stop <= (info.data.get("shard_count") or 0):
                raise ValueError("no such shards")
            ids += range(start, stop)
        if len(set(ids)) < len(ids):
            raise ValueError("a shard twice")
        return tuple(ids)


def load_settings() -> Settings:
    """Return the settings; raises `SettingsError` with one line for the first wrong one."""
    return read_settings(Settings)
