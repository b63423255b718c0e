// The map, fetched only when somebody asks for it. open.js calls start(details).
//
// pick   a press, or Enter on the keyboard, says where it is: "lyhord:position" on the form; follows "lyhord:show"
// list   published cases: {cases: [{title, url, lat, lon, state, state_label}], clusters: [{lat, lon, count}]} per tile
// heat   how closely cases lie: {side: metres, cells: [[lat, lon, count]]}, densest first, from data-cases
// show   one point
//
// The list's and the heat's map begin with the whole municipality in sight, the others where they are told. Without background tiles (none set up, or no network) its boundary
// and a grid are drawn instead.

const PIN = '<svg viewBox="0 0 28 36" aria-hidden="true"><path d="M14 35C5 24 1 19 1 13a13 13 0 0 1 26 0c0 6-4 11-13 22z"/><circle cx="14" cy="13" r="4.5"/></svg>';
const MOST_TILES = 24;
const HEAP = 44; // pixels: pins closer than this are shown as one heap

export async function start(root) {
  const box = root.querySelector("[data-map]");
  const settings = box.dataset;
  await Promise.all([...settings.css.split(" ").map(style), script(settings.leaflet)]);
  const L = window.L;
  const wide = settings.map === "list" || settings.map === "heat";
  const map = L.map(box, {
    center: [Number(settings.lat), Number(settings.lon)],
    zoom: Number(settings.zoom) || 13,
    maxZoom: 18,
    minZoom: 6,
    zoomSnap: settings.tiles ? 1 : 0.25, // drawn lines are sharp at any zoom, pictures are not
    zoomControl: false,
    scrollWheelZoom: wide,
    fadeAnimation: false,
  });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: settings.zoomIn, zoomOutTitle: settings.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  box.setAttribute("role", "application");
  box.setAttribute("aria-label", settings.label);
  const boundary = await outline(L, settings.boundary);
  if (boundary && wide) map.fitBounds(boundary.getBounds());
  background(L, map, settings, boundary);
  ({ pick, list, heat, show })[settings.map]?.(L, map, box);
}

// ── background ──────────────────────────────────────────────────────────────────────────────────────────────────
/** The municipality's boundary as a layer, or null. */
async function outline(L, url) {
  if (!url) return null;
  try {
    const answer = await fetch(url);
    return answer.ok ? L.geoJSON(await answer.json(), { interactive: false, style: { className: "map-boundary" } }) : null;
  } catch {
    return null;
  }
}

function background(L, map, settings, boundary) {
  boundary?.addTo(map);
  const drawGrid = () => {
    const Grid = L.GridLayer.extend({
      createTile() {
        const tile = document.createElement("div");
        tile.className = "map-grid";
        return tile;
      },
    });
    new Grid({ tileSize: 128 }).addTo(map);
    map.getContainer().classList.add("map-bare");
  };
  if (!settings.tiles) return drawGrid();
  let arrived = false;
  let drawn = false;
  L.tileLayer(settings.tiles, { attribution: settings.attribution, maxZoom: 19 })
    .on("tileload", () => { arrived = true; })
    .on("tileerror", () => {
      if (!arrived && !drawn) drawGrid();
      drawn = true;
    })
    .addTo(map);
}

const icon = (L, className, html, size = [28, 36]) =>
  L.divIcon({ className: `map-pin ${className}`, html, iconSize: size, iconAnchor: size[0] === size[1] ? [size[0] / 2, size[1] / 2] : [size[0] / 2, size[1]] });

// ── pick ────────────────────────────────────────────────────────────────────────────────────────────────────────
function pick(L, map, box) {
  const form = box.closest("form");
  const { here, point } = box.dataset;
  let marker;
  const place = (where) => {
    marker ??= L.marker(where, { icon: icon(L, "voice", PIN), title: here, alt: here, keyboard: false, draggable: true, autoPan: true })
      .on("dragend", () => tell(marker.getLatLng()))
      .addTo(map);
    marker.setLatLng(where);
  };
  const tell = ({ lat, lng }) => {
    place([lat, lng]);
    const detail = { lat: Number(lat.toFixed(6)), lon: Number(lng.toFixed(6)), accuracy: null, source: "map", label: point };
    form.dispatchEvent(new CustomEvent("lyhord:position", { detail }));
  };
  const cross = document.createElement("span");
  cross.className = "map-cross";
  box.append(cross);
  map.on("click", (event) => tell(event.latlng));
  box.addEventListener("keydown", (event) => {
    if (event.target !== box || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault(); // Enter would send the form
    tell(map.getCenter());
  });
  form.addEventListener("lyhord:show", ({ detail }) => {
    if (detail.source === "map") return;
    place([detail.lat, detail.lon]);
    map.setView([detail.lat, detail.lon], Math.max(map.getZoom(), 16));
  });
  const { lat, lon } = form.elements;
  if (lat.value && lon.value) {
    place([lat.value, lon.value]);
    map.setView([lat.value, lon.value], 16);
  }
}

// ── list ────────────────────────────────────────────────────────────────────────────────────────────────────────
function list(L, map, box) {
  const layer = L.layerGroup().addTo(map);
  const cache = new Map();
  let round = 0;

  const get = (z, x, y) => {
    const url = box.dataset.cases.replace("{z}", z).replace("{x}", x).replace("{y}", y);
    if (!cache.has(url)) {
      const asked = fetch(url).then((answer) => (answer.ok ? answer.json().then(unpacked) : Promise.reject(new Error(answer.status))));
      cache.set(url, asked.catch(() => { cache.delete(url); return {}; }));
    }
    return cache.get(url);
  };

  const popup = ({ title, url, words }) => {
    const content = document.createElement("p");
    const link = document.createElement("a");
    link.href = url;
    if (box.dataset.target) link.target = box.dataset.target;
    link.textContent = title;
    content.append(link, document.createElement("br"), words);
    return content;
  };

  async function draw() {
    const mine = ++round;
    let z = Math.min(Math.floor(map.getZoom()), 18);
    let tiles = covering(L, map, z);
    while (tiles.length > MOST_TILES) tiles = covering(L, map, --z);
    const answers = await Promise.all(tiles.map(([x, y]) => get(z, x, y)));
    if (mine !== round) return;
    layer.clearLayers();
    const { single, heaps } = gather(L, map, answers);
    for (const found of single) {
      const words = `${found.title}, ${found.words}`;
      L.marker([found.lat, found.lon], { icon: icon(L, `state ${found.state}`, PIN), title: words, alt: words, riseOnHover: true })
        .bindPopup(() => popup(found), { offset: [0, -28] })
        .addTo(layer);
    }
    for (const { lat, lon, count } of heaps) {
      const words = `${count} ${box.dataset.many}`;
      const number = document.createElement("b");
      number.textContent = count;
      L.marker([lat, lon], { icon: icon(L, "cluster", number, [44, 44]), title: words, alt: words })
        .on("click", () => map.setView([lat, lon], Math.min(map.getZoom() + 2, map.getMaxZoom())))
        .addTo(layer);
    }
  }
  map.on("moveend", draw);
  draw();
}

// ── heat ────────────────────────────────────────────────────────────────────────────────────────────────────────
async function heat(L, map, box) {
  const answer = await fetch(box.dataset.cases);
  if (!answer.ok) throw new Error(answer.status);
  const { side, cells } = await answer.json();
  if (!cells.length) return;
  const most = Math.sqrt(cells[0][2]);
  const dots = [...cells].reverse().map(([lat, lon, count]) => { // the densest on top
    const strength = Math.sqrt(count) / most; // else one spot would drown all others
    const dot = L.circleMarker([lat, lon], { stroke: false, fillOpacity: 0.2 + 0.6 * strength, className: "map-heat", interactive: false });
    return { dot: dot.addTo(map), strength };
  });
  const size = () => { // as wide as the cell is, but never too small to see
    const [a, b] = [L.latLng(cells[0][0], cells[0][1]), L.latLng(cells[0][0], cells[0][1] + 0.1)];
    const pixels = (map.project(b).x - map.project(a).x) / map.distance(a, b);
    for (const { dot, strength } of dots) dot.setRadius(Math.max(4 + 8 * strength, side * pixels * (0.5 + 0.4 * strength)));
  };
  map.on("zoomend", size);
  size();
  if (!box.dataset.boundary) map.fitBounds(L.latLngBounds(cells.map(([lat, lon]) => [lat, lon])));
}

/** What the tiles hold, once each: cases that have room for a pin, and heaps of those that would hide one another. */
/** What the cases of a tile have in common is said once in it (www/public/tiles.py). */
function unpacked({ url, states = [], cases = [], clusters }) {
  const whole = ([title, number, lat, lon, which]) => {
    const [state, words] = states[which];
    return { title, url: url.replace("{}", number), lat, lon, state, words };
  };
  return { cases: cases.map(whole), clusters };
}

function gather(L, map, answers) {
  const cells = [];
  const seen = new Set();
  const put = (item, count) => {
    const at = map.project([item.lat, item.lon]);
    let cell = cells.find((other) => other.at.distanceTo(at) < HEAP);
    if (!cell) cells.push((cell = { at, items: [], count: 0, lat: 0, lon: 0 }));
    cell.items.push(item);
    cell.count += count;
    cell.lat += item.lat * count;
    cell.lon += item.lon * count;
  };
  for (const { cases = [], clusters = [] } of answers) {
    for (const item of clusters) put(item, item.count);
    for (const item of cases) {
      if (seen.has(item.url)) continue;
      seen.add(item.url);
      put(item, 1);
    }
  }
  const deepest = map.getZoom() >= map.getMaxZoom(); // nothing more to zoom into: every pin is shown
  const single = [];
  const heaps = [];
  for (const { items, count, lat, lon } of cells) {
    if (items.every((item) => item.url) && (count === 1 || deepest)) single.push(...items);
    else heaps.push({ lat: lat / count, lon: lon / count, count });
  }
  return { single, heaps };
}

/** The tiles [x, y] at zoom z that the map shows. */
function covering(L, map, z) {
  const bounds = map.getBounds();
  const least = map.project(bounds.getNorthWest(), z).divideBy(256).floor();
  const most = map.project(bounds.getSouthEast(), z).divideBy(256).floor();
  const end = 2 ** z - 1;
  const tiles = [];
  for (let x = Math.max(0, least.x); x <= Math.min(end, most.x); x++) {
    for (let y = Math.max(0, least.y); y <= Math.min(end, most.y); y++) tiles.push([x, y]);
  }
  return tiles;
}

// ── show ────────────────────────────────────────────────────────────────────────────────────────────────────────
function show(L, map, box) {
  L.marker(map.getCenter(), { icon: icon(L, "voice", PIN), interactive: false, keyboard: false, alt: box.dataset.label }).addTo(map);
}

// ── fetching what the map needs ─────────────────────────────────────────────────────────────────────────────────
function style(href) {
  return load(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}

function script(src) {
  return window.L ? Promise.resolve() : load(Object.assign(document.createElement("script"), { src }));
}

function load(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}
