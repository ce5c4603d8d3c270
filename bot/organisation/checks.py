"""What must hold between the rows of an organisation. Each check notes its faults in the table of the row that is to be mended.
An id is called unknown only if the file it should stand in could be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from bot.organisation.names import AREA_OF, PLACE_OF
from bot.organisation.resolve import Tables
from bot.organisation.tables import Table
from bot.organisation.vocabulary import NAMES, ROLES
from casework.organisation import AREA_KINDS, AreaRow, Organisation, PersonRow, PlaceRow, PostRow, RosterRow
from nlp.places import building_label

DAY = (7 * 60, 22 * 60)  # minutes: by day a grid must never be without a worker; at night it may (BEHAVIOUR, Night)
YEARS = (-1, 2)  # around this one: roster and leave are of last year, this one and the two to come
ANSWERS_LAST = 10  # years


def check(organisation: Organisation, tables: Tables, today: date) -> None:
    """Notes every fault between rows in `tables`; names that mean nothing were noted when they were looked up."""
    areas = {area.id: area for area in organisation.areas}
    places = {place.id: place for place in organisation.places}
    check_areas(tables["areas"], areas)
    for place in organisation.places:
        check_place(tables["places"], place, areas, places)
    check_buildings(tables["places"], organisation)
    check_phones(tables["people"], organisation)
    for post in organisation.posts:
        check_post(tables["posts"], post, areas, places)
    check_desk(tables["posts"], organisation)
    check_full_time(tables["posts"], organisation)
    check_roster(tables["roster"], organisation)
    check_dates(tables, organisation)
    check_years(tables, organisation, today)
    sheets = [tables[name] for name in ("areas", "posts", "roster")]
    if all(each.complete and not each.broken for each in sheets):
        check_gaps(tables["roster"], organisation)


def check_areas(table: Table, areas: dict[str, AreaRow]) -> None:
    """One city; everything else lies in an area of the level above it."""
    cities = [area for area in areas.values() if area.kind == "city"]
    if table.complete and not areas and not table.faults:
        table.fault(0, "", "还没有填", "请从市（区）填起，一级一级往下；也可以先看「说明」")
    elif table.complete and len(cities) != 1:
        table.fault(
            cities[1].row if cities else 0,
            "kind",
            f"应有一个市（区），现在有 {len(cities)} 个",
            "请只留一行市（区），作为最上一级",
        )
    for area in areas.values():
        if area.kind == "city":
            if area.parent:
                table.fault(area.row, "parent", "市（区）是最上一级", "请把这一格空着")
            continue
        above = AREA_KINDS[AREA_KINDS.index(area.kind) - 1]
        parent = areas.get(area.parent)
        if not area.parent:
            table.fault(
                area.row,
                "parent",
                f"{NAMES[area.kind]}“{area.name}”没有写所属的{NAMES[above]}",
                f"请填写{NAMES[above]}的名称",
            )
        elif parent and parent.kind != above:
            table.fault(
                area.row,
                "parent",
                f"“{parent.name}”是{NAMES[parent.kind]}，不是{NAMES[above]}",
                f"请填写{NAMES[above]}的名称",
            )


def check_place(table: Table, place: PlaceRow, areas: dict[str, AreaRow], places: dict[str, PlaceRow]) -> None:
    """A building stands in one estate and one grid; coordinates come in pairs and lie in China."""
    for grid in place.grids:
        if grid in areas and place.kind == "building" and areas[grid].kind != "grid":
            table.fault(place.row, "grids", f"“{areas[grid].name}”不是网格", "楼栋要写到网格")
    if place.kind == "building":
        if len(place.grids) != 1:
            table.fault(
                place.row,
                "grids",
                f"楼栋“{place.name}”写了 {len(place.grids)} 个网格",
                "一栋楼要写一个网格，不能多也不能少",
            )
        parent = places.get(place.parent)
        if not place.parent:
            table.fault(place.row, "parent", f"楼栋“{place.name}”没有写所在的小区", "请填写小区的名称")
        elif parent and parent.kind != "estate":
            table.fault(place.row, "parent", f"“{parent.name}”不是小区", "请填写小区的名称")
    if (place.lat is None) != (place.lon is None):
        table.fault(place.row, "lat" if place.lat is None else "lon", "经纬度只写了一半", "请两格都写，或都空着")
    elif place.lat is not None and place.lon is not None and not (3 < place.lat < 54 and 73 < place.lon < 136):
        table.fault(
            place.row,
            "lat",
            f"{place.lat}，{place.lon} 不在中国",
            "lat 写纬度（如 40.1），lon 写经度（如 113.3），请看是否写反了",
        )


def check_buildings(table: Table, organisation: Organisation) -> None:
    """No building twice in an estate; nor two that residents would call by the same number."""
    numbers: dict[tuple[str, str], PlaceRow] = {}
    for place in organisation.places:
        label = building_label(place.name) if place.kind == "building" else None
        if label and (other := numbers.setdefault((place.parent, label), place)).name != place.name:
            table.warn(place.row, "name", f"“{place.name}”和第 {other.row} 行的“{other.name}”，居民说起来是同一栋", "要是同一栋，请删去一行")
    first: dict[tuple[str, str], int] = {}
    for place in organisation.places:
        if place.kind == "building" and (row := first.setdefault((place.parent, place.name), place.row)) != place.row:
            table.fault(
                place.row,
                "name",
                f"这个小区的“{place.name}”在第 {row} 行已经有了",
                "同一小区的楼栋不能重名，请删去或改名",
            )


def check_phones(table: Table, organisation: Organisation) -> None:
    """One telephone belongs to one person, who may hold several posts."""
    first: dict[str, PersonRow] = {}
    for person in organisation.people:
        if person.phone and (other := first.setdefault(person.phone, person)) is not person:
            remedy = "一个号码只能属于一个人；同一个人有几个岗位时，人员只写一行，在岗位里写几行"
            table.fault(person.row, "phone", f"与第 {other.row} 行“{other.name}”的号码相同", remedy)


def check_post(table: Table, post: PostRow, areas: dict[str, AreaRow], places: dict[str, PlaceRow]) -> None:
    """A post is where its role can be, and somebody is in it."""
    area, kind, called = areas.get(post.area), AREA_OF.get(post.role), post.title or ROLES[post.role]
    if area and kind and area.kind != kind:
        table.fault(post.row, "area", f"“{area.name}”是{NAMES[area.kind]}", f"这个岗位要写{NAMES[kind]}的名称")
    wanted, place = PLACE_OF.get(post.role), places.get(post.place)
    if wanted and not post.place:
        table.fault(post.row, "place", f"没有写是哪个{NAMES[wanted]}", f"请填写{NAMES[wanted]}的名称")
    elif wanted and place and place.kind != wanted:
        table.fault(post.row, "place", f"“{place.name}”不是{NAMES[wanted]}", f"请填写{NAMES[wanted]}的名称")
    if not post.person and post.role != "specialist":
        table.warn(post.row, "person", f"岗位“{called}”没有人", "请填写是谁，或等有人时再写")
    elif not post.person and not post.phone:
        table.fault(post.row, "phone", f"“{called}”没有人也没有电话", "请写谁在任，或写电话")
    if post.role == "specialist" and not post.categories:
        table.fault(post.row, "categories", f"“{called}”没有写管哪类诉求", "请写类别，如 供暖")
    lead_or_worker = post.role in ("worker", "building_lead", "unit_lead")
    if lead_or_worker and not post.kind:
        table.fault(post.row, "kind", "没有写是哪一种网格员", "请写 专职、兼职 或 辅助")
    elif post.kind and not lead_or_worker:
        table.fault(post.row, "kind", "这个岗位不是网格员", "请把这一格空着")


def check_desk(table: Table, organisation: Organisation) -> None:
    """What nobody below takes comes to the city's desk: there must be one, with somebody in it."""
    if table.complete and table.rows and not table.broken and not any(p.role == "city" and p.person for p in organisation.posts):
        remedy = f"请加一行“{ROLES['city']}”，写上谁在任：没有人接的诉求最后都到这里"
        table.fault(0, "", f"没有{ROLES['city']}的岗位，或者岗位上没有人", remedy)


def check_full_time(table: Table, organisation: Organisation) -> None:
    """Nobody is a full-time worker twice."""
    first: dict[str, PostRow] = {}
    names = {person.id: person.name for person in organisation.people}
    for post in organisation.posts:
        if post.kind == "full_time" and post.person and (other := first.setdefault(post.person, post)) is not post:
            table.fault(
                post.row,
                "person",
                f"“{names.get(post.person, post.person)}”在第 {other.row} 行已是专职网格员",
                "一个人只能有一个专职岗位，请改其中一行",
            )


def check_roster(table: Table, organisation: Organisation) -> None:
    """Known posts and areas; hours that are some; auxiliaries at night only."""
    posts = {post.id: post for post in organisation.posts}
    seen: dict[RosterRow, int] = {}
    for row in organisation.roster:
        if row.start == row.until != time(0):
            table.fault(row.row, "until", "开始和结束是同一时间", "全天请写 00:00 到 24:00")
        if (first := seen.setdefault(row, row.row)) != row.row:
            table.warn(row.row, "", f"与第 {first} 行相同", "请删去一行")
        if row.duty == "day" and row.post in posts and posts[row.post].kind == "auxiliary":
            table.warn(row.row, "duty", f"“{posts[row.post].title}”是辅助人员，白天不派单给他", "辅助人员只排夜班")


def check_dates(tables: Tables, organisation: Organisation) -> None:
    """Exceptions, leaves and own working days."""
    table = tables["exceptions"]
    for change in organisation.exceptions:
        if (change.start is None) != (change.until is None) or (change.kind == "on" and change.start is None):
            table.fault(change.row, "from", "没有写全几点到几点", "加班要写开始和结束；停班全天可以都空着")
    table, held = tables["leave"], {post.id: post.person for post in organisation.posts}
    for leave in organisation.leave:
        if leave.substitute == leave.post:
            table.fault(leave.row, "substitute", "顶班的人就是请假的人", "请写另一个岗位的名称")
        if leave.last < leave.first:
            table.fault(leave.row, "until", "结束早于开始", "请核对两个日期")
        if leave.substitute and leave.substitute in held and not held[leave.substitute]:
            table.warn(leave.row, "substitute", "这个岗位上没有人，顶不了班", "请写另一个人")
        if not leave.substitute:
            table.warn(leave.row, "substitute", "没有写谁来顶班", "请写顶班岗位的名称")
    table = tables["workdays"]
    days = Counter(workday.day for workday in organisation.workdays)
    for workday in organisation.workdays:
        if days[workday.day] > 1:
            table.fault(workday.row, "date", f"{workday.day} 写了 {days[workday.day]} 次", "一天只能写一行")


def check_leave_of_who_left(table: Table, organisation: Organisation, known: Organisation) -> None:
    """Leave is a person's: whoever takes over the post is there."""
    before, now = ({post.id: post.person for post in each.posts} for each in (known, organisation))
    names = {person.id: person.name for person in known.people}
    old = set(known.leave)
    for leave in organisation.leave:
        was = before.get(leave.post, "")
        if leave in old and was and now.get(leave.post) not in (None, was):
            remedy = "请删去这一行；接手的人要请假，写他自己的日子"
            table.fault(leave.row, "post", f"这次假是“{names.get(was, was)}”的，他已经不在这个岗位", remedy)


def check_years(tables: Tables, organisation: Organisation, today: date) -> None:
    """A year that is far from this one was mistyped; the right one is named."""
    first, last = today.year + YEARS[0], today.year + YEARS[1]
    dated: list[tuple[str, str, Any, date, int]] = [("exceptions", "date", change, change.day, last) for change in organisation.exceptions]
    dated += [("leave", "from", leave, leave.first, last) for leave in organisation.leave]
    dated += [("leave", "until", leave, leave.last, last) for leave in organisation.leave]
    dated += [("workdays", "date", day, day.day, last) for day in organisation.workdays]
    dated += [("answers", "valid_until", each, each.valid_until, today.year + ANSWERS_LAST) for each in organisation.answers]
    for sheet, column, row, day, until in dated:
        if not first <= day.year <= until:
            remedy = f"今年是 {today.year} 年，请核对；应在 {first} 到 {until} 年之间"
            tables[sheet].fault(row.row, column, f"{day} 的年份不对", remedy)


def check_gaps(table: Table, organisation: Organisation) -> None:
    """Warns of every grid that has nobody on duty at some hour of the day, by the weekly pattern."""
    workers = {post.id for post in organisation.posts if post.role == "worker" and post.person}
    shifts: dict[str, list[RosterRow]] = {}
    for row in organisation.roster:
        if row.post in workers:
            shifts.setdefault(row.grid, []).append(row)
    for area in organisation.areas:
        if area.kind == "grid" and (gap := next(gaps(shifts.get(area.id, [])), None)):
            day, start, until = gap
            when = f"星期{'一二三四五六日'[day - 1]} {start // 60:02}:{start % 60:02}–{until // 60:02}:{until % 60:02}"
            table.warn(
                0,
                "",
                f"“{area.name}”{when} 等时间没有人值班",
                "请在值班表里补上；不补的话，那时的诉求由社区书记接",
            )


def gaps(shifts: list[RosterRow]) -> Iterator[tuple[int, int, int]]:
    """The uncovered stretches of each weekday's DAY, as weekday and minutes."""
    for day in range(1, 8):
        reached = DAY[0]
        for start, until in sorted(hours for shift in shifts for hours in minutes_on(shift, day)):
            if start > reached:
                break
            reached = max(reached, until)
        if reached < DAY[1]:
            later = [start for shift in shifts for start, _ in minutes_on(shift, day) if start > reached]
            yield day, reached, min([*later, DAY[1]])


def minutes_on(shift: RosterRow, day: int) -> Iterator[tuple[int, int]]:
    """When this shift covers this weekday, what is left of last night included."""
    start, until = shift.start.hour * 60 + shift.start.minute, shift.until.hour * 60 + shift.until.minute
    if day in shift.weekdays:
        yield start, until if until > start else 24 * 60
    if until <= start and (day - 2) % 7 + 1 in shift.weekdays:
        yield 0, until
