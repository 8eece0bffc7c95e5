// Every word on the Pool page, in English and Chinese.

import { chinese, translator } from "../shared/dom.js";

const EN = {
  add: "Add", drop: "Drop pictures, videos, zip files or PDFs here", pick: "Choose files…", camera: "Webcam…", tags: "Tags", "tags.hint": "words, with commas between them", fps: "Frames of videos", "fps.": "where something changes", "fps.1": "1 a second", "fps.2": "2 a second", "fps.5": "5 a second",
  send: "Add {n} files", "send.none": "Add", sending: "Sending {done} of {all}: {percent} %", sent: "Sent; they are being added.", drop1: "Remove", server: "From the server's disk", path: "Folder, file or archive", "path.hint": "/data/photos", copy: "Copy the files into the workspace", fromserver: "Add from there", asked: "Asked for; it is being added.",
  running: "At work", filters: "Filters", text: "Written on it, or its name", status: "Status", "status.": "any", "status.todo": "to do", "status.confirmed": "confirmed", "status.skipped": "skipped", "status.rejected": "rejected", "status.no_text": "no text",
  source: "Source", clip: "Video", tag: "Tag", any: "any", side: "Size in pixels", date: "Came from … to", clear: "Clear filters", view: "Show", pool: "Pool", trash: "Taken out", twins: "Nearly the same",
  count: "{n} pictures", "count.more": "more than {n} pictures", none: "No pictures. Add some on the left, or clear the filters.", "none.trash": "Nothing has been taken out.", "none.twins": "No pictures are nearly the same. Embedding (annotate embed) finds more of them.", back: "Back", more: "Next",
  chosen: "{n} chosen", "choose.page": "Choose this page", "choose.none": "Choose none", "choose.all": "Choose all that match", addtag: "Add tag", removetag: "Remove tag", set: "Set", setsource: "Move to source", "source.name": "source", delete: "Take out…", restore: "Bring back", batch: "To a batch", "batch.name": "batch",
  really: "Take {n} pictures out of the pool?", "really.more": "Their labels are kept, and they can be brought back under “Taken out”. Files that lie with you stay where they are; files copied into the workspace go to its folder trash/.", cancel: "Cancel", yes: "Take out",
  changed: "{n} changed", deleted: "{n} taken out", restored: "{n} brought back", refused: "{n} not: {why}", batched: "{n} are new in “{name}”", open: "Open on the Label page", choose: "Choose", boxes: "{n} boxes",
  "keep.one": "Keep this one", "keep.all": "Keep all", "keep.first": "Keep the first", group: "{n} pictures", kept: "All of them stay.",
  snap: "Take a picture", done: "Done", "no.camera": "There is no camera, or the browser does not allow it (it wants https or this machine itself): {why}", taken: "{n} taken", failed: "That did not work: {why}", "not.taken": "Not taken: {names}", forbidden: "Pictures are added and changed by reviewers; ask an admin for the role.",
  "kind.folder": "folder", "kind.archive": "archive", "kind.list": "list", "kind.pdf": "PDF", "kind.video": "video", "kind.upload": "uploaded by", "kind.named": "", "kind.glob": "pattern",
};
const ZH = {
  add: "添加", drop: "将图片、视频、压缩包或 PDF 拖到这里", pick: "选择文件…", camera: "摄像头…", tags: "标签", "tags.hint": "多个标签用逗号分隔", fps: "视频抽帧", "fps.": "画面变化处", "fps.1": "每秒 1 帧", "fps.2": "每秒 2 帧", "fps.5": "每秒 5 帧",
  send: "添加 {n} 个文件", "send.none": "添加", sending: "正在上传 {done} / {all}：{percent} %", sent: "上传完成，正在入库。", drop1: "移除", server: "服务器上的文件", path: "文件夹、文件或压缩包", "path.hint": "/data/photos", copy: "复制到工作区", fromserver: "从该处添加", asked: "已提交，正在入库。",
  running: "进行中的任务", filters: "筛选", text: "图中文字或文件名", status: "状态", "status.": "不限", "status.todo": "待标注", "status.confirmed": "已确认", "status.skipped": "已跳过", "status.rejected": "已弃用", "status.no_text": "无文字",
  source: "来源", clip: "视频", tag: "标签", any: "不限", side: "尺寸（像素）", date: "入库日期（起止）", clear: "清除筛选", view: "显示", pool: "图片池", trash: "已移出", twins: "近似重复",
  count: "共 {n} 张", "count.more": "超过 {n} 张", none: "没有图片。请在左侧添加，或清除筛选。", "none.trash": "没有移出的图片。", "none.twins": "没有近似重复的图片。运行 annotate embed 可以找出更多。", back: "上一页", more: "下一页",
  chosen: "已选 {n} 张", "choose.page": "选中本页", "choose.none": "取消选择", "choose.all": "选中全部结果", addtag: "添加标签", removetag: "移除标签", set: "设为", setsource: "归入来源", "source.name": "来源名称", delete: "移出…", restore: "放回", batch: "送入批次", "batch.name": "批次名称",
  really: "将 {n} 张图片移出图片池？", "really.more": "标注会保留，可在“已移出”中放回。您自己的文件原地不动；复制到工作区的文件会移到 trash/ 文件夹。", cancel: "取消", yes: "移出",
  changed: "已更改 {n} 张", deleted: "已移出 {n} 张", restored: "已放回 {n} 张", refused: "{n} 张未成功：{why}", batched: "“{name}”新增 {n} 张", open: "在标注页打开", choose: "选中", boxes: "{n} 个框",
  "keep.one": "只留这张", "keep.all": "全部保留", "keep.first": "只留第一张", group: "{n} 张", kept: "已全部保留。",
  snap: "拍照", done: "完成", "no.camera": "没有摄像头，或浏览器不允许使用（需要 https 或本机访问）：{why}", taken: "已拍 {n} 张", failed: "操作失败：{why}", "not.taken": "不支持：{names}", forbidden: "添加和修改图片需要复核员权限，请联系管理员。",
  "kind.folder": "文件夹", "kind.archive": "压缩包", "kind.list": "列表", "kind.pdf": "PDF", "kind.video": "视频", "kind.upload": "上传者", "kind.named": "", "kind.glob": "通配",
};

export { chinese };
export const t = translator(EN, ZH);
export const TABLES = { EN, ZH };
