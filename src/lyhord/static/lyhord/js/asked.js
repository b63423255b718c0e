// A field that only some answers lead to: <div data-show-if="state" data-equals="planned waiting">. The server judges
// likewise, so without scripts everything is shown and what does not apply is passed over.

function look(form) {
  if (!form.querySelector("[data-show-if]")) return;
  const given = new FormData(form);
  for (const part of form.querySelectorAll("[data-show-if]")) {
    const wanted = part.dataset.equals.split(" ");
    if (part.dataset.showIf) part.hidden = !given.getAll(part.dataset.showIf).some((value) => wanted.includes(value));
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form ?? event.target.closest?.("form");
  if (form) look(form);
});
for (const form of document.forms) look(form);
