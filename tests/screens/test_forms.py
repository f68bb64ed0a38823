"""What forms owe: a photo in words where there are no colours, the days of a booking, F1 in a roster and its unit."""

import pytest
from msgspec import structs

from counter.gateway.seeding.portraits import portrait
from counter.i18n import t
from counter.province.questions.question import Answer
from counter.rules.case import Booking, BookingStatus, Mode, Photo, PhotoSource, PresentedBy
from counter.rules.filling import with_value
from counter.rules.photo import fit_photo
from counter.rules.services import SERVICES
from counter.screens.dialogs.help import HelpScreen
from counter.widgets.photo import PhotoView
from counter.widgets.prose import Prose
from tests.screens.test_rosters import GOOD, opened
from tests.support.customers import complete
from tests.support.made_up import APPLY, EXCHANGE
from tests.support.screen_world import MORNING, REFERENCE, Clerk, at, drawn, squashed, without


async def test_without_colours_a_photo_is_said(clerk: Clerk) -> None:
    jpeg = fit_photo(portrait(1), REFERENCE.cities["441621"].photo)
    digest = clerk.desk().store.photos.put(jpeg)
    clerk.app.wear("ascii")
    await at(clerk, "photo", structs.replace(APPLY, photo=Photo(source=PhotoSource.FILE, digest=digest)))
    assert not clerk.one(PhotoView).display
    assert (
        "358 x 441" in clerk.text
        and f"{round(len(jpeg) / 1024)} KB" in clerk.text
        and t("steps.photo.fits") in clerk.text
    )


async def test_the_photo_of_another_source_comes_too_late(clerk: Clerk) -> None:
    """What was asked for before the clerk chose another source is not that source's photo."""
    screen = await at(clerk, "photo", structs.replace(EXCHANGE, photo=Photo(source=PhotoSource.FILE)))
    asked = screen.open.case
    clerk.case.at.to(clerk.case.at.fields[0])
    await clerk.types("1")
    assert screen.open.case.photo.source is PhotoSource.KEEP
    await screen.answered(asked, Answer({"photo.digest": "0" * 64}), screen.open.step)
    assert screen.open.case.photo.digest == ""


async def test_the_days_of_a_booking_stand_at_the_mode_too(clerk: Clerk) -> None:
    today = MORNING.date()
    booking = Booking(
        id="b", status=BookingStatus.APPROVED, from_bank="icbc", to_bank="abc", booked_on=today, approved_on=today
    )
    await at(clerk, "mode", structs.replace(EXCHANGE, mode=Mode.CHANGE_BANK, booking=booking))
    assert "[>-" in clerk.text and t("steps.booking.approved", approved="11-20", last="", days=0)[:4] in clerk.text
    await clerk.types("1")
    assert "[>-" not in clerk.text


async def test_f1_in_a_roster_explains_the_column_and_in_its_unit_the_field(clerk: Clerk) -> None:
    await opened(clerk, GOOD)
    await clerk.types("right", "right", "f1")
    assert squashed(t("explain.holder.mobile.what")) in help_of(clerk) and squashed(t("rule.APP-1.text")) in help_of(
        clerk
    )
    await clerk.types("escape", "f4", "down", "f1")
    assert squashed(t("explain.unit.uscc.what")) in help_of(clerk)


def help_of(clerk: Clerk) -> str:
    assert isinstance(clerk.screen, HelpScreen)
    return squashed("".join(line for prose in clerk.screen.query(Prose) for line in drawn(prose)))


async def test_the_end_of_a_hukou_book_follows_from_the_birth_and_is_not_asked(clerk: Clerk) -> None:
    """WHO-3: it is the day on which the child turns 16, on the screen and in the case."""
    case = complete(SERVICES["apply"], "child under 14, hukou book", PresentedBy.GUARDIAN)
    end = case.holder.document.valid_to
    case = with_value(with_value(case, "holder.document.valid_to", None), "holder.document.valid_from", None)
    assert case.guardian is not None
    case = with_value(case, "guardian.document.number", "")
    await at(clerk, "identity", case)
    assert clerk.focused == "holder.document.valid_from"
    await clerk.types(*"20200101")
    assert clerk.focused == "guardian.document.number"
    assert str(end) in clerk.line("有效期至")
    clerk.open.settle()
    assert clerk.open.case.holder.document.valid_to == end


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2031-05", "还要写到日"), ("203105", "还要写到日"), ("20310230", "没有这一天"), ("2031-02-30", "没有这一天"),
     ("2031", "日期请写作"), ("下周", "日期请写作")],
)  # fmt: skip
async def test_what_a_date_lacks_is_said(clerk: Clerk, typed: str, said: str) -> None:
    await at(clerk, "mode")
    clerk.screen.query_one("#field-old_card-expires FormInput").focus()
    await clerk.types("ctrl+u")
    await clerk.pastes(typed)
    assert said in clerk.text


async def test_a_no_that_must_become_a_yes_is_not_passed(clerk: Clerk) -> None:
    await at(clerk, "mode", without("old_card.in_hand"))
    await clerk.types("f10")
    assert clerk.focused == "old_card.in_hand"
    await clerk.types("enter")
    assert clerk.focused == "old_card.in_hand"
    await clerk.types("1")
    assert clerk.open.case.old_card is not None and clerk.open.case.old_card.in_hand
