// Each photo goes to the server as soon as it is chosen: the person writes while it travels, and sending is quick.
// The original is sent, since shrinking it in a canvas would lose the position that the camera stored in it.
// A photo that has not got through yet, or did not, travels with the form.

const section = document.querySelector("[data-photos]");
const form = section?.closest("form");

if (section && form) {
  const list = section.querySelector("[data-list]");
  const drop = section.querySelector(".drop");
  const field = drop.querySelector("input");
  const error = section.querySelector("[data-error]");
  const status = section.querySelector("[data-status]");
  const card = section.querySelector("template[data-card]").content;
  const max = Number(section.dataset.max);
  const waiting = new Map(); // card → file, for pictures that the server has not got yet
  let leaving = false;
  const cards = () => [...list.querySelectorAll("[data-draft-photo]")];

  const say = (text) => { status.textContent = text; };
  const complain = (text) => { error.textContent = text; error.hidden = !text; };
  const changed = () => {
    drop.hidden = cards().length >= max;
    form.dispatchEvent(new CustomEvent("lyhord:changed"));
  };

  function add() {
    const photo = card.cloneNode(true).firstElementChild;
    list.insertBefore(photo, drop);
    const button = photo.querySelector("button");
    button.addEventListener("click", () => remove(photo));
    return photo;
  }

  function fillIn(photo, { token, thumbnail_url: thumbnail, alt = "" }) {
    const image = photo.querySelector("img");
    const [hidden, words] = photo.querySelectorAll("input");
    image.src = thumbnail;
    image.addEventListener("error", () => { photo.remove(); changed(); }, { once: true }); // gone from the server
    hidden.value = token;
    hidden.disabled = false;
    words.name = words.id = `alt_${token}`;
    words.value ||= alt; // it may have been written while the picture travelled
    photo.querySelector("label").htmlFor = words.id;
    photo.removeAttribute("aria-busy");
  }

  const forget = (token) =>
    fetch(section.dataset.url, { method: "POST", body: new URLSearchParams({ remove: token }) }).catch(() => {});

  function remove(photo) {
    const token = photo.querySelector("[name=draft_photos]").value;
    waiting.delete(photo);
    photo.remove();
    if (token) forget(token);
    complain("");
    say(status.dataset.removed);
    changed();
    field.focus();
  }

  async function upload(file) {
    const photo = add();
    waiting.set(photo, file);
    photo.setAttribute("aria-busy", "true");
    const preview = URL.createObjectURL(file);
    photo.querySelector("img").src = preview;
    say(status.dataset.sending);
    const body = new FormData();
    body.append("photo", file);
    try {
      const answer = await fetch(section.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } });
      const data = await answer.json();
      if (!photo.isConnected) return void (data.token && forget(data.token)); // taken away while it travelled
      waiting.delete(photo);
      if (!answer.ok) {
        photo.remove();
        complain(data.error);
        return;
      }
      fillIn(photo, data);
      URL.revokeObjectURL(preview);
      say(status.dataset.done);
      if (data.position) form.dispatchEvent(new CustomEvent("lyhord:position", { detail: { ...data.position, source: "exif" } }));
    } catch {
      photo.removeAttribute("aria-busy"); // it stays, and travels with the form
      if (photo.isConnected && !leaving) complain(status.dataset.failed);
    }
  }

  async function take(files) {
    complain("");
    const room = Math.max(0, max - cards().length);
    const chosen = [...files].slice(0, room);
    if (files.length > room) complain(status.dataset.tooMany);
    field.value = ""; // or what has been sent already would be sent again with the form
    await Promise.all(chosen.map(upload));
    changed();
  }

  // report.js has said its word before this: it may have stopped the form.
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !waiting.size) return;
    leaving = true;
    const kept = new DataTransfer();
    for (const file of waiting.values()) kept.items.add(file);
    field.files = kept.files;
  });

  field.addEventListener("change", () => take(field.files));
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files);
  });
  for (const photo of cards()) {
    photo.querySelector("button").addEventListener("click", (event) => { event.preventDefault(); remove(photo); });
  }

  // The draft in report.js remembers the photos, and gives them back.
  form.addEventListener("lyhord:restore", (event) => {
    for (const photo of event.detail.slice(0, max - cards().length)) fillIn(add(), photo);
    changed();
  });
}
