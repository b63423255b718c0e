// Addresses while you type: the list pattern of the ARIA Authoring Practices (combobox with a listbox).
// The server answers {"addresses": [{label, lat, lon}]}. What is written counts even if nothing is chosen.

for (const box of document.querySelectorAll("[data-address]")) start(box);

function start(box) {
  const input = box.querySelector("input");
  const form = input.form;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let hits = [];
  let active = -1;
  let asked = 0;
  let timer;

  list.id = `${input.id}_list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.querySelector(`label[for="${input.id}"]`)?.textContent ?? "");
  list.hidden = true;
  status.className = "vh";
  status.setAttribute("role", "status");
  box.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off",
  })) input.setAttribute(name, value);

  const close = () => {
    clearTimeout(timer);
    asked += 1; // what was asked before and is answered late does not open it again
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (index) => {
    active = (index + hits.length) % hits.length;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-activedescendant", list.children[active].id);
    list.children[active].scrollIntoView({ block: "nearest" });
  };

  const choose = (index) => {
    const hit = hits[index];
    input.value = hit.label;
    close();
    status.textContent = "";
    form.dispatchEvent(new CustomEvent("lyhord:position", { detail: { ...hit, accuracy: null, source: "address" } }));
  };

  async function look() {
    const text = input.value.trim();
    const mine = ++asked;
    if (text.length < 2) return close();
    try {
      const answer = await fetch(`${box.dataset.address}?${new URLSearchParams({ q: text })}`);
      if (!answer.ok || mine !== asked) return;
      hits = (await answer.json()).addresses;
    } catch { return; }
    if (mine !== asked || document.activeElement !== input) return;
    if (!hits.length) { status.textContent = ""; return close(); }
    list.replaceChildren(...hits.map((hit, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}_${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = hit.label;
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(index); });
      return item;
    }));
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
    status.textContent = `${hits.length} ${box.dataset.hitsText}`;
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 150); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown" && hits.length) { look(); event.preventDefault(); }
      return;
    }
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}
