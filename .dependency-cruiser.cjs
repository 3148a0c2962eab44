/** The directions of docs/architecture.md, as rules. */
const leaves =
  "^src/(clock|errors|journal-field|machine-id|own-journal|printable|progress|recorder-process|shell-word|timers|two-digits|version)\\.ts$";
const stage = (name, also = []) => ({
  name: `${name}-stays-in-place`,
  comment: `src/${name} may know the format and the leaves (errors, printable, timers)${also.length ? ` and ${also.join(", ")}` : ""}: what else it needs is handed to it by bin/ or src/recording.ts, as a parameter or an interface.`,
  severity: "error",
  from: { path: `^src/${name}/`, pathNot: "\\.test\\.ts$" },
  to: {
    path: "^(src|bin)/",
    pathNot: [`^src/${name}/`, "^src/format/", leaves, ...also.map((path) => `^src/${path}`)],
  },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "A cycle has no first thing to understand: move what both need below them.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "format-is-pure",
      comment: "src/format does no I/O and knows no clock and no process, so that any program and any page can use it.",
      severity: "error",
      from: { path: "^src/format/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: ["^src/format/", leaves] },
    },
    {
      name: "emulator-runs-in-a-page",
      comment: "src/emulator knows nothing of ours and nothing of Node's: a page shows recordings with it too.",
      severity: "error",
      from: { path: "^src/emulator/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: ["^src/emulator/", "^node_modules/@xterm/"] },
    },
    stage("terminal"),
    stage("tap", ["writer/writer\\.ts"]),
    stage("writer"),
    stage("reader"),
    stage("play", ["emulator/"]),
    stage("export", ["emulator/"]),
    stage("search", ["emulator/", "catalog/pattern\\.ts"]),
    stage("import", ["reader/(line-splitter|reader)\\.ts"]),
    stage("catalog"),
    stage("config"),
    stage("session"),
    stage("transfer"),
    {
      name: "site-stays-in-place",
      comment:
        "src/site knows the host's files and commands, and no recordings: what the doctor must know of them is handed to it by src/administer.",
      severity: "error",
      from: { path: "^src/site/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(src|bin)/", pathNot: ["^src/site/", leaves] },
    },
    {
      name: "administer-records-nothing",
      comment:
        "recctl reads, shows and keeps recordings: what makes them is not its business, and its start must not wait for it.",
      severity: "error",
      from: { path: "^src/(administer|indexing)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/(terminal|tap|writer|recording\\.ts|media\\.ts|command\\.ts)" },
    },
    {
      name: "library-records-nothing",
      comment:
        "The library reads recordings and makes them of what is at hand, in any program: it starts no session, touches no terminal, reads no options, and needs no addon.",
      severity: "error",
      from: { path: "^src/library/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^src/(terminal|tap|writer|session|transfer|site|administer|recording\\.ts|media\\.ts|command\\.ts|cli\\.ts)",
        reachable: true,
      },
    },
    {
      name: "library-for-pages",
      comment: "rec-session/format and rec-session/emulator run in a browser: they lead to nothing but what does.",
      severity: "error",
      from: { path: "^src/library/(format|emulator)\\.ts$" },
      to: {
        pathNot: ["^src/(format|emulator)/", "^src/(errors|printable)\\.ts$", "^node_modules/@xterm/headless/"],
        reachable: true,
      },
    },
    {
      name: "nothing-imports-the-library",
      comment: "It is the way in for others: what the programs share with it is below it.",
      severity: "error",
      from: { path: "^(src|bin)/", pathNot: "^src/library/" },
      to: { path: "^src/library/" },
    },
    {
      name: "only-bin-administers",
      comment: "The subcommands are the top: what another part needs of them belongs in the catalog, or below it.",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/administer/", "\\.test\\.ts$"] },
      to: { path: "^src/administer/" },
    },
    {
      name: "no-npm-on-the-start-path",
      comment: "A login waits for every module that the recorders import: they do without packages.",
      severity: "error",
      from: {
        path: "^(bin/(rec|rec-session|recorder|start)\\.ts|src/(recording|media|command|about|exempting|system-log)\\.ts|src/(terminal|tap|writer|session|transfer|config|format)/)",
        pathNot: "\\.test\\.ts$",
      },
      to: { dependencyTypes: ["npm", "npm-dev", "npm-optional"] },
    },
    {
      name: "product-knows-no-tests",
      comment: "What tests need stays in test/.",
      severity: "error",
      from: { path: "^(src|bin)/", pathNot: "\\.test\\.ts$" },
      to: { path: ["^test/", "\\.test\\.ts$", "^bench/"] },
    },
    {
      name: "nothing-imports-bin",
      comment: "bin/ is wiring only: what is worth importing belongs in src/.",
      severity: "error",
      from: { path: "^(src|test|bench)/" },
      to: { path: "^bin/" },
    },
    {
      name: "nothing-unresolved",
      comment: "The name is wrong, or the package is not in package.json.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(build|coverage)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
