// The receipt: what was a draft has arrived and leaves this device; the code can be copied and the page printed.

try {
  for (const key of Object.keys(localStorage)) if (key.startsWith("lyhord.draft.")) localStorage.removeItem(key);
} catch { /* storage is switched off */ }

const copy = document.querySelector("[data-copy]");
copy?.addEventListener("click", async () => {
  await navigator.clipboard.writeText(copy.dataset.copy);
  document.querySelector("[data-copied]").textContent = copy.dataset.done;
});
if (copy && !navigator.clipboard) copy.hidden = true;

document.querySelector("[data-print]")?.addEventListener("click", () => print());
