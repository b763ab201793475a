// Copies what the browser gets from node_modules to src/luoshi/static/vendor, with a .gz beside each.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const vendor = join(root, "src/luoshi/static/vendor");

// from node_modules → below static/vendor; a name that a new version no longer has stops the build
const files = {
  "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
  "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
  "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
  "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
  "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
  "leaflet/dist/images": "leaflet/images",
};
const texts = new Set([".css", ".js", ".svg"]);

function copy(from, to) {
  const target = join(vendor, to);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(modules, from), target, { recursive: true });
}

// The maps are not served, so nothing may ask for them.
function withoutMap(text) {
  return text.replace(/\n?(\/\*# sourceMappingURL=[^*]*\*\/|\/\/# sourceMappingURL=\S+)\s*$/, "\n");
}

function compress(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) compress(path);
    else if (texts.has(extname(path))) {
      writeFileSync(path, withoutMap(readFileSync(path, "utf8")));
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
    }
  }
}

rmSync(vendor, { recursive: true, force: true });
for (const [from, to] of Object.entries(files)) copy(from, to);
compress(vendor);
console.log(`${Object.keys(files).length} entries for the browser in src/luoshi/static/vendor`);
