/** Golden recordings of other programs (make.sh made them): what each becomes, byte by byte. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { detectFile } from "../../../src/import/open.ts";
import { goldenImports, goldenPath, goldenSource, importLines } from "../../harness/imported.ts";

test.each(goldenImports)("%s", async (name, format) => {
  const { lines, items, notices } = await importLines(goldenSource(name, format), format, name);
  const told = notices.map((notice) => `${notice}\n`).join("");
  await expect(lines.join("") + told).toMatchFileSnapshot(goldenPath(`expected/${name}.jsonl`));
  expect(items.at(0)).toMatchObject({ kind: "head", rec: "import-0", start: { import: { file: name } } });
  expect(items.at(-1)).toMatchObject({ kind: "end", messages: lines.length });
  expect(items.filter((item) => item.kind === "bad" || item.kind === "gap")).toEqual([]);
});

test.each(goldenImports)("%s is known by its first bytes", async (name, format) => {
  const path = goldenPath(name);
  expect(await detectFile(format === "script" ? `${path}/typescript` : path)).toBe(format);
  if (format === "script") expect(await detectFile(`${path}/timing`)).toBe("timing");
});

test.each(["hello/recording.jsonl", "journal/ours.export", "import/make.sh", "import/sudo-compressed/ttyin"])(
  "%s is none of them",
  async (name) => {
    expect(await detectFile(goldenPath(`../${name}`))).toBe(null);
  },
);

test("every golden recording is tried", () => {
  const found = readdirSync(goldenPath(""), { withFileTypes: true }).filter(
    ({ name }) => name !== "expected" && !/\.(sh|test\.ts)$/.test(name),
  );
  expect(found.map(({ name }) => name).sort()).toEqual(goldenImports.map(([name]) => name).sort());
});
