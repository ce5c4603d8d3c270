"""Much of what happens in a town, one thing after another: for tests that look at everything storage was asked."""

from __future__ import annotations

from datetime import timedelta

from bot.entry import new_code
from storage import doors, people
from storage.town import StoredTown
from tests.fakes.town import CODE_KEY, Phone, Town


def heating(town: Town) -> None:
    """Filed in pieces, seen, relayed, resolved, not solved, resolved again, solved."""
    resident, worker = town.resident("李娟"), town.staff("w-s1c1g1")
    resident.says("暖气不热")
    resident.says("锦绣苑1号楼2单元")
    town.forward(minutes=1)
    resident.says("13812345678")
    resident.says("我的诉求")
    resident.sends_photo()
    worker.presses("接单", 40)
    worker.presses("查看电话", 40)
    worker.presses("回复居民", 40)
    worker.says("我下午两点到")
    resident.says("好的，我在家")
    worker.says("不转了")
    worker.presses("到场", 40)
    worker.presses("更多…", 60)
    worker.presses("看照片")
    worker.commands(f"/case {town.cases()[0].number}")
    solve(worker, "阀门换了，已经热了")
    resident.presses("未解决", 40)
    town.forward(minutes=5)
    worker.presses("接单", 60)
    solve(worker, "又换了一个")
    resident.says("1")
    resident.presses("满意", 40)


def solve(worker: Phone, words: str) -> None:
    worker.presses("办好了", 60)
    worker.says(words)


def returned_and_withdrawn(town: Town) -> None:
    """Handed back, put into another community, withdrawn, taken back, withdrawn."""
    resident, worker, secretary = town.resident("王强"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says("锦绣苑1号楼楼道灯不亮")
    town.forward(minutes=1)
    worker.presses("退单", 40)
    worker.presses("不归我管")
    secretary.commands(f"/case {town.cases()[1].number}")
    secretary.presses("更多…", 40)
    secretary.presses("改地点")
    secretary.says(elsewhere(town))
    resident.presses("撤回", 60)
    resident.presses("撤回")
    resident.presses("点错了")
    resident.says("撤回")
    resident.presses("撤回")


def elsewhere(town: Town) -> str:
    """A building of the same estate in another community."""
    with town.database.reading() as conn:
        rows = people.buildings_of(conn, "e01")
    return f"锦绣苑{next(r.name for r in rows if r.grids[0].startswith('s1c2'))}"


def danger(town: Town) -> None:
    """Gas, at first nowhere; nobody acts, and it climbs; then it is over."""
    resident, worker = town.resident("赵敏"), town.staff("w-s1c1g1")
    town.all_staff("w-s1c1g2", "cs-s1c1", "sd-s1", "city-1")
    resident.says("家里煤气味很大")
    resident.picks("e01b03")
    town.forward(minutes=30)
    for label in ("接单", "到场", "已无危险"):
        worker.presses(label, 40)
    solve(worker, "阀门没关严，关好了")
    resident.presses("已解决", 40)
    resident.says("满意")


def nobody_answers(town: Town) -> None:
    """No word to any question: reminders, then the telephone, three times in vain."""
    resident, worker, secretary = town.resident("孙丽"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says("锦绣苑2号楼下水道堵了")
    town.forward(minutes=2)
    resident.says("13912345678")
    worker.presses("接单", 40)
    solve(worker, "疏通了")
    town.forward(days=6)
    for _ in range(3):
        secretary.says("任务")
        open_last_task(secretary, "打电话")
        secretary.presses("没人接", 4)
        town.forward(days=1)


def open_last_task(phone: Phone, kind: str) -> None:
    label = next(label for label in reversed(phone.labels(1)) if label.startswith(kind))
    phone.presses(label, 1)


def deferred(town: Town) -> None:
    """Put off with the resident's consent; the desk answers a question and sorts; somebody goes off duty and on."""
    resident, worker, secretary = town.resident("周杰"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says("锦绣苑3号楼楼顶漏水")
    town.forward(minutes=2)
    secretary.commands(f"/case {town.cases()[-1].number}")
    secretary.presses("更多…", 40)
    secretary.presses("挂账")
    secretary.says("明年6月1日：改造时一起修")
    resident.presses("同意", 40)
    resident.says("转人工")
    secretary.presses("回答", 40)
    secretary.says("下午给您打电话")
    secretary.says("谁进来了")
    worker.says("下班")
    worker.says("上班")
    worker.says("谁值班")
    worker.says("我的工单")


def bound_and_blocked(town: Town) -> None:
    """A staff member binds a chat in which a case was filed; a wrong code before; then the bot is blocked."""
    chat = Phone(town, "telegram", "t1", "潘")
    chat.says("锦绣苑5号楼电梯坏了")
    town.forward(minutes=2)
    chat._sends("place", "", data={"lat": 40.1139, "lon": 113.2836})
    chat.says("绑定 0000-0000")
    with town.database.writing() as conn:
        holder = StoredTown(conn, town.world.policy).post("w-s1c1g4")  # type: ignore[arg-type]
        assert holder is not None
        assert holder.holder_id is not None
        made = new_code(CODE_KEY, holder.holder_id, town.now, timedelta(days=7), card="card")
        doors.add_link(conn, **made.row)
    chat.says(f"绑定 {made.told}")
    town.blocked.add("t1")


def rosters(town: Town) -> None:
    """Leave agreed, ended early, left to the secretary; a shift swapped and swapped back; an empty cell mended."""
    worker, colleague, secretary, lead = town.all_staff("w-s1c1g3", "w-s1c1g1", "cs-s1c1", "b-e01b01-1")
    for day in ("今天到后天", "5天后"):
        worker.says(f"请假 {day} {lead.name}顶班")
        lead.says("下班")
        lead.presses("同意")
    secretary.says("谁值班")
    worker.says("我的请假")
    town.forward(days=1)
    worker.says("销假")
    worker.presses(worker.labels(1)[0])
    worker.says("销假")
    worker.says(f"请假 明天 {lead.name}顶班")
    town.forward(hours=22)
    secretary.says("任务")
    open_last_task(secretary, "请假顶班")
    secretary.presses("准假，不派人顶", 4)
    for one, other in ((worker, colleague), (colleague, worker)):
        one.says("换班")
        one.presses(next(label for label in one.labels(1) if "锦绣3网格" in label and "今天" not in label))
        one.presses(next(label for label in one.labels(1) if label.startswith(other.name)))
        if "不用还" in one.labels(1):
            one.presses("不用还")
        other.presses("同意")
    secretary.says("空岗")
    secretary.presses(secretary.labels(1)[0])
    secretary.presses(secretary.labels(1)[0])
    secretary.presses("点错了", 1)


def complaint(town: Town) -> None:
    """Hidden, a voice added, whoever came accused; what is kept is asked for and the number forgotten."""
    resident, worker, secretary = town.resident("吴丽"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says("锦绣苑1号楼3单元楼道灯不亮")
    town.forward(minutes=1)
    resident.says("13712345678")
    resident.says("保密")
    resident.sends_voice()
    worker.says("我的工单")
    resident.says("来的人态度太差")
    resident.presses("登记，交给上一级")
    secretary.says("我的工单")
    resident.says("我的数据")
    resident.presses("删掉电话")
    resident.says("撤回")


def handed_over(town: Town) -> None:
    """One outage is told of, and all that is in hand goes to a colleague."""
    worker, colleague = town.all_staff("w-s1c2g1", "w-s1c2g2")
    residents = [town.resident(), town.resident()]
    for resident, words in zip(residents, ("锦绣苑31号楼没暖气", "锦绣苑31号楼2单元没暖气"), strict=True):
        resident.says(words)
    town.workday(evening=True)
    worker.says("交班")
    worker.presses(next(label for label in worker.labels(1) if label.startswith(colleague.name)))
    worker.presses("交")
    colleague.presses("收下")
    town.workday(evening=False)
    for resident in residents:
        resident.says("撤回")
        resident.presses("撤回")


STORIES = (
    handed_over, rosters, heating, returned_and_withdrawn, danger, nobody_answers, deferred, bound_and_blocked, complaint,
)
