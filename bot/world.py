"""The World that every turn shares: the policy from the settings, the places and days from the database.

Built anew when the organisation has changed (another process may have loaded it) or the answers' file has. So
it is with the keyword rules: a changed file is taken up, and the old one kept when the new is broken.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import uuid_utils

from bot.answers import read_answers
from bot.settings import Settings
from bot.settings_model import OwnLimits, UrgencyLimits
from bot.spans import Span
from casework.case import AreaId, Urgency
from casework.groups import Group
from casework.policy import Calendar, Limits, Policy
from casework.policy import Span as PolicySpan
from handlers.world import World
from nlp.answers import Answer
from nlp.places import Gazetteer, Place
from nlp.rulebook import RuleBook
from nlp.rulefile import FOLDER
from nlp.rules import Rules
from storage import answers as answers_of_desks
from storage import organisation
from storage.database import Database

log = logging.getLogger(__name__)

ZONE = ZoneInfo("Asia/Shanghai")
LOOK_EVERY = 3.0  # seconds
ANSWERS = "answers.toml"  # beside the organisation's tables
MONTH = 30.5  # days: nine months are 275 days


def mint() -> str:
    """A new id: UUIDv7, so that rows made together lie together."""
    return str(uuid_utils.uuid7())


class Worlds:
    """`current` is the World for the next turn; `watch()` keeps it current until it is cancelled."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        button_key: bytes,
        public_url: Callable[[], str],
        code_key: bytes = b"",
        links: Callable[[str], tuple[str, Mapping[str, Any]]] | None = None,
    ) -> None:
        self._settings, self._database = settings, database
        self._button_key, self._code_key = button_key, code_key
        self._links = links
        self._public_url = public_url  # not known before the pages listen: the port may be any free one
        self._answers = answers_file(settings)
        self._rules = RuleBook(settings.understanding.rules or FOLDER)
        self._stamp = self._look()
        self._current = self._build()

    @property
    def current(self) -> World:
        return self._current

    def refresh(self) -> bool:
        """Build the World anew if anything it was built from has changed; says whether it was."""
        stamp = self._look()
        if stamp == self._stamp:
            return False
        self._current, self._stamp = self._build(), stamp
        return True

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                if await asyncio.to_thread(self.refresh):
                    log.info("the organisation, its answers or the rules have changed: taken up")
            except Exception as error:  # the old World goes on
                log.warning("what has changed could not be taken up: %s", type(error).__name__)

    def _look(self) -> tuple[str | None, str, int, int]:
        with self._database.reading() as conn:
            revision, given = organisation.revision(conn), answers_of_desks.stamp(conn)
        answers = self._answers.stat().st_mtime_ns if self._answers.is_file() else 0
        return revision, given, answers, id(self._current_rules())

    def _current_rules(self) -> Rules:
        """The newest rules that can be used; what is wrong with newer ones is said once in the log."""
        before = self._rules.error
        rules = self._rules.current()
        if self._rules.error is not None and self._rules.error is not before:
            log.warning("the rules could not be taken up, the old ones go on:\n%s", self._rules.error)
        return rules

    def _build(self) -> World:
        with self._database.reading() as conn:
            places = organisation.named_places(conn)
            days = organisation.workdays(conn)
            shifts = organisation.shift_times(conn)
            prepared = tuple(Answer(**each) for each in organisation.answers(conn))
            desks = tuple(Answer(**each) for each in answers_of_desks.given(conn))
        town = self._settings.town.name
        prepared = (*prepared, *read_answers_of(self._answers))
        written = {(each.topic, each.text) for each in prepared}  # copied into the file since: once is enough
        return World(
            policy=make_policy(self._settings, days, shifts),
            gazetteer=Gazetteer.build((Place(p.id, p.kind, p.name, p.aliases, p.parent_id) for p in places), (town,)),
            button_key=self._button_key,
            code_key=self._code_key,
            links=self._links,
            mint=mint,
            answers=(*prepared, *(each for each in desks if (each.topic, each.text) not in written)),
            public_url=self._public_url(),
            demo=self._settings.demo.enabled,
            groups=groups_of(self._settings),
            rules=self._rules.current(),
        )


def groups_of(settings: Settings) -> tuple[Group, ...]:
    """The groups that have a robot, without its keys."""
    robots = settings.robots.items()
    return tuple(Group(robot.kind, name, tuple(AreaId(area) for area in robot.areas)) for name, robot in robots)


def answers_file(settings: Settings) -> Path:
    """Where the installation's prepared answers stand."""
    folder = settings.demo.organisation if settings.demo.enabled else settings.town.organisation
    return folder.parent / ANSWERS


def read_answers_of(path: Path) -> tuple[Answer, ...]:
    """The answers that can be used; what is wrong with the others is said in the log."""
    answers, faults = read_answers(path) if path.is_file() else ((), [])
    for fault in faults:
        log.warning("%s", fault)
    return answers


def make_policy(settings: Settings, days: Mapping[date, str], shifts: tuple[time, ...] = ()) -> Policy:
    """The trade's Policy as this installation has it. `days` are the organisation's own days off and days worked,
    `shifts` the times at which duty changes by its roster; none: when the night begins and ends."""
    limits, checkback, season = settings.limits, settings.checkback, settings.season.heating
    by_urgency = {urgency: _limits(getattr(limits, urgency)) for urgency in Urgency}
    own = {
        (category, urgency): _own_limits(by_urgency[urgency], getattr(told, urgency))
        for category, told in limits.category.items()
        for urgency in Urgency
        if getattr(told, urgency) != OwnLimits()
    }
    return Policy(
        calendar=make_calendar(settings, days),
        limits=by_urgency,
        category_limits=own,
        difficult_solve=_span(limits.difficult.solve),
        reopened_solve=_span(checkback.reopened_solve),
        reminders=tuple(span.delta for span in checkback.reminders),
        telephone_due=_span(checkback.telephone_due),
        telephone_tries=checkback.telephone_tries,
        telephone_unfetched=checkback.unseen.delta,
        reopen_window=timedelta(days=checkback.reopen_window_days),
        name_owner=_plain(limits.name_owner),
        returns_allowed=limits.returns - 1,
        nudge_every=settings.nudge.every.delta,
        take_back=checkback.take_back.delta,
        draft_timeout=settings.intake.draft_timeout.delta,
        intake_hold=settings.intake.hold.delta.total_seconds(),
        addition_window=settings.intake.addition_window.delta,
        relay=settings.reply.relay.delta,
        touch_window=settings.reply.card_touched.delta,
        danger_repeat=limits.emergency.again_every.delta,
        danger_unheard=limits.emergency.tell_resident.delta,
        defer_longest=timedelta(days=math.ceil(limits.defer_months * MONTH)),
        soon_fraction=limits.soon_due_share,
        soon_longest=limits.soon_due_at_most.delta,
        season=((season.start.month, season.start.day), (season.end.month, season.end.day)),
        task_due=_span(limits.desk),
        question_due=_span(limits.question),
        nudges_to_climb=settings.nudge.climb_at,
        ended_shown=timedelta(days=settings.intake.ended_shown_days),
        code_tries=settings.entry.binding_tries,
        shifts=shifts or (settings.hours.night.end, settings.hours.night.start),
        town=settings.town.name,
        gas_phone=settings.town.gas_company_phone,
        other_hotline=settings.town.city_hotline,
    )


def _limits(told: UrgencyLimits) -> Limits:
    further = getattr(told, "next_acknowledge", told.acknowledge)  # of each further rung: as the first, unless told
    return Limits(_span(told.acknowledge), _span(told.arrive), _span(told.solve), _span(further))


def _own_limits(usual: Limits, told: OwnLimits) -> Limits:
    """What a category has otherwise; the further rungs keep the urgency's own pace."""
    return Limits(
        _span(told.acknowledge) if told.acknowledge else usual.acknowledge,
        _span(told.arrive) if told.arrive else usual.arrive,
        _span(told.solve) if told.solve else usual.solve,
        usual.next_acknowledge,
    )


def _span(told: Span) -> PolicySpan:
    """As people set it -> as the trade counts it: days end at closing time, everything shorter is exact."""
    if told.unit == "wh":
        return PolicySpan("working_hours", timedelta(hours=told.amount))
    if told.unit == "wd":
        return PolicySpan("working_days", days=math.ceil(told.amount))
    if told.unit == "d":
        return PolicySpan("days", days=math.ceil(told.amount))
    return PolicySpan("clock", told.delta)


def _plain(told: Span) -> timedelta:
    """Where the trade knows calendar time only, a working hour is an hour and a working day a day."""
    return Span(told.amount, "h" if told.unit == "wh" else "d").delta if told.working else told.delta


def make_calendar(settings: Settings, days: Mapping[date, str]) -> Calendar:
    """Working days: the national calendar, over it the installation's own days, over those the configuration's."""
    hours = settings.hours
    off = hours.days_off | ({day for day, kind in days.items() if kind == "off"} - hours.work_days)
    worked = hours.work_days | ({day for day, kind in days.items() if kind == "work"} - hours.days_off)
    this = datetime.now(UTC).astimezone(ZONE).year
    years = range(this - 1, this + 3)
    free, extra, known = _national(years)
    return Calendar(
        zone=ZONE,
        opens=hours.office.start,
        closes=hours.office.end,
        holidays=frozenset(free - worked | {day for day in off if day.weekday() < 5}),
        workdays=frozenset(extra - off | {day for day in worked if day.weekday() >= 5}),
        known=frozenset(known | {day.year for day in hours.days_off | hours.work_days}),
        night_from=hours.night.start,
        night_until=hours.night.end,
        ask_from=hours.checkback_first.start,
        ask_until=hours.checkback_first.end,
        remind_from=hours.reminders.start,
        remind_until=hours.reminders.end,
    )


def _national(years: range) -> tuple[set[date], set[date], set[int]]:
    """Weekdays that are free, weekend days that are worked (调休), and the years whose arrangement is published.

    A year without worked weekends is one that the library only guesses at: its fixed holidays, no more.
    """
    import holidays  # half a second: not needed for --help

    china = holidays.country_holidays("CN", years=years)
    worked = {day for day in china.weekend_workdays if day.year in years}
    free = {day for day in china if day.weekday() < 5}
    return free, worked, {day.year for day in worked}
