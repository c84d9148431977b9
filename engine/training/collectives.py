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

_TIMEOUT = timedelta(minutes=10)  # for any rank that the others wait for


class Group:
    """The ranks that train together; all call the same methods in the same order.

    ``summed`` are the bytes that this rank has given to sums so far.
    """

    def __init__(self, rank: int = 0, size: int = 1) -> None:
        self.rank, self.size, self.summed = rank, size, 0

    def sum_(self, tensor: Tensor) -> Tensor:
        """The sum of what the ranks hold, in the place of it; the same bits on all of them."""
        if self.size > 1:
            with self._readable():
                torch.distributed.all_reduce(tensor)
            self.summed += tensor.nbytes
        return tensor

    def first(self, tensor: Tensor) -> Tensor:
        """What the first rank holds."""
        if self.size > 1:
            tensor = tensor.contiguous()
            with self._readable():
                torch.distributed.broadcast(tensor, src=0)
        return tensor

    def share(self, ratings: Ratings) -> Ratings:
        """The ratings of this rank's users, who are coded anew from 0.

        The ranks have users that follow one another, with about as many ratings each.
        """
        if self.size == 1:
            return ratings
        counts = np.bincount(ratings.users)
        middles = np.cumsum(counts) - counts / 2
        mine = np.flatnonzero(middles * self.size // max(len(ratings), 1) == self.rank)
        part = ratings.of(mine)
        return Ratings(part.users - mine.min(initial=len(counts)), part.movies, part.stars)

    def check_alike(self, ratings: Ratings, settings: object) -> None:
        """Raise :class:`EngineError` on a rank with other ratings or settings than the first."""
        digest = zlib.crc32(repr(settings).encode())
        for array in vars(ratings).values():
            digest = zlib.crc32(np.ascontiguousarray(array).data, digest)
        if digest != int(self.first(torch.tensor(digest))):
            raise EngineError(
                f"Process {self.rank} has other ratings or settings than process 0: start all with "
                "the same files and options, as in --data ml-latest-small --factors 64."
            )

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            raise EngineError(
                f"Process {self.rank} of {self.size} has lost the others, see what they say: "
                f"{_first_line(error)}"
            ) from error


ALONE = Group()


@contextmanager
def join_process_group(timeout: timedelta = _TIMEOUT) -> Iterator[Group]:
    """The group that ``torchrun`` started this process in; without it :data:`ALONE`.

    Tensors on a CPU are summed by gloo, those on a CUDA device, one for each process, by NCCL.
    Raises :class:`EngineError` if the other processes do not come within ``timeout``; whoever waits
    as long for one of them later gives up as well.
    """
    if os.environ.get("WORLD_SIZE", "1") == "1":
        yield ALONE
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
        yield Group(torch.distributed.get_rank(), torch.distributed.get_world_size())
    finally:
        torch.distributed.destroy_process_group()


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
