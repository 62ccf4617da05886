#!/usr/bin/env node
// The command. It runs before anything is known about the Node that started it, so it has no static
// import and keeps to syntax that a very old Node can parse: such a Node must get the sentence below,
// not a stack trace. In a checkout it runs the TypeScript sources, once installed it runs dist/.

const NODE_FLOOR = [24, 7];

function nodeIsTooOld(version) {
  const parts = version.split(".").map(Number);
  return parts[0] < NODE_FLOOR[0] || (parts[0] === NODE_FLOOR[0] && parts[1] < NODE_FLOOR[1]);
}

/** A folder of the user's own: the default, inside the shared temporary folder, could be prepared by somebody else. */
function compileCacheFolder(os, path) {
  if (process.env.NODE_COMPILE_CACHE) return process.env.NODE_COMPILE_CACHE;
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Caches", "papo", "compiled");
  if (process.platform === "win32" && process.env.LOCALAPPDATA) {
    return path.join(process.env.LOCALAPPDATA, "papo", "Cache", "compiled");
  }
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "papo", "compiled");
}

/** Lets `@papo/…` mean the TypeScript sources, as `node --conditions=source` would, without a second process. */
function useSources(module) {
  module.registerHooks({
    resolve(specifier, context, nextResolve) {
      const conditions = Array.from(context.conditions || []).concat("source");
      return nextResolve(specifier, Object.assign({}, context, { conditions }));
    },
  });
}

function run() {
  return Promise.all([import("node:module"), import("node:fs"), import("node:os"), import("node:path")])
    .then((builtin) => {
      const [module, fs, os, path] = builtin;
      module.enableCompileCache(compileCacheFolder(os, path));
      const source = new URL("../src/main.ts", import.meta.url);
      if (!fs.existsSync(source)) return import("../dist/main.js");
      useSources(module);
      return import(source.href);
    })
    .then((program) => program.main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    });
}

if (nodeIsTooOld(process.versions.node)) {
  process.stderr.write(`Papo needs Node.js 24.7 or newer; this is Node.js ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  run().catch((error) => {
    process.stderr.write(`${(error && error.stack) || error}\n`);
    process.exitCode = 70;
  });
}
