"""Where the store is and where its backups go, from the environment and a ``.env`` file."""

from pathlib import Path
from typing import TypeVar

from pydantic import Field, PostgresDsn, Secret, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is wrong: one readable line that names it."""


class StorageSettings(BaseSettings):
    """Each field is the environment variable of its name in capitals; empty is as if not set."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        str_strip_whitespace=True,
    )

    database_path: Path = Field(
        default=Path("reeltwin.sqlite3"), description="a file, for example reeltwin.sqlite3"
    )
    database_url: Secret[PostgresDsn] | None = Field(
        default=None,
        description="the address of a PostgreSQL database, for example "
        "postgresql://reeltwin@localhost/reeltwin",
    )
    backup_folder: Path | None = Field(default=None, description="a folder, for example backups")
    backup_hours: float = Field(
        default=24, ge=0, le=8760, description="hours from 0 (no backups) to 8760, for example 24"
    )
    backup_keep: int = Field(
        default=7, ge=1, le=1000, description="a number from 1 to 1000, for example 7"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null_bytes(cls, given: object) -> object:
        """No path, address or token has one, and none is where the system would say so."""
        if isinstance(given, str) and "\0" in given:
            raise ValueError("a null byte")
        return given

    @property
    def database(self) -> Path | str:
        """Return what `storage.open_store` takes: the address where there is one, else the file."""
        if self.database_url is not None:
            return str(self.database_url.get_secret_value())
        return self.database_path

    @property
    def folder_of_backups(self) -> Path:
        """Return where backups are, made by themselves or by command."""
        return self.backup_folder or self.database_path.parent / "backups"

    @property
    def backups(self) -> Path | None:
        """Return the folder of backups; None where none are made by themselves.

        A server has its own ways, so that only an SQLite file has a folder unasked.
        """
        if self.backup_hours == 0:
            return None
        return self.folder_of_backups if self.database_url is None else self.backup_folder

    @property
    def backups_kept_hours(self) -> float | None:
        """Return how long a backup is kept that is made by itself; None where none are."""
        return None if self.backups is None else self.backup_hours * self.backup_keep


S = TypeVar("S", bound=BaseSettings)


def read_settings(kind: type[S]) -> S:
    """Read settings from the environment and ``.env``.

    Raises
    ------
    SettingsError
        Where one is wrong; one line that names the first such.
    """
    try:
        return kind()
    except ValidationError as error:
        # Only the name: what was given may be a secret.
        name = str(error.errors(include_input=False)[0]["loc"][0])
        wanted = kind.model_fields[name].description
        raise SettingsError(f"{name.upper()} must be {wanted} (.env.example tells more).") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f".env is not a text file in UTF-8: {error.reason}.") from None
