"""How often the province is asked, and how long the counter waits between: no retry says or loses anything."""

import random

import pytest

from counter.province.client import AT_COUNTER, AT_SYNC, UNATTENDED, Patience
from counter.province.errors import OutOfReachError, RefusedError
from tests.support.faults import Fault, FaultyNetwork
from tests.support.province_world import World

SOON = Patience(timeout=5.0, attempts=4, first=0.001, longest=0.002)


def test_the_patience_that_was_agreed() -> None:
    assert (AT_COUNTER.timeout, AT_COUNTER.attempts) == (2.5, 1)
    assert (AT_SYNC.timeout, AT_SYNC.attempts, AT_SYNC.first, AT_SYNC.longest) == (30.0, 5, 0.25, 20.0)


@pytest.mark.parametrize(("retry", "most"), [(1, 0.5), (2, 1.0), (4, 4.0), (9, 20.0), (30, 20.0), (2000, 20.0)])
def test_a_pause_is_any_part_of_a_time_that_doubles(retry: int, most: float) -> None:
    random.seed(7)
    pauses = [AT_SYNC.pause(retry, None) for _ in range(200)]
    assert all(0 <= pause <= most for pause in pauses)
    assert min(pauses) < most / 10 < most * 9 / 10 < max(pauses), "full jitter: all of it, not a part around its middle"


@pytest.mark.parametrize(("told", "waits"), [(0.0, 0.25), (3.0, 3.0), (20.0, 20.0), (9000.0, 20.0)])
def test_retry_after_holds_as_far_as_we_are_willing(told: float, waits: float) -> None:
    assert AT_SYNC.pause(1, told) == waits


def test_sync_asks_until_it_is_answered(world: World) -> None:
    faults = (Fault.BUSY, Fault.REFUSED, Fault.PORTAL)
    with FaultyNetwork(world.url, script=faults) as network, world.through(network.url).province(SOON) as province:
        with world.province() as straight:
            assert province.head() == straight.head()
        assert len(network.requests) == SOON.attempts


def test_sync_gives_up_after_the_last_attempt(world: World) -> None:
    faults = (Fault.BUSY, Fault.REFUSED) * SOON.attempts
    with FaultyNetwork(world.url, script=faults) as network, world.through(network.url).province(SOON) as province:
        with pytest.raises(OutOfReachError):
            province.head()
        assert network.seen.total() == SOON.attempts


def test_a_timer_goes_on_asking_until_an_outage_of_a_minute_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The minute passes while it waits: here by the pauses alone."""
    passed = [0.0]
    monkeypatch.setattr("counter.province.client.time.monotonic", lambda: passed[0])
    monkeypatch.setattr("counter.province.client.time.sleep", lambda pause: passed.__setitem__(0, passed[0] + pause))
    random.seed(3)
    with FaultyNetwork(world.url, script=(Fault.REFUSED,) * 40) as network:
        with world.through(network.url).province(UNATTENDED) as province, pytest.raises(OutOfReachError):
            province.head()
        assert passed[0] >= 60 and network.seen.total() > AT_SYNC.attempts, "an outage of a minute is shorter"


def test_at_the_counter_a_question_is_asked_once(world: World) -> None:
    with FaultyNetwork(world.url, script=(Fault.BUSY,)) as network, world.through(network.url).province() as province:
        with pytest.raises(OutOfReachError) as caught:
            province.health()
        assert caught.value.retry_after == 0
        assert network.seen.total() == 1
        assert province.health().time


def test_a_refusal_is_not_asked_again(world: World) -> None:
    with FaultyNetwork(world.url) as network, world.through(network.url).province(SOON) as province:
        with pytest.raises(RefusedError):
            province.put_photo("0" * 64, b"no picture")
        assert len(network.requests) == 1


@pytest.mark.parametrize(("fault", "reason"), [(Fault.DRIPPING, "timeout"), (Fault.ENDLESS, "endless")])
def test_an_answer_that_never_ends_is_none(world: World, fault: Fault, reason: str) -> None:
    """A limit for each read would be kept by every byte."""
    with (
        FaultyNetwork(world.url, script=(fault,)) as network,
        world.through(network.url).province(Patience(timeout=0.5)) as province,
        pytest.raises(OutOfReachError) as raised,
    ):
        province.health()
    assert raised.value.reason == reason
