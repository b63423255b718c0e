// What somebody has written and what has not arrived yet: kept on the device, sent until it has a number, sent once.
//
// No import and no export: the same file is a module of the pages and a script of the service worker (worker.js).
// Whoever needs it finds `lyhord` below. Texts stand in the pages.
//
// A report here is {id, kind, state, at, fields: [[name, value]], photos: [{id, token, tokenAt, alt}], label, title, …}:
//   draft   being written          queued  on its way: `notBefore` is for the page that sends it itself first
//   wrong   the server said what must be put right (`errors`), by whoever opens it again
// With its number it is no report any longer; what is kept then is {id: code, number, follow, url, title, at, say}.
"use strict";

(() => {
  const STORES = ["reports", "photos", "cases", "pushes", "deeds"]; // deeds: of staff out in the field, fieldqueue.js
  const HOME = "/beratta/", PHOTO = "/beratta/bild/", WORKER = "/beratta/sw.js";
  const MINUTE = 60_000, HOUR = 60 * MINUTE, WEEK = 7 * 24 * HOUR;
  const FRESH = 20 * HOUR; // so long the server keeps a picture that belongs to nothing yet, with a margin
  const OWN_TRY = 90_000; // so long nobody else sends what its own page is sending
  const onPage = typeof document !== "undefined";

  // ── the device's store ──────────────────────────────────────────────────────────────────────────────────────────
  let opened;
  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("lyhord", 2);
      request.onupgradeneeded = () => {
        const { result } = request;
        for (const name of STORES) if (!result.objectStoreNames.contains(name)) result.createObjectStore(name, { keyPath: "id" });
      };
      request.onsuccess = () => {
        request.result.onversionchange = () => { request.result.close(); opened = undefined; };
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    opened.catch(() => { opened = undefined; });
    return opened;
  }
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  /** Run `action` in one transaction; what it returns, once all of it is on the disk. */
  async function within(names, mode, action) {
    const work = (await open()).transaction(names, mode, { durability: "strict" });
    const stores = Object.fromEntries(names.map((name) => [name, work.objectStore(name)]));
    const kept = new Promise((resolve, reject) => {
      work.oncomplete = resolve;
      work.onabort = work.onerror = () => reject(work.error);
    });
    const result = await action(stores);
    await kept;
    return result;
  }
  const all = (name) => within([name], "readonly", (stores) => done(stores[name].getAll()));
  const get = (name, id) => within([name], "readonly", (stores) => done(stores[name].get(id)));
  const put = (name, row) => within([name], "readwrite", (stores) => done(stores[name].put(row)));

  const told = new EventTarget();
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("lyhord");
  const tellHere = (news) => told.dispatchEvent(Object.assign(new Event("change"), { news }));
  if (channel) channel.onmessage = ({ data }) => tellHere(data);
  const tell = (news) => { tellHere(news); channel?.postMessage(news); };

  // ── what is being written ───────────────────────────────────────────────────────────────────────────────────────
  const newId = () => crypto.randomUUID();
  const said = ({ kind, fields, photos }) => JSON.stringify([kind, fields, photos.map(({ id, token }) => id ?? token)]);

  /** Keep a report under its id, or under a new one where that id already stands for other words on their way. */
  const keep = async (report) => {
    const id = await within(["reports"], "readwrite", async ({ reports }) => {
      const known = await done(reports.get(report.id));
      const taken = known && known.state === "queued" && (report.state === "draft" || said(known) !== said(report));
      const row = { ...report, id: taken ? newId() : report.id, at: known?.at ?? Date.now(), changed: Date.now() };
      await done(reports.put(row));
      return row.id;
    });
    tell({ id, state: report.state });
    return id;
  };
  /** On its way from now on; its own page may try first. Resolves with its id when it is on the disk. */
  const queue = (report) => keep({ ...report, state: "queued", pressed: new Date().toISOString(), notBefore: Date.now() + OWN_TRY });
  const change = (id, values) => within(["reports"], "readwrite", async ({ reports }) => {
    const row = await done(reports.get(id));
    if (row) await done(reports.put({ ...row, ...values }));
    return Boolean(row);
  });
  const forget = async (id) => {
    await within(["reports", "photos"], "readwrite", async (stores) => remove(stores, id));
    tell({ id, state: "gone" });
  };
  async function remove({ reports, photos }, id) {
    const row = await done(reports.get(id));
    for (const photo of row?.photos ?? []) if (photo.id) await done(photos.delete(photo.id));
    await done(reports.delete(id));
  }
  /** A picture's bytes; not a Blob, since some browsers lose those. */
  const keepPhoto = async (id, file) =>
    put("photos", { id, data: await file.arrayBuffer(), type: file.type, name: file.name || "bild.jpg", at: Date.now() });
  const photo = async (id) => {
    const row = id ? await get("photos", id) : undefined;
    return row ? new File([row.data], row.name, { type: row.type }) : undefined;
  };
  /** Drafts live a week, pictures of none a day; what is on its way stays until it has arrived. */
  const tidy = () => within(["reports", "photos"], "readwrite", async (stores) => {
    const rows = await done(stores.reports.getAll());
    for (const row of rows) if (row.state === "draft" && Date.now() - row.changed > WEEK) await remove(stores, row.id);
    const used = new Set(rows.flatMap((row) => row.photos.map(({ id }) => id)));
    for (const kept of await done(stores.photos.getAll())) {
      if (!used.has(kept.id) && Date.now() - kept.at > 24 * HOUR) await done(stores.photos.delete(kept.id));
    }
  });

  // ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────────
  const ask = (url, body, milliseconds) =>
    fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(milliseconds) });
  const read = async (answer) => { try { return await answer.json(); } catch { return {}; } };
  const passing = (status) => status >= 500 || status === 408 || status === 429;
  const fresh = ({ token, tokenAt }) => token && Date.now() - tokenAt < FRESH;

  /** One picture at a time, so that a line which breaks again and again gets further each time. */
  async function sendPhotos(report) {
    for (const one of report.photos) {
      if (fresh(one)) continue;
      const file = await photo(one.id);
      if (!file) continue; // nothing to send it again from: better without than never
      const body = new FormData();
      body.append("photo", file);
      const answer = await ask(PHOTO, body, 5 * MINUTE);
      const { token, error } = await read(answer);
      if (passing(answer.status)) return { waits: true };
      if (!token) return { errors: { photos: [error ?? ""] } };
      Object.assign(one, { token, tokenAt: Date.now() });
      await change(report.id, { photos: report.photos });
    }
    return {};
  }
  async function form(report, now) {
    const body = new FormData();
    for (const [name, value] of report.fields) body.append(name, value);
    for (const one of report.photos) {
      if (fresh(one)) {
        body.append("draft_photos", one.token);
        body.append(`alt_${one.token}`, one.alt ?? "");
      } else if (now) {
        const file = await photo(one.id);
        if (!file) continue;
        body.append("draft_photos", ""); // its place among those that the server has
        body.append("photos", file);
        body.append("photo_alt", one.alt ?? "");
      }
    }
    body.set("submission_id", report.id);
    body.set("kanal", report.channel);
    body.set("pressed_at", report.pressed);
    body.set("seconds", report.seconds ?? "");
    if (!now) body.set("later", "1");
    return body;
  }
  /** {state: "sent", receipt} or "waits", "ask" (the page must say something first), "wrong" ({errors}), "gone". */
  async function trySend(id, now) {
    const report = await get("reports", id);
    if (report?.state !== "queued") return { state: "gone" };
    tell({ id, state: "sending" });
    try {
      for (let again = 0; ; again += 1) {
        const { waits, errors } = now ? {} : await sendPhotos(report);
        if (waits) return await waiting(id);
        if (errors) return await wrong(id, errors);
        if (!report.tried) await change(id, { tried: true }); // from here on it may have arrived
        const answer = await ask(`${HOME}${report.kind}/${report.language ?? ""}`, await form(report, now), 2 * MINUTE);
        const data = await read(answer);
        if (answer.ok && data.number) return await arrived(report, data, now);
        if (answer.ok || passing(answer.status)) return await waiting(id); // some network's own page is no answer
        if (data.ask === "photos" && !again) {
          for (const one of report.photos) one.token = "";
          continue;
        }
        if (!now) return await wrong(id, data.errors ?? {});
        await change(id, { state: "draft" });
        return { state: "ask" };
      }
    } catch {
      return waiting(id); // no network, or the answer was cut: it may have arrived, and the same again is the same case
    }
  }
  async function waiting(id) {
    await change(id, { notBefore: 0 });
    tell({ id, state: "queued" });
    await later();
    return { state: "waits" };
  }
  async function wrong(id, errors) {
    await change(id, { state: "wrong", errors });
    tell({ id, state: "wrong" });
    return { state: "wrong", errors };
  }
  /** Off the list and, where its sender is not looking at the receipt or uses the app, among one's own cases: at once. */
  async function arrived(report, receipt, now) {
    const row = { ...receipt, id: receipt.code, title: report.title, at: Date.now(), from: report.id };
    await within(["reports", "photos", "cases"], "readwrite", async (stores) => {
      await remove(stores, report.id);
      if (!now || report.channel === "app") await done(stores.cases.put(row));
    });
    tell({ id: report.id, state: "sent", receipt: row });
    return { state: "sent", receipt };
  }
  /** Several tabs and the service worker may want to send at once; the server would see one case even so. */
  const alone = (id, action) => navigator.locks ? navigator.locks.request(`lyhord-${id}`, action) : action();
  const send = (id, { now = false } = {}) => alone(id, () => trySend(id, now));
  async function sendAll() {
    const waits = (await all("reports")).filter((row) => row.state === "queued" && (row.notBefore ?? 0) <= Date.now());
    let left = 0;
    for (const row of waits.sort((one, other) => one.at - other.at)) {
      const { state } = await send(row.id);
      if (state === "waits") left += 1;
    }
    return left;
  }
  /** Ask the browser to send when there is a network again, even if the page is closed by then; not all can. */
  async function later() {
    try {
      const registration = onPage ? await navigator.serviceWorker?.getRegistration(HOME) : self.registration;
      await registration?.sync?.register("lyhord");
    } catch { /* then when a page is opened next */ }
  }

  // ── the device ──────────────────────────────────────────────────────────────────────────────────────────────────
  const installed = () => onPage && (matchMedia("(display-mode: standalone)").matches || navigator.standalone === true
    || navigator.userAgent.includes("LyhordApp"));
  const keepCase = async (row) => { await put("cases", { at: Date.now(), ...row }); tell({ state: "case" }); };
  const forgetCase = (id) => within(["cases"], "readwrite", ({ cases }) => done(cases.delete(id)));

  const forgetPush = (id) => within(["pushes"], "readwrite", ({ pushes }) => done(pushes.delete(id)));
  const clear = () => within(STORES, "readwrite", (stores) => Promise.all(Object.values(stores).map((store) => done(store.clear()))));

  globalThis.lyhord = {
    all, get, put, within, done, tell, alone, passing, read, newId, keep, queue, change, forget, keepPhoto, photo, send, sendAll, waiting, installed, keepCase, forgetCase, forgetPush, clear, told,
  };
  if (!onPage || document.querySelector("[data-logout]")) return; // staff: the desk sends by itself what is its own

  // ── on a page ───────────────────────────────────────────────────────────────────────────────────────────────────
  let retry;
  async function resend() {
    clearTimeout(retry);
    try {
      const left = await sendAll();
      const waits = (await all("reports")).some((row) => row.state === "queued");
      if (waits) retry = setTimeout(resend, left ? 60_000 : 20_000);
    } catch { /* no storage here: nothing can wait in it */ }
  }
  addEventListener("online", resend);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") resend(); });
  told.addEventListener("change", ({ news }) => { if (news.state === "queued") { clearTimeout(retry); retry = setTimeout(resend, 20_000); } });
  const begin = () => {
    resend();
    tidy().catch(() => {});
    if (self === top) navigator.serviceWorker?.register(WORKER, { scope: HOME, updateViaCache: "none" }).catch(() => {});
  };
  // the page comes first
  if (document.readyState === "complete") setTimeout(begin); else addEventListener("load", () => setTimeout(begin));
})();
