// The login page: sends name and password, goes on to where the person wanted to go.

const ZH = {
  name: "用户名", password: "密码", enter: "登录",
  wrong: "用户名或密码不对。", wait: "错误次数过多，请五分钟后再试。", offline: "无法连接服务器。",
};
const EN = {
  wrong: "The name or the password is wrong.", wait: "Too many wrong passwords: wait five minutes.",
  offline: "The server cannot be reached.",
};
const chinese = navigator.language.toLowerCase().startsWith("zh");
if (chinese) {
  document.documentElement.lang = "zh";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = ZH[node.dataset.t];
}
const told = chinese ? ZH : EN;
const form = document.getElementById("login");
const problem = document.getElementById("problem");

/** Only a path of this server: never another site that a link names. */
function wanted() {
  const next = new URLSearchParams(location.search).get("next") || "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  const body = JSON.stringify({ name: form.elements.name.value, password: form.elements.password.value });
  try {
    const answer = await fetch("/api/login", { method: "POST", headers: { "content-type": "application/json" }, body });
    if (answer.ok) location.assign(wanted());
    else problem.textContent = answer.status === 429 ? told.wait : told.wrong;
  } catch {
    problem.textContent = told.offline;
  }
});
