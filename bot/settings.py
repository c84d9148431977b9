"""Settings, from environment variables and a ``.env`` file; ``.env.example`` explains each."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.bundle import EMBEDDED


class SettingsError(Exception):
    """A setting is wrong: one readable line that names it."""


def _empty_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


class Settings(BaseSettings):
    """Each field is the environment variable of its name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    discord_token: Annotated[SecretStr | None, BeforeValidator(_empty_is_none)] = None
    discord_api_url: Annotated[HttpUrl | None, BeforeValidator(_empty_is_none)] = None
    database_path: Path = Path("reeltwin.sqlite3")
    command_prefix: str = Field(default="!", min_length=1, max_length=10, pattern=r"^\S+$")
    model_path: Path = EMBEDDED


def load_settings() -> Settings:
    """Read the settings; raises :class:`SettingsError` with one line for the first wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]).upper()
        reason = first["msg"][0].lower() + first["msg"][1:]
        raise SettingsError(f"{name} is not set rightly: {reason}. See .env.example.") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f".env is not a text file in UTF-8: {error.reason}.") from None
