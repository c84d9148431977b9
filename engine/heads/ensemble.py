r"""One order of films from the three heads.

They know different things: the ranking head what people like somebody watch and love, the star head
whether somebody would like a film once they watch it, the item-item head which films go together
one by one. With a film's ranking vector :math:`y`, predicted stars :math:`r` (as they come, not
confined to the scale), and item-item weights :math:`B`, the score of film i for somebody of n
ratings is

.. math::
    s_i = y_i \cdot x + \gamma \, (r_i - \mu) + \eta \frac{n}{n + \nu} \sum_j B_{ji} v_j

All of it is linear in what was rated, so that each rating's part in a score is known exactly.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.heads.ease import ItemItemHead


@dataclass(frozen=True)
class BlendSettings:
    """Tuned on validation users."""

    stars: float = 0.04  # gamma above, in preference per star
    items: float = 0.8  # eta above
    half_weight_at: float = (
        10.0  # nu above: ratings at which the item-item head has half its weight
    )


class Blend:
    """What scores the n_rated films with ranking ``vectors`` [n_rated, d].

    ``features`` [n_rated, f] are those of the star head, the last d of which are the vectors at
    another length (:func:`engine.heads.star_regression.star_features`); ``item_baseline`` [n_rated]
    is how many more stars people of no particular taste give a film than the mean.
    """

    def __init__(
        self,
        vectors: Tensor,
        features: Tensor,
        item_baseline: Tensor,
        items: ItemItemHead,
        settings: BlendSettings,
    ) -> None:
        self.items, self.settings = items, settings
        d = vectors.shape[1]
        kinds, directions = features[:, :-d], features[:, -d:]
        # With the films as columns, and their vectors but once, a product with one person takes a
        # quarter of the time: it is memory that has to be read.
        self._vectors = vectors.T.contiguous()
        self._kinds = (
            settings.stars * torch.cat([kinds, item_baseline[:, None]], dim=1)
        ).T.contiguous()
        length = vectors.norm(dim=1).clamp_min(1e-12)
        self._lengths = settings.stars * directions.norm(dim=1) / length

    def scores(
        self, tastes: Tensor, coefficients: Tensor, preferences: Tensor, n: Tensor
    ) -> Tensor:
        """The scores of all films for people, [n_people, n_rated].

        Of each person as rows: ``tastes`` [d] of the ranking head, ``coefficients`` [f] of the star
        head, ``preferences`` [n_rated] the preferences, 0 where nothing is rated; and ``n``, the
        number of ratings.
        """
        n_people, d = tastes.shape
        kinds = torch.cat([coefficients[:, :-d], torch.ones(n_people, 1)], dim=1)
        both = torch.cat([tastes, coefficients[:, -d:]]) @ self._vectors
        ranking, directions = both[:n_people], both[n_people:]
        scores = torch.addcmul(ranking, directions, self._lengths).addmm_(kinds, self._kinds)
        return scores.addcmul_(self.items.scores(preferences), self.item_weight(n)[:, None])

    def item_weight(self, n: Tensor) -> Tensor:
        """How much the item-item head counts for somebody of ``n`` ratings."""
        return self.settings.items * n / (n + self.settings.half_weight_at)
