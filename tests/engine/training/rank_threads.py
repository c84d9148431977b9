"""Ranks that are threads of one process; what they sum goes by gloo over loopback, as it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import torch.distributed
from torch import Tensor

from engine.training.process_group import ProcessGroup

T = TypeVar("T")

PATIENCE = timedelta(minutes=2)


class ThreadGroup(ProcessGroup):
    """A rank beside others in this process, where torch.distributed knows one rank only."""

    def __init__(self, rank: int, size: int, store: torch.distributed.Store) -> None:
        self.rank, self.size, self.bytes_reduced = rank, size, 0
        self._gloo = torch.distributed.ProcessGroupGloo(store, rank, size, PATIENCE)

    def all_reduce_(self, tensor: Tensor) -> Tensor:
        self._gloo.allreduce([tensor]).wait()
        self.bytes_reduced += tensor.nbytes
        return tensor

    def broadcast(self, tensor: Tensor) -> Tensor:
        tensor = tensor.contiguous()
        self._gloo.broadcast(tensor, 0).wait()
        return tensor


def on_ranks(size: int, work: Callable[[ProcessGroup], T]) -> list[T]:
    """Return what each rank comes to; raises what the first of them raises that fails."""
    store = torch.distributed.HashStore()
    with ThreadPoolExecutor(size) as threads:
        return list(threads.map(lambda rank: work(ThreadGroup(rank, size, store)), range(size)))
