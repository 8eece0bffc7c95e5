// Every word on the Review page, in English and Chinese.

import { translator } from "../shared/dom.js";

const EN = {
  "checks.why": "A few finished pictures of other people, labelled from what the reader gave, without seeing what was made of it. What the two differ in tells how good the labels are; nothing stored is changed.", share: "Share of all pictures", percent: "{n} %", waiting: "{n} pictures wait.", "waiting.more": "{n} or more pictures wait.", agreement: "How far people agree", "agreement.none": "Nothing has been labelled twice yet.", first: "First", second: "Second", pictures: "Pictures", "boxes.agree": "Boxes of both", "chars.agree": "Characters alike",
  queue: "To review", checks: "To label again, unseen", confirm: "Right", reject: "Send back", reason: "What has to be mended? The annotator reads it.", send: "Send back", cancel: "Cancel",
  by: "labelled by {who}", nothing: "Nothing waits for a review.", nochecks: "No picture waits for a second, unseen labelling.", end: "That was the last one.", stale: "The labels have changed meanwhile; here they are as they are now.",
  failed: "That did not work: {why}", boxes: "{n} boxes", empty: "(no text)", ignored: "ignored", history: "Said before", open: "Open on the Label page", skip: "Next, without a verdict",
  "verdict.confirm": "right", "verdict.reject": "sent back", "verdict.blind": "labelled twice", forbidden: "Reviews are for reviewers; ask an admin for the role.",
  keys: "A right · R send back · S next · ↑ ↓ box", check: "Label them",
};
const ZH = {
  "checks.why": "抽取他人已完成的少量图片，只看识别结果、不看其标注，重新标一遍。两者的差异反映标注质量；已保存的内容不会改变。", share: "占全部图片的比例", percent: "{n} %", waiting: "有 {n} 张待盲标。", "waiting.more": "至少 {n} 张待盲标。", agreement: "标注一致性", "agreement.none": "还没有双人标注。", first: "首位", second: "第二位", pictures: "图片数", "boxes.agree": "框一致", "chars.agree": "字符一致",
  queue: "待复核", checks: "待盲标复查", confirm: "正确", reject: "退回", reason: "哪里需要修改？标注者会看到。", send: "退回", cancel: "取消", by: "标注者：{who}", nothing: "没有待复核的图片。",
  nochecks: "没有待盲标的图片。", end: "已是最后一张。", stale: "标注同时被改动，现在显示最新的。", failed: "操作失败：{why}", boxes: "{n} 个框", empty: "（无文字）", ignored: "忽略", history: "此前的意见",
  open: "在标注页打开", skip: "下一张（不表态）", "verdict.confirm": "正确", "verdict.reject": "退回", "verdict.blind": "双人标注", forbidden: "复核需要复核员权限，请联系管理员。",
  keys: "A 正确 · R 退回 · S 下一张 · ↑ ↓ 框", check: "去标注",
};

export const t = translator(EN, ZH);
export const TABLES = { EN, ZH };
