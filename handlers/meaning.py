"""From words to the trade's values: what is meant, where it is, whose phone it is."""

from __future__ import annotations

import re
from dataclasses import replace

from casework.case import Case, Spot
from casework.effects import KeepLanguage
from handlers.turn import Turn
from nlp.corrections import only_corrects
from nlp.places import Home
from nlp.replies import Reply, read_reply
from nlp.rulebook import shipped
from nlp.shortwords import others_phone
from nlp.understand import Context, Understanding, understand
from nlp.where import Where, where
from storage import cases, people

LONGEST = 4000
SHORT = 150  # longer messages are letters: one matter with its story
SURE, PLAIN, WHOLE = 0.7, 0.95, 2.0  # a clause tells a trouble of its own
LOOSE = ("property_service", "public_services")  # "物业不管" is a complaint about how a trouble is met
CLAUSE = re.compile(r"[，。；！？,;!?\n]|还有|另外|而且|再就是")
PART_OF = {  # what a danger brings with it is no second trouble: 水管爆了，家里没水
    "water_pouring": frozenset({"water_power_gas", "drainage", "building_facilities"}),
    "electric": frozenset({"water_power_gas"}),
    "trapped": frozenset({"building_facilities"}),
}
ASIDE = frozenset(["status", "nudge", "withdraw", "human", "about", "question", "thanks", "greeting", "abuse", "advert"])
PLACE_LIKE = re.compile(
    r"楼|院|路|街|巷|号|门|口|旁|边|附近|对面|单元|小区|村|桥|公园|学校|幼儿园|超市|市场|广场|站|厂|店|苑|园|里|城|坊|区|家属|医院|银行"
)
BEHALF = re.compile(
    r"[帮替给](我)?(们)?(家)?(邻居|老人|妈|爸|父母|爷爷|奶奶|姥姥|姥爷|外婆|外公|岳父|岳母|公公|婆婆|对门|亲戚|朋友|同事|楼上|楼下|隔壁|他|她|别人|一位|一个|大爷|大妈)"
    r"(?!.{0,4}(办|买)证)|我(妈|爸|父母|爷爷|奶奶|姥姥|姥爷|外婆|外公|岳父|岳母|公公|婆婆|邻居|朋友)(妈|爸)?家|(代|替)人(报|登记|反映)"
)
INSIDE = re.compile(r"[家屋这那哪心夜手店][里]")
UNKNOWN = re.compile(r"不知道|不清楚|不晓得|说不|记不|忘了")
WHOLE_ESTATE = re.compile(r"(全|整个?|咱?们?)小区|小区里?[都全]|[东西南北正大后]门|门口|广场|围墙|马路|路边|停车场|健身")
OWN_HOME = re.compile(r"我家|我们家|俺家|咱家|家里|我住|住在|搬到|搬家|我们?(这|楼|单元)")


def meaning(turn: Turn, text: str, use_home: bool = True, home: Spot | None = None) -> Understanding:
    """What the words mean for this speaker: season, the town's places, the remembered (or the given) home."""
    if home is None:
        home = turn.person.home if turn.speaker is not None and use_home else Spot()
    return meaning_in(reading_context(turn, home), text)


def meaning_in(context: Context, text: str) -> Understanding:
    """What the words mean, whoever says them."""
    got = understand(text[:LONGEST], context)
    return only_where(got) if is_only_place(text, got) else _two_told(got, text, context)


PIECES = re.compile(
    r"(?:[甲乙丙丁东西南北a-zA-Z]?\d{1,4}|[一二三四五六七八九十]{1,3})(?:号楼|号院|号|栋楼?|幢|座|#楼?|排|楼|单元|室|房|户|层|门)?"
    r"|就?在|我们?家?|住在?|就?是|应该|小区|[那这]里?|[的里哦噢嗯啊呢吧呀哈]|[\W_]"
)


def is_only_place(text: str, got: Understanding) -> bool:
    """A place and nothing else: it tells no matter, whatever the words of its name."""
    where = got.where
    if len(text) > 40 or not (got.places or where.unit or where.room or where.building_words):
        return False
    for place in sorted(got.places, key=lambda p: -p.start):
        text = text[: place.start] + "，" + text[place.end :]
    return not PIECES.sub("", text)


def only_where(got: Understanding) -> Understanding:
    """The understanding of a bare place."""
    return replace(got, category="other", also=(), topic=None, urgency="normal", danger=None, danger_maybe=None,
                   intent="answer", confidence=0.0, runner_up=None, two_troubles=False)


def reading_context(turn: Turn, home: Spot | None = None) -> Context:
    """What is known besides the words."""
    day = turn.now.astimezone(turn.policy.calendar.zone).date()
    return Context(turn.world.gazetteer, turn.policy.in_season(day), as_home(home) if home else None, turn.world.rules)


def read_answer(turn: Turn, text: str) -> Reply:
    """What an answer to the check-back says, by the rules in use."""
    rules = turn.world.rules
    return read_reply(text, rules.replies if rules else None)


def _two_told(got: Understanding, text: str, context: Context) -> Understanding:
    """Two troubles in one short message, each whole in a clause of its own (暖气不热，电梯也坏了)."""
    clauses = [c for c in CLAUSE.split(text) if len(c.strip()) > 2]
    if len(clauses) < 2 or len(text) > SHORT or got.intent != "request":
        return got
    danger = got.urgency == "emergency"
    others = []
    for clause in clauses:
        part = understand(clause, context)
        if not tells_trouble(part) or part.urgency == "emergency" or part.category in ("other", *LOOSE):
            continue
        if part.category in PART_OF.get(got.danger or "", ()):
            continue
        if part.category != got.category or (danger and part.topic != got.topic):
            others.append(part.category)
    if not others:
        return got
    told = danger or any(understand(c, context).category == got.category for c in clauses)
    also = tuple(dict.fromkeys((*others, *got.also)))
    return replace(got, also=also, two_troubles=got.two_troubles or told)


def tells_trouble(part: Understanding) -> bool:
    """Whether a clause tells a trouble of its own: by one strong word, or by what is the matter, told without doubt."""
    strong = max((e.weight for e in part.evidence), default=0.0) >= WHOLE
    return part.confidence >= SURE and (strong or (part.topic is not None and part.confidence >= PLAIN))


LETTERS = re.compile(r"[A-Za-z]{2}")
SAID_IN_ENGLISH = re.compile(r"\b(?:help|hello|thanks?|cancel|withdraw|urgent|cases?|coming|neighbou?rs?|please|how)\b", re.IGNORECASE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def note_language(turn: Turn, text: str) -> None:
    """Who writes only English is answered with a line of English too, until they write Chinese again."""
    if turn.person.staff:
        return
    if turn.person.language == "en":
        language = "zh" if CHINESE.search(text) else "en"
    else:
        english = (turn.world.rules or shipped()).slips.english
        spoken = english.speaks(text[:LONGEST]) or (SAID_IN_ENGLISH.search(text) and not CHINESE.search(text))
        language = "en" if LETTERS.search(text) and spoken else "zh"
    if language != turn.person.language:
        turn.write(KeepLanguage(turn.person.id, language))
        turn.refresh()


def as_home(spot: Spot) -> Home | None:
    """What "3号楼" alone is completed with."""
    return Home(spot.estate_id, spot.building_id, spot.unit, spot.room) if spot.estate_id else None


def spot_of(found: Where) -> Spot:
    """The spot that was named, as exact as it was said. A building nobody knows stays in words."""
    words = found.building_words or "" if found.unknown_building else ""
    place = next(iter((*found.landmark_ids, *found.road_ids)), None)
    return Spot(found.estate_id, found.building_id, found.unit, found.room, place, words=words)


def spot_in(turn: Turn, text: str, home: Spot) -> Spot:
    """The spot that a text names, read inside a known estate."""
    return spot_of(where(text[:LONGEST], turn.world.gazetteer, as_home(home)))


def more_exact(known: Spot, said: Spot) -> Spot:
    """The place in pieces: what was said now completes or corrects what was known."""
    if not said.known and not said.unit and not said.room:
        return known
    if said.estate_id and known.estate_id and said.estate_id != known.estate_id:
        return said
    building = said.building_id or (known.building_id if not said.words else None)
    moved = said.building_id is not None and said.building_id != known.building_id
    return Spot(
        said.estate_id or known.estate_id, building, said.unit or (None if moved else known.unit),
        said.room or (None if moved else known.room), said.place_id or known.place_id, said.lat or known.lat,
        said.lon or known.lon, said.words or ("" if building or said.place_id else known.words),
    )


def settled(turn: Turn, spot: Spot) -> bool:
    """The place lies in one grid, or cannot be made more exact by asking for a building."""
    if spot.building_id or not spot.estate_id:
        return True
    return turn.town.territory(spot).grid_id is not None


def aside(got: Understanding, text: str) -> bool:
    """Words about something else than what was asked: how it stands, thanks, a person … – with no trouble in them."""
    if polite(text) or not any(c.isalnum() for c in text):
        return True
    if drops(text):
        return True
    if only_corrects(text):
        return False
    if got.intent in ("question", "advert") and not spot_of(got.where).known:
        return True
    return got.intent in ASIDE and got.category == "other" and not spot_of(got.where).known and not got.where.unit


def drops(text: str) -> bool:
    """算了, while a complaint is half told."""
    return text.strip("。.!！，, ") in ("算了", "算了吧", "不报了", "不用报了", "先不报了", "没事了", "当我没说")


COURTESY = re.compile(
    r"谢谢(你们?|您们?|啦|了|哈)?|多谢|感谢|辛苦(你们|您)?了?|谢了|你好|您好|在吗|在不在|有人吗|早上好|上午好|下午好|晚上好|哈喽|hello|hi|喂"
    r"|师傅|同志|领导|啊|呀|哦|噢|哈|呵|嗯|好的?|好嘞|行|中|可以|知道了?|明白了?|收到|了解|ok|吧|了|的|呢|[\W_]|👍|🙏|👌",
    re.IGNORECASE,
)
POLITE = frozenset(["好", "好的", "嗯", "嗯嗯", "行", "行吧", "中", "知道了", "明白了", "收到", "了解", "ok", "哦", "好吧", "好嘞", "可以", "嗯好", "好好", "好的好的"])
SIGNS = frozenset("👍🙏👌🌹❤️😊💪🤝")


def polite(text: str) -> bool:
    """好的, 嗯, 知道了: heard, nothing more."""
    bare = re.sub(r"[\W_]+", "", text).lower()
    return bare in POLITE or (not bare and bool(text.strip()) and set(text.strip()) <= SIGNS)


def only_courtesy(text: str) -> bool:
    """Greetings and thanks with nothing behind them."""
    return len(COURTESY.sub("", text)) <= 1


def place_like(text: str) -> bool:
    """Whether words that name no known place may still tell where it is."""
    return PLACE_LIKE.search(INSIDE.sub("", text)) is not None and not UNKNOWN.search(text)


def for_somebody(text: str) -> bool:
    """The trouble is at somebody else's."""
    return BEHALF.search(text) is not None


def phone_of(turn: Turn, case: Case) -> str | None:
    """Whom to ring about a case: filed for somebody else, that person (the number is in the words); else the resident."""
    if case.behalf:
        for line in cases.lines(turn.conn, case.id):
            if line.event.by == case.resident_id and (phone := others_phone(line.words)):
                return phone
        if case.by_telephone:
            return None
    who = people.person(turn.conn, case.resident_id)
    return who.phone if who is not None else None
