"""The score on real deaths with planted doubles of four kinds; `make bench ARGS=duplicates` measures all of them."""

from pathlib import Path

from bench import planted
from register.quality.likeness import weights


def test_planted_doubles_among_real_deaths_are_found_and_few_others_are(reference_dir: Path) -> None:
    deaths = [one for one in planted.deaths() if one.died_from and one.died_from.year >= 2018]
    everything, copies = planted.plant(deaths, each=40, seed=7)
    scores = planted.score_all(everything)
    found = {pair for pair, score in scores.items() if score >= weights()["possible"]}
    recall, precision, by_kind = planted.measured(found, copies)
    assert recall >= 0.95, by_kind
    assert precision >= 0.85
    assert by_kind["exact"] == by_kind["date off by one"] == 1
