"""Sums over several processes, as the solvers see them; this one is on its own."""

from torch import Tensor


class ProcessGroup:
    """The processes that solve together; all call the same methods in the same order.

    This base class is a group of one, which exchanges nothing. Groups of several processes are
    those of :mod:`engine.training.collectives`. ``rank`` counts from 0 to ``size`` - 1.
    """

    rank = 0
    size = 1
    bytes_reduced = 0  # that this rank has given to sums so far

    def all_reduce_(self, tensor: Tensor) -> Tensor:
        """Sum what the ranks hold, in place; the same bits on all of them."""
        return tensor

    def broadcast(self, tensor: Tensor) -> Tensor:
        """Return what rank 0 holds."""
        return tensor


SINGLE_PROCESS = ProcessGroup()
