import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readerFlags, recorderFlags } from "../../scripts/native.ts";
import { optionTable } from "../../src/config/options.ts";
import { listed, packageFile, packagingMissing, unpacked } from "./packages.ts";

describe.skipIf(packagingMissing !== undefined)(
  `what is in the packages (${packagingMissing ?? "all tools are here"})`,
  () => {
    let deb = "";
    let rpm = "";
    const folders: Record<string, string> = {};

    beforeAll(() => {
      deb = packageFile("rec-session", "deb");
      rpm = packageFile("rec-session", "rpm");
      for (const file of [deb, rpm]) folders[file] = unpacked(file);
    });
    afterAll(() => {
      for (const folder of Object.values(folders)) rmSync(folder, { recursive: true });
    });

    test("lintian finds no error", () => {
      const debs = ["rec-session", "rec-session-tlog"].map((name) => packageFile(name, "deb"));
      const { status, stdout } = spawnSync("lintian", ["--allow-root", "--fail-on", "error,warning", ...debs]);
      expect(stdout.toString()).toBe("");
      expect(status).toBe(0);
    });

    test("the .deb has every program, root's, and none with a privilege: the group is not known yet", () => {
      const files = listed(deb);
      const program = "-rwxr-xr-x root root";
      const link = "lrwxrwxrwx root root ../lib/rec-session/launcher";
      expect(Object.fromEntries([...files].filter(([path]) => path.startsWith("/usr/bin/")))).toEqual({
        "/usr/bin/rec-session": program,
        "/usr/bin/rec": link,
        "/usr/bin/rec-play": link,
        "/usr/bin/recctl": link,
      });
      for (const name of ["node", "launcher", "witness"])
        expect(files.get(`/usr/lib/rec-session/${name}`)).toBe(program);
      for (const [path, kind] of files)
        expect(kind, path).toMatch(/^(drwxr-xr-x|-rw[-]r--r--|-rwxr-xr-x|lrwxrwxrwx) root root/);
    });

    test("the .rpm holds the same bytes, and the launcher with its group", () => {
      const notInRpm = /^\/usr\/share\/(lintian|doc\/rec-session\/changelog\.Debian\.gz)/;
      const own = (file: string) =>
        [...listed(file).keys()].filter((path) => isFile(join(folders[file] ?? "", path))).sort();
      expect(own(rpm)).toEqual(own(deb).filter((path) => !notInRpm.test(path)));
      for (const path of own(rpm)) {
        const [one, other] = [deb, rpm].map((file) => readFileSync(join(folders[file] ?? "", path)));
        expect(one?.equals(other as Buffer), path).toBe(true);
      }
      expect(listed(rpm).get("/usr/bin/rec-session")).toBe("-rwxr-sr-x root rec");
      expect(listed(rpm).get("/usr/lib/rec-session/witness")).toBe("-rwsr-x--- root rec");
      for (const [path, kind] of listed(rpm))
        if (path !== "/usr/bin/rec-session" && !path.endsWith("/witness"))
          expect(kind, path).toMatch(/^\S+x root root|^-rw-r--r-- root root/);
    });

    test("the .rpm's scripts make the group before its files come, and refuse to leave somebody without a shell", () => {
      const scripts = execFileSync("rpm", ["-qp", "--scripts", rpm]).toString();
      expect(scripts).toMatch(
        /preinstall scriptlet[\s\S]*groupadd -r rec[\s\S]*postinstall scriptlet[\s\S]*preuninstall scriptlet[\s\S]*may-remove/,
      );
      const kept = ["rec-play", "rec-session", "rec"].map((name) => `/etc/rec-session/${name}.conf\n`);
      expect(execFileSync("rpm", ["-qcp", rpm]).toString().split(/^/m).sort()).toEqual(kept);
      expect(execFileSync("dpkg-deb", ["--info", deb, "conffiles"]).toString().split(/^/m).sort()).toEqual(kept);
    });

    test.each([
      ["recorder", recorderFlags],
      ["recctl", readerFlags],
      ["rec-play", readerFlags],
    ] as const)("the stripped node runs, and takes the code cache of the %s as it is", (name, flags) => {
      const library = join(folders[deb] ?? "", "usr/lib/rec-session");
      const program = `
      const { readFileSync } = require("node:fs");
      const source = readFileSync("${name}.cjs", "latin1");
      const script = new (require("node:vm").Script)(source, { filename: "${name}.cjs", cachedData: readFileSync("${name}.cache") });
      console.log(process.version, script.cachedDataRejected);`;
      const told = execFileSync(join(library, "node"), [...flags, "-e", program], {
        cwd: library,
        env: {},
      }).toString();
      expect(told).toBe(`${process.version} false\n`);
    });

    test("the administrator's file names every option and sets none; the manual has a page for it and for every command", () => {
      const folder = folders[deb] ?? "";
      const text = readFileSync(join(folder, "etc/rec-session/rec-session.conf"), "utf8");
      const options = optionTable.filter(({ file }) => file.includes("rec-session"));
      for (const { path } of options) expect(text).toContain(`//"${path.split(".").at(-1)}":`);
      const pages = readdirSync(join(folder, "usr/share/man"), { recursive: true, encoding: "utf8" });
      for (const page of [
        "man1/rec.1",
        "man1/rec-play.1",
        "man5/rec-session.conf.5",
        "man8/rec-session.8",
        "man8/recctl.8",
      ]) {
        expect(pages).toContain(`${page}.gz`);
      }
    });

    test("the package with tlog's names takes its place and holds no file of its configuration", () => {
      for (const kind of ["deb", "rpm"] as const) {
        const files = listed(packageFile("rec-session-tlog", kind));
        const targets = { "tlog-rec": "rec", "tlog-rec-session": "rec-session", "tlog-play": "rec-play" };
        for (const [name, own] of Object.entries(targets))
          expect(files.get(`/usr/bin/${name}`)).toBe(`lrwxrwxrwx root root ${own}`);
        expect([...files.keys()].filter((path) => path.startsWith("/etc/tlog/"))).toEqual([]);
      }
      const field = (name: string) =>
        execFileSync("dpkg-deb", ["--field", packageFile("rec-session-tlog", "deb"), name]).toString();
      expect(["Provides", "Conflicts", "Replaces"].map(field)).toEqual(["tlog (= 12.1)\n", "tlog\n", "tlog\n"]);
    });
  },
);

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
