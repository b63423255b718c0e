// What is heavy is fetched when somebody opens it: <details data-module="…/map.js"> imports the module and starts it.

for (const details of document.querySelectorAll("details[data-module]")) {
  const begin = async () => {
    if (!details.open) return;
    details.removeEventListener("toggle", begin);
    const { start } = await import(details.dataset.module);
    start(details);
  };
  details.addEventListener("toggle", begin);
  begin();
}
