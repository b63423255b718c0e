// The desk: keys, a draft that the server keeps, templates, and the toast that lets one change one's mind.
// Texts and addresses come from the page. Nothing here is needed to do the work.

// ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────
// Single keys can be switched off (WCAG 2.1.4); the choice stays on this device. An element says which key it
// answers to: data-key="r". A <details> opens, a radio is chosen, everything else is pressed; data-then moves the focus.
const OFF = "lyhord.keys.off";
const help = document.querySelector("dialog[data-keys]");
const toggle = help?.querySelector("[data-keys-off]");
const stored = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
let off = stored();
if (toggle) {
  toggle.checked = off;
  toggle.addEventListener("change", () => {
    off = toggle.checked;
    try { localStorage.setItem(OFF, off ? "1" : "0"); } catch { /* for this page only, then */ }
  });
}
for (const opener of document.querySelectorAll("[data-keys-open]")) opener.addEventListener("click", () => help.showModal());
help?.querySelector("[data-close]")?.addEventListener("click", () => help.close());

const rows = () => [...document.querySelectorAll(".rowcase")];
function step(by) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement);
  const from = here >= 0 ? here : all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = all[Math.min(all.length - 1, Math.max(0, from + by))] ?? all[0];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(element) {
  if (element instanceof HTMLDetailsElement) {
    element.open = true;
    element.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  } else if (element instanceof HTMLInputElement && element.type === "radio") {
    element.click();
  } else if (element instanceof HTMLInputElement) {
    element.focus();
    element.select();
  } else {
    element.click();
  }
  document.querySelector(element.dataset.then || null)?.focus();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing?.form) return typing.form.requestSubmit();
  if (event.key === "Escape" && typing) return typing.blur();
  if (off || typing || event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  if (event.key === "?" && help) help.showModal();
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "x") document.activeElement.closest(".pick")?.querySelector("[type=checkbox]")?.click();
  else {
    const element = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!element) return;
    press(element);
  }
  event.preventDefault();
});

// ── the draft of the answer: on the server, so that it is there on the next device too ──────────────────────────
for (const form of document.querySelectorAll("form[data-draft-url]")) {
  const status = form.querySelector("[data-draft-status]");
  const hints = form.querySelector("[data-hints]");
  const plain = form.querySelector("[data-plain]");
  const text = form.elements.text;
  const now = () => text.value + (new FormData(form).get("to") ?? "");
  let saved = now();
  let timer;

  const save = async () => {
    clearTimeout(timer);
    const to = new FormData(form).get("to") ?? "";
    const value = text.value;
    if (value + to === saved) return;
    const body = new URLSearchParams({ text: value, to, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, keepalive: true });
      if (answer.redirected) { if (status) status.textContent = status.dataset.out; return; } // to the log-in
      if (!answer.ok) throw new Error(String(answer.status));
      saved = value + to;
      const said = await answer.json();
      if (status) status.textContent = said.status;
      if (hints && hints.textContent !== said.hints) hints.textContent = said.hints;
      if (plain) { // seen, not announced: who listens while writing asks for them with the button
        plain.replaceChildren(...said.plain.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
        plain.hidden = !said.plain.length;
      }
    } catch {
      if (status) status.textContent = status.dataset.failed;
    }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 1200); });
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(); });
  form.addEventListener("submit", () => { saved = now(); clearTimeout(timer); });

  // A template is put where the cursor is; without scripts the button asks the server to do it.
  const choice = form.querySelector("select[data-templates]");
  form.querySelector("[data-insert]")?.addEventListener("click", (event) => {
    const words = choice.selectedOptions[0]?.dataset.text;
    event.preventDefault();
    if (!words) return;
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
}

// ── a second press while the first one travels changes nothing but the page that one sees ───────────────────────
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

// ── all at once ─────────────────────────────────────────────────────────────────────────────────────────────────
for (const all of document.querySelectorAll("[data-all]")) {
  const boxes = () => [...all.form.querySelectorAll(".pick [type=checkbox]")];
  all.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; });
}
let last; // shift marks everything between the last box and this one
document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".pick [type=checkbox]");
  if (!box) return;
  const boxes = [...box.form.querySelectorAll(".pick [type=checkbox]")];
  if (event.shiftKey && last?.isConnected) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
  }
  last = box;
});

// ── the toast: counts down while the answer can still be stopped ────────────────────────────────────────────────
for (const toast of document.querySelectorAll("[data-undo-until]")) {
  const left = toast.querySelector("[data-left]");
  const until = Date.parse(toast.dataset.undoUntil);
  const tick = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds <= 0) return toast.remove();
    if (left) left.textContent = seconds;
    setTimeout(tick, 500);
  };
  tick();
}

// ── logging out leaves nothing of field work on the device ──────────────────────────────────────────────────────
const out = document.querySelector("form[data-logout]");
out?.addEventListener("submit", async (event) => {
  if (event.defaultPrevented || out.dataset.cleared || !globalThis.indexedDB || !globalThis.caches) return;
  event.preventDefault();
  try {
    for (const part of out.dataset.logout.split(" ")) await import(part);
    const unsent = (await lyhordField.deeds(Number(out.dataset.user))).some(({ state }) => state !== "sent");
    if (unsent && !confirm(out.dataset.unsent)) { delete out.dataset.sent; return; }
    await lyhordField.clear();
  } catch { /* nothing was kept here */ }
  out.dataset.cleared = "1";
  delete out.dataset.sent;
  out.requestSubmit();
});

document.querySelector("[data-focus]")?.focus();
// the row that is open should be in sight in a long list
document.querySelector(".rowcase[aria-current]")?.scrollIntoView({ block: "nearest" });
