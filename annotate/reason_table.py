"""The sentences of `annotate.reasons` by their codes: English, Chinese. A code is never given another meaning."""

from __future__ import annotations

from annotate.work_reasons import WORK

# Names of ours that a sentence may hold, as the pages call them.
WORDS = {
    "todo": "待标注",
    "confirmed": "已确认",
    "skipped": "已跳过",
    "rejected": "已弃用",
    "no_text": "无文字",
    "annotator": "标注员",
    "reviewer": "审核员",
    "admin": "管理员",
    "rect": "矩形",
    "quad": "四点框",
    "score": "分数",
    "text": "文字",
    "searching": "搜索",
    "drawing samples": "绘制样例",
    # What the system says.
    "No space left on device": "磁盘已满",
    "Permission denied": "没有权限",
    "Read-only file system": "文件系统只读",
    "No such file or directory": "文件不存在",
}
_HERE: dict[str, tuple[str, str]] = {
    # The door.
    "door.login": ("log in first", "请先登录"),
    "door.nobody": (
        "nobody can log in yet, so only this machine is served; run: annotate users add NAME",
        "尚未添加任何用户，因此只为本机服务；请运行：annotate users add 用户名",
    ),
    "door.site": ("the request comes from another site", "请求来自另一个网站"),
    "door.length": (
        "the request has {bytes} bytes, at most {most} are taken",
        "请求有 {bytes} 字节，最多接受 {most} 字节",
    ),
    "door.endless": ("the request has more than the {most} bytes that are taken", "请求超过了可接受的 {most} 字节"),
    "door.field": ("{where}: {what}", "请求内容不合要求：{where}：{what}"),
    "login.tries": ("too many wrong passwords; wait five minutes", "密码错误次数过多，请五分钟后再试"),
    "login.wrong": ("the name or the password is wrong", "用户名或密码不对"),
    "user.role": ("{user} is {has}; this needs the role {role}", "{user} 是{has}，此操作需要“{role}”权限"),
    "user.unknown": ("no user is called {name!r}", "没有名为“{name}”的用户"),
    # What is not there.
    "image.unknown": ("no image {image!r} is in the pool", "图片库中没有图片 {image}"),
    "image.unbatched": ("no image {image!r} is in batch {batch}", "批次 {batch} 中没有图片 {image}"),
    "image.missing": ("image {image!r}: not in this workspace", "图片 {image} 不在此工作区中"),
    "image.several": (
        "image {image!r}: several ids begin so; give more of it",
        "有多张图片的编号以 {image} 开头，请给出更多位",
    ),
    "image.revision": ("image {image!r} has no revision {rev}", "图片 {image} 没有第 {rev} 版"),
    "region.unknown": ("the picture has no region {region!r}", "图中没有框 {region}"),
    "batch.unknown": ("batch {batch}: not in this workspace", "没有编号为 {batch} 的批次"),
    "source.unknown": ("source {source}: not in this workspace", "没有编号为 {source} 的来源"),
    "job.unknown": ("no job has the number {job}", "没有编号为 {job} 的任务"),
    "dataset.unknown": ("dataset {dataset}: not in this workspace", "没有编号为 {dataset} 的数据集"),
    "dataset.outside": (
        "dataset {dataset}: only exports that lie in the workspace can be fetched",
        "数据集 {dataset}：只能下载位于工作区内的导出",
    ),
    # Files and pixels.
    "file.gone": ("{name}: its file is no longer there; its labels are kept", "{name}：图片文件已不在；标注仍保留"),
    "file.unread": (
        "{path}: the picture's file cannot be read: {why}; add it again",
        "{name}：无法读取图片文件：{why}；请重新添加",
    ),
    "file.changed": (
        "{path}: the picture's file has been changed since it was added; add it again",
        "{name}：图片文件在添加之后被改动过；请重新添加",
    ),
    "file.broken": ("{name}: its file cannot be read: {why}", "{name}：无法读取图片文件：{why}"),
    "file.nosmall": ("{name}: no smaller picture could be made: {why}", "{name}：无法生成缩小的图片：{why}"),
    "file.toolarge": (
        "{name}: {width:,} x {height:,} pixels are too many to be shown; {most:,} may be",
        "{name}：{width:,} x {height:,} 像素太大，无法显示；最多 {most:,} 像素",
    ),
    "file.unwritten": ("{path}: cannot be written: {why}", "无法写入 {path}：{why}"),
    "file.unmoved": ("{path}: cannot be moved to {target}: {why}", "无法把 {path} 移到 {target}：{why}"),
    "crop.numbers": ("points: numbers with commas between them are wanted", "points：应为以逗号分隔的数字"),
    "crop.pairs": (
        "points: pairs of numbers are wanted, found {count} numbers",
        "points：应为成对的数字，实有 {count} 个",
    ),
    "crop.outline": ("points must be 3 or more pairs of numbers", "外框至少要有 3 个点"),
    "crop.size": ("the outline is less than a pixel wide, or far too large", "外框不足一个像素宽，或大得离谱"),
    "crop.unwritten": ("{name}: the region could not be written as JPEG", "{name}：无法把该框写成 JPEG"),
    # Saving.
    "save.conflict": (
        "{name}: saved by somebody else meanwhile: revision {rev}, yours is based on {base}",
        "{name}：此间被别人保存过：现为第 {rev} 版，您的修改基于第 {base} 版",
    ),
    "save.unwritten": ("the database cannot be written: {why}", "数据库无法写入：{why}"),
    "save.full": ("the database cannot be written: {why}", "服务器的磁盘已满，数据库无法写入"),
    "save.busy": ("the database cannot be written: {why}", "数据库被另一个程序占用，暂时无法写入"),
    "save.refused": ("the database cannot hold this: {why}", "数据库存不下这个值：{why}"),
    "save.many": ("a picture has at most {most} regions, found {count}", "一张图最多 {most} 个框，实有 {count} 个"),
    "save.twice": ("two regions have the same id", "有两个框编号相同"),
    "outline.corners": (
        "region {region!r}: a {kind} has 4 points, found {count}",
        "框 {region}：{kind}应有 4 个角，实有 {count} 个",
    ),
    "outline.points": (
        "region {region!r}: a polygon has 3 to {most} points, found {count}",
        "框 {region}：多边形应有 3 到 {most} 个点，实有 {count} 个",
    ),
    "outline.area": (
        "region {region!r}: the outline has no area inside the picture ({width} x {height})",
        "框 {region}：外框在图内（{width} x {height}）没有面积",
    ),
    "outline.crosses": (
        "region {region!r}: the outline crosses itself; draw it again",
        "框 {region}：外框自相交，请重画",
    ),
    "outline.number": ("region {region!r}: a point is no number", "框 {region}：有的坐标不是数字"),
    "text.long": (
        "region {region!r}: a text has at most {most} characters, found {count}",
        "框 {region}：文字最多 {most} 个字符，实有 {count} 个",
    ),
    "text.half": (
        "region {region!r}: the text holds half a character (a lone surrogate)",
        "框 {region}：文字里有半个字符（孤立代理项）",
    ),
    "region.id": (
        "the id of a region has 1 to 64 characters, found {count}",
        "框的编号应有 1 到 64 个字符，实有 {count} 个",
    ),
    "region.field": (
        "region {region!r}: {field} has at most {most} characters",
        "框 {region}：{field} 最多 {most} 个字符",
    ),
    "region.tags": (
        "region {region!r}: at most 50 tags of at most 64 characters",
        "框 {region}：最多 50 个标签，每个最多 64 个字符",
    ),
    "work.time": ("active time of {ms} ms makes no sense for one visit to a picture", "一次标注用时 {ms} 毫秒不合理"),
    "work.counts": ("the counts of actions make no sense", "操作次数不合理"),
    # Readers.
    "reader.failed": ("{name}: {reader}: {why}", "{name}：识别器 {reader}：{why}"),
    "reader.slow": ("took longer than {seconds:g} s", "用时超过 {seconds:g} 秒"),
    "reader.crashed": ("the reader's process died (exit code {exit})", "识别进程崩溃（退出码 {exit}）"),
    "reader.busy": ("{name}: the reader has too much to do; try again in a while", "{name}：识别器正忙，请稍后再试"),
    "reader.hung": (
        "{name}: the reader hung on another picture meanwhile; try again",
        "{name}：识别器刚在另一张图上卡住，请再试一次",
    ),
    "reader.opening": (
        "{reader}: the reader took longer than {seconds:g} s to open",
        "识别器 {reader} 在 {seconds:g} 秒内没有启动",
    ),
    "reader.died": ("{reader}: the reader's process died while it opened", "识别器 {reader} 启动时进程崩溃"),
    "reader.closed": ("{reader}: the reader cannot be opened: {why}", "识别器 {reader} 无法启动：{why}"),
    "reader.many": (
        "at most {most} outlines of 3 or more points are read at once, found {count}",
        "一次最多识别 {most} 个框，每个至少 3 个点，实有 {count} 个",
    ),
    # Searching.
    "search.none": (
        "nothing can be searched: embedding has not been done yet; run: annotate embed",
        "还不能搜索：图片尚未向量化；请运行：annotate embed",
    ),
    "search.begun": (
        "nothing can be searched: embedding has begun but not ended; run: annotate embed",
        "还不能搜索：图片的向量化尚未完成；请运行：annotate embed",
    ),
    "search.nothing": (
        "nothing to search for; give words, a picture or a text",
        "没有搜索条件；请输入词语、图片或文字",
    ),
    "search.words": ("nothing to search for; give some words", "没有搜索条件；请输入词语"),
    "search.left": ("nothing is left to search for: {why}", "没有剩下可搜索的内容：{why}"),
    "search.vector": ("{image}: has no vector yet; run: annotate embed", "{image}：尚未向量化；请运行：annotate embed"),
    "search.parts": (
        "the pictures have no vectors of parts; run: annotate embed --tiles",
        "图片没有局部向量；请运行：annotate embed --tiles",
    ),
    "search.plain": (
        "the pictures have no vectors that do not read; run: annotate embed --plain mirror",
        "图片没有不含文字的向量；请运行：annotate embed --plain mirror",
    ),
    "search.page": ("pages begin at 1, and have at least one result", "页码从 1 开始，每页至少一个结果"),
    "search.end": (
        "pages end at result {most:,}; narrow the search with a filter or more words",
        "最多只能翻到第 {most:,} 个结果；请用筛选或更多词语缩小范围",
    ),
    "search.unread": ("{name}: cannot be read: {why}", "无法读取 {name}：{why}"),
    "search.nopicture": ("{name}: is no picture that can be read", "{name} 不是能读取的图片"),
    "search.large": (
        "{name}: its header says {width:,} x {height:,} pixels; at most {most:,} may be",
        "{name}：有 {width:,} x {height:,} 像素，最多 {most:,} 像素",
    ),
    "search.base64": ("{name}: the upload is no base64", "{name}：上传的内容不是 base64"),
    "search.empty": ("{name}: the upload is empty", "{name}：上传的内容是空的"),
    "search.fuzzy": ("how alike texts must be is 1 to 100, not {value:g}", "文字相似度应为 1 到 100，而不是 {value:g}"),
    "search.written": ("nothing to look for in the texts; give a word", "没有要在文字中查找的内容；请输入词语"),
    "search.pack": ("there is no prompt pack {name!r}; {hint}", "没有名为“{name}”的提示词包（{hint}）"),
    "search.weights": (
        "the weights of {model} have changed since the pictures were embedded; run: annotate embed",
        "图片向量化之后模型 {model} 的权重变了；请运行：annotate embed",
    ),
    "milvus.away": (
        "Milvus at {uri} cannot be reached: {why}",
        "连不上向量库 Milvus（{uri}）；按图中文字查找和标注不受影响",
    ),
    "milvus.failed": ("Milvus at {uri}: {why}", "向量库 Milvus（{uri}）出错：{why}"),
    "milvus.slow": ("no answer in {seconds:g} s", "{seconds:g} 秒内没有答复"),
    "milvus.gone": (
        "Milvus at {uri}: collection {name!r} has gone; run: annotate embed",
        "向量库 Milvus（{uri}）里的集合 {name} 不见了；请运行：annotate embed",
    ),
    "milvus.size": (
        "Milvus at {uri}: collection {name!r} has vectors of {found} numbers, "
        "the model gives {dim}; run: annotate embed",
        "向量库 Milvus（{uri}）：集合 {name} 的向量有 {found} 维，而模型给出 {dim} 维；请运行：annotate embed",
    ),
    "milvus.taken": (
        "{path}: another program has the vectors open; close it and try again",
        "{path}：向量被另一个程序占用；请关闭它再试",
    ),
    "milvus.start": ("the server of vectors does not start: {why}; see {log}", "向量服务无法启动：{why}；详见 {log}"),
    "helper.busy": ("the process for {work} has too much to do; try again in a while", "{work}进程正忙，请稍后再试"),
    "helper.lost": ("the process for {work} was lost; try again", "{work}进程意外退出，请再试一次"),
    # The pool.
    "pool.nothing": (
        "nothing is to be changed: give tags, a status or a source",
        "没有要改的内容：请给出标签、状态或来源",
    ),
    "pool.tag": ("a tag has 1 to {most} characters, found {count}", "标签应有 1 到 {most} 个字符，实有 {count} 个"),
    "pool.status": (
        "many pictures at once can be set to {known}, found {status}",
        "批量改状态不能设为“{status}”，只能设为：{known}",
    ),
    "pool.source": (
        "a source has a name of 1 to {most} characters, found {count}",
        "来源名应有 1 到 {most} 个字符，实有 {count} 个",
    ),
    "pool.count": (
        "1 to {most:,} pictures can be changed at once, found {count:,}",
        "一次可改 1 到 {most:,} 张图片，实有 {count:,} 张",
    ),
    "twins.keep": (
        "keep at least one picture of the group, and only pictures of the group",
        "至少保留组中的一张图片，且只能保留组中的图片",
    ),
    "batch.name": ("a batch needs a name", "批次需要一个名字"),
    "batch.taken": (
        "batch {name!r}: there is one of this name; choose another",
        "已有名为“{name}”的批次，请换一个名字",
    ),
    "upload.unknown": ("upload {upload!r}: there is none, or it has been added", "上传 {upload} 不存在，或已添加过"),
    "upload.kind": (
        "{name!r}: pictures, videos, zip and tar archives and PDFs are taken",
        "“{name}”不能添加：只接受图片、视频、zip 和 tar 压缩包以及 PDF",
    ),
    "upload.many": (
        "at most {most:,} files can be sent at once; send the others next, or in an archive",
        "一次最多发送 {most:,} 个文件；其余的请下次发送，或打成压缩包",
    ),
    "upload.unkept": ("{name}: cannot be kept: {why}", "无法保存 {name}：{why}"),
    "upload.none": ("no files have been sent", "没有收到文件"),
    # Reviewing, the wall, numbers.
    "review.verdict": ("{verdict!r} is no verdict; give confirm or reject", "“{verdict}”不是审核结论"),
    "review.reason": (
        "say in a few words what has to be mended: the annotator reads it",
        "请用几个字说明要改什么，标注员会看到",
    ),
    "review.long": ("a reason has at most {most} characters, found {count}", "理由最多 {most} 个字符，实有 {count} 个"),
    "review.changed": (
        "{name}: changed meanwhile: revision {rev}, you looked at {seen}",
        "{name}：此间有改动：现为第 {rev} 版，您看的是第 {seen} 版",
    ),
    "review.early": (
        "{name}: is {status}, so there is nothing to review yet",
        "{name}：状态为“{status}”，还没有可审核的内容",
    ),
    "review.share": (
        "the share of blind checks lies above 0 and at most at 1, found {share:g}",
        "盲标复查的比例应大于 0 且不超过 1，而不是 {share:g}",
    ),
    "review.nobody": (
        "{name}: no person has labelled it yet, so there is nothing to compare with",
        "{name}：还没有人标注过，无从比较",
    ),
    "wall.order": (
        "order: {order!r} is not known; there are score and text",
        "排序方式“{order}”不存在；只有 score 和 text",
    ),
    "wall.limit": ("limit: 1 to {most} crops, found {count}", "每屏 1 到 {most} 个切片，而不是 {count} 个"),
    "wall.after": (
        "after: not a place on the wall; take `next` of the screen before",
        "after：不是切片墙上的位置；请用上一屏的 next",
    ),
    "wall.sorted": (
        "after: not a place on a wall sorted by {order}; take `next` of the screen before",
        "after：不是按{order}排序的切片墙上的位置；请用上一屏的 next",
    ),
    "dashboard.days": ("days: 1 to 3650, found {days}", "天数应为 1 到 3650，而不是 {days}"),
}
REASONS = _HERE | WORK
