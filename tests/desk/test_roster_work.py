"""What is due in an open roster: checked, asked about, changed meanwhile, failed and due again."""

from collections.abc import Callable

from counter.clock import today
from counter.desk.roster_work import AT_ONCE, Key, RosterWork
from counter.reference.load import load_reference
from counter.roster.checks import Checker
from counter.rules.reference import Context, Place
from counter.rules.unit import Unit

REFERENCE = load_reference()
PLACE = Place(city="441621", bank="abc", branch="441621-abc-01", counter="1")


def a_checker() -> Checker:
    return Checker(Unit(), Context(today=today(), reference=REFERENCE, place=PLACE))


def all_but(*gone: Key) -> Callable[[Key], bool]:
    return lambda key: key not in gone


def knowing(work: RosterWork) -> RosterWork:
    """The work after its first rows were checked: a checker is there that knows the numbers."""
    checks = work.take_checks(all_but())
    assert checks is not None
    work.checked(checks, a_checker())
    return work


def test_rows_are_checked_some_at_a_time_in_their_order() -> None:
    rows = [f"r{number}" for number in range(AT_ONCE + 1)]
    work = RosterWork(due=rows)
    first = work.take_checks(all_but())
    assert first is not None
    assert first.keys == tuple(rows[:AT_ONCE])
    assert work.take_checks(all_but()) is None, "one after the other"
    work.checked(first, a_checker())
    second = work.take_checks(all_but())
    assert second is not None
    assert second.keys == (rows[-1],)
    work.checked(second, a_checker())
    assert work.take_checks(all_but()) is None, "nothing is due"


def test_the_first_check_looks_elsewhere_though_no_row_is_due() -> None:
    """The unit's own fields are judged by a checker: a roster without rows gets one."""
    work = RosterWork()
    checks = work.take_checks(all_but())
    assert checks is not None
    assert (checks.keys, checks.checker) == ((), None)
    work.checked(checks, checker := a_checker())
    assert work.checker is checker


def test_a_checker_serves_until_a_number_changes() -> None:
    work = knowing(RosterWork(due=["a"]))
    work.changed("a", renumbered=False, somebody_else=False)
    checks = work.take_checks(all_but())
    assert checks is not None
    assert checks.checker is work.checker
    work.changed("b", renumbered=True, somebody_else=True)
    work.checked(checks, a_checker())
    again = work.take_checks(all_but())
    assert again is not None
    assert again.keys == ("b",)
    assert again.checker is None, "it looked elsewhere before the number changed"
    assert work.checker is not None, "what it found is shown until then"


def test_a_row_that_changes_while_it_is_checked_is_due_again() -> None:
    work = RosterWork(due=["a", "b"])
    checks = work.take_checks(all_but())
    assert checks is not None
    work.changed("a", renumbered=False, somebody_else=False)
    work.checked(checks, a_checker())
    assert list(work.due) == ["a"]


def test_what_could_not_be_checked_is_due_again_but_for_what_is_gone() -> None:
    work = RosterWork(due=["a", "b", "c"])
    checks = work.take_checks(all_but("c"))
    assert checks is not None
    assert checks.keys == ("a", "b"), "c stands in the ledger already"
    work.gone("b")
    work.not_checked(checks, all_but("b", "c"))
    assert (list(work.due), work.checking) == (["a"], None)


def test_another_unit_judges_all_rows_anew() -> None:
    work = knowing(RosterWork(due=["a", "b"]))
    work.judge_anew(["a", "b"])
    checks = work.take_checks(all_but())
    assert checks is not None
    assert (checks.keys, checks.checker) == (("a", "b"), None)


def test_all_are_asked_about_at_once_and_who_comes_meanwhile_after_them() -> None:
    work = RosterWork(unasked=["a", "b"])
    assert work.take_questions() == ("a", "b")
    work.changed("c", renumbered=True, somebody_else=True)
    assert work.take_questions() == ()
    work.asked()
    assert work.take_questions() == ("c",)


def test_an_answer_about_somebody_else_does_not_hold() -> None:
    work = RosterWork(unasked=["a", "b", "c"])
    work.take_questions()
    work.changed("a", renumbered=False, somebody_else=True)
    work.due.clear()
    work.gone("c")
    assert work.answered(["a", "b", "c"], all_but("c")) == ["b"]
    assert list(work.due) == ["b"], "it is checked with its answer"
    work.asked()
    assert work.take_questions() == ("a",), "and a is asked about under its new name"


def test_what_could_not_be_asked_is_asked_again_but_for_what_is_done() -> None:
    work = RosterWork(unasked=["a", "b", "c"])
    work.take_questions()
    work.not_asked(all_but("c"))
    assert work.take_questions() == ("a", "b")


def test_a_row_that_is_gone_waits_for_nothing() -> None:
    work = knowing(RosterWork(due=["a"], unasked=["a"]))
    work.changed("a", renumbered=False, somebody_else=False)
    before = work.renumbered
    work.gone("a")
    assert (list(work.due), list(work.unasked)) == ([], [])
    assert work.renumbered == before + 1, "whoever shared its number is alone with it now"
