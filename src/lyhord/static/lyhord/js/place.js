// A place in a small form: what the address list or the map finds goes into the form's hidden fields, and is said.
// address.js and open.js stand beside it on the page.

const form = document.querySelector("form[data-say]");

form?.addEventListener("lyhord:position", ({ detail: position }) => {
  for (const [name, value] of Object.entries({
    lat: position?.lat, lon: position?.lon, accuracy: position?.accuracy, position_source: position?.source,
  })) form.elements[name].value = value ?? "";
  const found = form.querySelector("[data-found]");
  found.hidden = !position;
  if (!position) return;
  form.querySelector("[data-found-label]").textContent =
    position.label || `${position.lat.toFixed(5)}, ${position.lon.toFixed(5)}`;
  form.dispatchEvent(new CustomEvent("lyhord:show", { detail: position }));
});

// words that no longer say the address that was chosen have no position
form?.elements.place_text?.addEventListener("input", () => {
  if (form.elements.position_source.value !== "address") return;
  for (const name of ["lat", "lon", "accuracy", "position_source"]) form.elements[name].value = "";
  form.querySelector("[data-found]").hidden = true;
});
