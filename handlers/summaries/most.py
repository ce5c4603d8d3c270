"""哪个小区投诉最多, 上个月哪里供暖最多: the places of an area, those with most cases first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from casework.case import AreaId
from casework.effects import Option
from handlers.summaries import counted, looking, rates
from handlers.summaries.looking import View, look
from handlers.texts import text_of
from handlers.turn import Turn
from storage import overview

SHOWN: Final = 12
MOST: Final = re.compile(
    r"(?P<when>.{0,16}?)哪(?:一?[个些]|里|儿)?(?P<of>街道|社区|网格|小区|地方)?(?P<kind>.{0,10}?)(?:投诉|诉求|问题|工单|反映|报)?的?(?:是|得)?最(?:多|少)的?"
)


def asked(turn: Turn, text: str) -> bool:
    """Whether it was asked where most of it is, and answered."""
    found = MOST.fullmatch(text.strip("。.!！?？ "))
    if found is None:
        return False
    key = "estates" if found["of"] == "小区" else "parts"
    view = looking.view(turn, looking.heard(turn, f"{found['when']} {found['kind']}"), key)
    if view is not None:
        from handlers.summaries.deeper import parts

        estates(turn, view) if key == "estates" else parts(turn, view)
    return True


def estates(turn: Turn, view: View) -> None:
    """A line and a button for each estate, those with most cases first."""
    view = replace(view, level="estates", estate="")
    here = looking.stretch(turn, view.area, view.first, view.last)
    without = counted.ids(counted.hidden(turn, here.since, here.until, here.area))
    found = overview.by_estate(turn.conn, here, without, view.only)
    named = sorted(((id_, *told) for id_, told in found.items() if id_), key=lambda row: (-row[1], row[0]))
    title = rates.title(turn, view)
    if not named:
        turn.ask("summary.no_estates", question="summary", awaited=False, options=looking.back(view), title=title)
        return
    names = {id_: overview.estate_name(turn.conn, id_) for id_, *_ in named[:SHOWN]}
    lines = [text_of("summary.part").format(area=names[id_], filed=filed, open=open_) for id_, filed, open_ in named[:SHOWN]]
    more = sum(filed for _, filed, _ in named[SHOWN:])
    lines += [text_of("summary.more_estates").format(estates=len(named) - SHOWN, count=more)] if more else []
    lines += [text_of("summary.no_estate").format(count=found[None][0])] if None in found else []
    ways: list[Option] = [look(view.deeper(level="whole", estate=id_), f"{names[id_]} {filed}") for id_, filed, _ in named[:SHOWN]]
    drawn = [{"name": names[id_], "filed": filed, "open": open_} for id_, filed, open_ in named[:SHOWN]]
    chart = ("areas", {"area": turn.town.area(AreaId(view.area)).name, "period": view.words, "lines": drawn})
    looking.picture(turn, "summary.picture", chart, [*ways, *looking.back(view)], title=title, lines="\n".join(lines))
