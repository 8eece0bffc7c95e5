// Every word on the Label page, in English and Chinese, chosen by the browser's language.

const EN = {
  unseen: "Again, unseen", "say.unseen": "not while a picture is labelled again, unseen", "say.agreed": "Compared with {who}: {both} of {all} boxes in both, {errors} of {chars} characters differ",
  "tool.select": "Select and move (Esc)", "tool.rect": "Rectangle: drag", "tool.quad": "Four corners: 4 clicks, the first is where the text begins",
  "tool.polygon": "Polygon: click, Enter or double-click closes", delete: "Delete", split: "Split across the line at the cursor",
  "split.lines": "Split between two lines", join: "Join the selected boxes", sort: "Sort all in reading order",
  "turn.left": "Turn 1° left", "turn.right": "Turn 1° right", nudge: "Move 1 px (a picked corner, else the box)", "nudge.far": "Move 10 px",
  cancel: "Back to the canvas; then: deselect", "box.next": "Next box", "box.previous": "Previous box", edit: "Edit the text", accept: "Accept the text, next box",
  reading: "Take what reader 1, 2, ... read (Alt in the field)", ignore: "Ignore (unreadable, ###)", category: "Next category", direction: "Direction: → ← ↓",
  tags: "Tags", read: "Read the selected boxes again", "read.all": "Read the whole picture again", confirm: "Confirm, next unconfirmed",
  "image.next": "Next picture", "image.previous": "Previous picture", "image.todo": "Next unconfirmed", skip: "Skip for now", no_text: "No text here",
  reject: "Reject the picture", save: "Save now", undo: "Undo", redo: "Redo", copy: "Copy boxes (also to another picture)", cut: "Cut boxes", paste: "Paste boxes",
  "select.all": "Select all boxes", history: "History", fit: "Fit", "zoom.box": "Zoom to the box", "zoom.in": "Zoom in", "zoom.out": "Zoom out",
  hide: "Hide the boxes", sheet: "This sheet",
  "group.draw": "Boxes", "group.text": "Text", "group.flow": "Pictures", "group.edit": "Edit", "group.view": "View",
  mouse: "Wheel zooms at the cursor · Space or the middle button pans · Shift-click adds to the selection · double-click edits · Shift while dragging a corner keeps right angles · Alt-click on a polygon's corner removes it",
  "status.todo": "To do", "status.confirmed": "Confirmed", "status.skipped": "Skipped", "status.rejected": "Rejected", "status.no_text": "No text",
  "sync.saved": "Saved", "sync.saving": "Saving…", "sync.offline": "Not connected · kept in this browser: {n}", "sync.login": "Logged out · kept in this browser: {n}",
  "sync.unsaved": "The server cannot save · kept in this browser: {n}",
  "sync.conflict": "Two versions", "sync.refused": "Not accepted", pool: "Whole pool", of: "of", boxes: "boxes", nobox: "No boxes yet. W draws a rectangle, Q four corners, B says: no text here.",
  "field.none": "Select a box, or press Tab", "field.type": "Type what is written", "field.withheld": "Type what is written. The reader's guess is probably wrong: Alt+1 takes it", "field.withheld.short": "Type it; Alt+1: the guess",
  "dir.ltr": "→ left to right", "dir.rtl": "← right to left", "dir.ttb": "↓ column", ignored: "ignored", several: "{n} boxes selected",
  "say.empty": "{n} boxes have no text: type it, or Ctrl+I if it cannot be read.", "say.nobox": "There are no boxes. Draw them, or press B: no text here.",
  "say.end": "No more pictures here.", "say.alldone": "Everything in this list is done.", "say.crossed": "The outline would cross itself.", "say.small": "Too small: drag further.",
  "say.held": "{who} is working on this picture", "say.takeover": "Work on it anyway", "say.next": "Next free picture", "say.gone": "The file of {name} is gone. Its labels can still be changed and are saved; D goes on to the next picture.",
  "say.broken": "This cannot be shown: {why}. Its labels can still be changed.", "say.offline": "No connection: this picture is not loaded yet.", "say.copied": "{n} boxes copied", "say.pasted": "{n} boxes pasted",
  "say.reading": "Reading…", "say.read": "{n} texts read", "say.noreader": "Reading failed: {why}", "say.refused": "The server does not accept this: {why}", "say.unsaved": "The server cannot save: {why}. Your work is kept in this browser and sent as soon as it can be.", "say.empty.pool": "There are no pictures here yet. Add some: annotate add PATH",
  "say.mended": "Outlines were mended: {n}", "say.unlasting": "This browser keeps nothing: unsaved work is lost when the page closes.", "say.login": "You are logged out. Log in in another tab; your work is kept.", login: "Log in",
  "conflict.title": "Somebody else has saved this picture meanwhile", "conflict.text": "Choose for each box. What only one of you changed is already chosen.", mine: "Mine", theirs: "Stored",
  removed: "removed", "conflict.all.mine": "All mine", "conflict.all.theirs": "All stored", "conflict.save": "Save the choice", "conflict.both": "both changed it",
  "history.title": "History", restore: "Restore this", now: "now", close: "Close", cancel2: "Cancel", ok: "OK", "tags.title": "Tags of the box", "tags.hint": "Words with commas between them",
  "action.save": "saved", "action.confirm": "confirmed", "action.reopen": "to do again", "action.skip": "skipped", "action.reject": "rejected", "action.no_text": "no text",
  "action.read": "read", "action.wall": "on the crop wall", "action.restore": "restored", "action.send_back": "sent back", "action.import": "imported", "category.printed": "printed", "category.filled": "filled",
  progress: "{done} of {total} done", "short.confirm": "Confirm", "short.skip": "Skip", "short.no_text": "No text", "short.reject": "Reject", logout: "Log out",
};
const ZH = {
  unseen: "盲标复查", "say.unseen": "盲标时不可用", "say.agreed": "与 {who} 对比：{all} 个框中 {both} 个一致，{chars} 个字符中 {errors} 个不同",
  "tool.select": "选择和移动 (Esc)", "tool.rect": "矩形：拖动", "tool.quad": "四点框：依次点四个角，第一个角是文字起点", "tool.polygon": "多边形：逐点点击，回车或双击闭合",
  delete: "删除", split: "在光标处把一行切成两段", "split.lines": "把两行切开", join: "合并选中的框", sort: "全部按阅读顺序排列", "turn.left": "向左转 1°", "turn.right": "向右转 1°",
  nudge: "移动 1 像素（先点角则只移动该角）", "nudge.far": "移动 10 像素", cancel: "回到画布；再按取消选择", "box.next": "下一个框", "box.previous": "上一个框", edit: "编辑文字",
  accept: "采纳文字，到下一个框", reading: "采用第 1、2… 个识别结果（输入框内按 Alt）", ignore: "忽略（无法辨认，###）", category: "切换类别", direction: "方向：→ ← ↓", tags: "标签",
  read: "重新识别选中的框", "read.all": "重新识别整张图", confirm: "确认，到下一张未确认", "image.next": "下一张", "image.previous": "上一张", "image.todo": "下一张未确认",
  skip: "暂时跳过", no_text: "图中没有文字", reject: "弃用此图", save: "立即保存", undo: "撤销", redo: "重做", copy: "复制框（可粘贴到别的图）", cut: "剪切框", paste: "粘贴框", "select.all": "全选",
  history: "历史", fit: "适合窗口", "zoom.box": "放大到框", "zoom.in": "放大", "zoom.out": "缩小", hide: "隐藏框", sheet: "快捷键表",
  "group.draw": "框", "group.text": "文字", "group.flow": "图片", "group.edit": "编辑", "group.view": "视图",
  mouse: "滚轮以光标为中心缩放 · 空格或中键拖动平移 · Shift 点击多选 · 双击编辑 · 拖角时按 Shift 保持直角 · Alt 点击多边形的角将其删除",
  "status.todo": "待标注", "status.confirmed": "已确认", "status.skipped": "已跳过", "status.rejected": "已弃用", "status.no_text": "无文字",
  "sync.saved": "已保存", "sync.saving": "保存中…", "sync.offline": "未连接 · 已存于本浏览器：{n}", "sync.login": "已退出登录 · 已存于本浏览器：{n}", "sync.unsaved": "服务器无法保存 · 已存于本浏览器：{n}", "sync.conflict": "有两个版本", "sync.refused": "未被接受",
  pool: "全部图片", of: "/", boxes: "个框", nobox: "还没有框。W 画矩形，Q 画四点框，B 表示图中没有文字。", "field.none": "选一个框，或按 Tab", "field.type": "输入看到的文字",
  "field.withheld": "输入看到的文字。识别结果很可能有误：按 Alt+1 采用", "field.withheld.short": "请输入；Alt+1 采用识别结果", "dir.ltr": "→ 从左到右", "dir.rtl": "← 从右到左", "dir.ttb": "↓ 竖排", ignored: "忽略", several: "选中 {n} 个框",
  "say.empty": "{n} 个框没有文字：请输入，无法辨认则按 Ctrl+I。", "say.nobox": "没有框。请画框，或按 B：图中没有文字。", "say.end": "没有更多图片了。", "say.alldone": "此列表已全部完成。",
  "say.crossed": "这样外框会自相交。", "say.small": "太小了：请拖得更远。", "say.held": "{who} 正在标注此图", "say.takeover": "仍要标注", "say.next": "下一张空闲图片", "say.gone": "{name} 的图片文件已不在。标注仍可修改并保存；按 D 到下一张。",
  "say.broken": "图片无法显示：{why}。标注仍可修改。", "say.offline": "未连接：此图尚未载入。", "say.copied": "已复制 {n} 个框", "say.pasted": "已粘贴 {n} 个框", "say.reading": "识别中…", "say.read": "识别出 {n} 条文字",
  "say.noreader": "识别失败：{why}", "say.refused": "服务器不接受：{why}", "say.unsaved": "服务器无法保存：{why}。您的工作已存于本浏览器，一旦可以便会发送。", "say.empty.pool": "这里还没有图片。添加：annotate add 路径", "say.mended": "已修正外框：{n}", "say.unlasting": "此浏览器不能保存数据：关闭页面会丢失未保存的内容。",
  "say.login": "已退出登录。请在另一标签页登录；您的工作已保留。", login: "登录", "conflict.title": "此图同时被别人保存过", "conflict.text": "请逐框选择。只有一方改过的已自动选好。", mine: "我的", theirs: "已存的",
  removed: "已删除", "conflict.all.mine": "全用我的", "conflict.all.theirs": "全用已存的", "conflict.save": "保存所选", "conflict.both": "双方都改过", "history.title": "历史", restore: "恢复到此", now: "当前",
  close: "关闭", cancel2: "取消", ok: "确定", "tags.title": "框的标签", "tags.hint": "用逗号分隔", "action.save": "保存", "action.confirm": "确认", "action.reopen": "改回待标注", "action.skip": "跳过", "action.reject": "弃用", "action.no_text": "无文字", "action.read": "识别",
  "action.wall": "切片墙", "action.restore": "恢复", "action.send_back": "退回", "action.import": "导入", "category.printed": "印刷", "category.filled": "填写", progress: "已完成 {done} / {total}", "short.confirm": "确认", "short.skip": "跳过", "short.no_text": "无文字", "short.reject": "弃用", logout: "退出登录",
};

export const chinese = typeof navigator !== "undefined" && navigator.language.toLowerCase().startsWith("zh");
const words = chinese ? ZH : EN;

/** @param {string} key @param {Record<string, any>} values */
export function t(key, values = {}) {
  const text = words[key] ?? EN[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** The word for something that others name, such as a category; the name itself where there is none. @param {string} kind @param {string} name */
export function named(kind, name) {
  return words[`${kind}.${name}`] ?? name;
}

export const TABLES = { EN, ZH };
