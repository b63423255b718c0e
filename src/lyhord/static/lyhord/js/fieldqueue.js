// What somebody has done out in the field and what has not arrived yet: kept on the device, sent until it is answered.
//
// As app.js: a module of the pages and a script of the service worker (fieldworker.js), on the same store. A deed is
// {id: the key that the server knows it by, user, case, number, what, url, fields: [[name, value]], photo, label, at,
//  state: queued | wrong (`errors` says why) | sent (then nothing of what it said is left)}.
"use strict";

(() => {
  const PAGES = "lyhord-field-pages";
  const DAY = 24 * 3600_000, TOO_OLD = 30 * DAY; // the server remembers keys longer than that
  const { all, get, put, within, done, told, tell, alone, passing, read } = lyhord;

  const newer = (rows) => rows.sort((one, other) => one.at - other.at);
  const deeds = async (user) => newer((await all("deeds")).filter((row) => row.user === user));
  const change = (id, values) => within(["deeds"], "readwrite", async ({ deeds: store }) => {
    const row = await done(store.get(id));
    if (row) await done(store.put({ ...row, ...values }));
  });
  const forget = async (id) => {
    await within(["deeds"], "readwrite", ({ deeds: store }) => done(store.delete(id)));
    tell({ id, state: "gone" });
  };
  /** On the disk, and on its way. */
  async function queue(deed, file) {
    const photo = file ? { data: await file.arrayBuffer(), type: file.type, name: file.name || "bild.jpg" } : undefined;
    const row = { ...deed, id: lyhord.newId(), at: Date.now(), photo, state: "queued" };
    await put("deeds", row);
    tell({ id: row.id, state: "queued" });
    return row.id;
  }

  // ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────────
  /** Who is logged in, and the token to send by: {} without a network, {out: true} when nobody is. */
  async function key(home) {
    try {
      const answer = await fetch(`${home}nyckel/`, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(30_000) });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { out: true };
      return answer.ok ? await read(answer) : {};
    } catch { return {}; }
  }
  function body(row, token) {
    const sent = new FormData();
    for (const [name, value] of row.fields) sent.append(name, value);
    if (row.photo) sent.append("photos", new File([row.photo.data], row.photo.name, { type: row.photo.type }));
    sent.set("press", row.id);
    sent.set("csrfmiddlewaretoken", token);
    return sent;
  }
  /** "sent", "wrong" or "waits". */
  async function trySend(id, { user, token }) {
    const row = await get("deeds", id);
    if (row?.state !== "queued" || row.user !== user) return "gone";
    if (Date.now() - row.at > TOO_OLD) return settle(id, "wrong", { errors: [] });
    tell({ id, state: "sending" });
    try {
      const answer = await fetch(row.url, {
        method: "POST", body: body(row, token), headers: { Accept: "application/json" }, redirect: "manual", signal: AbortSignal.timeout(5 * 60_000),
      });
      const said = await read(answer);
      if (answer.ok && said.done) return await settle(id, "sent", { fields: [], photo: undefined, label: "", sent: Date.now() });
      if (answer.ok || passing(answer.status) || answer.type === "opaqueredirect" || !said.errors) return await waits(id);
      return await settle(id, "wrong", { errors: said.errors });
    } catch { return waits(id); } // no network, or the answer was cut: it may have arrived, and the same key is the same deed
  }
  async function settle(id, state, values) {
    await change(id, { ...values, state });
    tell({ id, state });
    return state;
  }
  async function waits(id) {
    tell({ id, state: "queued" });
    return "waits";
  }
  /** In the order they were done, one at a time, whoever asks; resolves with {left, out}. */
  const sendAll = (home) => alone("field", async () => {
    const waiting = (await all("deeds")).filter((row) => row.state === "queued");
    if (!waiting.length) return { left: 0 };
    const who = await key(home);
    if (!who.token) return { left: waiting.length, out: Boolean(who.out) };
    let left = 0;
    for (const row of newer(waiting)) {
      if (left) { left += 1; continue; } // what comes after may build on it
      if (await trySend(row.id, who) === "waits") left += 1;
    }
    return { left };
  });

  // ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────
  const whose = (answer) => answer.headers.get("X-Lyhord-For");
  /** Keep a page for a day, unless it says that it must not be kept; another person's are thrown away first. */
  async function keepPage(url, answer) {
    if (!answer.ok || answer.redirected || !whose(answer) || /no-store/.test(answer.headers.get("Cache-Control") ?? "")) return;
    const cache = await caches.open(PAGES);
    const [first] = await cache.keys();
    const known = first && await cache.match(first);
    if (known && whose(known) !== whose(answer)) await caches.delete(PAGES);
    await (await caches.open(PAGES)).put(url, answer);
  }
  const keptAt = (answer) => Number(answer.headers.get("X-Lyhord-At")) || 0;
  async function keptPage(url) {
    const cache = await caches.open(PAGES);
    const found = await cache.match(url);
    if (found && Date.now() - keptAt(found) < DAY) return found;
    if (found) await cache.delete(url);
    return undefined;
  }
  /** What is older than a day, and pages that are no longer on the list. */
  async function tidy(urls) {
    const cache = await caches.open(PAGES);
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      const old = Date.now() - keptAt(await cache.match(request)) > DAY;
      if (old || (urls && !urls.includes(pathname))) await cache.delete(request);
    }
    for (const row of await all("deeds")) {
      if (row.state === "sent" && Date.now() - row.sent > DAY) await forget(row.id);
    }
  }
  const forgetPages = () => caches.delete(PAGES);
  /** Everything of field work, also what has not arrived. */
  async function clear() {
    await within(["deeds"], "readwrite", ({ deeds: store }) => done(store.clear()));
    await forgetPages();
  }

  globalThis.lyhordField = { deeds, queue, forget, change, sendAll, keepPage, keptPage, tidy, forgetPages, clear, told };
})();
