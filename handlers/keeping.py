"""要不要放进常见问题？ The desk's answer becomes a prepared one at a tap: with question words that the desk may change, tried on the
question itself, and with who put it there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from casework import access
from casework.case import AreaId, Post, Role
from casework.effects import TakeDownAnswer, TakeUpAnswer
from handlers.texts import local, say_day, text_of
from handlers.turn import Turn, answer, press
from nlp.answers import Answer, Suggested, find_answers, read_words, suggest
from nlp.shortwords import hide_mobile, hide_phone, read_day
from storage import people

YEAR = timedelta(days=365)
UNTIL = re.compile(r"(?:有效)?(?:到|至)\s*(.+)")


def offer(turn: Turn, post: Post, question: str, told: str) -> None:
    """After an answer was sent. Only a desk keeps answers."""
    if post.id in access.keeps_answers(turn.person):
        turn.ask("task.keep_answer", options=("keep_answer", "keep_not"), awaited=False, post=post.id, asked=question, told=told)


@press("task.keep_answer", "keep_not")
@press("task.keep_words", "keep_not")
def not_kept(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("task.keep_not")


@press("task.keep_answer", "keep_answer")
def keep(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Shown as it would be kept, before it is."""
    told = {**question.args, "told": hide_mobile(str(question.args["told"]))}  # it will be read by everybody
    until = local(turn).date() + YEAR
    _show(turn, str(told["post"]), str(told["asked"]), str(told["told"]), suggest(str(told["asked"])), until)


def _show(turn: Turn, post: str, asked: str, told: str, words: Suggested, until: date, key: str = "task.keep_words") -> None:
    options = ("keep_so", "keep_not") if words.any_of else ("keep_not",)
    turn.ask(
        key, question="task.keep_words", options=options, post=post, asked=asked, told=told, until_day=until.isoformat(),
        any_of="、".join(words.any_of) or text_of("word.none_yet"), with_any="、".join(words.with_any) or text_of("word.any_way"),
        until=say_day(until, local(turn).date(), near=False), words=list(words.any_of), ways=list(words.with_any), area=_where(turn, post),
    )


def _where(turn: Turn, post: str) -> str:
    """For whose residents it will be."""
    found = turn.town.post(post)  # type: ignore[arg-type]
    area = _area(found)
    return people.area_name(turn.conn, area) if area else turn.policy.town


def _area(post: Post | None) -> AreaId | None:
    """A city desk answers for the whole town, every other one for its own area."""
    return None if post is None or post.role is Role.CITY else post.area_id


@answer("task.keep_words")
def words_changed(turn: Turn, question: Any, text: str) -> bool:
    """Other question words, or another last day; what would not find the question itself is not kept."""
    told = question.args
    asked, post, answered = str(told["asked"]), str(told["post"]), str(told["told"])
    words = Suggested("", tuple(told["words"]), tuple(told["ways"]))
    until = date.fromisoformat(str(told["until_day"]))
    day = UNTIL.fullmatch(text.strip())
    if day is not None:
        read = read_day(day[1], local(turn).date())
        if read is None:
            turn.say("task.keep_no_day")
            return True
        until = read
    else:
        written = read_words(text)
        if written is None or not find_answers(asked, [_as_answer(written, answered, until)], until):
            turn.say("task.keep_unfit", asked=asked)
            return True
        words = written
    _show(turn, post, asked, answered, words, until, "task.keep_words_again")
    return True


def _as_answer(words: Suggested, told: str, until: date) -> Answer:
    return Answer("", words.any_of, words.with_any, (), told, "", until)


@press("task.keep_words", "keep_so")
def kept(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Now it is given to the next who asks."""
    told = question.args
    post = turn.town.post(told["post"])
    if post is None or post.id not in access.keeps_answers(turn.person):
        turn.say("refusal.not_yours")
        return
    words, ways = tuple(map(str, told["words"])), tuple(map(str, told["ways"]))
    effect = TakeUpAnswer(
        turn.world.mint(), words[0], words, ways, str(told["told"]), f"{_where(turn, post.id)}{post.title}", date.fromisoformat(str(told["until_day"])),
        _area(post), hide_phone(str(told["asked"])), turn.person.id, post.id,
    )
    turn.write(effect)
    turn.ask("task.kept", question="task.kept", options=("take_down",), awaited=False, topic=words[0], answer=effect.id)


@press("task.kept", "take_down")
def taken_down(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """It was wrong, or is not true any more."""
    if not access.keeps_answers(turn.person):
        turn.say("refusal.not_yours")
        return
    turn.write(TakeDownAnswer(str(question.args["answer"]), turn.person.id))
    turn.say("task.taken_down", topic=str(question.args["topic"]))
