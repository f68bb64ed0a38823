"""A short, fixed slice of the man in the middle, and of a day that is sent again; ``make intercepted ROUNDS=n`` does more."""

from pathlib import Path

from tests.simulation.again import send_a_day_again
from tests.simulation.middle import Attack, a_world_between, stand_between


def test_nothing_that_he_says_is_believed(postgresql: str, tmp_path: Path) -> None:
    with a_world_between(postgresql, tmp_path) as world:
        figures = stand_between(world, seed=1, exchanges=4 * len(Attack))
        assert world.query("SELECT count(*) FROM entry") == [(0,)]
    assert figures.believed == []
    assert set(figures.attacks) == set(Attack)


def test_a_day_that_is_sent_again_changes_nothing(postgresql: str, tmp_path: Path) -> None:
    replayed = send_a_day_again(postgresql, tmp_path)
    assert (replayed.changed, replayed.sms) == ([], 0)
    assert replayed.requests > 20
    assert set(replayed.answers) <= {"200", "replayed", "clock", "enrolled"}
    assert replayed.answers["replayed"] > replayed.requests
    assert replayed.answers["200"] <= 3 * 3, "how it goes, the province's key, the same enrolment"
