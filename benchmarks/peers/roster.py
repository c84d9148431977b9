"""All peers, the simple ones first."""

from benchmarks.peers.baseline_mf import BaselineMf
from benchmarks.peers.ease import Ease
from benchmarks.peers.implicit_als import ImplicitAls
from benchmarks.peers.lenskit_scorers import BiasedMf, ImplicitMf, ItemKnn, ItemKnnStars
from benchmarks.peers.peer import Peer
from benchmarks.peers.simple import Biases, Popular
from benchmarks.peers.surprise_svd import SurpriseSvd

PEERS: tuple[type[Peer], ...] = (
    Popular,
    Biases,
    BaselineMf,
    Ease,
    ImplicitAls,
    ImplicitMf,
    ItemKnn,
    ItemKnnStars,
    BiasedMf,
    SurpriseSvd,
)
