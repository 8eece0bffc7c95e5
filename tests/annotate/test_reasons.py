"""Every reason has both languages, is used, and finds its way through pickles and routes; no route refuses without."""

from __future__ import annotations

import ast
import pickle
import re
import string
from pathlib import Path
from typing import Any

import pytest

import annotate
from annotate.errors import Conflict, ServiceError
from annotate.reason_table import REASONS
from annotate.reasons import Reason, answer_of, kept, listed, reason_of, restored

HOME = Path(annotate.__file__).parent
CHINESE = re.compile(r"[\u4e00-\u9fff\uff00-\uffef]")  # some codes only put others together: with their marks
ERRORS = ("UserError", "NotFound", "Conflict", "Forbidden", "ServiceError", "HTTPException")
# What people at a page can run into. The rest speaks at the command line.
SHOWN = (
    *(HOME / "rest").glob("*.py"),
    *(
        HOME / "workflow" / f"{name}.py"
        for name in (
            *("labels", "tasks", "outlines", "media", "reread", "suggest", "review", "wall", "written", "search"),
            *("examples", "uploads", "pool", "twins", "dashboard", "synthetic", "exchange"),
        )
    ),
    HOME / "media.py",
    *(
        HOME / "store" / f"{name}.py"
        for name in ("saving", "labels", "journal", "images", "queueing", "batches", "jobs", "datasets")
    ),
)
# Said at the command line alone: `by_beginning` (pool), `reread` without a desk.
AT_THE_COMMAND_LINE = {"pool.py": 1, "reread.py": 1}


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _example(code: str) -> Reason:
    numbers = re.findall(r"\{(\w+):[^}]*[,g]\}", " ".join(REASONS[code]))
    names = _fields("".join(REASONS[code]))
    return Reason(code, **{name: 1234 if name in numbers else f"<{name}>" for name in names})


@pytest.mark.parametrize("code", REASONS)
def test_reasons__each_has_both_languages(code: str) -> None:
    english, chinese = REASONS[code]
    assert not CHINESE.search(english)
    assert CHINESE.search(chinese)
    # A Chinese sentence may leave out the words of another program, and name a picture in place of its path.
    assert _fields(chinese) <= _fields(english) | {"name"}
    assert _fields(english) - _fields(chinese) <= {"why", "verdict", "path"}
    reason = _example(code)
    assert reason.told("en-US") == str(reason) == reason.told("") == reason.told("fr")
    assert CHINESE.search(reason.told("zh-CN,zh;q=0.9"))


def test_reasons__each_is_used() -> None:
    source = "".join(
        path.read_text("utf-8")
        for path in HOME.rglob("*.py")
        if path.name != "reason_table.py" and path.name != "work_reasons.py"
    )
    made = {f"count.{one}" for one in ("added", "known", "missing", "broken", "read", "regions", "failed")}
    made |= {f"count.{one}" for one in ("stopped", "dropped", "dropped_clips")}
    assert [code for code in REASONS if f'"{code}"' not in source and code not in made] == []
    assert 'f"count.{' in source


def test_reasons__whatever_a_page_can_run_into_has_one() -> None:
    bare = []
    for path in SHOWN:
        raised = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Raise)]
        calls = [node.exc for node in raised if isinstance(node.exc, ast.Call)]
        named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ERRORS]
        plain = [call for call in named if "Reason(" not in ast.unparse(call)]
        bare += [f"{path.name}: {ast.unparse(call)}" for call in plain[AT_THE_COMMAND_LINE.get(path.name, 0) :]]
    assert bare == []


def test_reason__survives_other_processes() -> None:
    inner = Reason("reader.slow", seconds=20)
    error = ServiceError(Reason("reader.failed", name="a.jpg", reader="rapidocr", why=inner))
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        back = reason_of(_elsewhere(error, protocol))
        assert back is not None
        assert back == "a.jpg: rapidocr: took longer than 20 s"
        assert back.told("zh") == "a.jpg：识别器 rapidocr：用时超过 20 秒"
    clash = _elsewhere(Conflict(Reason("save.conflict", name="a", rev=3, base=2), 3), 5)
    assert (clash.rev, reason_of(clash)) == (3, Reason("save.conflict", name="a", rev=3, base=2))


def test_kept__comes_back_whole_and_says_so_in_both_languages() -> None:
    counts = listed([Reason("count.added", count=1200), Reason("count.broken", count=1)])
    told = Reason("done.fault", what=counts, where="a.png", why="refused")
    assert told == "1,200 added, 1 broken; a.png: refused"
    back = restored(kept(told))
    assert isinstance(back, Reason)
    assert (back, back.told("zh")) == (told, "新增 1,200 张，无法读取 1 个；a.png：refused")
    assert restored(kept("as it is")) == "as it is"
    assert restored('\x01{"code": "of.tomorrow", "facts": {}}') == "of.tomorrow"


def test_told__names_of_ours_become_words() -> None:
    reason = Reason("user.role", user="li", has="annotator", role="reviewer")
    assert reason.told("zh-CN") == "li 是标注员，此操作需要“审核员”权限"
    full = Reason("file.unwritten", path="/w/thumbs", why="No space left on device")
    assert full.told("zh") == "无法写入 /w/thumbs：磁盘已满"


def test_answer_of__keeps_what_has_no_code_in_english() -> None:
    assert answer_of("no idea", "zh") == {"detail": "no idea"}
    assert answer_of(Reason("save.twice"), "zh") == {
        "detail": "two regions have the same id",
        "code": "save.twice",
        "facts": {},
        "told": "有两个框编号相同",
    }


def _elsewhere(error: Exception, protocol: int) -> Any:
    return pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - made in the line itself
