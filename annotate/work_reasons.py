"""The sentences about long work and presets, as `annotate.reason_table` has those about the rest."""

from __future__ import annotations

WORK: dict[str, tuple[str, str]] = {
    # What came of long work.
    "list.more": ("{first}, {rest}", "{first}，{rest}"),
    "count.added": ("{count:,} added", "新增 {count:,} 张"),
    "count.known": ("{count:,} known", "已有 {count:,} 张"),
    "count.missing": ("{count:,} missing", "找不到 {count:,} 个"),
    "count.broken": ("{count:,} broken", "无法读取 {count:,} 个"),
    "count.read": ("{count:,} read", "识别 {count:,} 张"),
    "count.regions": ("{count:,} regions", "{count:,} 个框"),
    "count.failed": ("{count:,} failed", "失败 {count:,} 张"),
    "count.stopped": ("{count:,} stopped", "中止 {count:,} 张"),
    "count.dropped": ("{count:,} dropped", "放弃 {count:,} 张"),
    "count.dropped_clips": ("{count:,} dropped_clips", "放弃 {count:,} 段视频"),
    "done.nothing": ("nothing was added", "没有新增图片"),
    "done.fault": ("{what}; {where}: {why}", "{what}；{where}：{why}"),
    "done.before": ("all were read before", "此前都已识别过"),
    "done.embedded": (
        "{embedded} embedded, {failed} failed; {searchable} of {pictures} searchable",
        "向量化 {embedded} 张，失败 {failed} 张；{pictures} 张中有 {searchable} 张可搜索",
    ),
    "done.samples": ("{count} samples in runs/{name}", "runs/{name} 中有 {count} 个样本"),
    "done.exported": ("{pictures:,} pictures with {texts:,} texts", "{pictures:,} 张图片，{texts:,} 条文字"),
    "done.split": ("{what} ({parts})", "{what}（{parts}）"),
    "done.imported": (
        "read {read:,}, added {added:,}, labelled {labelled:,}",
        "读取 {read:,} 张，新增 {added:,} 张，标注 {labelled:,} 张",
    ),
    "done.faults": ("{what}; {count:,} faults, the first: {why}", "{what}；{count:,} 处问题，第一处：{why}"),
    "export.nothing": (
        "nothing was left to write: there are no pictures",
        "没有可导出的图片：符合所选状态和批次的一张也没有",
    ),
    "export.batch": ("--batch: {batch!r} is not there; there are {known}", "没有名为“{batch}”的批次；有：{known}"),
    "job.stopped": ("stopped; what is done is kept", "已停止；完成的部分会保留"),
    "job.interrupted": ("stopped with its process; what is done is kept", "随进程一起停止；完成的部分会保留"),
    "job.died": ("its process has died; start it again to go on", "任务的进程意外退出；重新开始会从断处继续"),
    "job.broken": ("{error}; see jobs/runner.log", "程序出错：{error}；详见 jobs/runner.log"),
    # Jobs and presets.
    "job.kind": ("{kind!r} is no kind of job; choose one of {known}", "没有“{kind}”这种任务；可选：{known}"),
    "job.args": ("{kind}: {where}: {what}", "任务 {kind} 的设置不对：{where}：{what}"),
    "preset.key": (
        "{key}: no such setting of {preset}; there are {known}",
        "预设 {preset} 没有设置 {key}；有：{known}",
    ),
    "preset.range": (
        "{key}: {found} is not within {least:g} to {most:g}",
        "{key}：{found} 不在 {least:g} 到 {most:g} 之间",
    ),
    "preset.name": (
        "{name!r} cannot name a preset; use letters, digits, - and _",
        "“{name}”不能用作预设名；请用字母、数字、- 和 _",
    ),
    "preset.shipped": ("{name} is a shipped preset; choose another name", "{name} 是自带的预设；请换一个名字"),
    "preset.unknown": ("preset {preset!r} does not exist; there are {known}", "没有名为“{preset}”的预设；有：{known}"),
}
