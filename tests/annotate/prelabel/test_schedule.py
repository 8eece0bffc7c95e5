from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotate.prelabel.reader import Found, Read
from annotate.prelabel.schedule import Schedule, Task

PLACE = Found(((0, 0), (9, 0), (9, 9), (0, 9)), 1.0)


def _run(schedule: Schedule, found: dict[str, int], workers: int = 1) -> list[tuple[str, str]]:
    """Let workers take tasks in turn and finish them in order; what was begun, as (kind, picture)."""
    begun: list[tuple[str, str]] = []
    going: list[Task] = []
    while True:
        while len(going) < workers and (task := schedule.next()) is not None:
            going.append(task)
            begun.append((task.kind, task.picture))
        if not going:
            return begun
        task = going.pop(0)
        if task.kind == "detect":
            schedule.detected(task, [PLACE] * found[task.picture])
        else:
            schedule.read(task, [Read("x", 1.0)] * len(task.places))


def test_next__takes_the_newest_clip_and_finishes_it_first() -> None:
    schedule = Schedule(1)
    schedule.add("old", ["o1", "o2"])
    schedule.add("new", ["n1", "n2"])
    begun = _run(schedule, dict.fromkeys(("o1", "o2", "n1", "n2"), 1))
    assert [picture for _, picture in begun] == ["n1", "n1", "n2", "n2", "o1", "o1", "o2", "o2"]
    assert schedule.waiting == 0


def test_next__finishes_a_clip_that_was_begun_when_a_newer_one_comes() -> None:
    schedule = Schedule(1)
    schedule.add("old", ["o1", "o2"])
    first = schedule.next()
    schedule.add("new", ["n1"])
    assert first is not None
    schedule.detected(first, [])
    assert [picture for _, picture in _run(schedule, {"o2": 0, "n1": 0})] == ["o2", "n1"]


def test_next__reads_what_was_detected_before_it_detects_more() -> None:
    schedule = Schedule(1)
    schedule.add("clip", ["a", "b", "c"])
    begun = _run(schedule, {"a": 20, "b": 0, "c": 1})
    assert [kind for kind, _ in begun] == ["detect", "read", "read", "read", "detect", "detect", "read"]


def test_next__detects_first_in_the_tail() -> None:
    """With three workers, two pictures are left once `a` is detected: they come before what is to be read in `a`."""
    schedule = Schedule(3)
    schedule.add("clip", ["a", "b", "c"])
    first = schedule.next()
    assert first is not None
    schedule.detected(first, [PLACE] * 16)
    following = [schedule.next() for _ in range(4)]
    assert [(task.kind, task.picture) for task in following if task] == [
        ("detect", "b"),
        ("detect", "c"),
        ("read", "a"),
        ("read", "a"),
    ]


def test_add__drops_the_oldest_that_wait_and_counts_them() -> None:
    schedule = Schedule(1, queue=2)
    schedule.add("1", ["1a", "1b"])
    begun = schedule.next()
    for key in "234":
        schedule.add(key, [f"{key}a", f"{key}b", f"{key}c"])
    assert (schedule.dropped_clips, schedule.dropped_pictures) == (1, 3)
    assert begun is not None
    schedule.detected(begun, [])
    rest = [picture for _, picture in _run(schedule, dict.fromkeys(("1b", *(k + x for k in "34" for x in "abc")), 0))]
    assert rest == ["1b", "4a", "4b", "4c", "3a", "3b", "3c"]


def test_stop__gives_up_the_rest_and_late_answers_change_nothing() -> None:
    schedule = Schedule(2)
    schedule.add("clip", ["a", "b", "c"])
    first, second = schedule.next(), schedule.next()
    assert first is not None
    assert second is not None
    assert schedule.detected(first, []) == []
    assert schedule.stop("clip") == ["b", "c"]
    assert schedule.detected(second, [PLACE]) is None
    assert not schedule.failed(second)
    assert schedule.next() is None


def test_failed__leaves_out_what_is_left_of_the_picture() -> None:
    schedule = Schedule(1)
    schedule.add("clip", ["a", "b"])
    task = schedule.next()
    assert task is not None
    schedule.detected(task, [PLACE] * 30)
    reading = schedule.next()
    assert reading is not None
    assert schedule.failed(reading)
    assert [picture for _, picture in _run(schedule, {"b": 0})] == ["b"]


@given(
    st.lists(st.lists(st.integers(0, 20), min_size=1, max_size=5), max_size=5),
    st.integers(1, 5),
)
def test_schedule__does_everything_once_and_ends(clips: list[list[int]], workers: int) -> None:
    schedule = Schedule(workers)
    found: dict[str, int] = {}
    for number, counts in enumerate(clips):
        names = [f"{number}-{step}" for step in range(len(counts))]
        found |= dict(zip(names, counts, strict=True))
        schedule.add(f"{number}", names)
    begun = _run(schedule, found, workers)
    assert sorted(picture for kind, picture in begun if kind == "detect") == sorted(found)
    for name, count in found.items():
        assert begun.count(("read", name)) == -(-count // 8)
    assert schedule.next() is None
