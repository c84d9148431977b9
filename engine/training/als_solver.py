r"""Half a sweep of training: the vectors of all users, or all movies, by conjugate gradients.

Alternating least squares solves the system :math:`A x = b` of :mod:`engine.linalg.gaussian` for
every row, with the identity for :math:`P`, over and over, and each time close to where it was
solved the sweep before. From there a few steps of conjugate gradients are as good as factorising
each :math:`A`, and a row with n ratings takes time :math:`O(nd)` instead of :math:`O(nd^2 + d^3)`
(Takács, Pilászy & Tikk 2011, *Applications of the conjugate gradient method for implicit feedback
collaborative filtering*). All rows step together, so that a step is two products with the sparse
matrix of ratings.

What takes few steps is the preconditioner. In the eigenbasis of the weighted Gramian
:math:`\sum_c w_c f_c f_c^T` all of A but the few ratings of the row is diagonal, and these add
little off the diagonal there: dividing by the diagonal of A all but inverts it.

Among several processes (:mod:`engine.training.process_group`) either the rows are dealt out, and
each solves its own; or the columns, and then every sum over columns is added up by all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

from engine.linalg.csr import CsrRows
from engine.training.process_group import SINGLE_PROCESS, ProcessGroup
from engine.training.sparse import to_tensor

_TOLERANCE = 3e-3  # of the residual, relative to b, both in the preconditioned norm
_MOST_STEPS = 50
_TINY = 1e-30  # instead of 0 / 0 in a row that is solved


@dataclass(frozen=True)
class Background:
    """The weights of what was not rated: of row r and column c, ``rows[r] * columns[c]``.

    ``rows`` is [n_rows] and ``columns`` [n_columns], all below 1.
    """

    rows: Tensor
    columns: Tensor

    @property
    def T(self) -> "Background":  # noqa: N802 - as of a matrix
        return Background(self.columns, self.rows)

    def to(self, device: torch.device) -> "Background":
        return Background(self.rows.to(device), self.columns.to(device))

    def gramian(self, features: Tensor) -> Tensor:
        r""":math:`\sum_c w_c f_c f_c^T` [d, d] over all columns, of a row whose own weight is 1."""
        return features.T @ (self.columns[:, None] * features)


@dataclass(frozen=True)
class NormalEquations:
    """The systems of all rows, but for the vectors of the columns.

    ``values`` is the sparse matrix (CSR) of what was observed, [n_rows, n_columns]; ``weights``
    [n_observed] how much more each observation counts than the background; ``strength`` [n_rows].
    The ``group`` has dealt out the columns if ``by_columns``, else the rows: these are the rest.
    """

    values: Tensor
    weights: Tensor
    strength: Tensor
    background: Background
    group: ProcessGroup = SINGLE_PROCESS
    by_columns: bool = False

    @classmethod
    def of(
        cls,
        data: CsrRows,
        strength: Tensor,
        background: Background,
        device: torch.device,
        group: ProcessGroup = SINGLE_PROCESS,
        *,
        by_columns: bool = False,
    ) -> "NormalEquations":
        columns = torch.from_numpy(data.columns)
        beneath = background.rows.repeat_interleave(torch.from_numpy(data.counts))
        return cls(
            to_tensor(data, len(background.columns)).to(device),
            (1 - beneath * background.columns[columns]).to(device),
            strength.to(device),
            background.to(device),
            group,
            by_columns,
        )

    def solve(self, features: Tensor, mean: Tensor, start: Tensor | None = None) -> Tensor:
        """Return the vectors of the rows, [n_rows, d].

        Parameters
        ----------
        features
            Of the columns, [n_columns, d].
        mean
            Of the prior, [d] or [n_rows, d].
        start
            Something near the solution, [n_rows, d]; by default the mean.
        """
        spectrum, basis = self._eigen(self._completed(self.background.gramian(features)))
        f, m = features @ basis, mean @ basis
        x = m.expand(len(self.strength), -1).clone() if start is None else start @ basis
        shared = self.strength[:, None] + self.background.rows[:, None] * spectrum

        def a_times(x: Tensor) -> Tensor:
            return self._sums(self._products(x, f).mul_(self.weights), f).addcmul_(shared, x)

        b = self._sums(self.values.values(), f) + self.strength[:, None] * m
        diagonal = shared + self._sums(self.weights, f.square())
        solved: Tensor = _conjugate_gradients(a_times, b, diagonal, x, self.group) @ basis.T
        return solved

    def loss(self, x: Tensor, features: Tensor) -> float:
        """Return the weighted squared error over all pairs of row and column, per observation."""
        everywhere = (self.background.T.gramian(x) * self.background.gramian(features)).sum()
        products = self._products(x, features)
        error = (self.values.values() - products).square().sum()
        counted_twice = ((1 - self.weights) * products.square()).sum()
        total = self.group.all_reduce_(error + everywhere - counted_twice)
        return float(total) / int(self.group.all_reduce_(torch.tensor(len(products))))

    def _completed(self, sums: Tensor) -> Tensor:
        """Sums over this process's columns, in place made those over all columns."""
        return self.group.all_reduce_(sums) if self.by_columns else sums

    def _eigen(self, gramian: Tensor) -> tuple[Tensor, Tensor]:
        """Eigenvalues [d] and eigenvectors [d, d]."""
        spectrum, basis = torch.linalg.eigh(gramian)
        if self.by_columns:
            # Sums can be added up in one basis only, and processors of two kinds may find two.
            return self.group.broadcast(spectrum), self.group.broadcast(basis)
        return spectrum, basis

    def _products(self, x: Tensor, features: Tensor) -> Tensor:
        """The dot product of row and column for each observation, [n_observed].

        The next call overwrites them.
        """
        # In place, or it would copy the sparse matrix each time.
        torch.sparse.sampled_addmm(self._scratch, x, features.T, beta=0.0, out=self._scratch)
        products: Tensor = self._scratch.values()
        return products

    @cached_property
    def _scratch(self) -> Tensor:
        """A sparse matrix of the same pattern, for products."""
        crow, columns = self.values.crow_indices(), self.values.col_indices()
        room = torch.zeros_like(self.values.values())
        return torch.sparse_csr_tensor(crow, columns, room, self.values.shape)

    def _sums(self, weights: Tensor, features: Tensor) -> Tensor:
        """The weighted sum of each row's observed columns' features, [n_rows, d]."""
        # A product with a sparse matrix, in a third of the time that such a product takes.
        offsets, columns = self.values.crow_indices(), self.values.col_indices()
        sums: Tensor = embedding_bag(
            columns,
            features,
            offsets,
            mode="sum",
            per_sample_weights=weights,
            include_last_offset=True,
        )
        return self._completed(sums)


def _conjugate_gradients(
    a_times: Callable[[Tensor], Tensor], b: Tensor, diagonal: Tensor, x: Tensor, group: ProcessGroup
) -> Tensor:
    """Solve A x = b for every row at once, from ``x``.

    Preconditioned by the diagonal of A (Golub & Van Loan 2013, alg. 11.5.1). It works in place: at
    this size a fresh tensor costs more than what is computed in it.

    Parameters
    ----------
    a_times
        Multiplies by A.
    b, diagonal, x
        [n_rows, d], overwritten.
    group
        The processes that solve together.
    """
    inverse = diagonal.reciprocal_()
    downhill = b * inverse
    enough = _TOLERANCE**2 * group.all_reduce_(_dots(b, downhill).sum())
    residual = b.sub_(a_times(x))
    torch.mul(residual, inverse, out=downhill)
    direction = downhill.clone()
    error = _dots(residual, downhill)
    # The group stops as one. Where all have the same rows, both sums are as many times too large.
    for _ in range(_MOST_STEPS):
        if group.all_reduce_(error.sum()) <= enough:
            break
        ahead = a_times(direction)
        step = error / _dots(direction, ahead).clamp_min_(_TINY)
        x.addcmul_(step, direction)
        residual.addcmul_(step, ahead, value=-1)
        torch.mul(residual, inverse, out=downhill)
        before, error = error, _dots(residual, downhill)
        torch.addcmul(downhill, error / before.clamp_min_(_TINY), direction, out=direction)
    return x


def _dots(a: Tensor, b: Tensor) -> Tensor:
    """The dot product of each row, [n_rows, 1]."""
    dots: Tensor = torch.linalg.vecdot(a, b)
    return dots[:, None]
