// The button that asks to be told on this device: asks the browser for a subscription, and gives it to what the page is about:
// one's own case (data-code), else a matter or an alert (data-api, and data-name by which the device remembers it).
// A browser that cannot reach its own service may never answer (RFC 8030 says nothing of how long): it gets fifteen seconds.

const part = document.querySelector("[data-push]");
const { code, name: known = code, api: API = "/api/v1/own-case/push", key: KEY = API, stop, own } = part.dataset;
const WORKER = "/beratta/sw.js", REACH = "/beratta/";
const [on, off, status, page] = ["on", "off", "status", "own"].map((name) => part.querySelector(`[data-push-${name}]`));

const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const say = (name) => { status.textContent = name ? status.dataset[name] : ""; };
const within = (promise, milliseconds) => Promise.race([
  promise, new Promise((_, reject) => { setTimeout(() => reject(new Error("slow")), milliseconds); }),
]);
const ask = (method, url, body = undefined) => fetch(url, {
  method, body: body && JSON.stringify(body),
  headers: { ...(code && { "X-Follow-Code": code }), "Accept-Language": document.documentElement.lang, ...(body && { "Content-Type": "application/json" }) },
});
const level = () => Number(document.querySelector("#folj input[name=level]:checked")?.value ?? 0); // of a matter
const wish = (subscription) => code ? subscription : { subscription, ...(level() && { level: level() }) };
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
  const { application_server_key: key } = await (await ask("GET", KEY)).json();
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
  const told = await lyhord.get("pushes", known);
  const yes = Boolean(told) && Notification.permission === "granted";
  on.hidden = yes;
  off.hidden = !yes;
  if (!page) return;
  page.hidden = !yes;
  if (yes) page.href = `${own}${told.token}/`;
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
    const body = wish(await subscribed());
    const answer = await ask("PUT", API, body);
    if (!answer.ok) return "failed";
    const row = await answer.json();
    const again = code ? {} : { api: API, level: body.level, stop: `${stop}${row.token}` };
    await lyhord.put("pushes", { id: known, ...again, ...row });
    return "on";
  }));
  off.addEventListener("click", () => busy(off, async () => {
    const told = await lyhord.get("pushes", known);
    if (told) await ask("DELETE", told.stop ?? `${API}/${told.device}`);
    await lyhord.forgetPush(known);
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
