"""What is installed: three packages with all their data, types, a version and three commands."""

import tomllib
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
PACKAGES = ("bot", "engine", "storage")
COMMANDS = pytest.mark.parametrize("name", ["reeltwin", "reeltwin-engine", "reeltwin-storage"])


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)  # where no .env is

    def called(name: str, *arguments: str) -> int | str | None:
        """The exit status of a console script, called as its wrapper does."""
        main = EntryPoint(name, PROJECT["scripts"][name], "console_scripts").load()
        monkeypatch.setattr("sys.argv", [name, *arguments])
        with pytest.raises(SystemExit) as stopped:
            raise SystemExit(main())
        return stopped.value.code

    return called


@COMMANDS
def test_each_command_tells_its_use(name: str, run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--help") == 0
    assert capsys.readouterr().out.startswith("usage: ")


@COMMANDS
def test_each_command_tells_the_version(name: str, run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--version") == 0
    assert capsys.readouterr().out == f"Reeltwin {PROJECT['version']}\n"


def test_no_command_is_left_out() -> None:
    assert PROJECT["scripts"].keys() == {"reeltwin", "reeltwin-engine", "reeltwin-storage"}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_knows_its_version_and_is_typed(package: str) -> None:
    assert import_module(package).__version__ == PROJECT["version"]
    assert (ROOT / package / "py.typed").read_bytes() == b""


def test_no_index_would_take_it_by_mistake() -> None:
    assert "Private :: Do Not Upload" in PROJECT["classifiers"]


def test_every_folder_with_code_is_a_package() -> None:
    folders = {path.parent for name in PACKAGES for path in (ROOT / name).rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_every_file_of_data_is_installed() -> None:
    declared = {
        path
        for package, patterns in PYPROJECT["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for path in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    there = {
        path
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and path.suffix != ".py" and path.parent.name != "__pycache__"
    }
    assert declared == there


def test_each_package_of_declared_data_exists() -> None:
    for package in PYPROJECT["tool"]["setuptools"]["package-data"]:
        assert ROOT.joinpath(*package.split("."), "__init__.py").is_file()
