// Every word on the Search page, in English and Chinese.

import { chinese, translator } from "../shared/dom.js";

const EN = {
  words: "What to look for", "words.hint": "red pennant, gold text", add: "Add", picture: "Picture…", "picture.hint": "or drop or paste one here", packs: "Things that carry text",
  examples: "The query", away: "away from it", toward: "like it", remove: "Remove", clear: "Clear all", written: "Written on it", "written.hint": "words, with commas between them", fuzzy: "alike", exact: "exactly",
  filters: "Which pictures", status: "Status", "status.": "any", "status.todo": "to do", "status.confirmed": "confirmed", "status.skipped": "skipped", "status.rejected": "rejected", "status.no_text": "no text",
  boxes: "Boxes", score: "Lowest score", from: "from", to: "to", by: "Compare", "by.auto": "automatic", "by.whole": "whole pictures", "by.plain": "without their text", "by.parts": "parts",
  search: "Search", searching: "Searching…", nothing: "Nothing was found. Fewer filters or other words may help.", start: "Say what you look for, in words or with a picture, or pick a thing below.",
  found: "Page {page}", cut: "The results end here: only the nearest 16,384 pictures are looked at. A filter shows others.", more: "Next", back: "Back", up: "More like this", down: "Less like this", like: "Search for pictures like this one", choose: "Choose", open: "Open on the Label page",
  chosen: "{n} chosen", all: "Choose all", none: "Choose none", batch: "Batch", "batch.hint": "name of a batch", send: "Send to the batch", sent: "{added} of {n} are new in “{name}”", label: "Label them",
  failed: "The search failed: {why}", offline: "Not connected; try again.", twins: "+{n} alike", refit: "Refit", judged: "{up} liked, {down} disliked", model: "by {model}", "too.large": "The picture is larger than 20 MB.",
};
const ZH = {
  words: "想找什么", "words.hint": "红色锦旗，金色大字", add: "添加", picture: "图片…", "picture.hint": "或拖入、粘贴图片", packs: "文字载体", examples: "查询条件", away: "排除", toward: "相似", remove: "移除",
  clear: "全部清除", written: "图中文字", "written.hint": "多个词用逗号分隔", fuzzy: "近似", exact: "精确", filters: "图片范围", status: "状态", "status.": "不限", "status.todo": "待标注", "status.confirmed": "已确认",
  "status.skipped": "已跳过", "status.rejected": "已弃用", "status.no_text": "无文字", boxes: "框数", score: "最低分数", from: "从", to: "到", by: "比较方式", "by.auto": "自动", "by.whole": "整图",
  "by.plain": "去除文字影响", "by.parts": "局部", search: "搜索", searching: "搜索中…", nothing: "没有找到。可减少筛选条件或换个说法。", start: "用文字或图片描述要找的内容，或从下方选择载体。", found: "第 {page} 页", cut: "结果到此为止：只比较最相近的 16,384 张图片，可加筛选条件查看其他图片。", more: "下一页",
  back: "上一页", up: "多找这样的", down: "少找这样的", like: "找与此相似的图片", choose: "选中", open: "在标注页打开", chosen: "已选 {n} 张", all: "全选", none: "取消选择", batch: "批次", "batch.hint": "批次名称", send: "送入批次",
  sent: "{n} 张中有 {added} 张新加入“{name}”", label: "去标注", failed: "搜索失败：{why}", offline: "未连接，请重试。", twins: "另有 {n} 张相近", refit: "按反馈重搜", judged: "赞 {up}，踩 {down}", model: "模型 {model}", "too.large": "图片超过 20 MB。",
};

export { chinese };
export const t = translator(EN, ZH);
export const TABLES = { EN, ZH };
