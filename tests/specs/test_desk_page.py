"""任务台: each task ends from its page as from the chat, nothing is done twice, and nobody sees what is not theirs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.channels import Incoming
from casework.case import State
from storage import answers, cases, downloads, people
from storage import tables as t
from tests.fakes.deskday import PHONE, TASK, at_the_desk, desk_day, said, sitting, spoken
from tests.fakes.page import browser
from tests.fakes.sounds import voice
from tests.fakes.town import template

EVENT: Any = t.Event.__table__  # type: ignore[attr-defined]
VIEW: Any = t.ViewLog.__table__  # type: ignore[attr-defined]
OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = template(tmp_path_factory.mktemp("desk"))
    desk_day(path)
    return path


@pytest.fixture
async def app(tmp_path: Path, day: Path) -> AsyncIterator[App]:
    async with at_the_desk(tmp_path, day) as app:
        yield app


def case(app: App, number: str) -> Any:
    with app.database.reading() as conn:
        return cases.by_number(conn, number)


def count(app: App, query: Any) -> int:
    with app.database.reading() as conn:
        return int(conn.execute(query).scalar_one())


def open_tasks(app: App, kind: str) -> int:
    return count(app, select(func.count()).select_from(TASK).where(TASK.c.kind == kind, TASK.c.ended_at.is_(None)))


def calls(app: App) -> int:
    return count(app, select(func.count()).select_from(EVENT).where(EVENT.c.kind == "try_call"))


# ---- what is shown


async def test_the_tasks_stand_there_the_urgent_first_with_their_tabs(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.opens()
        kinds = re.findall(r'class="tag"><b>(.*?)</b>', html)
        assert kinds[0] == "联系不上"  # of the home without heat: minutes, not hours
        assert set(kinds) == {"联系不上", "分件", "打电话", "上门", "没送到", "消息没处理好", "居民要人工"}
        tabs = re.findall(r'<a class="small(?: here)?" href="([^"]+)"[^>]*>(\S+) (\d+)', html)
        assert [name for _, name, _ in tabs] == ["全部", "分件", "打电话", "上门", "联系不上", "没送到", "没处理好", "其他"]
        assert int(tabs[0][2]) == len(kinds)
        only = await desk.opens("telephone")
        assert re.findall(r'class="tag"><b>(.*?)</b>', only) == ["打电话"]
        assert PHONE not in html
        assert "找：王阿姨" in only
        assert "解决了没有？" in only


async def test_late_ones_are_marked(app: App):
    await app.engine.forward(timedelta(hours=3))
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.opens("unreached")
        assert "已过时（" in html
        assert "过时 " in html


# ---- what is pressed


async def test_sorted_with_one_tap_place_and_all(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.presses("sort:", "category:sanitation", "锦绣苑5号楼")
        assert "分好了：卫生绿化" in said(html)
        found = case(app, "26-000003")
        assert (found.category, found.spot.building_id) == ("sanitation", "e01b05")
        assert open_tasks(app, "sort") == 0
        assert "没有要办的任务" in await desk.opens("sort")


async def test_a_place_that_nobody_knows_changes_nothing_and_stays_in_the_form(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.presses("sort:", "category:sanitation", "火星路8号")
        assert "没找到这个地方" in said(html)
        assert 'value="火星路8号"' in html
        assert case(app, "26-000003").category == "other"
        assert 'value="火星路8号"' not in await desk.opens()


async def test_dismissed_with_a_reason(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        assert "还没写" in said(await desk.presses("sort:", "dismiss"))
        assert case(app, "26-000003").state is State.ASSIGNED
        await desk.presses("sort:", "dismiss", "测试消息")
        assert (case(app, "26-000003").state, case(app, "26-000003").end_reason) == (State.DISMISSED, "测试消息")


async def test_the_telephone_number_is_shown_once_pressed_and_logged(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.presses("telephone:", "phone")
        assert f'<a href="tel:{PHONE}">' in html
        with app.database.reading() as conn:
            assert [row.what for row in conn.execute(select(VIEW))] == ["phone"]
        assert PHONE not in await desk.opens()


async def test_the_two_questions_over_the_telephone(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.presses("telephone:", "solved")
        assert "第二句：这次办得您满意吗？" in html
        value = re.search(r'name="button" value="([^"]+)">基本满意', html)
        assert value is not None
        fields = await desk.fields(html, "second-")
        html = await desk.sends(fields | {"button": value[1]})
        assert "第二句" not in html
        found = case(app, "26-000001")
        assert (found.state, found.satisfaction) == (State.CONFIRMED, "mostly")
        again = await desk.sends(fields | {"button": value[1]})
        assert "之前的" in said(again)


async def test_nobody_answers_pressed_twice_is_one_try(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        fields = await desk.fields(await desk.opens("telephone"), "telephone:") | {"option": "no_answer"}
        first = await desk.sends(fields)
        assert "没找到人" in said(first)
        assert "试过 1 次" in first
        assert "刚才已经有人记过" in said(await desk.sends(fields))
        assert calls(app) == 1
        await desk.presses("telephone:", "no_answer")  # at once again: not before the hour that it named
        assert calls(app) == 1


async def test_two_presses_at_the_same_moment_are_one(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        fields = await desk.fields(await desk.opens("telephone"), "telephone:") | {"option": "no_answer"}
        await asyncio.gather(*(desk.sends(fields) for _ in range(5)))
        assert calls(app) == 1


async def test_what_was_done_in_the_chat_is_gone_from_the_page(app: App):
    """Two people, or one with a phone and a page."""
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.opens()
        await desk.presses("sort:", "done")
        stale = await desk.fields(html, "sort:") | {"option": "category:heating"}
        assert "已经有人办了" in said(await desk.sends(stale))
        assert case(app, "26-000003").category == "other"


async def test_wrong_number_and_a_visit(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        assert "改成上门问" in said(await desk.presses("telephone:", "wrong_number"))
        assert open_tasks(app, "visit") == 2
        await desk.presses("visit:", "declined")
        ended = [case(app, n).state for n in ("26-000001", "26-000002")]
        assert ended.count(State.CLOSED_UNANSWERED) == 1


async def test_a_failed_message_becomes_a_case(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.opens("failed")
        assert "锦绣苑3号楼3单元下水道堵了" in html
        assert "登记成" in said(await desk.presses("failed:", "file"))
        assert open_tasks(app, "failed") == 0


async def test_lost_letters_and_people_who_cannot_be_reached(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.opens("undelivered")
        assert "周老师有 1 条消息没送到" in html
        assert "已经接单了" in html
        assert "再发一次" in said(await desk.presses("undelivered:", "send_again"))
        assert open_tasks(app, "undelivered") == 0
        for _ in range(2):
            assert "任务完成" in said(await desk.presses("unreached:", "told"))
        assert open_tasks(app, "unreached") == 0


async def test_somebody_is_answered_and_the_answer_goes_out(app: App):
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.presses("human:", "answer", "您好，<b>明天</b>上门")
        assert "转给居民了" in said(html)
        with app.database.reading() as conn:
            texts = conn.execute(select(OUT.c.text).where(OUT.c.key == "resident.desk_says")).scalars().all()
        assert len(texts) == 1
        assert "您好，<b>明天</b>上门" in texts[0]


async def test_the_answers_of_the_page_are_not_sent_to_the_chat_as_well(app: App):
    def written() -> int:
        return count(app, select(func.count()).select_from(OUT).where(OUT.c.key.like("task.%")))

    before = written()
    async with sitting(app, "cs-s1c1") as desk:
        await desk.presses("unreached:", "told")
        await desk.presses("failed:", "handled")
    assert written() == before


# ---- borders


async def test_only_our_own_form_is_taken(app: App):
    async with sitting(app, "cs-s1c1") as desk, sitting(app, "sd-s1") as other:
        fields = await desk.fields(await desk.opens(), "sort:") | {"option": "category:heating"}
        for token in ("", "x", "0" * 32):
            await desk.sends(fields | {"token": token}, 403)
        await desk.sends(fields, 403, **{"Sec-Fetch-Site": "cross-site"})
        await other.sends(fields, 403)  # somebody else's token
        assert case(app, "26-000003").category == "other"


async def test_each_desk_has_its_own(app: App):
    async with sitting(app, "cs-s1c1") as mine, sitting(app, "cs-s1c2") as other, sitting(app, "sd-s1") as above:
        fields = await mine.fields(await mine.opens(), "sort:")
        for desk in (other, above):
            html = await desk.opens()
            assert "没有要办的任务" in html
            assert "26-00000" not in html
        async with other.client.get("/chat") as answer:
            token = re.search(r'name="token" value="(\w+)"', await answer.text())
        assert token is not None
        html = await other.sends(fields | {"token": token[1], "option": "category:heating"})
        assert "已经有人办了" in said(html)
        assert case(app, "26-000003").category == "other"


async def test_what_climbs_is_seen_above_and_done_there(app: App):
    await app.engine.forward(timedelta(days=5))
    async with sitting(app, "sd-s1") as above:
        html = await above.opens()
        assert "报上来的" in html
        await above.presses("sort:", "category:sanitation")
        assert case(app, "26-000003").category == "sanitation"


@pytest.mark.parametrize("post", ["w-s1c1g1", "b-e01b01-1", "sp-heat"])
async def test_staff_below_a_desk_see_nothing(app: App, post: str):
    async with sitting(app, post) as desk:
        assert "社区书记、街道和市级" in await desk.opens(status=403)
        await desk.sends({"task": "x"}, 403)


async def test_a_stranger_and_who_lost_the_post_see_nothing(app: App):
    async with browser(app, Accept="text/html") as client:
        async with client.get("/staff/desk") as answer:
            assert answer.status == 401
        async with client.post("/staff/desk", data={}) as answer:
            assert answer.status == 401
    async with sitting(app, "cs-s1c1") as desk:
        await desk.opens()
        with app.database.writing() as conn:
            conn.execute(people.HOLDING.update().where(people.HOLDING.c.post_id == "cs-s1c1").values(until=app.clock.now()))
        await desk.opens(status=403)


@pytest.mark.parametrize("odd", [
    {"option": "no-such"}, {"option": ""}, {"tries": "x"}, {"tries": "99999999"}, {"option": "category:no-such"}, {"task": "no"},
    {"task": "x" * 5000}, {"button": "forged.0.mac"}, {"words": "长" * 4000, "option": "dismiss:"}, {"task": "sort:\x00"},
])  # fmt: skip
async def test_nonsense_changes_nothing(app: App, odd: dict[str, str]):
    async with sitting(app, "cs-s1c1") as desk:
        fields = await desk.fields(await desk.opens(), "sort:") | {"option": "category:heating"}
        assert said(await desk.sends(fields | odd))
        assert case(app, "26-000003").category == "other"


# ---- the way in from a chat


async def test_who_has_only_telegram_gets_a_link_that_is_good_once(app: App):
    with app.database.reading() as conn:
        row = conn.execute(
            select(people.ADDRESS).where(people.ADDRESS.c.person_id == holder_of(app, "cs-s1c1"), people.ADDRESS.c.channel == "telegram")
        ).one()
    await app.inbox.receive(Incoming("telegram", "w1", row.external_id, "command", "/web"))
    await app.turns.settle()
    with app.database.reading() as conn:
        text = conn.execute(select(OUT.c.text).where(OUT.c.key == "worker.web")).scalar_one()
    link = re.search(r"(/enter/\S+)", text)
    assert link is not None
    assert "15 分钟内有效" in text
    assert link[1].endswith("?to=desk")
    async with browser(app, Accept="text/html") as client:
        for _ in range(2):  # a robot looks first
            async with client.get(link[1]) as answer:
                assert "进入" in await answer.text()
        async with client.post(link[1], allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/staff/desk")
        async with client.get("/staff/desk") as answer:
            assert answer.status == 200
    async with browser(app, Accept="text/html") as client, client.post(link[1]) as answer:
        assert answer.status == 410


def holder_of(app: App, post: str) -> str:
    from tests.fakes.deskday import holder

    return holder(app, post)


# ---- 听语音


async def test_a_voice_is_played_on_the_page_written_down_and_goes_on(app: App):
    file = await spoken(app, data=voice())
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.opens("listen")
        assert f'src="/staff/desk/files/{file}"' in html
        assert "放不出来？下载下来听" in html
        async with desk.client.get(f"/staff/desk/files/{file}", headers={"Range": "bytes=0-3"}) as answer:
            assert (answer.status, await answer.read(), answer.content_type) == (206, b"OggS", "audio/ogg")
            assert answer.headers["Cache-Control"] == "no-store"
        async with desk.client.get(f"/staff/desk/files/{file}?save=1") as answer:
            assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%BD%95%E9%9F%B3.ogg")
            assert await answer.read() == voice()
        assert "还没写呢" in said(await desk.presses("listen:", "write_heard"))
        html = await desk.presses("listen:", "write_heard", "锦绣苑3号楼2单元501没暖气")
        assert "当作居民的话往下办了" in said(html)
        assert open_tasks(app, "listen") == 0
        with app.database.reading() as conn:
            found = cases.case_from(conn.execute(select(cases.C).order_by(cases.C.c.number.desc())).first())
        assert (found.category, found.spot.room) == ("heating", "501")
        async with desk.client.get(f"/staff/desk/files/{file}") as answer:
            assert answer.status == 404  # the task has ended


@pytest.mark.parametrize("post", ["cs-s1c2", "sd-s1", "w-s1c1g1"])
async def test_nobody_hears_a_voice_that_is_another_desks(app: App, post: str):
    file = await spoken(app, data=voice())
    async with sitting(app, post) as other, other.client.get(f"/staff/desk/files/{file}") as answer:
        assert answer.status in (403, 404)
        assert b"OggS" not in await answer.read()
    async with browser(app, Accept="text/html") as client, client.get(f"/staff/desk/files/{file}") as answer:
        assert answer.status == 401


async def test_a_desk_gets_no_other_file_by_this_way(app: App):
    await spoken(app, data=voice())
    with app.database.reading() as conn:
        stranger = conn.execute(select(people.PERSON.c.id).limit(1)).scalar_one()
    other = await app.media.store(stranger, voice(2))
    async with sitting(app, "cs-s1c1") as desk, desk.client.get(f"/staff/desk/files/{other}") as answer:
        assert answer.status == 404


async def test_a_voice_that_has_not_come_yet_or_never_will_is_said(app: App):
    file = await spoken(app)
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.opens("listen")
        assert "还在传" in html
        assert "<audio" not in html
        with app.database.writing() as conn:
            downloads.gave_up(conn, file)
        assert "没能取到" in await desk.opens("listen")
        assert "任务完成" in said(await desk.presses("listen:", "nothing_heard"))


# ---- an answer that is kept for the next who asks

LIBRARY = "请问社区图书角借书带什么证"


async def asks(app: App, sender: str = "v2", words: str = LIBRARY) -> None:
    """Somebody of the estate asks what no prepared answer knows."""
    for n, text in enumerate(("锦绣苑3号楼1单元楼道灯不亮", words)):
        await app.inbox.receive(Incoming("telegram", f"{sender}-{n}", sender, text=text, name="冯姨"))
        await app.turns.settle()


def kept_answers(app: App) -> list[Any]:
    with app.database.reading() as conn:
        return answers.in_use(conn)


def offered(html: str) -> dict[str, str]:
    """The buttons of what is asked about keeping it: label -> value."""
    found = re.search(r'<section class="task asked".*?</section>', html, re.DOTALL)
    return {label: value for value, label in re.findall(r'name="button" value="([^"]+)">([^<]+)<', found[0])} if found else {}


async def test_an_answer_is_kept_from_the_page(app: App):
    await asks(app)
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.presses("question:", "answer", "带身份证就行，问小李 13812345678")
        assert "转给居民了" in said(html)
        assert "要不要放进常见问题" in html
        assert list(offered(html)) == ["放进去", "不用"]
        html = await desk.opens()  # looked at once more: still asked, and nothing is said twice
        assert list(offered(html)) == ["放进去", "不用"]
        assert said(html) == ""
        fields = {"token": (await desk.fields(html, ""))["token"]}
        html = await desk.sends(fields | {"button": offered(html)["放进去"]})
        assert "问的是：图书角" in html
        assert "带身份证就行，问小李" in html
        assert "13812345678" not in html
        row = re.search(r'name="question" value="([^"]+)"', html)
        assert row is not None
        html = await desk.sends(fields | {"question": row[1], "words": "天气，怎么样"})
        assert "自己都对不上" in said(html)
        assert 'value="天气，怎么样"' in html
        html = await desk.sends(fields | {"question": row[1], "words": "图书角 借书，带什么 证件"})
        assert "改好了，会这样记：\n问的是：图书角、借书" in html
        again = re.search(r'name="question" value="([^"]+)"', html)
        assert again is not None
        assert "之前的" in said(await desk.sends(fields | {"question": row[1], "words": "到明年6月1日"}))
        html = await desk.sends(fields | {"question": again[1], "words": "到明年6月1日"})
        assert "2027年6月1日" in html
        assert kept_answers(app) == []
        so = offered(html)["就这样"]
        html = await desk.sends(fields | {"button": so})
        assert "放进常见问题了：图书角" in html
        (row_,) = kept_answers(app)
        assert (row_.added_post, row_.area_id, row_.question) == ("cs-s1c1", "s1c1", LIBRARY)
        down = offered(html)["撤下来"]
        await desk.sends(fields | {"button": so})
        assert len(kept_answers(app)) == 1  # pressed twice, kept once
        assert "撤下来了" in said(await desk.sends(fields | {"button": down}))
        assert kept_answers(app) == []


async def test_an_answer_is_not_kept_without_a_yes(app: App):
    await asks(app)
    async with sitting(app, "cs-s1c1") as desk:
        html = await desk.presses("question:", "answer", "带身份证就行")
        token = (await desk.fields(html, ""))["token"]
        html = await desk.sends({"token": token, "button": offered(html)["不用"]})
        assert "好，不放" in said(html)
        assert offered(html) == {}
        assert kept_answers(app) == []


async def test_the_question_about_keeping_is_its_own_desks(app: App):
    """Another desk's row is answered by nobody else, in words either."""
    await asks(app)
    async with sitting(app, "cs-s1c1") as desk, sitting(app, "cs-s1c2") as other:
        html = await desk.presses("question:", "answer", "带身份证就行")
        token = (await desk.fields(html, ""))["token"]
        html = await desk.sends({"token": token, "button": offered(html)["放进去"]})
        row = re.search(r'name="question" value="([^"]+)"', html)
        assert row is not None
        async with other.client.get("/chat") as answer:
            theirs = re.search(r'name="token" value="(\w+)"', await answer.text())
        assert theirs is not None
        for sent in ({"question": row[1], "words": "图书角，带什么"}, {"button": offered(html)["就这样"]}):
            assert offered(await other.sends({"token": theirs[1], **sent})) == {}
        assert kept_answers(app) == []
