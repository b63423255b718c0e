// The receipt: what was a draft has arrived and leaves this device; the code can be copied, the page printed, and the
// case kept among one's own on this device: by itself in the app, else when somebody says so, since others may sit here.

const sent = document.querySelector("[data-case]");
if (sent || document.querySelector("[data-moved]")) { // ours, or another municipality's: it has arrived
  try {
    const id = sessionStorage.getItem("lyhord.sending");
    sessionStorage.removeItem("lyhord.sending");
    if (id) await lyhord.forget(id);
  } catch { /* storage is switched off */ }
}
if (sent) {
  const row = { id: sent.dataset.code, number: sent.dataset.case, follow: sent.dataset.follow, title: sent.dataset.title };
  const button = document.querySelector("[data-keep]");
  const kept = () => { button.hidden = true; document.querySelector("[data-kept]").hidden = false; };
  const keep = async () => { await lyhord.keepCase(row); kept(); };
  try {
    if (await lyhord.get("cases", row.id)) kept();
    else if (lyhord.installed()) await keep();
    else button?.addEventListener("click", keep); // in a frame on another site there is none
  } catch { if (button) button.hidden = true; /* storage is switched off */ }
}

const copy = document.querySelector("[data-copy]");
copy?.addEventListener("click", async () => {
  try { await navigator.clipboard.writeText(copy.dataset.copy); } catch { copy.hidden = true; return; } // not allowed here
  document.querySelector("[data-copied]").textContent = copy.dataset.done;
});
if (copy && !navigator.clipboard) copy.hidden = true;

document.querySelector("[data-print]")?.addEventListener("click", () => print());
