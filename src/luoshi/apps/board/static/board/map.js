// The map of the topics board: areas coloured by how many requests lie in them. Small counts are
// not in the page at all. The list says the same in words.
"use strict";

(() => {
  const box = document.querySelector("[data-heat-map]");
  if (!box || typeof L === "undefined") return;
  const said = document.getElementById("map-said");
  const everything = said.textContent;
  const read = (element) => JSON.parse(element.dataset.counts || "{}");
  const style = (counts) => {
    const most = Math.max(1, ...Object.values(counts));
    return (feature) => {
      const n = counts[feature.properties.code] || 0;
      return { color: "#77828b", weight: 1, fillColor: "#b3261e", fillOpacity: n ? 0.15 + (0.65 * n) / most : 0.02, interactive: Boolean(n) };
    };
  };
  const language = document.documentElement.lang.startsWith("en") ? "en" : "zh-Hans";
  const map = L.map(box, { zoomControl: false, attributionControl: false, scrollWheelZoom: false });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  map.setView([36.7, 119.1], 9);
  if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 18 }).addTo(map);

  let layer = null;
  let shapes = null;
  const draw = (counts) => {
    if (!shapes || !shapes.features.length) return;
    if (layer) layer.remove();
    layer = L.geoJSON(shapes, {
      style: style(counts),
      onEachFeature: (feature, one) => {
        const n = counts[feature.properties.code];
        if (n) one.bindTooltip(`${feature.properties[language]}: ${n}`);
      },
    }).addTo(map);
  };
  fetch(box.dataset.areas, { credentials: "same-origin" })
    .then((got) => (got.ok ? got.json() : null), () => null)
    .then((found) => {
      shapes = found;
      draw(read(box));
      if (layer) map.fitBounds(layer.getBounds());
    });

  const aside = box.closest(".board-map");
  const home = aside.parentElement;
  const isNarrow = window.matchMedia("(max-width: 64rem)"); // no room beside the list: as board.css
  const buttons = [...document.querySelectorAll("button[data-counts]")];
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      for (const one of buttons) one.setAttribute("aria-pressed", String(on && one === button));
      draw(read(on ? button : box));
      const topic = button.closest(".topic").querySelector("h2").textContent;
      (on && isNarrow.matches ? button.closest(".topic") : home).append(aside);
      map.invalidateSize();
      said.textContent = on ? topic : everything;
    });
  }
})();
