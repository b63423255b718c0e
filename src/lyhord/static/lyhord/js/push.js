// The button that asks to be told on this device: asks the browser for a subscription, and gives it to the case that the page is about.
// A browser that cannot reach its own service may never answer (RFC 8030 says nothing of how long): it gets fifteen seconds.

const part = document.querySelector("[data-push]");
const { code } = part.dataset;
const API = "/api/v1/own-case/push", WORKER = "/beratta/sw.js", REACH = "/beratta/";
const [on, off, status] = ["on", "off", "status"].map((name) => part.querySelector(`[data-push-${name}]`));

const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const say = (name) => { status.textContent = name ? status.dataset[name] : ""; };
const within = (promise, milliseconds) => Promise.race([
  promise, new Promise((_, reject) => { setTimeout(() => reject(new Error("slow")), milliseconds); }),
]);
const ask = (method, path = "", body = undefined) => fetch(`${API}${path}`, {
  method, body: body && JSON.stringify(body),
  headers: { "X-Follow-Code": code, "Accept-Language": document.documentElement.lang, ...(body && { "Content-Type": "application/json" }) },
});
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

async function registration() {
  const made = await navigator.serviceWorker.register(WORKER, { scope: REACH, updateViaCache: "none" });
  if (made.active) return made;
  const coming = made.installing ?? made.waiting;
  await within(new Promise((resolve) => {
    coming.addEventListener("statechange", () => { if (coming.state === "activated") resolve(); });
  }), 20_000);
  return made;
}
async function subscribed() {
  const { pushManager } = await registration();
  const { application_server_key: key } = await (await ask("GET")).json();
  const wanted = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  try {
    return await within(pushManager.subscribe(wanted), 15_000);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    await (await pushManager.getSubscription())?.unsubscribe(); // the installation has got another key
    return within(pushManager.subscribe(wanted), 15_000);
  }
}

async function show() {
  const told = await lyhord.get("pushes", code);
  const yes = Boolean(told) && Notification.permission === "granted";
  on.hidden = yes;
  off.hidden = !yes;
}
async function busy(button, action) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  say("waiting");
  try { say(await action()); } catch { say("failed"); }
  button.removeAttribute("aria-disabled");
  await show();
}

if (can && globalThis.indexedDB) {
  show().then(() => { part.hidden = false; }).catch(() => {});
  on.addEventListener("click", () => busy(on, async () => {
    if (await Notification.requestPermission() !== "granted") return "denied";
    const answer = await ask("PUT", "", await subscribed());
    if (!answer.ok) return "failed";
    await lyhord.put("pushes", { id: code, ...await answer.json() });
    return "on";
  }));
  off.addEventListener("click", () => busy(off, async () => {
    const told = await lyhord.get("pushes", code);
    if (told) await ask("DELETE", `/${told.device}`);
    await lyhord.forgetPush(code);
    if (!(await lyhord.all("pushes")).length) {
      const made = await navigator.serviceWorker.getRegistration(REACH);
      await (await made?.pushManager.getSubscription())?.unsubscribe();
    }
    return "off";
  }));
} else if (navigator.standalone === false) { // iPhone and iPad: only from the home screen
  part.hidden = false;
  on.hidden = true;
  say("install");
}
