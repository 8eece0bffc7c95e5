// Every word on the dashboard, in English and Chinese.

import { translator } from "../shared/dom.js";

const EN = {
  days: "Last {n} days", done: "done", of: "of {n} pictures", todo: "To do", confirmed: "Confirmed", no_text: "No text", skipped: "Skipped", rejected: "Rejected",
  finished: "Pictures finished a day", work: "People and days", person: "Person", day: "Day", "col.finished": "Finished", seen: "Looked at", active: "Active time",
  seconds: "Seconds each", actions: "Actions each", quality: "What second people say", reviewed: "Reviewed", sent_back: "Sent back", checked: "Labelled twice",
  box_agreement: "Boxes agree", char_disagreement: "Characters differ", readers: "Readers, against the latest confirmed pictures", reader: "Reader", lines: "Lines",
  right: "Lines right", char_errors: "Character errors", empty: "Nothing has been done in these days.", failed: "The figures cannot be loaded: {why}",
  note: "Active time leaves out pauses of more than 30 seconds. Days are in UTC.",
};
const ZH = {
  days: "最近 {n} 天", done: "已完成", of: "共 {n} 张图片", todo: "待标注", confirmed: "已确认", no_text: "无文字", skipped: "已跳过", rejected: "已弃用",
  finished: "每天完成的图片", work: "人员与日期", person: "人员", day: "日期", "col.finished": "完成", seen: "看过", active: "有效时间", seconds: "每张秒数", actions: "每张操作数",
  quality: "复核结果", reviewed: "已复核", sent_back: "退回", checked: "双人标注", box_agreement: "框一致", char_disagreement: "字符不一致", readers: "识别器（对比最近确认的图片）",
  reader: "识别器", lines: "行数", right: "整行正确", char_errors: "字符错误率", empty: "这些天没有工作记录。", failed: "数据无法载入：{why}",
  note: "有效时间不含超过 30 秒的停顿。日期按 UTC。",
};

export const t = translator(EN, ZH);
export const TABLES = { EN, ZH };
