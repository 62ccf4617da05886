// The arrows of ARCHITECTURE.md, and the one place of each built-in module that reaches outside the process.
// `npm run verify` proves on a copy with planted violations that this file still reports them.

const src = (name) => `^(packages|apps)/${name}/src/`;
const anySource = "^(packages|apps)/[^/]+/src/";

/** A package may import these others, and nothing else of the workspace. */
const ARROWS = {
  protocol: [],
  link: ["protocol"],
  tracker: ["protocol", "link"],
  peer: ["protocol", "link"],
  "view-model": ["protocol", "peer"],
  terminal: ["protocol", "peer", "view-model"],
  papo: ["protocol", "link", "tracker", "peer", "view-model", "terminal"],
  testing: ["protocol", "link"],
};

const arrows = Object.entries(ARROWS).map(([name, allowed]) => ({
  name: `arrows-of-${name}`,
  comment: `${name} may import ${allowed.join(", ") || "no other package"}; see ARCHITECTURE.md.`,
  severity: "error",
  from: { path: src(name) },
  to: {
    path: "^(packages|apps|bench|scripts)/",
    pathNot: `^(packages|apps)/(${[name, ...allowed].join("|")})/`,
  },
}));

/** Where each built-in module may be imported in sources; tests, rigs, benchmarks and scripts are free. */
const PLACES = {
  "net|tls|dgram|dns|dns/promises": ["packages/link/src/"],
  sqlite: ["packages/tracker/src/stores/", "packages/peer/src/storage/"],
  "timers|timers/promises|perf_hooks": ["packages/link/src/clock\\.ts$"],
  "http|https|http2": ["packages/tracker/src/ops/"],
  child_process: ["apps/papo/src/"],
  "readline|readline/promises|tty": ["apps/terminal/src/", "apps/papo/src/"],
  "console|process|cluster|inspector|vm|repl": [],
};

const places = Object.entries(PLACES).map(([modules, allowed]) => ({
  name: `place-of-${modules.split("|")[0]}`,
  comment: `${modules.replaceAll("|", ", ")}: only in ${allowed.join(", ").replaceAll("\\", "") || "nothing"}.`,
  severity: "error",
  from: { path: anySource, pathNot: ["^packages/testing/", ...allowed.map((place) => `^${place}`)] },
  to: { dependencyTypes: ["core"], path: `^(node:)?(${modules})$` },
}));

export default {
  forbidden: [
    ...arrows,
    ...places,
    {
      name: "no-cycle",
      comment:
        "Two modules that need each other when they run are one module, or want a third. Types may look both ways.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolves",
      comment: "What cannot be resolved cannot be checked.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^\\.\\./dist/main\\.js$" },
    },
    {
      name: "pure-packages",
      comment: "protocol and view-model run anywhere: no built-in module of Node.",
      severity: "error",
      from: { path: "^packages/(protocol|view-model)/src/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "view-model-sees-the-api",
      comment: "view-model knows the engine by its types in @papo/peer/api.",
      severity: "error",
      from: { path: src("view-model") },
      to: { path: src("peer"), pathNot: "^packages/peer/src/api\\.ts$" },
    },
    {
      name: "by-the-front-door",
      comment: "Another package is imported by its name, through its public entry.",
      severity: "error",
      from: { path: "^(packages|apps)/([^/]+)/" },
      to: {
        path: "^(packages|apps)/[^/]+/",
        pathNot: [
          "^$1/$2/",
          "^(packages|apps)/[^/]+/src/index\\.ts$",
          "^packages/peer/src/api\\.ts$",
          "^packages/view-model/src/command-texts\\.ts$",
          "^packages/protocol/src/limits\\.ts$",
          "^apps/terminal/src/starting\\.ts$",
          "^packages/link/src/memory\\.ts$",
        ],
      },
    },
    {
      name: "sources-without-tests",
      comment: "A source imports no test, no test rig, no benchmark and no development tool.",
      severity: "error",
      from: { path: anySource, pathNot: "^packages/testing/" },
      to: { path: "(^|/)test/|^packages/testing/|^bench/|^scripts/" },
    },
    {
      name: "memory-network-is-for-tests",
      comment: "Links in memory and virtual time never reach production.",
      severity: "error",
      from: { path: anySource, pathNot: ["^packages/testing/", "^packages/link/src/memory(/|\\.ts$)"] },
      to: { path: "^packages/link/src/memory(/|\\.ts$)" },
    },
    {
      name: "declared-dependencies",
      comment: "What a source imports stands under `dependencies` of its own package.json.",
      severity: "error",
      from: { path: anySource },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "handlers-are-thin",
      comment: "A handler returns replies: no store, no link, no socket.",
      severity: "error",
      from: { path: "^packages/tracker/src/handlers/" },
      to: { path: "^packages/tracker/src/stores/|^packages/link/|^(node:)?(net|tls|sqlite|fs|fs/promises)$" },
    },
    {
      name: "domain-above-stores",
      comment: "Services and repositories speak in domain words; only the composition root knows a store.",
      severity: "error",
      from: { path: "^packages/tracker/src/(services|repositories)/" },
      to: { path: "^packages/tracker/src/(stores|handlers)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^((packages|apps)/[^/]+/dist|bench/dist|coverage|\\.tmp)/" },
    combinedDependencies: false,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs", ".json"],
    },
  },
};
