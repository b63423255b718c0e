// The service worker of /beratta/ and nothing else: the desk, the settings and other people's cases are not its to see.
//
// It keeps the form and what the form needs, so that it opens without a network; pages are asked for anew each time and
// shown from the device only when no answer comes. LYHORD (in /beratta/sw.js, written by the server) says what to keep:
// {version, files, pages, offline}. Sending is app.js's.
"use strict";

const { version, files, first, pages, offline, home, share, fault } = self.LYHORD;
const CACHE = `lyhord-${version}`;
const PATIENCE = 6000; // ms: a line that lets nothing through is no better than none

addEventListener("install", (event) => event.waitUntil(fetchAll().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function fetchAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll(files);
  await Promise.all([...first, offline].map(async (page) => {
    const answer = await fetch(page, { cache: "no-cache" });
    if (!answer.ok) throw new Error(page);
    await cache.put(page, answer);
  }));
}

async function takeOver() {
  // The one before stays: a page that was opened before may still ask for its files. `keys` is in order of age.
  const own = (await caches.keys()).filter((name) => name.startsWith("lyhord-") && name !== CACHE);
  await Promise.all(own.slice(0, -1).map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === share) return event.respondWith(takeShared(event));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (url.pathname.startsWith(home)) event.respondWith(page(event, url));
  } else if (files.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)));
  }
});

/** From the network; when that says nothing, as it was last time; else a page that says so. */
async function page(event, url) {
  const ours = pages.includes(url.pathname);
  const fromNetwork = (async () => {
    const answer = (await event.preloadResponse) ?? await fetch(event.request);
    if (ours && !url.search && answer.ok && !answer.redirected) {
      const copy = answer.clone();
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(url.pathname, copy)));
    }
    return answer;
  })();
  if (!ours) return fromNetwork.catch(() => caches.match(offline));
  fromNetwork.catch(() => {}); // it may fail after its page has been shown
  const impatient = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const answer = await Promise.race([fromNetwork.catch(() => undefined), impatient]);
  return answer ?? (await caches.match(url.pathname)) ?? fromNetwork.catch(() => caches.match(offline));
}

/** Pictures that another app shares become a draft, whether there is a network or not. */
async function takeShared(event) {
  try {
    const given = await event.request.formData();
    const photos = [];
    for (const file of given.getAll("photos").filter((one) => one.size).slice(0, 3)) {
      const id = lyhord.newId();
      await lyhord.keepPhoto(id, file);
      photos.push({ id });
    }
    const text = [given.get("title"), given.get("text")].filter(Boolean).join("\n");
    const id = await lyhord.keep({ id: lyhord.newId(), kind: fault, state: "draft", fields: [["text", text]], photos, opened: Date.now() });
    return Response.redirect(`${home}${fault}/?utkast=${id}`, 303);
  } catch {
    return Response.redirect(`${home}${fault}/`, 303);
  }
}

addEventListener("sync", (event) => {
  if (event.tag === "lyhord") event.waitUntil(lyhord.sendAll().then((left) => { if (left) throw new Error("more"); }));
});

// ── news ──────────────────────────────────────────────────────────────────────────────────────────────────────────
addEventListener("push", (event) => {
  let news = {};
  try { news = event.data.json(); } catch { /* not ours, or empty: something must be shown all the same */ }
  event.waitUntil(registration.showNotification(news.title ?? self.LYHORD.name, {
    body: news.body ?? "", lang: news.lang, tag: news.tag, renotify: Boolean(news.tag), icon: self.LYHORD.icon, badge: self.LYHORD.badge, data: { url: news.url },
  }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? home, location.origin);
  const ours = url.origin === location.origin ? url : new URL(home, location.origin);
  event.waitUntil((async () => {
    const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = open.find((client) => new URL(client.url).pathname === ours.pathname);
    return there ? there.focus() : clients.openWindow(ours.href);
  })());
});

// The browser's service has given the device a new address: every case, matter and alert that it is told of must know.
addEventListener("pushsubscriptionchange", (event) => event.waitUntil((async () => {
  const told = await lyhord.all("pushes");
  if (!told.length) return;
  const renewed = event.newSubscription ?? await registration.pushManager.subscribe(event.oldSubscription.options);
  for (const row of told) {
    const answer = await fetch(row.api ?? "/api/v1/own-case/push", {
      method: "PUT", headers: { ...(!row.api && { "X-Follow-Code": row.id }), "Content-Type": "application/json" },
      body: JSON.stringify(row.api ? { subscription: renewed, ...(row.level && { level: row.level }) } : renewed),
    });
    if (!answer.ok) continue;
    const now = { ...row, ...await answer.json() };
    if (row.stop) now.stop = row.stop.replace(row.token, now.token);
    await lyhord.put("pushes", now);
  }
})()));
