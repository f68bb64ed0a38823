"""指引: what a bank counter cannot do, and where the customer goes with it (REF-1). Never a dead end."""

from collections.abc import Iterable

from textual.widget import Widget

from counter.paper.slip import told
from counter.rules.case import Case
from counter.rules.judge import Judgement
from counter.rules.service import StepId
from counter.screens.case.pane import StepPane
from counter.screens.options import choices
from counter.widgets.fields.choice import ChoiceField
from counter.widgets.prose import Prose


class ReferralPane(StepPane):
    """The kind where there are several (EXC-5), then all that the customer must know, part by part."""

    step = StepId.REFERRAL

    def body(self) -> Iterable[Widget]:
        if self.service.referrals:
            yield ChoiceField("referral", lambda: choices("referral", self.service.referrals), tall=True)
        yield Prose(id="referral")

    def show(self, case: Case, judgement: Judgement, *, strict: bool) -> None:
        super().show(case, judgement, strict=strict)
        self.query_one("#referral", Prose).update("\n".join(["", *told(judgement.notices)]))
