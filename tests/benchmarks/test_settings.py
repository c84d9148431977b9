"""The search for a peer's settings, where the best are known."""

from dataclasses import dataclass, fields

from benchmarks.peers.settings import along, search, tried


@dataclass(frozen=True)
class Settings:
    ridge: float = tried(1.0, 1.0, 10.0, 100.0, by="rmse")
    factors: int = tried(8, 8, 16, 32, 64)


def measure(settings: Settings) -> dict[str, float]:
    """Best at 32 factors and, with these alone, at a ridge of 100: the first round misses it."""
    best_ridge = 100.0 if settings.factors == 32 else 1.0
    return {
        "ndcg_at_10": 1 - abs(settings.factors - 32) / 100,
        "rmse": abs(settings.ridge - best_ridge),
    }


def test_the_search_goes_on_until_no_setting_alone_can_be_bettered() -> None:
    best = search(Settings(), measure)
    assert best == Settings(factors=32, ridge=100.0)
    rmse, ndcg = (along(best, setting, measure) for setting in fields(best))
    assert max(ndcg, key=ndcg.__getitem__) == 32
    assert rmse == {1.0: 99.0, 10.0: 90.0, 100.0: 0.0}


def test_the_best_stays() -> None:
    assert search(Settings(100.0, 32), measure) == Settings(100.0, 32)
