"""Settings come from the environment and .env; a wrong one is a line that keeps secrets."""

import logging
import re
from pathlib import Path

import pytest
from pydantic import Secret, SecretStr

from bot.settings import Settings, SettingsError, load_settings
from tests.bot.chat_helpers import ROOT

SECRET = "MTIzNDU2.not-a-real.token"
GIVEN = {
    "DISCORD_TOKEN": SECRET,
    "DISCORD_API_URL": "http://127.0.0.1:8080/api/v10",
    "DATABASE_PATH": "data/films.sqlite3",
    "DATABASE_URL": f"postgresql://reeltwin:{SECRET}@localhost:5432/reeltwin",
    "BACKUP_FOLDER": "safe",
    "BACKUP_HOURS": "12.0",
    "BACKUP_KEEP": "3",
    "COMMAND_PREFIX": "?",
    "MODEL_PATH": "model",
    "HEALTH_PORT": "8081",
    "SHARD_COUNT": "4",
    "SHARD_IDS": "0,2",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start in, with none of the settings in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def given(loaded: Settings) -> dict[str, str]:
    return {name.upper(): as_given(getattr(loaded, name)) for name in Settings.model_fields}


def as_given(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value.get_secret_value() if isinstance(value, Secret | SecretStr) else value)


def write_env(folder: Path, settings: dict[str, str]) -> None:
    lines = [f"{name}={value}\n" for name, value in settings.items()]
    (folder / ".env").write_text("".join(lines), encoding="utf-8")


def test_each_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    assert given(load_settings()) == GIVEN


def test_each_setting_is_read_from_dot_env(folder: Path) -> None:
    write_env(folder, GIVEN | {"SOMETHING_ELSE": "of another program"})
    assert given(load_settings()) == GIVEN


def test_the_environment_wins_over_dot_env(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_env(folder, GIVEN)
    monkeypatch.setenv("COMMAND_PREFIX", "$")
    monkeypatch.setenv("DATABASE_PATH", "other.sqlite3")
    wanted = GIVEN | {"COMMAND_PREFIX": "$", "DATABASE_PATH": "other.sqlite3"}
    assert given(load_settings()) == wanted


def test_an_empty_setting_is_as_if_it_were_not_set(folder: Path) -> None:
    write_env(folder, dict.fromkeys(GIVEN, ""))
    emptied = load_settings()
    (folder / ".env").unlink()
    assert emptied == load_settings()
    assert emptied.discord_token is None
    assert emptied.command_prefix == "!"
    assert emptied.health_port is None


def test_blanks_around_a_pasted_token_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", f" {SECRET}\n")
    assert given(load_settings())["DISCORD_TOKEN"] == SECRET


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", "   "),
        ("DISCORD_API_URL", "nonsense"),
        ("DISCORD_API_URL", "ftp://example.org"),
        ("DISCORD_API_URL", f"http://ann:{SECRET}@example.org/api/v10"),
        ("DISCORD_API_URL", f"http://{SECRET}@example.org/api/v10"),
        ("COMMAND_PREFIX", "a b"),
        ("COMMAND_PREFIX", "x" * 11),
        ("DATABASE_URL", f"mysql://reeltwin:{SECRET}@localhost/reeltwin"),
        ("DATABASE_URL", "reeltwin.sqlite3"),
        ("BACKUP_HOURS", "-1"),
        ("BACKUP_HOURS", "daily"),
        ("BACKUP_HOURS", "inf"),
        ("BACKUP_HOURS", "nan"),
        ("BACKUP_HOURS", "1e300"),
        ("BACKUP_KEEP", "0"),
        ("BACKUP_KEEP", "9" * 5000),
        ("HEALTH_PORT", "web"),
        ("HEALTH_PORT", "-1"),
        ("HEALTH_PORT", "65536"),
        ("SHARD_COUNT", "0"),
        ("SHARD_COUNT", "two"),
        ("SHARD_COUNT", "999999999999"),
        ("SHARD_IDS", "0"),  # without SHARD_COUNT
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"^{name} must be .+\.$") as caught:
        load_settings()
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "ids"),
    [("0", (0,)), ("0, 1", (0, 1)), ("0-3", (0, 1, 2, 3)), ("3,0-1", (3, 0, 1)), ("2-2", (2,))],
)
def test_shards_are_listed_or_given_as_a_range(
    text: str, ids: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARD_COUNT", "4")
    monkeypatch.setenv("SHARD_IDS", text)
    assert load_settings().shard_ids == ids


@pytest.mark.parametrize(
    "text", ["4", "-1", "0-4", "0-999999999999", "3-1", "1,1", "0-2,2", "0,,1", "first", "0.5"]
)
def test_shards_that_there_are_not_or_twice_are_one_line_with_an_example(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARD_COUNT", "4")
    monkeypatch.setenv("SHARD_IDS", text)
    with pytest.raises(SettingsError, match=r"^SHARD_IDS must be .*SHARD_COUNT.*0,1 or 0-3.*\.$"):
        load_settings()


@pytest.mark.parametrize("name", GIVEN)
def test_a_null_byte_in_dot_env_is_one_line_that_names_the_setting(folder: Path, name: str) -> None:
    write_env(folder, {name: f"{SECRET}\0x"})
    with pytest.raises(SettingsError, match=rf"^{name} must be .+\.$") as caught:
        load_settings()
    assert SECRET not in str(caught.value)


def test_every_number_has_a_finite_range() -> None:
    numbers = {
        name: str(field.metadata)
        for name, field in Settings.model_fields.items()
        if field.annotation in (int, float, int | None, float | None)
    }
    assert len(numbers) >= 4
    unbounded = {n for n, has in numbers.items() if "Ge(" not in has or "Le(" not in has}
    assert unbounded == set()


def test_a_dot_env_that_is_no_text_is_one_line(folder: Path) -> None:
    (folder / ".env").write_bytes(b"COMMAND_PREFIX=\xff\n")
    with pytest.raises(SettingsError, match=r"^\.env is not a text file in UTF-8.*\.$"):
        load_settings()


def test_the_token_is_never_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", SECRET)
    loaded = load_settings()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").info("started with %s and %r", loaded, vars(loaded))
    shown = [repr(loaded), str(loaded), loaded.model_dump_json(), caplog.text]
    assert not any(SECRET in text for text in shown)


def test_the_token_is_not_in_the_line_about_another_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", SECRET)
    monkeypatch.setenv("COMMAND_PREFIX", SECRET)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


def test_the_example_file_names_exactly_the_settings_there_are() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_file_copied_as_it_is_changes_nothing(folder: Path) -> None:
    untouched = load_settings()
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    (folder / ".env").write_text(example, encoding="utf-8")
    assert load_settings() == untouched


def test_backups_go_beside_the_file_unasked_and_of_a_server_where_a_folder_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_PATH", "data/films.sqlite3")
    assert load_settings().backups == Path("data/backups")
    monkeypatch.setenv("DATABASE_URL", GIVEN["DATABASE_URL"])
    assert load_settings().backups is None
    assert load_settings().database == GIVEN["DATABASE_URL"]
    monkeypatch.setenv("BACKUP_FOLDER", "safe")
    assert load_settings().backups == Path("safe")
    monkeypatch.setenv("BACKUP_HOURS", "0")
    assert load_settings().backups is None
