"""Said at any time: my cases, nudge, withdraw, add, a person, help; and the staff's own words for lists and duty."""

from __future__ import annotations

import re
from collections.abc import Callable

from casework import access
from casework.case import State
from handlers import (
    additions,
    asking,
    confidential,
    desk,
    in_group,
    intake,
    joined,
    my_data,
    onpage,
    supervisor,
    together,
    undoing,
    worker,
    worklist,
)
from handlers.own_cases import NUMBER, by_number, my, nudge, withdraw, withdraw_ask
from handlers.rosters import duty, gaps, handing, leave, leave_end, swap, who_is_on
from handlers.summaries import spoken as summaries
from handlers.turn import Turn
from nlp.secrecy import only_wishes
from storage import cases, talk

BACK = re.compile(r"回来[\s，,：:「]*([0-9A-Za-z]{4})[\s\-－—–]*([0-9A-Za-z]{4})」?")  # what 换人用 has given somebody to write


def run(turn: Turn) -> None:
    """/my, /help, /start payload … A command leaves what is awaited alone and repeats it afterwards."""
    name, _, rest = turn.heard.text.strip().partition(" ")
    handler = BY_COMMAND.get(name.lower().partition("@")[0])
    if handler is None:
        turn.say("resident.unknown_command")
    else:
        handler(turn, rest.strip())
    repeat_awaited(turn)


def spoken(turn: Turn, text: str) -> bool:
    """The same things as plain words, said exactly."""
    bare = text.strip().strip("。.!！?？ ")
    if bare.startswith("绑定") and len(bare) > 2:
        bind(turn, bare.removeprefix("绑定").strip(" ：:"))
        return True
    if (back := BACK.fullmatch(bare)) is not None and not turn.person.staff:
        bind(turn, back[1] + back[2])
        return True
    if bare in ("绑定",):
        turn.say("worker.code_ask")
        return True
    if NUMBER.fullmatch(bare):
        (supervisor.case_by_number if turn.person.staff else by_number)(turn, bare)
        repeat_awaited(turn)
        return True
    if not turn.person.staff and bare not in BY_WORD and CANCELS.fullmatch(bare) and cancelled(turn):
        repeat_awaited(turn)
        return True
    if not turn.person.staff and bare not in BY_WORD and only_wishes(bare):
        confidential.wished(turn, text)
        repeat_awaited(turn)
        return True
    if roster_words(turn, bare) or summaries.spoken(turn, bare):
        repeat_awaited(turn)
        return True
    handler = BY_WORD.get(bare) or (BY_STAFF_WORD.get(bare) if turn.person.staff else None)
    if handler is None:
        return False
    handler(turn, "")
    repeat_awaited(turn)
    return True


CANCELS = re.compile(
    r"(?:取消|删掉?|删了|删除|撤销|cancel|withdraw)(?: ?(?:it|that|please|this|(?:the |my )?case))*(?:这条|这一条|这件|刚才那条|刚才的|刚才那个|登记|吧|了|掉|我的|一下)*|我?刚?才?(?:说|写|报|发)错了", re.IGNORECASE
)


def cancelled(turn: Turn) -> bool:
    """取消, 删掉这条, 我说错了: what is half told is dropped; of a case just filed it is asked whether it is withdrawn."""
    draft = talk.draft_of(turn.conn, turn.person.id)
    mine = [case for case in cases.open_of(turn.conn, turn.person.id) if case.state is not State.RESOLVED]
    if draft is not None and draft.text:
        intake.dropped(turn, draft)
        return True
    case = additions.in_focus(turn, mine)
    if case is not None:
        withdraw_ask(turn, case.id)
    elif mine:
        withdraw(turn)
    return bool(mine)


def roster_words(turn: Turn, text: str) -> bool:
    """谁值班 with a grid and an hour; for staff, 交班 with a name, 请假 with days and a name, of their own or of one of theirs."""
    around = who_is_on.who_asked(turn, text)
    if around is not None:
        who_is_on.who_is_on(turn, around)
        return True
    if turn.person.staff and (hand := handing.asked_in_words(text)) is not None:
        handing.ask(turn, hand[1], hand[0])
        return True
    asked = who_is_on.leave_asked(text) if turn.person.staff else None
    if asked is None:
        return False
    name, rest = asked
    if name and name not in ("我", turn.person.name):
        leave.ask_for(turn, name, rest)
    else:
        leave.ask(turn, rest)
    return True


def repeat_awaited(turn: Turn) -> None:
    """What was being asked before the command is asked again, so that nobody has to scroll."""
    asking.repeat(turn)


# ---- a person, help, doors --------------------------------------------------------------------------------------


def mistaken(turn: Turn, rest: str = "") -> None:
    """点错了: what was just done to several at once, else the case talked of last."""
    if not together.undo_said(turn):
        undoing.mistaken(turn)


def human(turn: Turn, rest: str = "") -> None:
    """转人工, 找书记: the desk gets it, and the resident hears who and by when."""
    desk.ask_desk(turn, "human", turn.heard.text)


def about(turn: Turn, rest: str = "") -> None:
    turn.say("worker.help" if turn.person.staff else "resident.about")
    if access.staff_areas(turn.person):
        turn.say("worker.help_desk")


def start(turn: Turn, rest: str = "") -> None:
    """/start, perhaps with a deep link's payload: a binding code, or a help code later."""
    if rest.startswith("b"):
        bind(turn, rest[1:])  # a wrong one is a wrong try, however long it is
    elif turn.person.staff:
        worker.hello(turn)
    elif rest == in_group.ALONE and cases.recent_of(turn.conn, turn.person.id, turn.now - turn.policy.ended_shown):
        turn.say("resident.alone")
        my(turn)
    else:
        turn.say("resident.alone" if rest == in_group.ALONE else "resident.hello")


def bind(turn: Turn, code: str) -> None:
    if turn.speaker is not None and turn.speaker.group_id is not None:
        turn.say("worker.code_alone")
        return
    desk.bind(turn, code)


Handler = Callable[[Turn, str], None]
BY_COMMAND: dict[str, Handler] = {
    "/start": start, "/my": my, "/help": about, "/human": human, "/nudge": nudge, "/withdraw": withdraw,
    "/bind": bind, "/cards": worklist.cards, "/tasks": desk.tasks, "/on": duty.on, "/off": duty.off,
    "/case": supervisor.case_by_number, "/leave": leave.ask, "/hand": handing.ask, "/back": leave_end.back, "/swap": swap.ask,
    "/data": my_data.show, "/hide": confidential.hide, "/duty": who_is_on.who_is_on, "/gaps": gaps.show, "/org": supervisor.organisation,
    "/joined": joined.joined, "/web": onpage.page, **summaries.COMMANDS,
}
BY_WORD: dict[str, Handler] = {
    "我的诉求": my, "我的": my, "进展": my, "帮助": about, "转人工": human, "人工": human, "找书记": human,
    "请假": leave.ask, "换班": swap.ask, "销假": leave_end.back, "空岗": gaps.show, "我的请假": leave_end.mine,
    "保密": confidential.hide, "取消保密": confidential.unhide, "不保密了": confidential.unhide, "我的数据": my_data.show,
    "催办": nudge, "催一下": nudge, "点错了": mistaken, "按错了": mistaken, "点错": mistaken, "点错啦": mistaken, "我点错了": mistaken,
    "按错": mistaken, "选错了": mistaken, "打错了": mistaken, "撤回": withdraw, "你是谁": about,
}
BY_STAFF_WORD: dict[str, Handler] = {
    "我的工单": worklist.cards, "工单": worklist.cards, "任务": desk.tasks, "我的任务": desk.tasks, "上班": duty.on,
    "下班": duty.off, "登记": worker.file_for, "下一件": worklist.next_said, "我要换班": swap.ask, "我想换班": swap.ask, "换个班": swap.ask,
    "我要销假": leave_end.back, "我回来上班了": leave_end.back, "缺岗": gaps.show, "补岗": gaps.show,
    "组织资料": supervisor.organisation, "组织": supervisor.organisation, "谁进来了": joined.joined, "邀请": joined.joined,
    "网页": onpage.page, "任务台": onpage.page, "打开网页": onpage.page,
}
