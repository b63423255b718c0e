// The report form: position, suggestions, a draft that survives, one press that sends once, with or without a network.
// Everything here improves a form that works without it. Texts come from the page, so that they can be translated.
// What only some need (pictures, addresses, the map) is fetched when they begin with it.
//
// Events on the form:  lyhord:position {lat, lon, accuracy, source, label}  somebody found where it is (detail null: nowhere)
//                      lyhord:show     {lat, lon}                          the map should show this point
//                      lyhord:photo    {lat, lon, label} or null           a picture has arrived, and where it was taken
//                      lyhord:changed                                      pictures came or went

const form = document.querySelector("form[data-report]");
const one = (selector, root = form) => root.querySelector(selector);
const later = (milliseconds, action) => {
  let timer;
  return (...args) => { clearTimeout(timer); timer = setTimeout(() => action(...args), milliseconds); };
};

// ── what is fetched when it is needed ───────────────────────────────────────────────────────────────────────────────
const parts = form.dataset; // photosPart, addressPart, askedPart, openPart: where the modules are
let photosPart;
const photos = () => photosPart ??= import(parts.photosPart).catch(() => { photosPart = undefined; }); // else as a plain form
const pictures = one("[data-photos]");
for (const name of ["pointerdown", "focusin", "dragenter"]) pictures?.addEventListener(name, photos, { once: true });
pictures?.querySelector("input[type=file]").addEventListener("change", async ({ target }) => {
  (await photos())?.take(target.files);
});
const place = one("[data-address] input");
place?.addEventListener("focus", async () => {
  await import(parts.addressPart).catch(() => {});
  if (place.value) place.dispatchEvent(new Event("input", { bubbles: true })); // what was written meanwhile
}, { once: true });
const ifAsked = async () => { if (one("[data-show-if]")) await import(parts.askedPart).catch(() => {}); };
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.("details[data-module]")) import(parts.openPart).catch(() => {});
}, true);

// ── the position ────────────────────────────────────────────────────────────────────────────────────────────────
// What the person says themselves outweighs what a photo or an old choice says.
const WEIGHT = { exif: 1, gps: 2, address: 3, map: 3 };
const hidden = (name) => form.elements[name];

function setPosition(position) {
  if (position && (WEIGHT[position.source] ?? 0) < (WEIGHT[hidden("position_source").value] ?? 0)) return;
  hidden("lat").value = position?.lat ?? "";
  hidden("lon").value = position?.lon ?? "";
  hidden("accuracy").value = position?.accuracy ?? "";
  hidden("position_source").value = position?.source ?? "";
  const found = one("[data-found]");
  found.hidden = !position;
  if (!position) return refreshNearby();
  const title = one("[data-found-title]");
  title.textContent = position.source === "exif" ? title.dataset.exif : title.dataset.other;
  one("[data-found-label]").textContent = position.label || `${position.lat.toFixed(5)}, ${position.lon.toFixed(5)}`;
  const place = hidden("place_text");
  if (position.label && position.source !== "gps" && position.source !== "map" && !place.value) place.value = position.label;
  form.dispatchEvent(new CustomEvent("lyhord:show", { detail: position }));
  refreshNearby();
}
form.addEventListener("lyhord:position", (event) => setPosition(event.detail));
hidden("place_text").addEventListener("input", () => {
  if (hidden("position_source").value === "address") setPosition(null); // the words no longer say that address
});
one("[data-forget]")?.addEventListener("click", () => {
  const place = hidden("place_text");
  if (place.value === one("[data-found-label]").textContent) place.value = ""; // it was we who wrote it
  setPosition(null);
  hidden("position_source").value = "none"; // the server is not to find the same place in the same photo again
  save();
  place.focus();
});

const locate = one("[data-locate]");
function findMe(failed) {
  const status = one("[data-locate-status]");
  status.textContent = locate.dataset.waiting;
  const none = () => { status.textContent = ""; failed(status); };
  if (!navigator.geolocation) return none();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      status.textContent = "";
      hidden("position_source").value = ""; // asked for just now: outweighs everything before
      setPosition({ lat: coords.latitude, lon: coords.longitude, accuracy: Math.round(coords.accuracy), source: "gps", label: locate.dataset.label });
      save();
    },
    none,
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
}
locate?.addEventListener("click", () => findMe((status) => { status.textContent = locate.dataset.denied; hidden("place_text").focus(); }));
form.addEventListener("lyhord:photo", async ({ detail }) => {
  if (detail) return setPosition({ ...detail, source: "exif" });
  if (hidden("lat").value || hidden("place_text").value || hidden("position_source").value === "none") return;
  // A picture that does not say where: the device may, if it has been allowed to, or in the app, which asks once.
  const allowed = await navigator.permissions?.query({ name: "geolocation" }).catch(() => undefined);
  if (allowed?.state === "granted" || (lyhord.installed() && allowed?.state !== "denied")) findMe(() => {});
});

// ── what the server suggests: fragments of this very page ───────────────────────────────────────────────────────
async function fill(target, url, body) {
  try {
    // what somebody writes is posted, so that it never stands in an address that a server may log
    const answer = await fetch(url, { method: body ? "POST" : "GET", body, headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    target.innerHTML = await answer.text();
    spread(target);
  } catch { /* no network: the form works without suggestions */ }
}

/** A fragment may carry a piece that belongs elsewhere on the page: <p data-into="#promise">. */
function spread(target) {
  for (const piece of target.querySelectorAll("[data-into]")) document.querySelector(piece.dataset.into)?.replaceChildren(piece);
}

const nearby = one("[data-nearby]");
const refreshNearby = later(300, () => {
  if (!nearby?.dataset.url) return;
  if (!hidden("lat").value) return nearby.replaceChildren();
  const query = new URLSearchParams({ lat: hidden("lat").value, lon: hidden("lon").value, typ: chosenType() });
  fill(nearby, `${nearby.dataset.url}${nearby.dataset.url.includes("?") ? "&" : "?"}${query}`);
});

const types = one("[data-types]");
if (types) spread(types);
const chosenType = () => new FormData(form).get("case_type") || "";
let typeIsChosen = false; // what a person has chosen is never guessed away
let answered = []; // answers of a draft, whose questions come with its type
const refreshTypes = later(700, async () => {
  const text = hidden("text").value.trim();
  if (!types?.dataset.url || (text.length < 8 && !typeIsChosen)) return;
  const answers = new Map([...answered, ...[...new FormData(form)].filter(([name]) => name.startsWith("q_") || name === "category")]);
  const query = new URLSearchParams({ slag: types.dataset.kind, text: text.slice(0, 500), typ: typeIsChosen ? chosenType() : "" });
  const focused = types.contains(document.activeElement) ? document.activeElement : null;
  await fill(types, types.dataset.url, query);
  refreshNearby(); // a type that is guessed has a radius of its own
  for (const [name, value] of answers) {
    for (const input of types.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = input.value === value;
      else input.value = value;
    }
  }
  await ifAsked();
  types.dispatchEvent(new Event("input", { bubbles: true })); // asked.js looks again
  if (focused) types.querySelector(`[name="${CSS.escape(focused.name)}"][value="${CSS.escape(focused.value)}"]`)?.focus();
});
types?.addEventListener("change", (event) => {
  if (event.target.name !== "case_type") return;
  typeIsChosen = true;
  refreshTypes();
  refreshNearby();
});

// ── how much is left ────────────────────────────────────────────────────────────────────────────────────────────
const count = one("[data-count]");
const numbers = new Intl.NumberFormat(document.documentElement.lang);
const showCount = () => {
  count.textContent = `${numbers.format(hidden("text").value.length)} ${count.dataset.of} ${numbers.format(count.dataset.max)}`;
};
if (count?.dataset.max) showCount();
hidden("text").addEventListener("input", () => { if (count?.dataset.max) showCount(); if (!typeIsChosen) refreshTypes(); });

// ── the draft: on this device only, for a week, never who you are ───────────────────────────────────────────────
const KEPT = ["text", "place_text", "lat", "lon", "accuracy", "position_source", "submission_id"];
const kind = form.dataset.report;
const began = Date.now();
const query = new URLSearchParams(location.search);
let begun = began; // when the form was opened, or its draft within the last hour
let leaving = false; // it is on its way: no draft any longer
const named = (id) => { hidden("submission_id").value = id; history.replaceState({ report: id }, ""); };

/** The pictures; where their module could not be fetched, what the plain field holds. */
async function chosenPhotos() {
  const part = photosPart && await photosPart;
  if (part) return part.written();
  return Promise.all([...pictures?.querySelector("input[type=file]").files ?? []].slice(0, 3).map(async (file) => {
    const id = lyhord.newId();
    return { id, token: "", kept: await lyhord.keepPhoto(id, file).then(() => true, () => false) };
  }));
}
async function report(fields) {
  return {
    id: hidden("submission_id").value, kind, fields, photos: await chosenPhotos(), opened: begun,
    label: one("[data-found-label]").textContent, title: hidden("text").value.trim().slice(0, 80) || hidden("place_text").value,
  };
}
async function saveNow() {
  if (leaving) return;
  const fields = KEPT.map((name) => [name, hidden(name).value]).filter(([name]) => name !== "submission_id");
  if (types && typeIsChosen) fields.push(["case_type", chosenType()]);
  try {
    const draft = { ...await report(fields), state: "draft" };
    if (leaving) return;
    if (hidden("text").value || draft.photos.length) named(await lyhord.keep(draft));
    else await lyhord.forget(draft.id);
  } catch { /* private mode or full: nothing to do */ }
}
const save = later(400, saveNow);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && hidden("text").value) saveNow(); });
form.addEventListener("input", save);
form.addEventListener("lyhord:changed", save);
form.addEventListener("lyhord:position", save);

/** The draft that the address names, else the newest of this kind; none where the page came with words of its own. */
async function draft() {
  if (hidden("text").value || one("[data-draft-photo]") || query.has("nytt") || query.has("asset")) return undefined;
  const found = (await lyhord.all("reports")).filter((row) => row.state !== "queued" && row.kind === kind);
  const asked = found.find((row) => row.id === query.get("utkast"));
  return asked ?? found.filter((row) => row.state === "draft").sort((one, other) => other.changed - one.changed)[0];
}
async function restore(row) {
  for (const [name, value] of row.fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
      else field.value = value;
    }
  }
  const was = Object.fromEntries(row.fields);
  named(row.id);
  if (began - row.opened < 3600_000) begun = row.opened;
  answered = row.fields.filter(([name]) => name.startsWith("q_"));
  if (was.lat) {
    hidden("position_source").value = "";
    setPosition({ lat: +was.lat, lon: +was.lon, accuracy: was.accuracy || null, source: was.position_source, label: row.label });
  }
  typeIsChosen = Boolean(was.case_type);
  if (row.photos.length) await (await photos())?.restore(row.photos);
  one("[data-draft]").hidden = !was.text && query.has("utkast"); // a picture taken just now is no old draft
  if (row.errors) {
    one("[data-wrong]").hidden = false;
    one("[data-wrong-list]").replaceChildren(...Object.values(row.errors).flat().filter(Boolean).map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  }
  if (count?.dataset.max) showCount();
  refreshTypes();
}
// A page from the device's own store has the same number each time; a report has one of its own, also when somebody
// comes back to it.
const entry = performance.getEntriesByType("navigation")[0]?.type;
if (entry === "back_forward" && history.state?.report) named(history.state.report);
else if (!query.has("skicka") && crypto.randomUUID) named(crypto.randomUUID());
if (one("[data-draft-photo]")) photos();
ifAsked();
draft().then((row) => row && restore(row)).catch(() => {});
one("[data-draft-forget]").addEventListener("click", async () => {
  leaving = true;
  await lyhord.forget(hidden("submission_id").value).catch(() => {});
  location.replace(`${location.pathname}?nytt=1`); // a fresh form
});

// ── sending: once ───────────────────────────────────────────────────────────────────────────────────────────────
const send = one("[data-send]");
const label = one("span", send);
const words = label.textContent;
const busy = (yes) => {
  send.toggleAttribute("aria-disabled", yes);
  if (yes) send.setAttribute("aria-disabled", "true");
  label.textContent = yes ? send.dataset.sending : words;
};
const add = (name, value) => form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
const NOT_SAID = /^(draft_photos|photos|alt_.*)$/; // pictures go apart

form.addEventListener("submit", (event) => {
  if (event.submitter?.name) return void photosPart?.then((part) => part?.attach()); // a photo taken away, an address looked up
  event.preventDefault();
  if (send.getAttribute("aria-disabled") === "true") return;
  busy(true);
  deliver();
});

async function deliver() {
  const seconds = String(Math.round((Date.now() - begun) / 1000));
  const channel = parts.channel || (lyhord.installed() ? "app" : "web");
  leaving = true;
  let id;
  try {
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_SAID.test(name));
    const row = { ...await report(fields), seconds, channel, language: parts.language };
    if (row.photos.some(({ token, kept }) => !token && !kept)) throw new Error("full");
    id = await lyhord.queue(row);
  } catch { return asForm(); } // the device keeps nothing: as it would be without scripts
  if (!navigator.onLine) {
    await lyhord.waiting(id);
    return queued(id);
  }
  const { state, receipt } = await lyhord.send(id, { now: true });
  if (state === "sent") return location.assign(receipt.url);
  if (state === "waits") return queued(id);
  add("seconds", seconds);
  if (!form.elements.kanal) add("kanal", channel);
  try { sessionStorage.setItem("lyhord.sending", id); } catch { /* then its draft lives for a week */ }
  asForm();
}
/** As a form: the server has something to say first, and says it on the page that comes. */
async function asForm() {
  (photosPart && await photosPart)?.attach();
  one("[data-offline]").hidden = navigator.onLine;
  if (navigator.onLine) form.submit();
  else { leaving = false; busy(false); }
}
/** It is kept here and goes by itself; the page says so, and when it has arrived. */
function queued(id) {
  const panel = document.querySelector("[data-queued]");
  form.hidden = true;
  panel.hidden = false;
  panel.querySelector("h2").focus();
  lyhord.told.addEventListener("change", ({ news }) => {
    if (news.id !== id) return;
    for (const part of panel.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(news.state);
    if (news.state !== "sent") return;
    panel.querySelector("[data-number]").textContent = news.receipt.number;
    panel.querySelector("[data-say]").textContent = news.receipt.say ?? "";
    for (const link of panel.querySelectorAll("[data-receipt]")) link.href = news.receipt.url;
  });
}
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  leaving = false;
  busy(false);
});
addEventListener("online", () => { one("[data-offline]").hidden = true; });

document.querySelector("[data-focus]")?.focus();
