// Every word on the Datasets page, in English and Chinese.

import { chinese, translator } from "../shared/dom.js";

const EN = {
  category: "Only of category", "category.hint": "all; or names, with commas", others: "Text of other categories", "others.drop": "left out", "others.ignore": "stays, to be ignored", export: "Export", import: "Import", name: "Name", "name.hint": "letters, digits, - and _", formats: "Formats", more: "More formats", split: "Split train : val : test", "split.none": "no split",
  which: "Pictures", batch: "Batch", pool: "Whole pool", statuses: "Status", "status.confirmed": "confirmed", "status.no_text": "no text", "status.todo": "to do", reviewed: "only what a second person has confirmed",
  drafts: "also regions that nobody has confirmed", crops: "cut every text out of its picture", go: "Export", path: "Folder or file on the server", format: "Format", guess: "what it looks like", existing: "Pictures with labels",
  "existing.merge": "merge what comes back from an export", "existing.replace": "replace their labels", "existing.skip": "leave them as they are", state: "The labels are", "state.confirmed": "looked at by people", "state.todo": "drafts",
  intake: "Import", into: "Into a new batch", running: "At work", history: "What went out and came in", none: "Nothing yet.", fetch: "Fetch (.tar)", failed: "That did not work: {why}", asked: "Begun.", noformat: "Choose at least one format.",
  pictures: "{n} pictures", texts: "{n} texts", left: "left out", faults: "{n} faults", when: "When", who: "Who", what: "What", came: "Result", forbidden: "Datasets are for reviewers; ask an admin for the role.",
};
const ZH = {
  category: "仅限类别", "category.hint": "全部；或类别名，用逗号分隔", others: "其他类别的文字", "others.drop": "不导出", "others.ignore": "保留，标为忽略", export: "导出", import: "导入", name: "名称", "name.hint": "字母、数字、- 和 _", formats: "格式", more: "更多格式", split: "划分 训练 : 验证 : 测试", "split.none": "不划分", which: "图片", batch: "批次", pool: "全部图片",
  statuses: "状态", "status.confirmed": "已确认", "status.no_text": "无文字", "status.todo": "待标注", reviewed: "仅限复核通过的", drafts: "包括未经确认的框", crops: "把每条文字裁成小图", go: "导出", path: "服务器上的文件夹或文件",
  format: "格式", guess: "自动判断", existing: "已有标注的图片", "existing.merge": "合并从导出改回来的", "existing.replace": "替换其标注", "existing.skip": "保持不变", state: "标注是", "state.confirmed": "人工看过的",
  "state.todo": "草稿", intake: "导入", into: "放入新批次", running: "进行中", history: "导出与导入记录", none: "还没有。", fetch: "下载 (.tar)", failed: "操作失败：{why}", asked: "已开始。", noformat: "请至少选一种格式。",
  pictures: "{n} 张图片", texts: "{n} 条文字", left: "未包含", faults: "{n} 处错误", when: "时间", who: "人员", what: "内容", came: "结果", forbidden: "数据集需要复核员权限，请联系管理员。",
};

export { chinese };
export const t = translator(EN, ZH);
export const TABLES = { EN, ZH };
