// Every word on the crop wall, in English and Chinese, chosen by the browser's language.

const EN = {
  batch: "Batch", pool: "Whole pool", order: "Order", "order.score": "Lowest score", "order.text": "By text",
  show: "Show", "show.todo": "To do", "show.confirmed": "Confirmed", "show.all": "All",
  find: "Text holds", score: "Score up to", any: "any", size: "Crops", settle: "Confirm the rest, next screen", next: "Next", back: "Back",
  count: "{n} crops", wrong: "{n} wrong", edited: "{n} edited", stale: "{n} changed meanwhile: look again",
  mark: "Click: wrong", open: "Open the picture", nothing: "Nothing here. Change the filters, or pre-label some pictures first.",
  end: "That was the last screen.", offline: "Not connected. Nothing is lost: your marks stay on this screen; try again.", refused: "The server does not accept this: {why}",
  settled: "{n} settled", loading: "Loading…", leave: "This screen has marks that are not saved.",
  sheet: "Keys", close: "Close", "key.move": "Move", "key.wrong": "Wrong, or not wrong", "key.edit": "Edit the text; again: next crop", "key.cancel": "Leave the text as it was",
  "key.settle": "Confirm the rest, next screen", "key.next": "Next screen without confirming", "key.back": "Screen before", "key.open": "Open the picture on the Label page", "key.sheet": "This sheet",
  manual: "by hand",
};
const ZH = {
  batch: "批次", pool: "全部图片", order: "排序", "order.score": "低分在前", "order.text": "按文字", show: "显示", "show.todo": "待确认", "show.confirmed": "已确认", "show.all": "全部",
  find: "文字包含", score: "分数不高于", any: "不限", size: "每屏", settle: "其余确认，下一屏", next: "下一屏", back: "上一屏", count: "{n} 个切片", wrong: "{n} 个有误", edited: "{n} 个已改",
  stale: "{n} 个同时被改动，请再看", mark: "点击：有误", open: "打开原图", nothing: "这里没有内容。请更改筛选条件，或先做预标注。", end: "已是最后一屏。",
  offline: "未连接。不会丢失：标记保留在本屏，请重试。", refused: "服务器不接受：{why}", settled: "已处理 {n} 个", loading: "载入中…", leave: "本屏有未保存的标记。",
  sheet: "快捷键", close: "关闭", "key.move": "移动", "key.wrong": "标为有误 / 取消", "key.edit": "编辑文字；再按：下一个", "key.cancel": "放弃修改", "key.settle": "其余确认，下一屏",
  "key.next": "下一屏（不确认）", "key.back": "上一屏", "key.open": "在标注页打开原图", "key.sheet": "快捷键表", manual: "人工",
};

export const chinese = typeof navigator !== "undefined" && navigator.language.toLowerCase().startsWith("zh");
const words = chinese ? ZH : EN;

/** @param {string} key @param {Record<string, any>} values */
export function t(key, values = {}) {
  const text = words[key] ?? EN[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export const TABLES = { EN, ZH };
