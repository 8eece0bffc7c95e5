// Every word on the Review page, in English and Chinese.

import { translator } from "../shared/dom.js";

const EN = {
  queue: "To review", checks: "To label again, unseen", confirm: "Right", reject: "Send back", reason: "What has to be mended? The annotator reads it.", send: "Send back", cancel: "Cancel",
  by: "labelled by {who}", nothing: "Nothing waits for a review.", nochecks: "No picture waits for a second, unseen labelling.", end: "That was the last one.", stale: "The labels have changed meanwhile; here they are as they are now.",
  failed: "That did not work: {why}", boxes: "{n} boxes", empty: "(no text)", ignored: "ignored", history: "Said before", open: "Open on the Label page", skip: "Next, without a verdict",
  "verdict.confirm": "right", "verdict.reject": "sent back", "verdict.blind": "labelled twice", forbidden: "Reviews are for reviewers; ask an admin for the role.",
  keys: "A right · R send back · S next · ↑ ↓ box", check: "Label it", agree: "{both} of {all} boxes in both, {errors} of {chars} characters differ", give: "Done, compare", clear: "Everything as the first person got it",
};
const ZH = {
  queue: "待复核", checks: "待盲标复查", confirm: "正确", reject: "退回", reason: "哪里需要修改？标注者会看到。", send: "退回", cancel: "取消", by: "标注者：{who}", nothing: "没有待复核的图片。",
  nochecks: "没有待盲标的图片。", end: "已是最后一张。", stale: "标注同时被改动，现在显示最新的。", failed: "操作失败：{why}", boxes: "{n} 个框", empty: "（无文字）", ignored: "忽略", history: "此前的意见",
  open: "在标注页打开", skip: "下一张（不表态）", "verdict.confirm": "正确", "verdict.reject": "退回", "verdict.blind": "双人标注", forbidden: "复核需要复核员权限，请联系管理员。",
  keys: "A 正确 · R 退回 · S 下一张 · ↑ ↓ 框", check: "去标注", agree: "{all} 个框中 {both} 个一致，{chars} 个字符中 {errors} 个不同", give: "完成并对比", clear: "回到首位标注者拿到的状态",
};

export const t = translator(EN, ZH);
export const TABLES = { EN, ZH };
