"""How well and how fast messages are understood.

    python -m benchmarks.understanding --gold DIR               quality, calibration, speed
    python -m benchmarks.understanding --gold DIR --held-out    quality once more with rules fitted without the gold set (minutes)

Three readers stand side by side: a peer's substring keywords in nine classes, a linear model on character 1-3-grams trained on the
gold set's labels (five folds, each text read by a model that has not seen it), and Jiesu. The shipped rules are fitted to the gold
set too; what they reach on texts they have not seen is what --held-out prints, and the part kept aside by the owner of the gold set.
A prediction that stands in `also` counts as right and as the label.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import ahocorasick_rs
import jieba
import numpy as np
import rjieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from bot.classifying import gazetteer
from nlp import segment, training
from nlp.replies import read_reply
from nlp.rulebook import shipped
from nlp.rulefile import CODES
from nlp.rules import Rules
from nlp.training import Labelled
from nlp.understand import Context, Understanding, understand

ORGANISATION = Path(__file__).parents[1] / "examples" / "organisation"
PARTS = ("full", "title", "chat", "danger_dev")
ENOUGH = 10
"""A class is counted in macro-F1 from so many items."""
BINS = 5

KEYWORDS = {  # nine classes, as a first attempt anywhere would have them
    "heating": "暖气 供暖 供热", "water_power_gas": "停水 停电 燃气 自来水 电费", "drainage": "下水道 污水 井盖 积水",
    "roads_parking": "停车 道路 修路 红绿灯", "building_facilities": "电梯 漏水 路灯 门禁", "property_service": "物业",
    "sanitation": "垃圾 卫生 油烟 污染", "noise_neighbours": "噪音 扰民 邻居", "safety_order": "消防 违建 安全隐患",
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """What a reader made of a text."""

    item: Labelled
    category: str
    found: Understanding | None = None

    @property
    def right(self) -> bool:
        return self.category in (self.item.label, *self.item.also)

    @property
    def part(self) -> str:
        return "danger_dev" if self.item.source == "danger_dev" else self.item.part


def by_keywords(items: Sequence[Labelled]) -> list[Read]:
    """The peer: the class with most keywords in the text."""
    words = {code: text.split() for code, text in KEYWORDS.items()}

    def read(text: str) -> str:
        hits = {code: sum(text.count(word) for word in those) for code, those in words.items()}
        best = max(hits, key=lambda code: hits[code])
        return best if hits[best] else "other"

    return [Read(item, read(item.text)) for item in items]


def by_linear_model(items: Sequence[Labelled]) -> list[Read]:
    """Character 1-3-grams and a logistic regression, each text read by a model trained on the other four folds."""
    found: list[Read] = []
    fold = np.arange(len(items)) % 5
    np.random.default_rng(1).shuffle(fold)
    for held in range(5):
        seen = [item for item, number in zip(items, fold, strict=True) if number != held]
        unseen = [item for item, number in zip(items, fold, strict=True) if number == held]
        grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
        model = LogisticRegression(C=30, max_iter=1000)
        model.fit(grams.fit_transform([item.text for item in seen]), [item.label for item in seen])
        told = model.predict(grams.transform([item.text for item in unseen]))
        found += [Read(item, str(category)) for item, category in zip(unseen, told, strict=True)]
    return found


def by_jiesu(items: Sequence[Labelled], rules: Rules) -> list[Read]:
    reads = [(item, understand(item.text, Context(rules=rules))) for item in items]
    return [Read(item, found.category, found) for item, found in reads]


def share(good: Sequence[bool]) -> str:
    return f"{statistics.mean(good):.3f}" if good else "  -  "


def macro(reads: Sequence[Read]) -> float:
    """Mean F1 over the classes with ten items or more; a prediction that is right counts as the label."""
    wanted = [read.item.label for read in reads]
    told = [read.item.label if read.right else read.category for read in reads]
    classes = [code for code, count in Counter(wanted).items() if count >= ENOUGH]
    return float(f1_score(wanted, told, labels=classes, average="macro", zero_division=0))


def table(named: dict[str, list[Read]]) -> None:
    print(f"{'':28}" + "".join(f"{part:>12}" for part in PARTS) + f"{'all':>8}{'exact':>8}{'macro-F1':>10}")
    for name, reads in named.items():
        cells = "".join(f"{share([read.right for read in reads if read.part == part]):>12}" for part in PARTS)
        exact = share([read.category == read.item.label for read in reads])
        print(f"{name:28}{cells}{share([read.right for read in reads]):>8}{exact:>8}{macro(reads):>10.3f}")


def confusion(reads: Sequence[Read]) -> None:
    print("\nconfusion (rows: label, columns: read; a prediction in `also` counts as the label)")
    codes = [code for code in CODES if any(read.item.label == code for read in reads)]
    print(f"{'':22}" + "".join(f"{code[:8]:>10}" for code in codes))
    counts = Counter((read.item.label, read.item.label if read.right else read.category) for read in reads)
    for row in codes:
        print(f"{row:22}" + "".join(f"{counts[row, column] or '.':>10}" for column in codes))


def wrong(reads: Sequence[Read], texts: bool) -> None:
    print("\nwrong items (id, label <- read, confidence)" + ("" if texts else "; --texts shows their words"))
    for read in reads:
        if not read.right and read.found is not None:
            shown = f"  {read.item.text[:40]}" if texts else ""
            print(f"  {read.item.id:12} {read.item.part:9} {read.item.label} <- {read.category} {read.found.confidence:.2f}{shown}")


def calibration(reads: Sequence[Read]) -> None:
    """Expected calibration error: five bins of equal size by confidence, |how often right - how sure|."""
    sure = sorted(reads, key=lambda read: read.found.confidence if read.found else 0.0)
    error = 0.0
    print("\ncalibration     sure   right")
    for part in np.array_split(np.arange(len(sure)), BINS):
        confidence = statistics.mean(sure[n].found.confidence for n in part)  # type: ignore[union-attr]
        right = statistics.mean(sure[n].right for n in part)
        error += abs(confidence - right) * len(part) / len(sure)
        print(f"  {len(part):4} items   {confidence:6.3f}  {right:6.3f}")
    print(f"  expected calibration error {error:.3f}")


def rest(reads: Sequence[Read]) -> None:
    """Further categories, emergencies, urgency."""
    also = [code in (read.item.label, *read.item.also) for read in reads if read.found for code in read.found.also]
    print(f"\npredicted also: {share(also)} of {len(also)} right")
    wanted = {read.item.id for read in reads if read.item.urgency == "emergency"}
    alarmed = {read.item.id for read in reads if read.found and read.found.urgency == "emergency"}
    both = len(wanted & alarmed)
    print(f"emergencies: recall {both}/{len(wanted)}, precision {both}/{len(alarmed)}; missed {sorted(wanted - alarmed)}, false {sorted(alarmed - wanted)}")
    urgent = [read.item.urgency == read.found.urgency for read in reads if read.found]
    print(f"urgency the same: {share(urgent)}")


def questions(folder: Path, rules: Rules) -> None:
    """Questions told from requests, on the letters and messages labelled here."""
    for name, items in (("letters, title", [i for i in training.letters(folder) if i.part == "title"]), ("messages", training.written())):
        kinds: dict[str, list[bool]] = defaultdict(list)
        for item in items:
            if item.intent in ("question", "request"):
                asked = understand(item.text, Context(rules=rules)).intent == "question"
                kinds[item.intent].append(asked == (item.intent == "question"))
        even = statistics.mean(statistics.mean(good) for good in kinds.values())
        print(f"{name:16} questions {share(kinds['question'])} of {len(kinds['question'])}, requests {share(kinds['request'])} of {len(kinds['request'])}, mean {even:.3f}")


def replies(folder: Path) -> None:
    rows = [(item, read_reply(item.text)) for item in training.replies(folder)]
    good = [item.answer == read.answer for item, read in rows]
    worst = [item.id for item, read in rows if read.answer == "solved" and item.answer in ("partly", "not_solved")]
    unclear = [item.id for item, read in rows if read.answer == "unclear" and item.answer != "unclear"]
    said = [item.satisfaction == read.satisfaction for item, read in rows]
    print(f"answers to the check-back: {share(good)} of {len(rows)}; read as solved though not {worst}; unclear wrongly {len(unclear)}; satisfaction {share(said)}")


# ---- speed -----------------------------------------------------------------------------------------------------------


def paired(functions: Sequence[Callable[[str], object]], texts: Sequence[str], rounds: int) -> list[float]:
    """Seconds a text of each function: all of them on each text in turn, so that none has the machine's caches to itself;
    the median of some rounds over fresh texts."""
    each = len(texts) // rounds
    taken: list[list[float]] = []
    for number in range(rounds):
        sums = [0.0] * len(functions)
        for text in texts[number * each : (number + 1) * each]:
            for place, function in enumerate(functions):
                began = time.perf_counter()
                function(text)
                sums[place] += time.perf_counter() - began
        taken.append([sum_ / each for sum_ in sums])
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def all_keywords(rules: Rules) -> set[str]:
    """Every word that `understand` looks for: of the categories, intents, dangers and slips."""
    signs = rules.signs
    return {*rules.lexicon.words, *signs.lexicon.words, *signs.cancels.words, *signs.now.words, *rules.slips.lexicon.words}


def speed(folder: Path, rules: Rules) -> None:
    """The whole of `understand` beside cutting the words, and beside looking for all keywords, in the same run."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as file:
        titles = {json.loads(line)["title"][:20] for line in file}
    texts = [title for title in sorted(titles | {item.text[:20] for item in training.written()}) if len(title) == 20]
    np.random.default_rng(2).shuffle(texts)
    context = Context(gazetteer=gazetteer(ORGANISATION), rules=rules)
    words = all_keywords(rules)
    keywords = ahocorasick_rs.AhoCorasick(sorted(words))
    jieba.initialize()
    gc.freeze()
    half = len(texts) // 2
    for library, part in (("rjieba", texts[:half]), ("jieba", texts[half:])):
        segment._cutter.cache_clear()
        segment._load_fast = _fast if library == "rjieba" else lambda: None
        understand("暖气不热", context)
        whole, cutting, passing = paired(
            (lambda text: understand(text, context), jieba.lcut, lambda text: keywords.find_matches_as_indexes(text, overlapping=True)),
            part, ROUNDS,
        )  # fmt: skip
        print(
            f"with {library:6}: understand {whole * 1e6:6.1f} µs, jieba.lcut {cutting * 1e6:6.1f} µs ({whole / cutting:.2f} x), "
            f"one pass over {len(words):,} keywords {passing * 1e6:.2f} µs ({whole / passing:.1f} x)"
        )
    long = "三号楼的暖气从昨天晚上开始就一直不热，楼道灯也坏了。" * 3_800
    began = time.perf_counter()
    found = understand(long, context)
    print(f"{len(long):,} characters: {(time.perf_counter() - began) * 1e3:.1f} ms, cut: {found.truncated}")


_fast = segment._load_fast
ROUNDS = 9


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--gold", type=Path, required=True, metavar="DIR")
    asked.add_argument("--held-out", action="store_true", help="fit the categories without the gold set and read it with them")
    asked.add_argument("--texts", action="store_true", help="show the words of wrong items")
    told = asked.parse_args()
    began = time.perf_counter()
    rules = shipped()
    print(f"rules loaded in {time.perf_counter() - began:.2f} s; first message ", end="")
    segment._cutter.cache_clear()
    began = time.perf_counter()
    understand("三号楼没暖气", Context(rules=rules))
    print(f"{time.perf_counter() - began:.2f} s after them; rjieba {rjieba.__name__ in str(type(segment._cutter()))}\n")
    items = training.gold(told.gold)
    named = {
        "substring keywords": by_keywords(items),
        "character 1-3-grams": by_linear_model(items),
        "Jiesu, as shipped": by_jiesu(items, rules),
    }
    if told.held_out:
        from nlp.tune import without

        named["Jiesu, not fitted to these"] = by_jiesu(items, without(told.gold))
    table(named)
    shown = named["Jiesu, not fitted to these" if told.held_out else "Jiesu, as shipped"]
    confusion(shown)
    calibration(shown)
    rest(shown)
    replies(told.gold)
    questions(told.gold, rules)
    wrong(shown, told.texts)
    print()
    speed(told.gold, rules)


if __name__ == "__main__":
    main()
