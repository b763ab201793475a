// A map to choose a place on: our own areas as outlines, tiles only where they are configured.
"use strict";

const NAMES_FROM = 13;
const language = document.documentElement.lang;

function nameOf(feature) {
  return feature.properties[language] || feature.properties["zh-Hans"];
}

class Place {
  constructor(box) {
    this.box = box;
    this.told = box.querySelector(".map-told");
    const name = box.querySelector(".map").id;
    this.lon = document.getElementsByName(`${name}.lon`)[0];
    this.lat = document.getElementsByName(`${name}.lat`)[0];
    box.hidden = false;
    this.map = L.map(name, { attributionControl: false, scrollWheelZoom: false, zoomControl: false, zoomSnap: 0.25, maxZoom: 18 }).setView([35.5, 122.5], 10);
    L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(this.map);
    if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { maxZoom: 18 }).addTo(this.map);
    this.map.on("click", (event) => this.choose(event.latlng));
    this.map.on("focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.map.getContainer()) return;
      event.preventDefault();
      this.choose(this.map.getCenter());
    });
    box.querySelector("button[data-here]").addEventListener("click", () => this.locate());
    box.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    this.map.on("zoomend", () => this.scale());
    this.tell();
    this.draw();
  }

  async draw() {
    const answer = await fetch(this.box.dataset.shapes);
    if (!answer.ok) return;
    this.areas = L.geoJSON(await answer.json(), {
      style: { color: "#17506b", weight: 1.2, fillColor: "#ffffff", fillOpacity: this.box.dataset.tiles ? 0.1 : 0.75 },
      onEachFeature: (feature, layer) => layer.bindTooltip(nameOf(feature), { permanent: true, direction: "center", className: "area-name" }),
    }).addTo(this.map);
    if (this.areas.getLayers().length) this.map.fitBounds(this.areas.getBounds(), { padding: [8, 8] });
    this.scale();
    if (this.lon.value) this.choose(L.latLng(Number(this.lat.value), Number(this.lon.value)), 13);
  }

  // Names only where there is room for them.
  scale() {
    this.map.getContainer().classList.toggle("far", this.map.getZoom() < NAMES_FROM);
  }

  choose(point, zoom) {
    this.lon.value = point.lng.toFixed(6);
    this.lat.value = point.lat.toFixed(6);
    this.mark ??= L.marker(point, { icon: L.divIcon({ className: "", html: '<div class="spot"></div>' }), keyboard: false });
    this.mark.setLatLng(point).addTo(this.map);
    if (zoom) this.map.setView(point, zoom);
    this.tell(point);
  }

  clear() {
    this.lon.value = this.lat.value = "";
    if (this.mark) this.mark.remove();
    this.tell();
  }

  // Position is asked for at a click, once; nothing follows anybody.
  locate() {
    navigator.geolocation.getCurrentPosition(
      (found) => this.choose(L.latLng(found.coords.latitude, found.coords.longitude), 15),
      () => { this.told.textContent = this.told.dataset.fail; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  }

  tell(point) {
    const words = this.told.dataset;
    if (!point) this.told.textContent = words.none;
    else {
      const area = this.areaAt(point);
      this.told.textContent = area ? words.here.replace("{place}", area) : words.outside;
    }
    this.told.classList.toggle("wrong", Boolean(point) && !this.areaAt(point));
  }

  areaAt(point) {
    if (!this.areas) return "";
    for (const layer of this.areas.getLayers()) {
      if (layer.getBounds().contains(point) && inside(layer.feature.geometry, point)) return nameOf(layer.feature);
    }
    return "";
  }
}

// Even-odd rule over every ring: holes and parts count by themselves.
function inside(geometry, point) {
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  let crossings = 0;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [x1, y1] = ring[i], [x2, y2] = ring[j];
      if ((y1 > point.lat) !== (y2 > point.lat) && point.lng < ((x2 - x1) * (point.lat - y1)) / (y2 - y1) + x1) crossings++;
    }
  }
  return crossings % 2 === 1;
}

for (const box of document.querySelectorAll("[data-map]")) new Place(box);
