// What is heavy is fetched when somebody opens it: <details data-module="…/map.js"> imports the module and starts it.
// data-wide opens it by itself where there is room beside the list and nobody has asked the browser to save data.

const roomy = matchMedia("(min-width: 56rem)").matches && !navigator.connection?.saveData;

for (const details of document.querySelectorAll("details[data-module]")) {
  const begin = async () => {
    if (!details.open) return;
    details.removeEventListener("toggle", begin);
    try {
      const { start } = await import(details.dataset.module);
      await start(details);
    } catch { // no network: the page works without it
      const box = details.querySelector("[data-failed]");
      box.textContent = box.dataset.failed;
      box.classList.add("failed");
    }
  };
  details.addEventListener("toggle", begin);
  if (roomy && "wide" in details.dataset) details.open = true;
  else begin();
}
