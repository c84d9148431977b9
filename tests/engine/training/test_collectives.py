"""Training by two ranks, as threads and as real processes over loopback, against one."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import load_model
from engine.bundle.io import load_bundle
from engine.cli import main
from engine.errors import EngineError
from engine.training.collectives import check_same_inputs
from engine.training.process_group import ProcessGroup
from tests.engine.conftest import TRAINED_WITH, Trained
from tests.engine.heads.test_als import random_ratings
from tests.engine.training.rank_threads import on_ranks
from tests.engine.training.torchrun_worker import everybody, learned, shares
from tests.ports import free_port

WITHIN = 1e-4  # of the largest number of an array


def torchrun(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "torch.distributed.run", *map(str, arguments)]


def start(command: list[str]) -> "subprocess.Popen[str]":
    loopback = {"GLOO_SOCKET_IFNAME": "lo", "OMP_NUM_THREADS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=os.environ | loopback, text=True, **pipes)


def on_two_hosts(*options: tuple[object, ...]) -> list["subprocess.Popen[str]"]:
    """``python -m engine`` with these options on each of two hosts, which both are this one."""
    port = free_port()
    hosts = ["--nnodes", 2, "--nproc-per-node", 1, "--master-addr", "127.0.0.1"]
    return [
        start(torchrun(*hosts, "--master-port", port, "--node-rank", rank, "-m", "engine", *given))
        for rank, given in enumerate(options)
    ]


def rank(task: object) -> "subprocess.Popen[str]":
    """Both processes of :mod:`tests.engine.training.torchrun_worker`."""
    return start(
        torchrun(
            "--standalone",
            "--nproc-per-node",
            2,
            "-m",
            "tests.engine.training.torchrun_worker",
            task,
        )
    )


def ended(job: "subprocess.Popen[str]") -> tuple[str, str]:
    """What it printed to its output and its errors."""
    try:
        return job.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        job.terminate()  # which ends the processes that it started as well
        raise


def assert_same(arrays: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert arrays.keys() == expected.keys()
    for name, array in expected.items():
        tolerance = WITHIN * np.abs(array).max()
        np.testing.assert_allclose(arrays[name], array, rtol=0, atol=tolerance, err_msg=name)


# What they learn.


@pytest.fixture(scope="module")
def learned_by_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("learned")
    job = rank(folder)
    _, errors = ended(job)
    assert job.returncode == 0, errors
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("way", ["even", "uneven", "nobody"])
def test_two_processes_learn_what_one_does_however_users_are_dealt(
    way: str, learned_by_two: Path
) -> None:
    first, second = (dict(np.load(learned_by_two / f"{way}-{n}.npz")) for n in (0, 1))
    assert_same(first, learned(everybody()))
    assert_same(second, first)


@pytest.mark.parametrize("way", ["even", "uneven", "nobody"])
def test_two_ranks_learn_what_one_does_however_users_are_dealt(way: str) -> None:
    first, second = on_ranks(2, lambda group: learned(dict(shares(group))[way], group))
    assert_same(first, learned(everybody()))
    assert_same(second, first)


@pytest.mark.slow
def test_two_hosts_train_the_bundle_of_one(trained: Trained, tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    command = ["train", "--data", trained.known.folder, "--out", out, *TRAINED_WITH]
    jobs = on_two_hosts(command, command)
    printed = [ended(job) for job in jobs]
    assert [job.returncode for job in jobs] == [0, 0], printed
    assert "Wrote" in printed[0][0]
    assert not printed[1][0]
    names = (
        *("items.rows", "als.vectors", "als.background", "als.prior_mean"),
        *("users.vectors", "users.items"),
    )
    ours, theirs = (
        {name: load_bundle(folder).parameters.tensors[name] for name in names}
        for folder in (out, trained.folder)
    )
    assert_same(ours, theirs)
    # Expectation maximisation magnifies what is rounded otherwise; nobody sees it.
    stars, std = load_model(out).fit({3: 5.0, 6: 1.0}).predict(trained.model.movie_ids)
    expected, its_std = trained.model.fit({3: 5.0, 6: 1.0}).predict(trained.model.movie_ids)
    np.testing.assert_allclose(stars, expected, atol=2e-3)
    np.testing.assert_allclose(std, its_std, atol=2e-3)


# How the users are dealt.


def test_each_user_is_on_one_rank_and_the_ranks_have_about_as_many_ratings() -> None:
    ratings = random_ratings(40, 30)
    most = np.bincount(ratings.users).max()
    for size in (1, 2, 3, 7):
        parts = [ratings.shard(number, size) for number in range(size)]
        firsts = np.cumsum([0, *(part.n_users for part in parts)])
        users = [part.users + first for part, first in zip(parts, firsts, strict=False)]
        np.testing.assert_array_equal(np.concatenate(users), ratings.users)
        np.testing.assert_array_equal(np.concatenate([p.movies for p in parts]), ratings.movies)
        np.testing.assert_array_equal(np.concatenate([p.stars for p in parts]), ratings.stars)
        assert max(abs(len(part) - len(ratings) / size) for part in parts) <= most


def test_ranks_beyond_the_number_of_users_get_none() -> None:
    ratings = random_ratings(2, 30)
    parts = [ratings.shard(number, 5) for number in range(5)]
    assert sorted(part.n_users for part in parts) == [0, 0, 0, 1, 1]


# What goes wrong ends the job with a readable line.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "message"),
    [("hangs", "error: Process 0 of 2 has lost the others"), ("dies", "SIGKILL")],
)
def test_a_process_that_fails_ends_the_others(how: str, message: str) -> None:
    job = rank(how)
    _, errors = ended(job)
    assert job.returncode != 0
    assert message in errors


@pytest.mark.slow
def test_a_host_with_other_options_is_told_so(trained: Trained) -> None:
    command = ["evaluate", "--data", trained.known.folder, *TRAINED_WITH]
    jobs = on_two_hosts(command, [*command, "--seed", "2"])
    (_, first), (_, second) = (ended(job) for job in jobs)
    assert all(job.returncode for job in jobs)
    assert "error: Process 1 has other ratings or settings than process 0" in second
    assert "error: Process 0 of 2 has lost the others" in first


def test_ranks_of_the_same_ratings_and_settings_go_on_and_another_one_is_told_so() -> None:
    def check(group: ProcessGroup) -> str:
        check_same_inputs(group, everybody(), "settings")
        try:
            check_same_inputs(group, everybody(), f"settings of {group.rank}")
        except EngineError as error:
            return str(error)
        return ""

    first, second = on_ranks(2, check)
    assert first == ""
    assert second.startswith("Process 1 has other ratings or settings than process 0: ")


def test_without_its_address_a_process_says_how_to_start_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "0")
    assert main(["evaluate", "--data", "ml-latest-small"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: The processes cannot join; start them by torchrun, as in ")
    assert error.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            ["evaluate", "--download", "ml-latest-small"],
            "run python -m engine download ml-latest-small on each machine first",
        ),
        (
            ["train", "--recipe", "classroom", "--data", "ml-latest-small"],
            "The classroom recipe is for one process: start it without torchrun.",
        ),
    ],
)
def test_what_several_processes_do_not_do_is_told(command: list[str], told: str) -> None:
    for job in on_two_hosts(command, command):
        _, errors = ended(job)
        assert job.returncode != 0
        assert told in errors
