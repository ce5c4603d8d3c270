"""Fits the points of danger.toml to labelled messages, and writes them back as the same readable TOML.

    python -m nlp.tune_danger                               how good it would be (five held-out fifths)
    python -m nlp.tune_danger --without danger5             how good on a whole file that was left out
    python -m nlp.tune_danger --write                       write nlp/rules/danger.toml
    python -m nlp.tune_danger --more FILE …                 further messages to learn from

A logistic regression over the signs (what speaks for a danger may not lose points by it, what speaks against it may not win any)
and over pieces of one to three characters, few of which are kept. It starts from what people know (`expected`) and leaves it only
where enough messages say otherwise: a sign that few messages hold keeps the points a person would give it. A piece that holds a word
of danger never speaks against one. The examples of danger.toml count for more than one message each.
"""

from __future__ import annotations

import json
import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from scipy import sparse
from scipy.optimize import minimize

from nlp import training
from nlp.danger import FRAMED, PIECES, READ, leaning, named
from nlp.lexicon import Lexicon
from nlp.reading import Reading
from nlp.rulebook import shipped
from nlp.rulefile import FOLDER
from nlp.scoring import tally
from nlp.signs import Sign, Signs, share_of
from nlp.wording import plain

PLAIN, OF_A_KIND, OTHERS, AGAINST = 3.0, 1.5, 0.8, -1.5
"""What a person would give a sign: one that tells a danger outright (直说…), one of a kind, any other, one that speaks against."""
OUTRIGHT = "直说"
SIGNS_SMOOTH, PIECES_SMOOTH = 5.0, 3.0
"""How many doubtful messages it takes to move a sign by a point, or a piece off nought."""
PIECES_DEAR = 0.3
"""How dear a piece is: the dearer, the fewer are kept."""
SEEN = 5
"""A piece is proposed from this many texts."""
STEP = 0.2
EXAMPLE, DANGER = 3.0, 2.0
"""How many messages an example of danger.toml, and a danger, count for."""
PLACE = "锦绣苑3号楼2单元"
"""Put before each example once: where it is makes it no more and no less a danger."""
BAR = -1.5
"""Log odds from which it is a danger: better one call too many. Chosen on what held-out messages show (decisions/0014)."""
BARS = (-3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5)
ENOUGH = 100
"""Of a file with fewer messages no share is shown."""

Matrix = Any


@dataclass(frozen=True)
class Told:
    """A text and whether it tells of a danger."""

    text: str
    danger: bool
    weight: float = 1.0
    source: str = "examples"


def examples() -> Iterator[Told]:
    """The examples of danger.toml, and those of the categories, which are no dangers."""
    for rule in shipped().rules:
        if rule.of_category:
            for text in rule.yes:
                yield Told(plain(text).text, False, EXAMPLE)
    listed = tomllib.loads((FOLDER / "danger.toml").read_text(encoding="utf-8"))["examples"]
    for kind, texts in listed.items():
        for text in texts:
            for place in ("", PLACE):
                yield Told(plain(place + text).text, kind != "none", EXAMPLE * (1.0 if kind == "none" else DANGER))


def told(more: Sequence[Path]) -> list[Told]:
    """The examples, the messages of training/ and of further files; letters count as their readers said."""
    items = list(examples())
    seen: set[str] = set()
    for item in training.written():
        seen.add(item.text)
        items.append(_told(item.text, item.urgency, item.source.removeprefix("messages_")))
    for path in more:
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            text = one["text"] if "title" not in one else f"{one['title']}。{one['text']}"
            if text not in seen:
                seen.add(text)
                items.append(_told(text, one.get("urgency", "normal"), path.stem))
    return items


def _told(text: str, urgency: str, source: str) -> Told:
    danger = urgency == "emergency"
    return Told(plain(text).text[:READ], danger, DANGER if danger else 1.0, source)


_PLACE = re.compile(r"[\da-z#号栋锦绣苑]|单元|楼$|^楼")
"""Whoever tells a place tells no danger by it."""
_SAY_NOTHING = re.compile("[了着个的是在有这那一不也都就还又很太到去来上下里外前后边大小得地给和跟把从向往对为几两二三四五六七八九十天点分时会要可以子家人]+")
"""Characters that hold a sentence together: they say nothing of what happened."""
_MARKS = re.compile("[ ,.;:。、“”\"()…~-]")
_OUTCRY = "!?"


def pieces_of(text: str) -> set[str]:
    """Every one to three characters that stand side by side, name no place and say something; and outcries."""
    found = {text[at : at + size] for size in (1, 2, 3) for at in range(len(text) - size + 1)}
    return {piece for piece in found if piece in _OUTCRY or _says_something(piece)}


def _says_something(piece: str) -> bool:
    silent = _PLACE.search(piece) or _MARKS.search(piece) or _SAY_NOTHING.fullmatch(piece)
    return not silent and not any(mark in piece for mark in _OUTCRY) and piece.strip() == piece


def proposed(items: Sequence[Told]) -> list[str]:
    """The pieces that stand in enough texts."""
    seen: Counter[str] = Counter()
    for item in items:
        seen.update(pieces_of(item.text))
    return sorted(piece for piece, times in seen.items() if times >= SEEN)


def table(signs: Signs, pieces: Sequence[str], items: Sequence[Told]) -> Matrix:
    """What each text (row) holds of each sign and piece (column), exactly as danger.py counts it."""
    column = {sign.name: place for place, sign in enumerate(signs.signs)}
    place_of = {piece: len(column) + place for place, piece in enumerate(pieces)}
    rows, columns, values = [], [], []
    for row, item in enumerate(items):
        here = [(column[one.sign.name], one.value) for one in signs.seen(signs.lexicon.hits(item.text))]
        share = share_of(len(item.text))
        here += [(place_of[piece], share) for piece in pieces_of(item.text) if piece in place_of]
        for at, value in here:
            rows.append(row)
            columns.append(at)
            values.append(value)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(items), len(column) + len(pieces)))


def expected(signs: Signs) -> Matrix:
    """The points that a person would give each sign."""

    def of(sign: Sign) -> float:
        if sign.against:
            return AGAINST
        return PLAIN if sign.name.startswith(OUTRIGHT) else OF_A_KIND if sign.kind else OTHERS

    return np.array([of(sign) for sign in signs.signs])


def dangerous(signs: Signs, pieces: Sequence[str]) -> list[bool]:
    """Of each piece whether it holds a word of danger: it never speaks against one."""
    words = [text for text, word in zip(signs.lexicon.words, signs.words, strict=True) if word.names and not word.against and len(text) > 1]
    lexicon = Lexicon.of(words)
    return [bool(lexicon.hits(piece)) for piece in pieces]


def fit(rows: Matrix, wanted: Matrix, weight: Matrix, signs: Signs, never_against: Sequence[bool]) -> tuple[Matrix, float]:
    """The points of each column, and what every text begins with."""
    count, own = rows.shape[1], len(signs.signs)
    dear = np.array([0.0] * own + [PIECES_DEAR] * (count - own))
    smooth = np.array([SIGNS_SMOOTH] * own + [PIECES_SMOOTH] * (count - own))
    first = np.concatenate([expected(signs), np.zeros(count - own)])
    turned = rows.T.tocsr()

    def cost(values: Matrix) -> tuple[float, Matrix]:
        points = values[:count] - values[count:-1]
        share = 1 / (1 + np.exp(-(rows @ points + values[-1])))
        loss = -(weight * (wanted * np.log(share + 1e-12) + (1 - wanted) * np.log(1 - share + 1e-12))).sum()
        loss += (dear * (values[:count] + values[count:-1])).sum() + (smooth * (points - first) ** 2).sum() / 2
        wrong = weight * (share - wanted)
        slope = turned @ wrong + smooth * (points - first)
        return loss, np.concatenate([slope + dear, dear - slope, [wrong.sum()]])

    some, none = (0.0, None), (0.0, 0.0)
    up = [none if sign.against else some for sign in signs.signs] + [some] * (count - own)
    down = [some if sign.against else none for sign in signs.signs] + [none if never else some for never in never_against]
    found = minimize(
        cost, np.zeros(2 * count + 1), jac=True, method="L-BFGS-B", bounds=[*up, *down, (None, None)],
        options={"maxiter": 250, "maxcor": 8},
    ).x
    return found[:count] - found[count:-1], float(found[-1])


def rounded(points: Matrix) -> Matrix:
    """Points in steps that a person can tell apart."""
    return np.round(np.round(points / STEP) * STEP, 2)


def written(points: Matrix, start: float, names: Sequence[str], pieces: Sequence[str], old: str) -> str:
    """danger.toml with these points: those of the signs in their places, the pieces at the end."""
    own = iter(points[: len(names)])
    head = old.partition("\n[pieces]\n")[0]
    head = re.sub(r"^points = .*$", lambda _: f"points = {float(next(own)) + 0.0}", head, flags=re.MULTILINE)
    head = re.sub(r"^start = .*$", f"start = {start:.2f}", head, count=1, flags=re.MULTILINE)
    tiers: dict[float, list[str]] = {}
    for piece, value in zip(pieces, points[len(names) :], strict=True):
        if value:
            tiers.setdefault(float(value), []).append(piece)
    lines = [f"{json.dumps(str(value))} = {json.dumps(sorted(tiers[value]), ensure_ascii=False)}" for value in sorted(tiers)]
    return head + "\n[pieces]\n" + "\n".join(lines) + "\n"


def scores(rows: Matrix, points: Matrix, start: float, own: int) -> Matrix:
    """What danger.py adds up: all pieces together give no more than PIECES."""
    return rows[:, :own] @ points[:own] + np.clip(rows[:, own:] @ points[own:], -PIECES, PIECES) + start


def besides(signs: Signs, items: Sequence[Told]) -> Matrix:
    """What else decides (danger.py): the words as a whole, what is supposed or over, and whether a danger is named at all."""
    found = []
    for item in items:
        seen = signs.seen(signs.lexicon.hits(item.text))
        lean = leaning(tally(Reading(shipped(), item.text)).shares())
        found.append(lean - FRAMED * signs.framed(item.text) if named(seen) else -np.inf)
    return np.array(found)


def measures(score: Matrix, items: Sequence[Told]) -> Iterator[str]:
    """At several bars: how many dangers are found, and how many messages that are none are taken for one, file by file."""
    danger = np.array([item.danger for item in items])
    source = np.array([item.source for item in items])
    names = [name for name in dict.fromkeys(source) if (~danger & (source == name)).sum() >= ENOUGH]
    yield "bar   recall precision  false alarms: " + " ".join(names)
    for bar in BARS:
        called = score >= bar
        right = (called & danger).sum()
        false = " ".join(f"{called[~danger & (source == name)].mean():.3f}" for name in names)
        yield f"{bar:4.1f}  {right / max(1, danger.sum()):.3f}  {right / max(1, called.sum()):.3f}  {false}"


def main(
    more: Annotated[list[Path] | None, typer.Option(help="Further labelled messages, JSON lines")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Files of training/ (danger5) to leave out and to measure by")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write danger.toml")] = False,
) -> None:
    """Fit, say how good it is, and write if asked."""
    signs, items = shipped().signs, told(more or [])
    own = len(signs.signs)
    pieces = proposed(items)
    never = dangerous(signs, pieces)
    rows = table(signs, pieces, items)
    wanted = np.array([float(item.danger) for item in items])
    weight = np.array([item.weight for item in items])
    if not write:
        part = np.array([zlib.crc32(item.text.encode()) % 5 for item in items])
        if without:
            part = np.array([0 if item.source in without else 1 for item in items])
        score = np.full(len(items), -np.inf)
        for held in (0,) if without else range(5):
            points, start = fit(rows[part != held], wanted[part != held], weight[part != held], signs, never)
            score[part == held] = scores(rows[part == held], rounded(points), start, own)
        shown = [place for place, _ in enumerate(items) if not without or part[place] == 0]
        held_out = [items[place] for place in shown]
        typer.echo(f"{len(held_out)} texts, held out (shipped: {BAR})")
        for line in measures(score[shown] + besides(signs, held_out), held_out):
            typer.echo(line)
        return
    points, start = fit(rows, wanted, weight, signs, never)
    points = rounded(points)
    typer.echo(f"{len(items)} texts; {int((points[own:] != 0).sum())} pieces")
    path = FOLDER / "danger.toml"
    path.write_text(written(points, start - BAR, [s.name for s in signs.signs], pieces, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
