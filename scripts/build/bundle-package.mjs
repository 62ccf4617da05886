import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import { filesUnder } from "../checks/tree.mjs";

/** Also without an entry in package.json: what the command starts with. */
const MAIN = "src/main.ts";

/**
 * Bundles the sources of one package into its dist/, or that of another place: a file for each way in (what package.json exports, and each thread) and chunks
 * for what they share or load
 * later. Other packages stay what they are: imports.
 */
export async function bundlePackage(folder, out = folder) {
  const { metafile } = await build({
    entryPoints: entriesOf(folder).map((entry) => join(folder, entry)),
    outbase: join(folder, "src"),
    outdir: join(out, "dist"),
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node24.7",
    charset: "utf8",
    logLevel: "warning",
    metafile: true,
    plugins: [ownPlaces(folder)],
  });
  const lost = Object.keys(metafile.outputs).filter((path) => !inDistRoot(out, path) && hasPlaces(path));
  if (lost.length > 0) throw new Error(`these files of a build do not know where they are: ${lost.join(", ")}`);
}

function entriesOf(folder) {
  const { exports = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const exported = Object.values(exports).map(({ source }) => source);
  const threads = filesUnder(folder, "src", "-worker.ts");
  return [...exported, ...threads, ...(existsSync(join(folder, MAIN)) ? [MAIN] : [])];
}

/** `import.meta.url` goes on meaning the place of the source, so that a thread or a file beside it is found. */
function ownPlaces(folder) {
  const sources = join(folder, "src");
  return {
    name: "own-places",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!text.includes("import.meta.url")) return undefined;
        const place = relative(sources, path).replaceAll("\\", "/").replace(/\.ts$/, ".js");
        const url = `new URL(${JSON.stringify(`./${place}`)}, import.meta.url).href`;
        return { contents: text.replaceAll("import.meta.url", url), loader: "ts" };
      });
    },
  };
}

/** Chunks stand there: what they hold counts its places from there. */
function inDistRoot(out, path) {
  return relative(join(out, "dist"), dirname(path)) === "";
}

function hasPlaces(path) {
  return readFileSync(path, "utf8").includes("import.meta.url");
}
