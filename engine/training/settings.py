"""What a training run can be set to. The heads' values are tuned on validation users."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class HeadSettings:
    """What all heads can be set to; each adds its own, tuned on validation users."""

    weight: float = 1.0  # of the head's scores in the ensemble's
    half_weight_at: float = 0.0  # ratings of a user at which it has half its weight


@dataclass(frozen=True, kw_only=True)
class AlsSettings(HeadSettings):
    """Of the ALS head."""

    factors: int = 64
    sweeps: int = 6
    background: float = 0.06  # weight of an unrated film as "not preferred", for the mean rating
    popularity: float = 0.2  # power of a film's number of ratings that its weight grows with
    ridge: float = 0.5  # times the square root of a row's number of ratings
    prior_strength: float = 0.045  # of the users' Gaussian, at fit; the noise variance


@dataclass(frozen=True, kw_only=True)
class StarSettings(HeadSettings):
    """Of the star head."""

    weight: float = 0.04  # in preference per star
    rounds: int = 12  # of expectation maximisation
    folds: int = 5  # of users, for features that know nothing of a user's own ratings


@dataclass(frozen=True, kw_only=True)
class EaseSettings(HeadSettings):
    """Of the EASE head."""

    weight: float = 0.8
    half_weight_at: float = 10.0
    ridge: float = 200.0  # lambda above
    least_ratings: int = 20  # of a film to take part
    most_films: int = 5000  # to take part, those with most ratings: a square matrix is inverted
    sources: int = 60  # kept of each film


@dataclass(frozen=True)
class Settings:
    """What a training run depends on, besides its data.

    ``heads`` are settings of any of the heads; a head that has none here has its defaults.
    """

    heads: tuple[HeadSettings, ...] = ()
    held_out: int = 399  # users measured on
    seed: int = 1
