/** `npm run bench:system`: what recording costs on a booted server, beside a user of the same server who is not recorded. */
import { guestMissing } from "../../test/system/guest.ts";
import { measureCopies } from "./copy.ts";
import type { Figure } from "./figure.ts";
import { measureInstallation } from "./installation.ts";
import { measureLogins } from "./login.ts";
import { measureMemory } from "./memory.ts";

const measurements: Readonly<Record<string, () => Promise<Figure[]>>> = {
  installation: measureInstallation,
  login: measureLogins,
  copy: measureCopies,
  memory: measureMemory,
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !Object.hasOwn(measurements, name));
if (unknown !== undefined) {
  console.error(`bench: there is no ${unknown}; names: ${Object.keys(measurements).join(", ")}`);
  process.exitCode = 2;
} else if (guestMissing !== undefined) {
  console.error(`bench: ${guestMissing}`);
  process.exitCode = 1;
} else await measureAll();

async function measureAll(): Promise<void> {
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(measurements)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    figures.push(...(await measure()));
  }
  for (const { what, unrecorded, recorded, goal, isMet } of figures) {
    const beside = unrecorded === undefined ? "" : `unrecorded ${unrecorded}, `;
    console.log(`${what}: ${beside}recorded ${recorded}; goal ${goal}: ${isMet ? "met" : "MISSED"}`);
  }
}
