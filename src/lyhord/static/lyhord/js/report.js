// The report form: position, suggestions, a draft that survives, one press that sends once.
// Everything here improves a form that works without it. Texts come from the page, so that they can be translated.
//
// Events on the form:  lyhord:position {lat, lon, accuracy, source, label}  somebody found where it is (detail null: nowhere)
//                      lyhord:show     {lat, lon}                          the map should show this point

const form = document.querySelector("form[data-report]");
const one = (selector, root = form) => root.querySelector(selector);
const later = (milliseconds, action) => {
  let timer;
  return (...args) => { clearTimeout(timer); timer = setTimeout(() => action(...args), milliseconds); };
};

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
locate?.addEventListener("click", () => {
  const status = one("[data-locate-status]");
  status.textContent = locate.dataset.waiting;
  const failed = () => { status.textContent = locate.dataset.denied; hidden("place_text").focus(); };
  if (!navigator.geolocation) return failed();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      status.textContent = "";
      hidden("position_source").value = ""; // asked for just now: outweighs everything before
      setPosition({ lat: coords.latitude, lon: coords.longitude, accuracy: Math.round(coords.accuracy), source: "gps", label: locate.dataset.label });
    },
    failed,
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
  );
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
  fill(nearby, `${nearby.dataset.url}?${query}`);
});

const types = one("[data-types]");
if (types) spread(types);
const chosenType = () => new FormData(form).get("case_type") || "";
let typeIsChosen = false; // what a person has chosen is never guessed away
const refreshTypes = later(700, async () => {
  const text = hidden("text").value.trim();
  if (!types?.dataset.url || (text.length < 8 && !typeIsChosen)) return;
  const answers = new Map([...new FormData(form)].filter(([name]) => name.startsWith("q_") || name === "category"));
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
const KEY = `lyhord.draft.${form.dataset.report}`;
const KEPT = ["text", "place_text", "lat", "lon", "accuracy", "position_source", "submission_id"];
const WEEK = 7 * 24 * 3600 * 1000;

function read() {
  try {
    const draft = JSON.parse(localStorage.getItem(KEY));
    return draft && Date.now() - draft.at < WEEK ? draft : null;
  } catch { return null; }
}
const photos = () => [...form.querySelectorAll("[data-draft-photo]")]
  .map((photo) => ({
    token: one("[name=draft_photos]", photo).value,
    thumbnail_url: one("img", photo).getAttribute("src"),
    alt: one("[name^=alt_]", photo)?.value ?? "",
  }))
  .filter(({ token }) => token);
const save = later(400, () => {
  const draft = { at: Date.now(), photos: photos(), label: one("[data-found-label]").textContent };
  for (const name of KEPT) draft[name] = hidden(name).value;
  try {
    if (draft.text || draft.photos.length) localStorage.setItem(KEY, JSON.stringify(draft));
    else localStorage.removeItem(KEY);
  } catch { /* private mode or full: nothing to do */ }
});
form.addEventListener("input", save);
form.addEventListener("lyhord:changed", save);
form.addEventListener("lyhord:position", save);

const untouched = !hidden("text").value && !photos().length;
const draft = untouched ? read() : null;
if (draft) {
  for (const name of KEPT) if (draft[name]) hidden(name).value = draft[name];
  if (draft.lat) {
    hidden("position_source").value = "";
    setPosition({ lat: +draft.lat, lon: +draft.lon, accuracy: draft.accuracy || null, source: draft.position_source, label: draft.label });
  }
  // photos.js may load after this module; a microtask later its listener is there
  setTimeout(() => form.dispatchEvent(new CustomEvent("lyhord:restore", { detail: draft.photos })));
  one("[data-draft]").hidden = false;
  if (count?.dataset.max) showCount();
  refreshTypes();
}
one("[data-draft-forget]").addEventListener("click", () => {
  localStorage.removeItem(KEY);
  location.replace(location.pathname); // a fresh form, with a fresh submission_id
});

// ── sending: once ───────────────────────────────────────────────────────────────────────────────────────────────
const send = one("[data-send]");
const label = one("span", send);
const words = label.textContent;
form.addEventListener("submit", (event) => {
  if (event.submitter?.name) return; // a photo taken away, an address looked up
  one("[data-offline]").hidden = navigator.onLine;
  if (!navigator.onLine || send.getAttribute("aria-disabled") === "true") return event.preventDefault();
  send.setAttribute("aria-disabled", "true");
  label.textContent = send.dataset.sending;
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  send.removeAttribute("aria-disabled");
  label.textContent = words;
});
addEventListener("online", () => { one("[data-offline]").hidden = true; });

document.querySelector("[data-focus]")?.focus();
