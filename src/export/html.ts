/** html: one page that plays the recording in a browser, without a network: the asciinema player and the recording are in it. */
import { createHash } from "node:crypto";
import style from "asciinema-player/dist/bundle/asciinema-player.css" with { type: "text" };
import script from "asciinema-player/dist/bundle/asciinema-player.min.js" with { type: "text" };
import { shownSize } from "../emulator/size.ts";
import type { HeadItem, Item } from "../format/item.ts";
import { printable } from "../printable.ts";
import { castLines } from "./asciicast.ts";
import { Chunk } from "./chunk.ts";
import type { FileNotice } from "./notice.ts";

/** What plays it. Before anybody clicks, the screen is as the first output left it. */
const start = `
const recording = JSON.parse(document.getElementById("recording").textContent);
const first = recording.find((event) => event[1] === "o");
const player = AsciinemaPlayer.create({ data: () => recording }, document.getElementById("player"), {
  preload: true, poster: "npt:" + ((first ? first[0] : 0) + 0.001), fit: "both", terminalFontFamily: "monospace",
});
window.player = player;
`;

const pageStyle = `
html, body { margin: 0; height: 100%; background: #121314; color: #cccccc; font-family: sans-serif; }
body { display: flex; flex-direction: column; }
h1 { font-size: 1rem; font-weight: normal; margin: 0.5rem 1rem 0; overflow-wrap: anywhere; }
p { font-size: 0.8rem; margin: 0.25rem 1rem 0.5rem; color: #999999; overflow-wrap: anywhere; }
#player { flex: 1; min-height: 0; padding: 0 1rem 1rem; }
`;

export async function* exportHtml(
  batches: AsyncIterable<Iterable<Item>>,
  notice: FileNotice,
): AsyncGenerator<Uint8Array> {
  let head: HeadItem | null = null;
  let hasHuge = false;
  async function* noted(): AsyncGenerator<Iterable<Item>> {
    for await (const batch of batches) {
      const items = [...batch].map((item) => {
        const shown = windowShown(item);
        hasHuge ||= shown !== item;
        return shown;
      });
      head ??= items.find((item) => item.kind === "head") ?? null;
      yield items;
    }
  }
  const chunk = new Chunk();
  let lines = 0;
  for await (const line of castLines(2, noted(), notice)) {
    if (lines === 0) yield* chunk.add(Buffer.from(pageTop(head)));
    yield* chunk.add(Buffer.from(`${lines++ === 0 ? "" : ",\n"}${embedded(line)}`));
  }
  yield* chunk.add(Buffer.from(pageEnd()));
  yield* chunk.take();
  if (hasHuge) notice("a page cannot show windows as large: they are shown smaller, as rec-play shows them");
}

/** The player's terminal takes memory for each cell, and ends where there is none. */
function windowShown(item: Item): Item {
  if (item.kind !== "window" || item.columns === 0 || item.rows === 0) return item;
  const { columns, rows } = shownSize(item.columns, item.rows);
  const isSmaller = columns < item.columns || rows < item.rows;
  return isSmaller ? { ...item, columns, rows } : item;
}

/** JSON inside a script element, which ends at the first "</script", whatever it stands in. */
function embedded(json: string): string {
  return json.replaceAll("<", "\\u003c");
}

function pageTop(head: HeadItem | null): string {
  const title = titleOf(head);
  // The meta element comes first: what stands before it is not bound by it.
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<!-- The player is asciinema-player, copyright Marcin Kulik and contributors, Apache License 2.0: https://www.apache.org/licenses/LICENSE-2.0 -->
<style>${style}</style>
<style>${pageStyle}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(factsOf(head))}</p>
<div id="player"></div>
<script type="application/json" id="recording">[`;
}

function pageEnd(): string {
  return `]</script>
<script>${script}</script>
<script>${start}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Nothing is loaded and nothing is sent; only these two scripts run. The player's terminal is WebAssembly, and sets styles of its own. */
const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)} ${hashOf(start)} 'wasm-unsafe-eval'`,
  "style-src 'unsafe-inline'",
  "img-src data:",
  "font-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function titleOf(head: HeadItem | null): string {
  const command = head?.start?.command.join(" ") ?? "";
  return command || (head?.start?.import?.title ?? "") || `Recording ${head?.rec ?? ""}`;
}

function factsOf(head: HeadItem | null): string {
  if (head === null) return "";
  const { user, host, startedMs, rec, start: began } = head;
  const facts = [
    [user, host].filter((text) => text !== "").join(" on "),
    startedMs === null ? "" : `${new Date(startedMs).toISOString().slice(0, 19).replace("T", " ")} UTC`,
    rec,
    began?.import === undefined ? "" : `imported from ${began.import.format}, ${began.import.file}`,
  ];
  return facts.filter((fact) => fact !== "").join(" · ");
}

/** Text for an element or an attribute: control characters shown, markup as it is written. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] as string);
}
