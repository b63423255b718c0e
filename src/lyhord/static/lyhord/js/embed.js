// On another site: puts our form, map or list in a frame where this script stands, as high as what is in it.
//
//   <script src="https://dialog.motala.se/embed.js" data-title="Felanmälan" async></script>
//
//   data-show    report (if nothing is said), map, list        data-kind    felanmalan, klagomal …: skips the choice
//   data-title   what the frame is called, for those who hear  data-query   typ=gata.hal, sprak=en, kategori=belysning …
//   data-height  in pixels until the page has said its own
"use strict";

(() => {
  const me = document.currentScript;
  const { show = "report", kind = "", query = "", title = "", height = "900" } = me.dataset;
  const paths = { report: `/inbaddat/beratta/${kind ? `${encodeURIComponent(kind)}/` : ""}`, map: "/inbaddat/karta/", list: "/inbaddat/lista/" };
  const address = new URL(paths[show] ?? paths.report, me.src);
  address.search = query;
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: address.href, title: title || address.hostname, allow: "geolocation; clipboard-write" });
  Object.assign(frame.style, { width: "100%", height: `${Number(height) || 900}px`, border: "0", display: "block" });
  let pages = 0;
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== address.origin || typeof data?.lyhord !== "string") return;
    if (data.lyhord === "height" && data.height > 0) frame.style.height = `${Math.ceil(data.height)}px`;
    // the next page is shorter or longer than the one before: its beginning must be seen
    if (data.lyhord === "page" && pages++ && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
  me.after(frame);
})();
