// Each photo goes to the server as soon as it is chosen: the person writes while it travels, and sending is quick.
// The original is sent, since shrinking it in a canvas would lose the position that the camera stored in it.
// A photo that has not got through yet, or did not, travels with the form. report.js loads this when it is needed.

const section = document.querySelector("[data-photos]");
const form = section.closest("form");
const list = section.querySelector("[data-list]");
const drop = section.querySelector(".drop");
const field = drop.querySelector("input");
const error = section.querySelector("[data-error]");
const status = section.querySelector("[data-status]");
const card = section.querySelector("template[data-card]").content;
const max = Number(section.dataset.max);
const known = new Map(); // card → {id: its name on this device, file, token, tokenAt}

const cards = () => [...list.querySelectorAll("[data-draft-photo]")];
const token = (photo) => photo.querySelector("[name=draft_photos]");
const words = (photo) => photo.querySelector("input:not([type=hidden])");
const say = (text) => { status.textContent = text; };
const complain = (text) => { error.textContent = text; error.hidden = !text; };
const changed = () => {
  drop.hidden = cards().length >= max;
  form.dispatchEvent(new CustomEvent("lyhord:changed"));
};

function add(what) {
  const photo = card.cloneNode(true).firstElementChild;
  list.insertBefore(photo, drop);
  photo.querySelector("button").addEventListener("click", () => remove(photo));
  token(photo).disabled = false; // empty: the place of one that travels with the form
  words(photo).name = "photo_alt";
  words(photo).id = `alt-${what.id}`;
  photo.querySelector("label").htmlFor = words(photo).id;
  known.set(photo, what);
  return photo;
}

function arrived(photo, given) {
  known.set(photo, { ...known.get(photo), token: given, tokenAt: Date.now() });
  token(photo).value = given;
  words(photo).name = `alt_${given}`;
  photo.removeAttribute("aria-busy");
}

const letGo = (given) =>
  fetch(section.dataset.url, { method: "POST", body: new URLSearchParams({ remove: given }) }).catch(() => {});

function remove(photo) {
  const { token: given } = known.get(photo);
  known.delete(photo);
  photo.remove();
  if (given) letGo(given);
  complain("");
  say(status.dataset.removed);
  changed();
  field.focus();
}

async function upload(photo, file) {
  photo.setAttribute("aria-busy", "true");
  const image = photo.querySelector("img");
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  say(status.dataset.sending);
  const body = new FormData();
  body.append("photo", file);
  try {
    const answer = await fetch(section.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } });
    const data = await answer.json();
    if (!photo.isConnected) return void (data.token && letGo(data.token)); // taken away while it travelled
    if (!answer.ok) {
      known.delete(photo);
      photo.remove();
      complain(data.error);
      return;
    }
    arrived(photo, data.token);
    say(status.dataset.done);
    form.dispatchEvent(new CustomEvent("lyhord:photo", { detail: data.position }));
  } catch {
    photo.removeAttribute("aria-busy"); // it stays, and travels with the form
    if (photo.isConnected && document.visibilityState === "visible") complain(status.dataset.failed);
  }
}

/** Pictures that somebody has chosen. */
export async function take(files) {
  complain("");
  const room = Math.max(0, max - cards().length);
  const chosen = [...files].slice(0, room);
  if (files.length > room) complain(status.dataset.tooMany);
  field.value = ""; // or what has been sent already would be sent again with the form
  const taken = chosen.map((file) => ({ file, photo: add({ id: lyhord.newId(), file }) }));
  for (const { file, photo } of taken) {
    const what = known.get(photo);
    what.kept = lyhord.keepPhoto(what.id, file).then(() => true, () => false); // the device may be full
  }
  changed();
  await Promise.all(taken.map(({ file, photo }) => upload(photo, file)));
  changed();
}

/** What a report on its way holds of them. */
export const written = () => Promise.all(cards().map(async (photo) => {
  const { id, token: given, tokenAt, kept } = known.get(photo);
  return { id, token: given ?? "", tokenAt, kept: await kept ?? false, alt: words(photo).value };
}));

/** A draft's pictures, back on the page. */
export async function restore(photos) {
  for (const one of photos.slice(0, max - cards().length)) {
    const file = await lyhord.photo(one.id).catch(() => undefined);
    const there = one.token && Date.now() - one.tokenAt < 20 * 3600_000;
    if (!file && !there) continue;
    const photo = add({ id: one.id, file, kept: Boolean(file) });
    words(photo).value = one.alt ?? "";
    if (file && !there) { upload(photo, file).then(changed); continue; }
    const image = photo.querySelector("img");
    image.src = file ? URL.createObjectURL(file) : `${section.dataset.url}${one.token}.jpg`;
    image.addEventListener("error", () => { if (!file) { photo.remove(); changed(); } }, { once: true }); // gone from the server
    arrived(photo, one.token);
  }
  changed();
}

/** Those that the server has not got, into the form's own field: it is about to be sent as a form. */
export function attach() {
  const waiting = new DataTransfer();
  for (const photo of cards()) {
    const { file, token: given } = known.get(photo);
    if (file && !given) waiting.items.add(file);
  }
  field.files = waiting.files;
}

drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take(event.dataTransfer.files);
});
// those that the server has already, on a page that came back
for (const photo of cards()) {
  known.set(photo, { token: token(photo).value, tokenAt: Date.now() });
  photo.querySelector("button").addEventListener("click", (event) => { event.preventDefault(); remove(photo); });
}
