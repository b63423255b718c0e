// Out in the field: the list in the order of the way, one's own position by one press, and deeds that wait for a network.
// Texts come from the page. Without scripts the same forms go as forms.

const root = document.querySelector("[data-field]");
const { home, worker, user: whose } = root.dataset;
const user = Number(whose);
const field = globalThis.lyhordField;
const NEAR = "lyhord.field.order"; // the ids in the order of the way, while the tab is open; never where one is

// ── deeds ───────────────────────────────────────────────────────────────────────────────────────────────────────
const list = document.querySelector("[data-deeds]");
const template = document.querySelector("template[data-deed]");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const sending = new Set();
let out = false;

function row(deed) {
  const item = template.content.firstElementChild.cloneNode(true);
  const state = sending.has(deed.id) && deed.state === "queued" ? "sending" : deed.state;
  item.dataset.state = state;
  item.querySelector("[data-number]").textContent = deed.number;
  item.querySelector("[data-what]").textContent = list.dataset[deed.what] ?? "";
  item.querySelector("[data-label]").textContent = deed.label ?? "";
  item.querySelector("[data-at]").textContent = clock.format(deed.at);
  for (const part of item.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(state);
  const errors = item.querySelector("[data-errors]");
  errors.replaceChildren(...(deed.errors ?? []).map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  errors.hidden = !deed.errors?.length;
  item.querySelector("[data-open]").href = `${home}${deed.case}/`;
  item.querySelector("[data-drop]").addEventListener("click", () => field.forget(deed.id));
  item.querySelector("[data-again]").addEventListener("click", async () => { await field.change(deed.id, { state: "queued", errors: undefined }); resend(); });
  return item;
}
async function show() {
  const all = await field.deeds(user);
  const here = list.dataset.case ? all.filter((deed) => String(deed.case) === list.dataset.case) : all;
  list.querySelector("ul").replaceChildren(...here.reverse().map(row));
  list.hidden = !here.length;
  const waits = all.filter((deed) => deed.state === "queued").length;
  for (const part of document.querySelectorAll("[data-waits]")) part.textContent = waits;
  for (const part of document.querySelectorAll("[data-any-waits]")) part.hidden = !waits;
  for (const part of document.querySelectorAll("[data-out]")) part.hidden = !(out && waits);
}
field.told.addEventListener("change", ({ news }) => {
  if (news.state === "sending") sending.add(news.id); else sending.delete(news.id);
  show();
});

let retry;
async function resend() {
  clearTimeout(retry);
  try {
    const { left, out: nobody } = await field.sendAll(home);
    out = Boolean(nobody);
    if (left) retry = setTimeout(resend, 30_000);
    if (left && !out) (await navigator.serviceWorker?.getRegistration(home))?.sync?.register("lyhord-field").catch(() => {});
    await show();
  } catch { /* no storage here: nothing can wait in it */ }
}
addEventListener("online", resend);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") resend(); });

// ── the forms ───────────────────────────────────────────────────────────────────────────────────────────────────
const label = (form) => {
  const text = form.elements.text?.value || form.elements.place_text?.value || "";
  const to = form.elements.to?.selectedOptions?.[0]?.textContent ?? "";
  return (form.dataset.deedForm === "state" ? to : text).slice(0, 60);
};
async function deliver(form) {
  const file = form.querySelector("input[type=file]")?.files[0];
  if (form.elements.token) form.elements.token.value = lyhord.newId(); // a page from the device has the same each time
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  const { deedForm: what, case: id, number } = form.dataset;
  let deed;
  try {
    deed = await field.queue({ user, case: Number(id), number, what, url: new URL(form.action).pathname, fields, label: label(form) }, file);
  } catch { return form.submit(); } // the device keeps nothing: as it would be without scripts
  await resend();
  const kept = (await field.deeds(user)).find((one) => one.id === deed);
  if (kept?.state === "sent") return location.reload();
  if (kept?.state === "wrong") {
    await field.forget(deed);
    const errors = form.querySelector("[data-said]");
    errors.hidden = false;
    errors.textContent = kept.errors.join(" ");
    errors.focus();
    delete form.dataset.sent;
    return undefined;
  }
  form.reset();
  delete form.dataset.sent;
  form.closest("details")?.removeAttribute("open");
  list.querySelector("h2").focus();
  return undefined;
}
for (const form of document.querySelectorAll("form[data-deed-form]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    deliver(form);
  });
  const file = form.querySelector("input[type=file]");
  const chosen = form.querySelector("[data-chosen]");
  file?.addEventListener("change", () => { chosen.textContent = file.files[0]?.name ?? ""; });
}

// ── where I am: asked for once, when somebody presses ───────────────────────────────────────────────────────────
function findMe(status, found) {
  status.textContent = status.dataset.waiting;
  const none = () => { status.textContent = status.dataset.denied; };
  if (!navigator.geolocation) return none();
  return navigator.geolocation.getCurrentPosition(({ coords }) => { status.textContent = ""; found(coords); }, none,
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 15_000 });
}
const here = document.querySelector("[data-here]");
here?.addEventListener("click", () => findMe(document.querySelector("[data-here-status]"), (coords) => {
  const form = here.form;
  form.elements.lat.value = coords.latitude.toFixed(6);
  form.elements.lon.value = coords.longitude.toFixed(6);
  form.elements.accuracy.value = String(Math.round(coords.accuracy));
  form.elements.source.value = "gps";
  form.requestSubmit();
}));

// ── the order of the way ────────────────────────────────────────────────────────────────────────────────────────
const order = () => { try { return JSON.parse(sessionStorage.getItem(NEAR) ?? "null"); } catch { return null; } };
const metres = (one, other) => {
  const rad = Math.PI / 180, x = (other.lon - one.lon) * rad * Math.cos((one.lat + other.lat) / 2 * rad), y = (other.lat - one.lat) * rad;
  return Math.hypot(x, y) * 6_371_000;
};
const cases = document.querySelector("[data-cases]");
const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
function far(away) {
  return away < 995 ? `${numbers.format(Math.round(away / 10) * 10)} m` : `${numbers.format(away / 1000)} km`;
}
function sort(ids) {
  const rows = new Map([...cases.children].map((item) => [item.dataset.id, item]));
  for (const id of ids) if (rows.has(id)) cases.append(rows.get(id));
  for (const [id, item] of rows) if (!ids.includes(id)) cases.append(item);
}
document.querySelector("[data-near]")?.addEventListener("click", () => findMe(document.querySelector("[data-near-status]"), (coords) => {
  const me = { lat: coords.latitude, lon: coords.longitude };
  const away = [...cases.children].map((item) => ({
    item, away: item.dataset.lat ? metres(me, { lat: Number(item.dataset.lat), lon: Number(item.dataset.lon) }) : Infinity,
  }));
  for (const one of away) one.item.querySelector("[data-away]").textContent = one.away < Infinity ? far(one.away) : "";
  const ids = away.sort((one, other) => one.away - other.away).map(({ item }) => item.dataset.id);
  try { sessionStorage.setItem(NEAR, JSON.stringify(ids)); } catch { /* for this page only, then */ }
  sort(ids);
  document.querySelector("[data-near-status]").textContent = document.querySelector("[data-near-status]").dataset.done;
}));
for (const link of document.querySelectorAll("[data-order]")) link.addEventListener("click", () => { try { sessionStorage.removeItem(NEAR); } catch { /* nothing to forget */ } });
if (cases && order()) sort(order());
const steps = document.querySelector("[data-steps]");
if (steps && order()?.includes(steps.dataset.id)) {
  const ids = order(), at = ids.indexOf(steps.dataset.id);
  for (const [name, id] of [["prev", ids[at - 1]], ["next", ids[at + 1]]]) {
    const link = steps.querySelector(`[rel=${name}]`);
    link.hidden = !id;
    if (id) link.href = `${home}${id}/`;
  }
}

// ── the device ──────────────────────────────────────────────────────────────────────────────────────────────────
async function takeAlong() {
  await navigator.serviceWorker?.register(worker, { scope: home, updateViaCache: "none" }).catch(() => {});
  if (!cases || !navigator.onLine) return;
  const pages = [...cases.querySelectorAll("[data-keep]")].map(({ href }) => new URL(href).pathname);
  await field.tidy([home, ...pages]);
  const status = document.querySelector("[data-along]");
  let kept = 0;
  for (const url of [home, ...pages]) {
    try { await field.keepPage(url, await fetch(url, { cache: "no-store", redirect: "manual" })); kept += 1; } catch { break; }
  }
  if (status && kept > pages.length) status.textContent = status.dataset.along;
}
show().catch(() => {});
resend();
if (globalThis.caches) takeAlong().catch(() => {});
document.querySelector("[data-focus]")?.focus();
