"""Training by several processes at once, which ``torchrun`` starts on one machine or on several.

Users are dealt out: each process, a rank, holds the ratings of its own users and their vectors. The
movies' vectors are on all ranks, and what is a sum over users is completed by an all-reduce
(docs/training.md tells what that costs). One process is a group of its own and exchanges nothing.
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import torch
import torch.distributed
from torch import Tensor

from engine.data.ratings import Ratings
from engine.errors import EngineError
from engine.training.process_group import SINGLE_PROCESS, ProcessGroup

_TIMEOUT = timedelta(minutes=10)  # for any rank that the others wait for


class TorchProcessGroup(ProcessGroup):
    """The ranks that ``torchrun`` started, which exchange tensors by :mod:`torch.distributed`."""

    def __init__(self, rank: int, size: int) -> None:
        self.rank, self.size, self.bytes_reduced = rank, size, 0

    def all_reduce_(self, tensor: Tensor) -> Tensor:
        if self.size > 1:
            with self._readable():
                torch.distributed.all_reduce(tensor)
            self.bytes_reduced += tensor.nbytes
        return tensor

    def broadcast(self, tensor: Tensor) -> Tensor:
        if self.size > 1:
            tensor = tensor.contiguous()
            with self._readable():
                torch.distributed.broadcast(tensor, src=0)
        return tensor

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            raise EngineError(
                f"Process {self.rank} of {self.size} has lost the others, see what they say: "
                f"{_first_line(error)}"
            ) from error


def check_same_inputs(group: ProcessGroup, ratings: Ratings, settings: object) -> None:
    """Raise :class:`EngineError` on a rank with other ratings or settings than rank 0."""
    digest = zlib.crc32(repr(settings).encode())
    for array in vars(ratings).values():
        digest = zlib.crc32(np.ascontiguousarray(array).data, digest)
    if digest != int(group.broadcast(torch.tensor(digest))):
        raise EngineError(
            f"Process {group.rank} has other ratings or settings than process 0: start all with "
            "the same files and options, as in --data ml-latest-small --factors 64."
        )


@contextmanager
def join_process_group(timeout: timedelta = _TIMEOUT) -> Iterator[ProcessGroup]:
    """The group that ``torchrun`` started this process in; without it :data:`SINGLE_PROCESS`.

    Tensors on a CPU are summed by gloo, those on a CUDA device, one for each process, by NCCL.
    Raises :class:`EngineError` if the other processes do not come within ``timeout``; whoever waits
    as long for one of them later gives up as well.
    """
    if os.environ.get("WORLD_SIZE", "1") == "1":
        yield SINGLE_PROCESS
        return
    try:
        if torch.cuda.is_available():
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        torch.distributed.init_process_group(timeout=timeout)
    except (RuntimeError, ValueError, KeyError) as error:
        raise EngineError(
            "The processes cannot join; start them by torchrun, as in "
            f"torchrun --nproc-per-node 2 -m engine train: {_first_line(error)}"
        ) from error
    try:
        yield TorchProcessGroup(torch.distributed.get_rank(), torch.distributed.get_world_size())
    finally:
        torch.distributed.destroy_process_group()


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
