import { describe, expect, test } from "vitest";
import { siteTree } from "../../test/harness/site-tree.ts";
import { parseIni } from "./ini.ts";
import { readSssdConfiguration } from "./sssd-configuration.ts";

function configurationOf(files: Readonly<Record<string, string>>) {
  const { host, write } = siteTree();
  for (const [name, text] of Object.entries(files)) write(`/etc/sssd/${name}`, text);
  return readSssdConfiguration(host);
}

const proxy = "id_provider = proxy\nproxy_lib_name = files\n";

describe("whether the site serves the users of /etc/passwd", () => {
  test.each<[string, Record<string, string>, boolean]>([
    ["without files", {}, false],
    ["a directory alone", { "sssd.conf": "[sssd]\ndomains = ad\n[domain/ad]\nid_provider = ad\n" }, false],
    ["a proxy in the list", { "sssd.conf": `[sssd]\ndomains = ad, l\n[domain/l]\n${proxy}` }, true],
    ["a proxy that nobody enabled", { "sssd.conf": `[domain/l]\n${proxy}` }, false],
    ["a proxy that is off", { "sssd.conf": `[sssd]\ndomains = l\n[domain/l]\nenabled = false\n${proxy}` }, false],
    ["a proxy of another drop-in that is on", { "conf.d/l.conf": `[domain/l]\nenabled = TRUE\n${proxy}` }, true],
    ["the domain of files", { "sssd.conf": "[sssd]\ndomains=l\n[domain/l]\nid_provider=files\n" }, true],
    ["the implicit domain of files", { "sssd.conf": "[sssd]\nenable_files_domain = true\n" }, true],
    ["ours does not count", { "conf.d/zz-rec-session.conf": `[domain/l]\nenabled = true\n${proxy}` }, false],
    ["what SSSD does not read", { "conf.d/.l.conf": `[domain/l]\nenabled = true\n${proxy}`, "conf.d/x": "" }, false],
  ])("%s", (_, files, serves) => {
    expect(configurationOf(files).servesLocal).toBe(serves);
  });
});

describe("who else decides whom SSSD records", () => {
  const some = "[session_recording]\nscope = some\nusers = eve\n";
  const none = "[session_recording]\nscope = none\n";
  test.each<[string, Record<string, string>, string | undefined]>([
    ["nobody", { "sssd.conf": "[sssd]\n" }, undefined],
    ["sssd.conf", { "sssd.conf": some }, "/etc/sssd/sssd.conf"],
    ["another drop-in", { "conf.d/a.conf": some }, "/etc/sssd/conf.d/a.conf"],
    ["Cockpit's, that says none before ours", { "conf.d/sssd-session-recording.conf": none }, undefined],
    ["one that says none after ours", { "conf.d/zzz.conf": none }, "/etc/sssd/conf.d/zzz.conf"],
  ])("%s", (_, files, file) => {
    expect(configurationOf(files).otherScope?.file).toBe(file);
  });
});

test("services of any file count", () => {
  expect(configurationOf({}).hasServices).toBe(false);
  expect(configurationOf({ "conf.d/a.conf": "[sssd]\nservices = nss, pam\n" }).hasServices).toBe(true);
});

test("parseIni: blanks, comments, repeated sections and keys", () => {
  const text = "stray = 1\n[ a ]\n# x = 1\n; y = 2\nk=v\nk = w = z \n[b]\n[a]\nl =\n";
  expect([...parseIni(text)].map(([name, keys]) => [name, Object.fromEntries(keys)])).toEqual([
    ["a", { k: "w = z", l: "" }],
    ["b", {}],
  ]);
});
