"""Settings, from environment variables and a ``.env`` file; ``.env.example`` explains each."""

from pathlib import Path

from pydantic import Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.bundle import EMBEDDED


class SettingsError(Exception):
    """A setting is wrong: one readable line that names it."""


class Settings(BaseSettings):
    """Each field is the environment variable of its name in capitals; empty is as if not set."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        str_strip_whitespace=True,
    )

    discord_token: SecretStr | None = Field(
        default=None,
        min_length=1,
        description="the token of a bot, as Discord's developer portal shows it",
    )
    discord_api_url: HttpUrl | None = Field(
        default=None, description="a web address, for example http://127.0.0.1:8080/api/v10"
    )
    database_path: Path = Field(
        default=Path("reeltwin.sqlite3"), description="a file, for example reeltwin.sqlite3"
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


def load_settings() -> Settings:
    """Read the settings; raises :class:`SettingsError` with one line for the first wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        # Only the name: what was given may be a secret.
        name = str(error.errors(include_input=False)[0]["loc"][0])
        wanted = Settings.model_fields[name].description
        raise SettingsError(f"{name.upper()} must be {wanted} (.env.example tells more).") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f".env is not a text file in UTF-8: {error.reason}.") from None
