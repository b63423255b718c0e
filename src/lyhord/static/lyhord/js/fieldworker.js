// The service worker of /desk/falt/: pages that were taken along open without a network; what waits is sent.
//
// LYHORD_FIELD (in /desk/falt/sw.js, written by the server): {version, files, home, offline}. No other page of the desk
// is its to see. What it keeps of cases, it keeps for a day and for one person (fieldqueue.js).
"use strict";

const { version, files, home, offline } = self.LYHORD_FIELD;
const CACHE = `lyhord-field-${version}`;
const PATIENCE = 6000; // ms: a line that lets nothing through is no better than none

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(files);
  const answer = await fetch(offline, { cache: "no-cache" });
  if (!answer.ok || answer.redirected) throw new Error(offline);
  await cache.put(offline, answer);
  await skipWaiting();
})()));
addEventListener("activate", (event) => event.waitUntil((async () => {
  const own = (await caches.keys()).filter((name) => /^lyhord-field-[0-9a-f]{12}$/.test(name) && name !== CACHE);
  await Promise.all(own.map((name) => caches.delete(name)));
  await lyhordField.tidy();
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (/^\d*\/?$/.test(url.pathname.slice(home.length)) && url.pathname.startsWith(home)) event.respondWith(page(event, url));
  } else if (files.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)));
  }
});

async function page(event, url) {
  const fromNetwork = (async () => {
    const answer = await fetch(event.request);
    if (answer.type === "opaqueredirect") event.waitUntil(lyhordField.forgetPages()); // to the log-in: nobody is here now
    else if (answer.ok) event.waitUntil(lyhordField.keepPage(url.pathname, answer.clone()));
    return answer;
  })();
  fromNetwork.catch(() => {}); // it may fail after its page has been shown
  const impatient = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const answer = await Promise.race([fromNetwork.catch(() => undefined), impatient]);
  return answer ?? (await lyhordField.keptPage(url.pathname)) ?? fromNetwork.catch(() => caches.match(offline));
}

addEventListener("sync", (event) => {
  if (event.tag === "lyhord-field") event.waitUntil(lyhordField.sendAll(home).then(({ left }) => { if (left) throw new Error("more"); }));
});
