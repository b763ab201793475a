// Maps of the desk: where a matter is, and a place to choose. The areas are our own polygons; tiles
// come only from where the installation says.
"use strict";

(() => {
  const MARK = { radius: 8, color: "#b3261e", weight: 3, fillColor: "#ffffff", fillOpacity: 0.9 };
  const AREA = { color: "#77828b", weight: 1, fillColor: "#17506b", fillOpacity: 0.04, interactive: false };
  let areas;

  const outlines = (address) => {
    if (!address) return Promise.resolve(null);
    areas = areas || fetch(address, { credentials: "same-origin" }).then((got) => (got.ok ? got.json() : null), () => null);
    return areas;
  };

  const drawn = async (element, { tiles, areas: address, zoomIn, zoomOut }, centre) => {
    const map = L.map(element, { zoomControl: false, attributionControl: false, scrollWheelZoom: false });
    L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map);
    map.setView(centre || [36.7, 119.1], centre ? (tiles ? 15 : 13) : 9);
    if (tiles) L.tileLayer(tiles, { maxZoom: 18 }).addTo(map);
    const found = await outlines(address);
    if (!found || !found.features || !found.features.length) return map;
    const layer = L.geoJSON(found, { style: AREA }).addTo(map);
    if (!centre) map.fitBounds(layer.getBounds());
    return map;
  };

  const show = async (element) => {
    const at = [Number(element.dataset.lat), Number(element.dataset.lon)];
    const map = await drawn(element, element.dataset, at);
    L.circleMarker(at, MARK).addTo(map);
  };

  const pick = async (box) => {
    const element = box.querySelector("[data-point-map]");
    const [lon, lat] = ["lon", "lat"].map((part) => box.querySelector(`input[name$=".${part}"]`));
    const clear = box.querySelector("[data-point-clear]");
    element.hidden = false;
    clear.hidden = false;
    const given = () => (lon.value.trim() && lat.value.trim() ? [Number(lat.value), Number(lon.value)] : null);
    const map = await drawn(element, box.dataset, given());
    let mark = null;
    const place = () => {
      const at = given();
      if (mark) mark.remove();
      mark = at && at.every(Number.isFinite) ? L.circleMarker(at, MARK).addTo(map) : null;
    };
    map.on("click", (event) => {
      const at = event.latlng.wrap();
      lon.value = at.lng.toFixed(6);
      lat.value = at.lat.toFixed(6);
      place();
    });
    for (const input of [lon, lat]) input.addEventListener("change", place);
    clear.addEventListener("click", () => {
      lon.value = lat.value = "";
      place();
    });
    place();
  };

  const begin = (root) => {
    for (const element of root.querySelectorAll("[data-map]:not([data-drawn])")) {
      element.dataset.drawn = "yes";
      show(element);
    }
    for (const box of root.querySelectorAll("[data-point-name]:not([data-drawn])")) {
      box.dataset.drawn = "yes";
      pick(box);
    }
  };
  begin(document);
  document.addEventListener("htmx:load", (event) => begin(event.target));
})();
