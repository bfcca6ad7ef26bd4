"""A campaign: what is due is drilled, several lines at once, as the policy has it.

Each drill is recorded by itself, so that a campaign that is killed has lost nothing: the next one goes on with what is
due then. One campaign at a time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Event

from provisioning.drills.campaign import Candidate, Rules, Turn, may_begin
from provisioning.errors import ProvisoError, ScopeBusy
from provisioning.model.campaign import Campaign
from provisioning.model.drill import DrillState
from provisioning.store import campaigns
from provisioning.workflows.auditing import audited
from provisioning.workflows.campaign_policy import asked_of, policy_of, rules_of, standings
from provisioning.workflows.check_backup import check_backups
from provisioning.workflows.drill_line import Drilled, drill_line
from provisioning.workflows.scope_lock import hold_if_free
from provisioning.workflows.settle_drills import settle_left_drills
from provisioning.workflows.surroundings import Surroundings

LOCK = "failover schedule run"

CUT_OFF = "its process ended without a word"
INTERRUPTED = "it was interrupted"


@dataclass(frozen=True, slots=True)
class LineOver:
    """What became of a line in a campaign.

    Attributes:
        drilled: None when it was left out.
        why: it was left out; empty when it was drilled.
    """

    line: str
    drilled: Drilled | None
    why: str = ""


Tell = Callable[[LineOver], object]


@dataclass(frozen=True, slots=True)
class CampaignOver:
    """What came of a campaign.

    Attributes:
        campaign: None when nothing was due.
        stopped: why it ended before everything due was drilled; empty when it did not.
    """

    campaign: Campaign | None
    lines: tuple[LineOver, ...] = ()
    stopped: str = ""


def run_campaign(around: Surroundings, tell: Tell, begun: Callable[[int], object], stop: Event) -> CampaignOver:
    """Drill what is due and may be drilled now.

    Args:
        tell: told what became of each line, as that is known.
        begun: told how many lines there are, once.
        stop: set to end it: drills under way are ended first, and each line is healed.

    Raises:
        ScopeBusy: when another campaign is under way.
        EnvironmentTrouble: when the store cannot be used.
    """
    with hold_if_free(around.state, LOCK) as held:
        if not held:
            raise ScopeBusy(
                "another campaign is under way",
                where="failover schedule run",
                remedy="Wait until it has ended; `proviso failover list` shows its drills.",
            )
        settle_left_drills(around)
        _end_left(around)
        due = [each.candidate for each in standings(around) if each.turn is Turn.NOW]
        if not due:
            return CampaignOver(None)
        campaign = _begin(due, around)
        run = _Run(around, rules_of(around), campaign, tell, stop)
        try:
            begun(len(due))
            run.go(due)
        except BaseException:
            # A second interrupt, or a mistake of ours: it must not look as if all that was due was drilled.
            run.stopped = run.stopped or INTERRUPTED
            raise
        finally:
            _end(campaign, run.stopped, around)
        return CampaignOver(campaign, tuple(run.over), run.stopped)


def _begin(due: Sequence[Candidate], around: Surroundings) -> Campaign:
    with audited(around) as audit:
        campaign = campaigns.begin_campaign(audit.connection, policy_of(around), audit.at)
        audit.add("failover campaign", campaign.identifier, details={"lines": [each.line for each in due]})
    return campaign


def _end(campaign: Campaign, reason: str, around: Surroundings) -> None:
    with audited(around) as audit:
        if campaigns.end_campaign(audit.connection, campaign.number, reason, audit.at):
            audit.add("failover campaign end", campaign.identifier, reason=reason)


def _end_left(around: Surroundings) -> None:
    """End campaigns that were killed: whoever holds the lock knows that nobody works on them."""
    with around.store.read() as connection:
        left = campaigns.left_campaigns(connection)
    for each in left:
        _end(each, CUT_OFF, around)


_Busy = tuple[str, str, str | None]
"""Line, customer and mobile cell of a line that is being drilled."""


@dataclass
class _Run:
    """One campaign under way.

    Attributes:
        stopped: why it goes on no more; empty as long as it does.
    """

    around: Surroundings
    rules: Rules
    campaign: Campaign
    tell: Tell
    stop: Event
    over: list[LineOver] = field(default_factory=list)
    stopped: str = ""
    _failed: int = 0

    def go(self, due: Sequence[Candidate]) -> None:
        """Drill all that are due, as many at once as may be, until there is a reason to stop."""
        cells = self._look([each.line for each in due])
        # Who was told to stop while he looked has left out lines that nobody looked at.
        self._judge()
        waiting = [each for each in due if each.line in cells]
        busy: dict[Future[LineOver], _Busy] = {}
        with ThreadPoolExecutor(self.rules.at_once) as pool:
            while waiting or busy:
                self._judge()
                if self.stopped:
                    waiting.clear()
                while (found := self._next(waiting, cells, busy.values())) is not None:
                    waiting.remove(found)
                    busy[pool.submit(self._drill, found.line)] = (found.line, found.customer, cells[found.line])
                for future in wait(busy, return_when=FIRST_COMPLETED).done:
                    del busy[future]
                    self._take(future.result())

    def _look(self, lines: Sequence[str]) -> Mapping[str, str | None]:
        """Return the mobile cell of each line that is ready; what is not ready is left out, and told."""
        cells: dict[str, str | None] = {}
        for line, found in check_backups(lines, self.around, self.stop):
            if isinstance(found, ProvisoError):
                self._take(LineOver(line, None, str(found)))
            elif not found.ready:
                reasons = (f"{each.subject}: {each.reason}" for each in found.in_the_way)
                self._take(LineOver(line, None, "; ".join(reasons)))
            else:
                radio = found.report.mobile.radio if found.report is not None else None
                cells[line] = radio.cell if radio is not None else None
        return cells

    def _next(
        self, waiting: Sequence[Candidate], cells: Mapping[str, str | None], busy: Iterable[_Busy]
    ) -> Candidate | None:
        """Return the first line that may be drilled beside those that are."""
        beside = tuple(busy)
        able = (each for each in waiting if may_begin(each.customer, cells[each.line], beside, self.rules))
        return next(able, None)

    def _judge(self) -> None:
        if self.stop.is_set():
            self.stopped = self.stopped or INTERRUPTED
        elif self._failed >= self.rules.failures:
            self.stopped = self.stopped or f"{_drills(self._failed)} failed: somebody has to look first"

    def _drill(self, line: str) -> LineOver:
        asked = asked_of(self.around)
        try:
            done = drill_line(line, asked, self.around, _say_nothing, self.stop, campaign=self.campaign.number)
        except ProvisoError as error:
            return LineOver(line, None, str(error))
        if done.drill is None:
            return LineOver(line, None, "; ".join(each.reason for each in done.refusals))
        return LineOver(line, done)

    def _take(self, over: LineOver) -> None:
        drill = over.drilled.drill if over.drilled is not None else None
        self._failed += drill is not None and drill.state is DrillState.FAILED
        self.over.append(over)
        self.tell(over)


def _drills(number: int) -> str:
    return f"{number} drill{'s' if number != 1 else ''}"


def _say_nothing(*_: object) -> None:
    """Several drills at once would talk across each other."""
