// What this device holds: drafts, what is on its way, one's own cases; a picture as the way in; how to install.

const mine = document.querySelector("[data-mine]");
const lists = Object.fromEntries([...mine.querySelectorAll("[data-list]")].map((part) => [part.dataset.list, part]));
const row = (name) => mine.querySelector(`template[data-row=${name}]`).content.firstElementChild;
const day = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long" });
const sending = new Set();

function fill(item, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const part of item.querySelectorAll(`[data-${name}]`)) part.textContent = value;
  }
  return item;
}
const press = (item, name, action) => item.querySelector(`[data-${name}]`)?.addEventListener("click", action);

function reportRow(report) {
  const item = row("report").cloneNode(true);
  const state = sending.has(report.id) ? "sending" : report.state;
  item.dataset.state = state;
  for (const part of item.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  fill(item, { title: report.title || day.format(report.at) });
  const url = `${mine.dataset.home}${report.kind}/?utkast=${report.id}`;
  item.querySelector("[data-open]").href = url;
  item.querySelector("[data-change]").hidden ||= Boolean(report.tried); // it may have arrived: what it says stays as it is
  press(item, "send", () => lyhord.send(report.id));
  press(item, "drop", () => lyhord.forget(report.id));
  press(item, "change", async () => { await lyhord.change(report.id, { state: "draft" }); location.assign(url); });
  return item;
}
function caseRow(kept) {
  const item = row("case").cloneNode(true);
  fill(item, { number: kept.number, title: kept.title || kept.number, at: day.format(kept.at), say: kept.say ?? "" });
  item.querySelector("[data-say]").hidden = !kept.say;
  item.querySelector("[data-follow]").href = kept.follow;
  item.querySelector("[data-at]").dateTime = new Date(kept.at).toISOString();
  press(item, "drop", async () => { await lyhord.forgetCase(kept.id); show(); });
  return item;
}

async function show() {
  const [reports, cases] = await Promise.all([lyhord.all("reports"), lyhord.all("cases")]);
  lists.reports.querySelector("ul").replaceChildren(...reports.sort((one, other) => other.at - one.at).map(reportRow));
  lists.cases.querySelector("ul").replaceChildren(...cases.sort((one, other) => other.at - one.at).map(caseRow));
  lists.reports.hidden = !reports.length;
  lists.cases.hidden = !cases.length;
  mine.hidden = !reports.length && !cases.length;
}
lyhord.told.addEventListener("change", ({ news }) => {
  if (news.state === "sending") sending.add(news.id); else sending.delete(news.id);
  show();
});
show().catch(() => {}); // no storage here: nothing to show

mine.querySelector("[data-clear]").addEventListener("click", async ({ currentTarget }) => {
  if (!confirm(currentTarget.dataset.clear)) return;
  for (const { id, device, stop } of await lyhord.all("pushes")) {
    const whose = stop ? {} : { "X-Follow-Code": id };
    fetch(stop ?? `/api/v1/own-case/push/${device}`, { method: "DELETE", headers: whose }).catch(() => {});
  }
  const subscription = await (await navigator.serviceWorker?.getRegistration(mine.dataset.home))?.pushManager?.getSubscription();
  await subscription?.unsubscribe().catch(() => {});
  await lyhord.clear();
  show();
});

// ── a picture first ───────────────────────────────────────────────────────────────────────────────────────────────
const shoot = document.querySelector("[data-shoot]");
if (shoot && globalThis.indexedDB) {
  shoot.closest("label").hidden = false;
  shoot.addEventListener("change", async () => {
    const [file] = shoot.files;
    if (!file) return;
    const photo = lyhord.newId();
    try {
      await lyhord.keepPhoto(photo, file);
      const id = await lyhord.keep({
        id: lyhord.newId(), kind: shoot.dataset.kind, state: "draft", fields: [], photos: [{ id: photo, kept: true }], opened: Date.now(), title: "",
      });
      location.assign(`${shoot.dataset.shoot}?utkast=${id}`);
    } catch { location.assign(shoot.dataset.shoot); }
  });
}

// ── installing ────────────────────────────────────────────────────────────────────────────────────────────────────
const part = document.querySelector("[data-install]");
if (part && !lyhord.installed()) {
  const now = part.querySelector("[data-install-now]");
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    part.hidden = now.hidden = false;
    now.onclick = async () => { await event.prompt(); part.hidden = true; };
  });
  if (navigator.standalone === false) part.hidden = part.querySelector("[data-install-ios]").hidden = false;
}
